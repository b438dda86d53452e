"""What the interviewer does next. Pure: (state, steer, limits) -> move; the values are rubric data.

Invariant: never probes what is met, never repeats a probe, challenge, hint, fact or twist, keeps the
clock and the follow-up budget, and always ends. Knows no wording, model, store or clock of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from interviewer.schema import (
    Format,
    Intent,
    KeyPoint,
    Move,
    MoveKind,
    Question,
    Rubric,
    Seniority,
    Setup,
    Snapshot,
    Steer,
    Tier,
    Turn,
    Verdict,
)

# How much a missing point is worth asking for. Seniority changes what is expected, not what counts:
# a junior is not pressed for rare insights, a staff engineer is.
_PRESSED: dict[Seniority, tuple[Tier, ...]] = {
    Seniority.JUNIOR: (Tier.CORE,),
    Seniority.MID: (Tier.CORE, Tier.STRONG),
    Seniority.SENIOR: (Tier.CORE, Tier.STRONG),
    Seniority.STAFF: (Tier.CORE, Tier.STRONG, Tier.EXCEPTIONAL),
}
_TIER_VALUE = {Tier.CORE: 3.0, Tier.STRONG: 2.0, Tier.EXCEPTIONAL: 1.0}
# A half-said point is worth less than an unsaid one, yet more than one of the tier below.
_PARTLY_VALUE = 0.7
# Below this much time a new question cannot be answered, so the interview closes instead.
_LEAST_MINUTES_FOR_A_QUESTION = 1.0
# A twist needs time to be thought about.
_LEAST_MINUTES_FOR_A_TWIST = 3.0


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
    hints: int
    follow_ups: int
    dont_knows: int
    twists: int


def parts_of(question: Question) -> list[str | None]:
    """Return the stages a question walks through, in order; one None for an unstaged question."""
    return [brief.id for brief in question.stages] or [None]


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
        hints=kinds.count(MoveKind.HINT),
        follow_ups=sum(kinds.count(k) for k in (MoveKind.PROBE, MoveKind.CHALLENGE)),
        dont_knows=sum(1 for t in part if t.steer and Intent.DONT_KNOW in t.steer.intents),
        twists=sum(1 for t in of_question if t.move and t.move.kind is MoveKind.TWIST),
    )


def opening(snapshot: Snapshot) -> Move:
    """Return the first move of a session."""
    question = snapshot.questions[0]
    return _advance_to(question, parts_of(question)[0], "opening")


def decide(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move:
    """Return the next move. Rules stand in the order in which they win."""
    rules = (_finish, _stop_the_clock, _talk, _leave, _answer_questions, _follow_up, _twist)
    for rule in rules:
        move = rule(state, steer, snapshot, setup)
        if move is not None:
            return move.model_copy(update={"question_id": move.question_id or state.question.id})
    return _go_on(state, snapshot, setup, "enough heard")


def minutes_allowed(snapshot: Snapshot, setup: Setup, stage: str | None) -> float:
    """Return the candidate's minutes for one part: a stage, or one of the unstaged questions."""
    rubric = snapshot.rubric
    whole = total_minutes(rubric, setup) - closing_minutes(rubric, setup)
    if stage is None:
        return whole / len(snapshot.questions)
    shares = {s.id: s.minutes for s in rubric.stages}
    return whole * shares[stage] / sum(shares.values()) / len(snapshot.questions)


def total_minutes(rubric: Rubric, setup: Setup) -> float:
    """Return the session's minutes of the candidate's own time."""
    return float(setup.minutes or rubric.minutes)


def closing_minutes(rubric: Rubric, setup: Setup) -> float:
    """Return the minutes kept for the candidate's own questions; only an interview keeps any."""
    if setup.format is not Format.INTERVIEW:
        return 0.0
    return min(rubric.closing_minutes, total_minutes(rubric, setup) / 10)


def missing_points(state: State, snapshot: Snapshot, setup: Setup) -> list[KeyPoint]:
    """Return the points of this part worth asking for, most valuable first."""
    rubric = snapshot.rubric
    weight = {c.id: c.weight for c in rubric.criteria}
    done = {p.id for p in state.question.key_points if state.verdicts.get(p.id) is Verdict.MET}
    done |= state.spent
    settled = {p.any_of for p in state.question.key_points if p.any_of and p.id in done}

    def value(point: KeyPoint) -> float:
        said = _PARTLY_VALUE if state.verdicts.get(point.id) is Verdict.PARTLY else 1.0
        return _TIER_VALUE[point.tier] * said + weight[point.criterion]

    pressed = _PRESSED[setup.seniority]
    points = [
        p
        for p in state.question.points_of(state.stage)
        if p.tier in pressed and p.id not in done and p.any_of not in settled
    ]
    return sorted(points, key=value, reverse=True)


def _finish(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move | None:
    if Intent.FINISH in steer.intents:
        return Move(kind=MoveKind.CLOSE, target_id="end", reason="the candidate finishes")
    if not state.closing:
        return None
    if state.total_seconds / 60 >= total_minutes(snapshot.rubric, setup):
        return Move(kind=MoveKind.CLOSE, target_id="end", reason="the time is up")
    if Intent.ASK in steer.intents or Intent.SHOW in steer.intents:
        return Move(kind=MoveKind.CLARIFY, target_id="closing", reason="asks about the job")
    return Move(kind=MoveKind.CLOSE, target_id="end", reason="no more questions")


def _stop_the_clock(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move | None:
    """Close when the whole time is up: what is left goes to the candidate's questions."""
    keep = closing_minutes(snapshot.rubric, setup)
    if state.total_seconds / 60 < total_minutes(snapshot.rubric, setup) - keep:
        return None
    return _close(setup, "the time is up")


def _talk(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move | None:
    """Grant what needs no judgement: taking words back, time to think, a hint."""
    if Intent.RETRACT in steer.intents and Intent.ANSWER not in steer.intents:
        return Move(kind=MoveKind.WAIT, target_id="struck", reason="takes the last message back")
    if Intent.THINK in steer.intents and Intent.ANSWER not in steer.intents:
        return Move(kind=MoveKind.WAIT, reason="wants a moment")
    if Intent.HINT in steer.intents:
        return _hint(state, snapshot, setup) or Move(
            kind=MoveKind.CLARIFY, target_id="no_more_hints", reason="hints are used up"
        )
    return None


def _leave(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move | None:
    """Go on when asked to, when the candidate is stuck, or when this part's time is used up."""
    if Intent.SKIP in steer.intents:
        return _go_on(state, snapshot, setup, "the candidate skips")
    if Intent.DONT_KNOW in steer.intents and not steer.points:
        first = setup.format is Format.INTERVIEW and state.dont_knows <= 1
        return (_hint(state, snapshot, setup) if first else None) or _go_on(
            state, snapshot, setup, "the candidate does not know"
        )
    if state.seconds / 60 >= minutes_allowed(snapshot, setup, state.stage):
        return _go_on(state, snapshot, setup, "this part's time is used up")
    return None


def _answer_questions(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move | None:
    """Tell the facts that were asked for; say so when there is none; otherwise restate."""
    if not {Intent.ASK, Intent.SHOW} & set(steer.intents):
        return None
    if steer.fact_ids or (snapshot.rubric.reveals_facts and steer.unknown_asks):
        return Move(
            kind=MoveKind.REVEAL,
            fact_ids=steer.fact_ids,
            unknown=bool(steer.unknown_asks),
            reason="asked for",
        )
    if Intent.ANSWER in steer.intents:
        return None
    return Move(kind=MoveKind.CLARIFY, target_id="open_question", reason="asks about the question")


def _follow_up(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move | None:
    """Challenge a misconception, else probe the most valuable missing point, within the budget."""
    if setup.format is Format.DRILL or state.follow_ups >= snapshot.rubric.follow_ups:
        return None
    for misconception_id in steer.misconception_ids:
        if misconception_id not in state.spent:
            return Move(kind=MoveKind.CHALLENGE, target_id=misconception_id, reason="to re-examine")
    contradicted = [
        p
        for p in state.question.points_of(state.stage)
        if state.verdicts.get(p.id) is Verdict.CONTRADICTED and p.id not in state.spent
    ]
    for point in contradicted + missing_points(state, snapshot, setup):
        return Move(kind=MoveKind.PROBE, target_id=point.id, reason="not heard yet")
    return None


def _twist(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move | None:
    """Throw a twist that belongs to this stage when there is time left to think about it."""
    if not snapshot.rubric.throws_twists or setup.seniority is Seniority.JUNIOR:
        return None
    left = minutes_allowed(snapshot, setup, state.stage) - state.seconds / 60
    if left < _LEAST_MINUTES_FOR_A_TWIST:
        return None
    for twist in state.question.twists:
        if twist.stage == state.stage and twist.id not in state.spent:
            return Move(kind=MoveKind.TWIST, target_id=twist.id, reason="time allows")
    return None


def _hint(state: State, snapshot: Snapshot, setup: Setup) -> Move | None:
    hints = state.question.hints_of(state.stage)
    if state.hints >= len(hints) or setup.format is Format.DRILL:
        return None
    return Move(kind=MoveKind.HINT, hint_number=state.hints + 1, reason="asked for or stuck")


def _go_on(state: State, snapshot: Snapshot, setup: Setup, reason: str) -> Move:
    nearest = _next_part(snapshot, state.question, state.stage)
    keep = closing_minutes(snapshot.rubric, setup)
    left = total_minutes(snapshot.rubric, setup) - keep - state.total_seconds / 60
    if nearest is None or left < _LEAST_MINUTES_FOR_A_QUESTION:
        return _close(setup, reason)
    return _advance_to(*nearest, reason)


def _close(setup: Setup, reason: str) -> Move:
    target = "questions" if setup.format is Format.INTERVIEW else "end"
    return Move(kind=MoveKind.CLOSE, target_id=target, reason=reason)


def _advance_to(question: Question, stage: str | None, reason: str) -> Move:
    return Move(kind=MoveKind.ADVANCE, question_id=question.id, stage=stage, reason=reason)


def _next_part(
    snapshot: Snapshot, question: Question, stage: str | None
) -> tuple[Question, str | None] | None:
    parts = [(q, part) for q in snapshot.questions for part in parts_of(q)]
    at = next(i for i, (q, part) in enumerate(parts) if (q.id, part) == (question.id, stage))
    return parts[at + 1] if at + 1 < len(parts) else None


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
