"""The command line: one file per command group. Imports nothing heavy, so that --help is instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.errors import ContentError, InterviewerError

if TYPE_CHECKING:
    from interviewer.content import Bank
    from interviewer.schema import Rubric
    from interviewer.session import Sessions

AsJson = Annotated[bool, typer.Option("--json")]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Show our own errors as one sentence on standard error, and exit with 1."""
    try:
        yield
    except InterviewerError as error:
        typer.echo(f"interviewer: {error}", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"interviewer: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    except UnicodeDecodeError as error:
        typer.echo(f"interviewer: the file is not UTF-8 text: {error}", err=True)
        raise typer.Exit(1) from None


def rubric_of(bank: Bank, round_id: str) -> Rubric:
    """Return the rubric of a round. Raise ContentError that names the rounds there are."""
    if round_id not in bank.rubrics:
        raise ContentError("ROUND", round_id, f"no such round; use {', '.join(bank.rubrics)}")
    return bank.rubrics[round_id]


def open_with_progress(*, owns_index: bool = False) -> Sessions:
    """Open the sessions; on a terminal, a bar shows how far the index is built."""
    from rich.console import Console
    from rich.progress import Progress

    from interviewer.config import load_settings
    from interviewer.session import open_sessions

    settings = load_settings()
    console = Console(stderr=True)
    if not console.is_terminal:
        return open_sessions(settings, owns_index=owns_index)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Reading the question bank", total=None)

        def show(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        return open_sessions(settings, owns_index=owns_index, progress=show)
