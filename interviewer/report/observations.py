"""What code can observe of how an interview went, in plain sentences; no scores. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from interviewer.schema import (
    Grade,
    Graded,
    MoveKind,
    Prompting,
    Question,
    Snapshot,
    Turn,
    Verdict,
)


def observe(snapshot: Snapshot, turns: Sequence[Turn], grades: Mapping[str, Grade]) -> list[str]:
    """Return observations, the most useful first; an empty list when there is nothing to say."""
    return [
        *_order_of_stages(snapshot, turns, grades),
        *_facts_not_asked(snapshot, turns),
        *_help(turns, grades),
    ]


def _order_of_stages(
    snapshot: Snapshot, turns: Sequence[Turn], grades: Mapping[str, Grade]
) -> Iterator[str]:
    """Mistake number one of design rounds: the model comes before requirements and data."""
    stage_of_turn = {t.id: t.stage for t in turns}
    for question in snapshot.questions:
        order = [brief.id for brief in question.stages]
        grade = grades.get(question.id)
        if not order or not isinstance(grade, Graded):
            continue
        names = {s.id: s.name for s in snapshot.rubric.stages}
        stage_of_point = {p.id: p.stage for p in question.key_points}
        early = {
            stage_of_point[v.key_point_id]
            for v in grade.verdicts
            if v.evidence
            and v.verdict is not Verdict.NOT_MET
            and _is_earlier(
                stage_of_turn.get(v.evidence.turn_id), stage_of_point[v.key_point_id], order
            )
        }
        for stage in (s for s in order if s in early):
            spoken = f"You spoke of {names[stage].lower()} before that stage was opened"
            yield f"{spoken}; it was credited all the same."


def _is_earlier(said_in: str | None, belongs_to: str | None, order: Sequence[str]) -> bool:
    if said_in not in order or belongs_to not in order:
        return False
    # One stage ahead is a natural bridge, two or more is jumping.
    return order.index(belongs_to) - order.index(said_in) >= 2


def _facts_not_asked(snapshot: Snapshot, turns: Sequence[Turn]) -> Iterator[str]:
    if not snapshot.rubric.reveals_facts:
        return
    for question in snapshot.questions:
        told = {
            f for t in turns if t.move and t.question_id == question.id for f in t.move.fact_ids
        }
        counted = (
            f"You asked for {len(told)} of the {len(question.facts)} facts of “{question.title}”."
        )
        unseen = _decisive_unseen(question, told)
        yield f"{counted} {unseen}" if unseen else counted


def _decisive_unseen(question: Question, told: set[str]) -> str:
    if question.diagnosis is None:
        return ""
    decisive = dict.fromkeys(r.ruled_out_by for r in question.diagnosis.rivals)
    missing = sum(1 for fact_id in decisive if fact_id not in told)
    return f"{missing} that rule out other causes stayed unseen." if missing else ""


def _help(turns: Sequence[Turn], grades: Mapping[str, Grade]) -> Iterator[str]:
    hints = sum(1 for t in turns if t.move and t.move.kind is MoveKind.HINT)
    made = [
        v
        for g in grades.values()
        if isinstance(g, Graded)
        for v in g.verdicts
        if v.verdict is Verdict.MET
    ]
    if made:
        unprompted = sum(1 for v in made if v.prompting is Prompting.UNPROMPTED)
        hinted = f", {hints} hint{'s' * (hints > 1)} taken" if hints else ""
        yield f"{unprompted} of {len(made)} points made came without a follow-up{hinted}."
