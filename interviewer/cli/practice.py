"""`practice` and `drill`: a session on the terminal, or run by itself from a file of answers."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.cli import open_with_progress, plain_errors
from interviewer.errors import NotAccepted
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
        help="Run by itself: one message per paragraph, blank lines between them.",
        exists=True,
        dir_okay=False,
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
    resume: Annotated[str | None, typer.Option(help="Go on with this session.")] = None,
) -> None:
    """Be interviewed in one round, and read the scorecard."""
    with plain_errors():
        job_description = job.read_text(encoding="utf-8") if job else None
    setup = Setup(
        round=round_id,
        topic=topic,
        job_description=job_description,
        seniority=seniority,
        manner=manner,
        minutes=minutes,
        question_id=question,
    )
    _run(setup, answers, as_json, resume)


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


def _run(setup: Setup, answers: Path | None, as_json: bool, resume: str | None = None) -> None:
    with plain_errors():
        sessions = open_with_progress()
        messages = _paragraphs(answers) if answers else []
        session_id = resume or sessions.start(setup)
        if answers is None:
            if not sessions.view(session_id).finished:
                _converse(sessions, session_id)
            if not sessions.view(session_id).finished:
                typer.echo(
                    f"Stopped. Go on with: interviewer practice {setup.round} --resume {session_id}"
                )
                return
            _ask_rating(sessions, session_id)
        elif not sessions.view(session_id).finished:
            _play(sessions, session_id, messages)
        _print_result(sessions, session_id, as_json)


def _play(sessions: Sessions, session_id: str, messages: list[tuple[str, float]]) -> None:
    """Send the messages one after another, and finish."""
    for message, seconds in messages:
        "".join(sessions.answer(session_id, message, seconds=seconds))
        _tell_trouble(sessions, session_id)
        if sessions.view(session_id).finished:
            return
    sessions.finish(session_id)


def _converse(sessions: Sessions, session_id: str) -> None:
    """Talk with the candidate until the session or the input ends; what is typed is stored at once."""
    typer.echo("An empty line sends. 'hint', 'skip' and 'finish' work; Ctrl-D stops for now.\n")
    "".join(sessions.resume(session_id))
    typer.echo(sessions.view(session_id).turns[-1].text + "\n")
    for message, seconds in _typed():
        for piece in sessions.answer(session_id, message, seconds=seconds):
            typer.echo(piece, nl=False)
        typer.echo("\n")
        _tell_trouble(sessions, session_id)
        if sessions.view(session_id).finished:
            return


def _ask_rating(sessions: Sessions, session_id: str) -> None:
    """Ask somebody at a terminal what they would give themselves, until it can be kept or is skipped."""
    while sys.stdin.isatty() and sessions.opinions.awaits_rating(session_id):
        typer.echo(
            "Before you see it: what would you give yourself, 0 to 100? (Enter skips)", err=True
        )
        typed = sys.stdin.readline().strip()
        if not typed:
            return
        try:
            sessions.opinions.rate(session_id, float(typed.rstrip("%")))
            return
        except ValueError:
            typer.echo("That is no number.", err=True)
        except NotAccepted as error:
            typer.echo(str(error), err=True)


def _tell_trouble(sessions: Sessions, session_id: str) -> None:
    if trouble := sessions.view(session_id).trouble:
        typer.echo(trouble, err=True)


def _typed() -> Iterator[tuple[str, float]]:
    """Yield what is typed, with the seconds it took, until the input ends."""
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


def _paragraphs(path: Path) -> list[tuple[str, float]]:
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return [(block, len(block.split()) / _WORDS_PER_SECOND) for block in blocks if block]


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
