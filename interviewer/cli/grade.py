"""`grade`: grade a file of answers to any questions, in the bank or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import plain_errors


def grade(
    source: Annotated[
        Path, typer.Option("--input", help="Items, one JSON object a line.", exists=True)
    ],
    target: Annotated[Path, typer.Option("--output", help="Where the grades go, one a line.")],
    model: Annotated[str, typer.Option(help="offline, or provider:model.")] = "offline",
) -> None:
    """Grade answers: rows with id, question, reference or key_points, and answer."""
    raise typer.Exit(2)
