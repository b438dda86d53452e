"""Move -> the authored words it delivers. Pure. Sees one target's probe, fact or hint, nothing else.

Invariant: key points, references and corrections never pass through here, so they cannot leak.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from interviewer.schema import (
    Fact,
    KeyPoint,
    Misconception,
    Move,
    MoveKind,
    Question,
    Snapshot,
    Twist,
)
from interviewer.tables import table_markdown

N = TypeVar("N", KeyPoint, Misconception, Twist)


class Script(NamedTuple):
    """What a move must say. `cue` names the connecting words; `words` are delivered as they are."""

    cue: str
    words: str


def script_of(move: Move, snapshot: Snapshot) -> Script:
    """Return the words of one move, from the session's own snapshot of the content."""
    question = next(q for q in snapshot.questions if q.id == move.question_id)
    match move.kind:
        case MoveKind.PROBE:
            return Script("probe", _named(question.key_points, move).probe)
        case MoveKind.CHALLENGE:
            return Script("challenge", _named(question.misconceptions, move).challenge)
        case MoveKind.HINT:
            hints = question.hints_of(move.stage)
            return Script("hint", hints[(move.hint_number or 1) - 1])
        case MoveKind.TWIST:
            return Script("twist", _named(question.twists, move).text)
        case MoveKind.REVEAL:
            facts = [f for f in question.facts if f.id in move.fact_ids]
            return Script("reveal" if facts else "unknown", "\n\n".join(map(fact_text, facts)))
        case MoveKind.WAIT:
            return Script("struck" if move.target_id == "struck" else "wait", "")
        case MoveKind.ADVANCE:
            return _advance(move, question)
        case MoveKind.CLOSE:
            return Script(move.target_id or "end", "")
        case MoveKind.CLARIFY if move.target_id == "be_specific":
            return Script("be_specific", "")
        case MoveKind.CLARIFY:
            again = _standing_question(question, move.stage)
            return Script(move.target_id or "open_question", again)


def fact_text(fact: Fact) -> str:
    """Return a fact as Markdown: its sentence, and its table. A series is plotted by the page."""
    return f"{fact.text}\n\n{table_markdown(fact.table)}" if fact.table else fact.text


def _advance(move: Move, question: Question) -> Script:
    first_stage = question.stages[0].id if question.stages else None
    words = _standing_question(question, move.stage)
    if move.stage is None or move.stage == first_stage:
        words = question.prompt if move.stage is None else f"{question.prompt}\n\n{words}"
        return Script("opening" if move.reason == "opening" else "advance", words)
    return Script("stage", words)


def _standing_question(question: Question, stage: str | None) -> str:
    return next((b.opening for b in question.stages if b.id == stage), question.prompt)


def _named(items: Iterable[N], move: Move) -> N:
    return next(item for item in items if item.id == move.target_id)
