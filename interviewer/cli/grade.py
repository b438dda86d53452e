"""`grade`: grade a file of answers to any questions, in the bank or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli import plain_errors

if TYPE_CHECKING:
    from interviewer.grading.batch import RowGrader

# Two cores are what most machines have, and small models keep them busy.
_ROWS_AT_ONCE = 2


def grade(
    source: Annotated[
        Path,
        typer.Option("--input", help="Items, one JSON object a line.", exists=True, dir_okay=False),
    ],
    target: Annotated[
        Path, typer.Option("--output", help="Where the grades go, one a line.", dir_okay=False)
    ],
    model: Annotated[str, typer.Option(help="offline, or provider:model.")] = "offline",
) -> None:
    """Grade answers: rows with id, question, reference or key_points, and answer.

    Each grade is written as soon as it is made, in input order; a bad row never stops the rest.
    """
    from rich.console import Console
    from rich.progress import Progress

    from interviewer.grading.batch import grade_rows

    console = Console(stderr=True)
    with plain_errors():
        row_grader = _row_grader(model)
        rows = source.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    with (
        plain_errors(),
        target.open("w", encoding="utf-8") as out,
        Progress(console=console, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("Grading", total=sum(1 for row in rows if row.strip()))
        for result in grade_rows(rows, row_grader, _ROWS_AT_ONCE if model == "offline" else 1):
            out.write(json.dumps(result, ensure_ascii=False) + "\n")
            out.flush()
            bar.advance(task)


def _row_grader(model: str) -> RowGrader:
    from interviewer.config import load_settings

    settings = load_settings()
    if model == "offline":
        from interviewer.embedding import get_models
        from interviewer.grading.offline_rows import OfflineGrader

        return OfflineGrader(get_models(settings.vector_cache_path))
    from interviewer.errors import ConfigError
    from interviewer.grading.model_rows import ModelRowGrader
    from interviewer.llm import get_model

    opened = get_model(settings.model_copy(update={"model": model}))
    if opened is None:
        raise ConfigError("--model", f"{model!r} names no model; give provider:model or offline")
    return ModelRowGrader(opened, settings.grade_timeout_seconds)
