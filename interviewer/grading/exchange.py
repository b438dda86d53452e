"""What code alone knows about an exchange: whether it was answered, and what asking has earned. Pure."""

from __future__ import annotations

from interviewer.grading.quotes import quote_span
from interviewer.schema import (
    Exchange,
    Intent,
    MoveKind,
    PointVerdict,
    Unanswered,
    Verdict,
)

_SAYS_SOMETHING = {Intent.ANSWER, Intent.CORRECT, Intent.ASK, Intent.SHOW}


def unanswered(exchange: Exchange) -> Unanswered | None:
    """Return `Unanswered` with its reason when no turn of the candidate says anything."""
    if not exchange.answers:
        return Unanswered(question_id=exchange.question.id, reason="out_of_time")
    intents = [set(t.steer.intents) if t.steer else {Intent.ANSWER} for t in exchange.answers]
    if any(i & _SAYS_SOMETHING for i in intents):
        return None
    if any(Intent.DONT_KNOW in i for i in intents):
        return Unanswered(question_id=exchange.question.id, reason="dont_know")
    if any(Intent.SKIP in i for i in intents):
        return Unanswered(question_id=exchange.question.id, reason="skipped")
    return Unanswered(question_id=exchange.question.id, reason="out_of_time")


def credited_by_asking(exchange: Exchange) -> dict[str, PointVerdict]:
    """Return the points met by having asked for a fact that was then told, with the asking as quote."""
    credits = {f.id: f for f in exchange.question.facts if f.credits}
    earned: dict[str, PointVerdict] = {}
    previous = None
    for turn in exchange.turns:
        if turn.role == "candidate":
            previous = None if turn.retracted else turn
        elif previous and turn.move and turn.move.kind is MoveKind.REVEAL:
            for fact_id in turn.move.fact_ids:
                if fact_id in credits and (point_id := credits[fact_id].credits):
                    quote = quote_span(previous, 0, len(previous.text))
                    earned.setdefault(
                        point_id,
                        PointVerdict(
                            key_point_id=point_id,
                            verdict=Verdict.MET,
                            evidence=quote,
                            reason="You asked for it, and asking was the point.",
                        ),
                    )
    return earned


def better_of(read: PointVerdict, credited: PointVerdict | None) -> PointVerdict:
    """Return the verdict by asking, which is certain; else what was read."""
    return credited or read
