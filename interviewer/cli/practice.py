"""`practice` and `drill`: a session on the terminal, or run by itself from a file of answers."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli import open_with_progress, plain_errors
from interviewer.schema import Format, Manner, Seniority, Setup

if TYPE_CHECKING:
    from interviewer.session import Sessions, SessionView

# A message read from a file takes as long as saying it, at an ordinary speaking pace.
_WORDS_PER_SECOND = 150 / 60

Question = Annotated[str | None, typer.Option("--question", help="Ask this question of the bank.")]
Topic = Annotated[str | None, typer.Option(help="A topic id, or words to look for.")]
Answers = Annotated[
    Path | None,
    typer.Option(
        help="Run by itself: one message per paragraph, blank lines between them.", exists=True
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the session as JSON.")]


def practice(
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help="For example ml_fundamentals.")],
    question: Question = None,
    topic: Topic = None,
    job: Annotated[Path | None, typer.Option(help="A job description to fit.", exists=True)] = None,
    seniority: Annotated[Seniority, typer.Option()] = Seniority.MID,
    manner: Annotated[Manner, typer.Option()] = Manner.NEUTRAL,
    minutes: Annotated[int | None, typer.Option(min=1, max=240)] = None,
    answers: Answers = None,
    as_json: AsJson = False,
) -> None:
    """Be interviewed in one round, and read the scorecard."""
    setup = Setup(
        round=round_id,
        topic=topic,
        job_description=job.read_text(encoding="utf-8") if job else None,
        seniority=seniority,
        manner=manner,
        minutes=minutes,
        question_id=question,
    )
    _run(setup, answers, as_json)


def drill(
    topic: Topic = None,
    count: Annotated[int, typer.Option(min=1, max=60)] = 20,
    minutes: Annotated[int, typer.Option(min=1, max=240)] = 60,
    round_id: Annotated[str, typer.Option("--round")] = "ml_fundamentals",
    answers: Answers = None,
    as_json: AsJson = False,
) -> None:
    """Answer short questions one after another, with a verdict after each."""
    setup = Setup(round=round_id, format=Format.DRILL, topic=topic, count=count, minutes=minutes)
    _run(setup, answers, as_json)


def _run(setup: Setup, answers: Path | None, as_json: bool) -> None:
    with plain_errors():
        sessions = open_with_progress()
        session_id = sessions.start(setup)
        quiet = as_json or answers is not None
        messages = _paragraphs(answers) if answers else _typed(sessions, session_id)
        if not quiet:
            typer.echo(sessions.view(session_id).turns[0].text + "\n")
        for message, seconds in messages:
            for piece in sessions.answer(session_id, message, seconds=seconds):
                if not quiet:
                    typer.echo(piece, nl=False)
            if not quiet:
                typer.echo("\n")
            if sessions.view(session_id).finished:
                break
        sessions.finish(session_id)
        _print_result(sessions, session_id, as_json)


def _typed(sessions: Sessions, session_id: str) -> Iterator[tuple[str, float]]:
    """Yield what is typed, with the seconds it took; an end of input finishes the session."""
    typer.echo(
        "An empty line sends. 'hint', 'skip' and 'finish' work; Ctrl-D stops; it can be resumed.\n"
    )
    while True:
        started = time.monotonic()
        lines: list[str] = []
        for line in sys.stdin:
            if not line.strip():
                if lines:
                    break
                continue
            lines.append(line.rstrip("\n"))
        if not lines:
            return
        yield "\n".join(lines), time.monotonic() - started


def _paragraphs(path: Path) -> Iterator[tuple[str, float]]:
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    for block in text.split("\n\n"):
        if message := block.strip():
            yield message, len(message.split()) / _WORDS_PER_SECOND


def _print_result(sessions: Sessions, session_id: str, as_json: bool) -> None:
    from interviewer.report.markdown import scorecard_markdown, transcript_markdown

    card = sessions.scorecard(session_id)
    view = sessions.view(session_id)
    if as_json:
        typer.echo(
            json.dumps(session_json(view) | {"scorecard": card.model_dump(mode="json")}, indent=2)
        )
        return
    snapshot = view.record.snapshot
    typer.echo(transcript_markdown(view.turns, snapshot))
    typer.echo(scorecard_markdown(card, snapshot))


def session_json(view: SessionView) -> dict[str, object]:
    """Return a session's transcript in the documented JSON shape."""
    turns = []
    for turn in view.turns:
        row: dict[str, object] = {"role": turn.role, "text": turn.text}
        if turn.move:
            row["move"] = turn.move.kind.value
        turns.append(row)
    return {"session_id": view.record.id, "turns": turns}
