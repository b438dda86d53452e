"""`sessions`: list, show, export, regrade, contests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from interviewer.cli import AsJson, open_with_progress, plain_errors

app = typer.Typer(help="List, read and export your sessions.", no_args_is_help=True)


@app.command("list")
def list_sessions(
    limit: Annotated[int, typer.Option(min=1, help="How many to list.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List sessions, newest first."""
    with plain_errors():
        sessions = open_with_progress()
        records, total = sessions.list(limit), sessions.count()
        rows = [
            {
                "id": r.id,
                "round": r.setup.round,
                "format": r.setup.format.value,
                "status": r.status,
                "started_at": r.started_at.isoformat(timespec="minutes"),
                "minutes": round(r.seconds / 60, 1),
            }
            for r in records
        ]
        if total > len(rows):
            typer.echo(f"The latest {len(rows)} of {total}; --limit {total} lists all.", err=True)
        if as_json:
            typer.echo(json.dumps(rows, indent=2))
            return
        for row in rows:
            typer.echo("  ".join(str(value) for value in row.values()))
        if not rows:
            typer.echo("No sessions yet. `interviewer practice ml_fundamentals` starts one.")


@app.command()
def show(session_id: str) -> None:
    """Print a session's transcript and, once it is finished, its scorecard."""
    typer.echo(_markdown(session_id))


@app.command()
def export(
    session_id: str,
    output: Annotated[
        Path | None, typer.Option(help="A .md or .json file; standard output without.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a session as Markdown or JSON."""
    wants_json = as_json or (output is not None and output.suffix == ".json")
    text = _json(session_id) if wants_json else _markdown(session_id)
    if output is None:
        typer.echo(text)
        return
    with plain_errors():
        output.write_text(text, encoding="utf-8")


@app.command()
def regrade(
    session_id: str,
    failed: Annotated[bool, typer.Option("--failed", help="Only what has no grade yet.")] = False,
) -> None:
    """Grade a finished session again with the present grader; old scorecards are kept."""
    from interviewer.report.markdown import scorecard_markdown

    with plain_errors():
        sessions = open_with_progress()
        snapshot = sessions.view(session_id).record.snapshot
        card = sessions.regrade(session_id, only_failed=failed)
        typer.echo(scorecard_markdown(card, snapshot))


@app.command()
def contests(
    output: Annotated[
        Path | None, typer.Option(help="A .jsonl file; standard output without.")
    ] = None,
) -> None:
    """Write every contested case of your sessions, one JSON object a line, to share if you like.

    A line has the question, the claim, your answer, the words you pointed at, both views and who
    held them; nothing of the set-up, and no key.
    """
    with plain_errors():
        rows = list(open_with_progress().contests.calibration_rows())
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_text(text, encoding="utf-8")
            typer.echo(f"{len(rows)} contested cases in {output}.")
    if not rows:
        typer.echo("Nothing was contested yet; the scorecard on the page has the links.", err=True)


def _markdown(session_id: str) -> str:
    from interviewer.report.markdown import scorecard_markdown, transcript_markdown

    with plain_errors():
        sessions = open_with_progress()
        view = sessions.view(session_id)
        snapshot = view.record.snapshot
        text = transcript_markdown(view.turns, snapshot)
        if view.finished:
            text += "\n" + scorecard_markdown(sessions.scorecard(session_id), snapshot)
        return text


def _json(session_id: str) -> str:
    from interviewer.cli.practice import session_json

    with plain_errors():
        sessions = open_with_progress()
        view = sessions.view(session_id)
        card = sessions.scorecard(session_id).model_dump(mode="json") if view.finished else None
        return json.dumps(session_json(view) | {"scorecard": card}, indent=2)
