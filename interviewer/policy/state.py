"""Where an interview stands, folded from its turns; and the parts a snapshot is walked through. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from interviewer.schema import Intent, MoveKind, Question, Snapshot, Turn, Verdict


class State(NamedTuple):
    """Where the interview stands, read off its turns. `seconds` is spent on this part alone."""

    question: Question
    stage: str | None
    closing: bool
    finished: bool
    seconds: float
    total_seconds: float
    verdicts: dict[str, Verdict]
    spent: frozenset[str]
    revealed: frozenset[str]
    likely_before: frozenset[str]
    hints: int
    follow_ups: int
    dont_knows: int
    twists: int


def parts_of(question: Question) -> list[str | None]:
    """Return the stages a question walks through, in order; one None for an unstaged question."""
    return [brief.id for brief in question.stages] or [None]


def next_part(
    snapshot: Snapshot, question: Question, stage: str | None
) -> tuple[Question, str | None] | None:
    """Return the part after this one: the next stage, else the next question; None at the end."""
    parts = [(q, part) for q in snapshot.questions for part in parts_of(q)]
    at = next(i for i, (q, part) in enumerate(parts) if (q.id, part) == (question.id, stage))
    return parts[at + 1] if at + 1 < len(parts) else None


def follow(snapshot: Snapshot, turns: Iterable[Turn]) -> State:
    """Fold a transcript into the state it leaves. The first turn is the interviewer's opening."""
    turns = list(turns)
    moves = [(t, t.move) for t in turns if t.role == "interviewer" and t.move]
    here = [m for _, m in moves if m.kind in (MoveKind.ADVANCE, MoveKind.CLOSE)][-1]
    by_id = {q.id: q for q in snapshot.questions}
    question = by_id[here.question_id or snapshot.questions[-1].id]
    start = max(t.id for t, m in moves if m.kind in (MoveKind.ADVANCE, MoveKind.CLOSE))
    part = [t for t in turns if t.id >= start]
    part_moves = [t.move for t in part if t.move]
    of_question = [t for t in turns if t.question_id == question.id]
    kinds = [m.kind for m in part_moves]
    return State(
        question=question,
        stage=here.stage,
        closing=here.kind is MoveKind.CLOSE,
        finished=here.kind is MoveKind.CLOSE and here.target_id == "end",
        seconds=sum(t.seconds for t in part),
        total_seconds=sum(t.seconds for t in turns),
        verdicts=_latest_verdicts(of_question),
        spent=frozenset(m.target_id for t in of_question if (m := t.move) and m.target_id),
        revealed=frozenset(f for t in of_question if t.move for f in t.move.fact_ids),
        likely_before=_likely_before(part),
        hints=kinds.count(MoveKind.HINT),
        follow_ups=sum(kinds.count(k) for k in (MoveKind.PROBE, MoveKind.CHALLENGE)),
        dont_knows=sum(1 for t in part if t.steer and Intent.DONT_KNOW in t.steer.intents),
        twists=sum(1 for t in of_question if t.move and t.move.kind is MoveKind.TWIST),
    )


def _latest_verdicts(turns: Iterable[Turn]) -> dict[str, Verdict]:
    """Coverage keeps the best, stance the latest: a later contradiction voids, a correction heals."""
    latest: dict[str, Verdict] = {}
    order = [Verdict.NOT_MET, Verdict.PARTLY, Verdict.MET]
    for point_id, verdict in _readings(turns):
        old = latest.get(point_id)
        if verdict is Verdict.NOT_MET and old is not None:
            continue
        if verdict in order and old in order and order.index(verdict) < order.index(old):
            continue
        latest[point_id] = verdict
    return latest


def _readings(turns: Iterable[Turn]) -> Iterator[tuple[str, Verdict]]:
    for turn in turns:
        if turn.steer and not turn.retracted:
            for reading in turn.steer.points:
                yield reading.key_point_id, reading.verdict


def _likely_before(part: Sequence[Turn]) -> frozenset[str]:
    """Return the facts that earlier messages of this part may have meant."""
    steers = [t.steer for t in part if t.role == "candidate"][:-1]
    return frozenset(f for steer in steers if steer for f in steer.likely_fact_ids)
