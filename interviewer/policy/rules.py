"""The rules: (state, steer) -> move, in the order in which they win. Pure."""

from __future__ import annotations

from interviewer.policy.minutes import closing_minutes, minutes_allowed, total_minutes
from interviewer.policy.state import State, next_part, parts_of
from interviewer.policy.value import missing_points
from interviewer.schema import (
    Format,
    Intent,
    Move,
    MoveKind,
    Question,
    Seniority,
    Setup,
    Snapshot,
    Steer,
    Verdict,
)

# Below this much time a new question cannot be answered, so the interview closes instead.
_LEAST_MINUTES_FOR_A_QUESTION = 1.0
# A twist needs time to be thought about.
_LEAST_MINUTES_FOR_A_TWIST = 3.0


def opening(snapshot: Snapshot) -> Move:
    """Return the first move of a session."""
    question = snapshot.questions[0]
    return _advance_to(question, parts_of(question)[0], "opening")


def decide(state: State, steer: Steer, snapshot: Snapshot, setup: Setup) -> Move:
    """Return the next move. Rules stand in the order in which they win."""
    rules = (_finish, _stop_the_clock, _talk, _leave, _answer_questions, _follow_up, _twist)
    moves = (rule(state, steer, snapshot, setup) for rule in rules)
    move = next((m for m in moves if m), None) or _go_on(state, snapshot, setup, "enough heard")
    if move.kind is MoveKind.ADVANCE:
        return move
    return move.model_copy(update={"question_id": state.question.id, "stage": state.stage})


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
    # What was near twice, in other words, is what is meant.
    meant = [f for f in steer.likely_fact_ids if f in state.likely_before]
    facts = (*steer.fact_ids, *meant)
    if facts or (snapshot.rubric.reveals_facts and steer.unknown_asks):
        return Move(
            kind=MoveKind.REVEAL,
            fact_ids=facts,
            unknown=bool(steer.unknown_asks),
            reason="asked for",
        )
    if steer.likely_fact_ids:
        return Move(kind=MoveKind.CLARIFY, target_id="be_specific", reason="not clear what for")
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
    if setup.format is Format.DRILL:
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
    nearest = next_part(snapshot, state.question, state.stage)
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
