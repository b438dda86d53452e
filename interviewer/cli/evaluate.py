"""`eval`: measure how good the grader is, on the labelled data of a checkout.

The product never imports its evals, so they run as a program of their own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import plain_errors

app = typer.Typer(help="Measure how good the grader is.", no_args_is_help=True)


@app.callback()
def evaluate() -> None:
    """Measure how good the grader is."""


@app.command()
def grader(
    model: Annotated[
        str | None, typer.Option(help="provider:model to measure; the offline grader without.")
    ] = None,
) -> None:
    """Make the grader's report card: figures, a table and plots in evals/results."""
    from interviewer.content import content_root
    from interviewer.errors import ConfigError

    with plain_errors():
        checkout = Path(content_root())
        if not (checkout / "evals" / "report_card.py").exists():
            raise ConfigError(
                "eval", "the labelled answers are in the repository: clone it and run this there"
            )
        command = [sys.executable, "-m", "evals.report_card"]
        done = subprocess.run([*command, *(["--model", model] if model else [])], cwd=checkout)
    raise typer.Exit(done.returncode)
