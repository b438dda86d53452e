"""Grades of a session -> its scorecard. Pure.

Invariant: a failure or an unassessed answer never becomes a number; the overall is withheld, with
its reason, when too little of the weight was graded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from interviewer.grading.arithmetic import level, overall_percent, recommendation
from interviewer.schema import (
    Criterion,
    CriterionResult,
    Grade,
    Graded,
    GraderStamp,
    KeyPoint,
    PointVerdict,
    Question,
    QuestionResult,
    Scorecard,
    Seniority,
    Snapshot,
    Unanswered,
    Verdict,
)


def make_scorecard(
    session_id: str,
    snapshot: Snapshot,
    seniority: Seniority,
    grades: Mapping[str, Grade],
    grader: GraderStamp,
    made_at: datetime,
    observations: Sequence[str] = (),
) -> Scorecard:
    """Return the scorecard; `grades` holds one grade for each question of the snapshot."""
    scored = [q for q in snapshot.questions if _counts(grades[q.id])]
    rubric = snapshot.rubric
    scores = {c.id: _criterion_score(c.id, scored, grades) for c in rubric.criteria}
    levels = {
        c.id: _criterion_level(c, scored, grades, scores[c.id], snapshot, seniority)
        for c in rubric.criteria
    }
    overall, weights = overall_percent(scores, rubric)
    share = _graded_share(snapshot, grades)
    if share < rubric.minimum_graded_share:
        overall = None
    core_levels = [levels[c.id] for c in rubric.criteria if c.core]
    return Scorecard(
        session_id=session_id,
        round=rubric.round,
        seniority=seniority.value,
        made_at=made_at,
        grader=grader,
        criteria=tuple(
            _criterion_result(c, scores[c.id], levels[c.id], weights.get(c.id, 0.0))
            for c in rubric.criteria
        ),
        questions=tuple(_question_result(q, grades[q.id]) for q in snapshot.questions),
        graded_share=share,
        overall=overall,
        recommendation=None
        if overall is None
        else recommendation(overall, [c for c in core_levels if c], rubric, seniority),
        withheld_because=None
        if overall is not None
        else f"Only {share:.0%} of the interview could be graded; "
        f"an overall score needs {rubric.minimum_graded_share:.0%}. Grade again to complete it.",
        observations=tuple(observations),
    )


def missed_points(question: Question, grade: Grade) -> list[KeyPoint]:
    """Return the points not fully made, the most expected first; groups count once.

    What was not graded has missed nothing that anybody knows of.
    """
    if not _counts(grade):
        return []
    verdicts = (
        {v.key_point_id: v.verdict for v in grade.verdicts} if isinstance(grade, Graded) else {}
    )
    met = {p.id for p in question.key_points if verdicts.get(p.id) is Verdict.MET}
    settled = {p.any_of for p in question.key_points if p.any_of and p.id in met}
    order = ["core", "strong", "exceptional"]
    missed = [p for p in question.key_points if p.id not in met and p.any_of not in settled]
    return sorted(missed, key=lambda p: order.index(p.tier.value))


def _counts(grade: Grade) -> bool:
    return isinstance(grade, Graded | Unanswered)


def _graded_share(snapshot: Snapshot, grades: Mapping[str, Grade]) -> float:
    return sum(_counts(grades[q.id]) for q in snapshot.questions) / len(snapshot.questions)


def _criterion_score(
    criterion_id: str, questions: Sequence[Question], grades: Mapping[str, Grade]
) -> float | None:
    """Return the mean over the questions that speak to this criterion; left-out ones earn 0."""
    values: list[float] = []
    for question in questions:
        grade = grades[question.id]
        if any(p.criterion == criterion_id for p in question.key_points):
            values.append(grade.criteria[criterion_id] if isinstance(grade, Graded) else 0.0)
    return sum(values) / len(values) if values else None


def _criterion_level(
    criterion: Criterion,
    questions: Sequence[Question],
    grades: Mapping[str, Grade],
    score: float | None,
    snapshot: Snapshot,
    seniority: Seniority,
) -> int | None:
    if score is None:
        return None
    points: list[KeyPoint] = []
    verdicts: dict[str, PointVerdict] = {}
    for question in questions:
        grade = grades[question.id]
        made = grade.verdicts if isinstance(grade, Graded) else ()
        # Point ids are unique within a question only.
        verdicts |= {f"{question.id}_{v.key_point_id}": v for v in made}
        points += [
            p.model_copy(update={"id": f"{question.id}_{p.id}", "any_of": _scoped(question, p)})
            for p in question.key_points
            if p.criterion == criterion.id
        ]
    own = {p.id: verdicts[p.id] for p in points if p.id in verdicts}
    return level(points, own, snapshot.rubric.levels[seniority])


def _scoped(question: Question, point: KeyPoint) -> str | None:
    return f"{question.id}_{point.any_of}" if point.any_of else None


def _criterion_result(
    criterion: Criterion, score: float | None, reached: int | None, weight: float
) -> CriterionResult:
    return CriterionResult(
        criterion_id=criterion.id,
        name=criterion.name,
        weight=criterion.weight,
        renormalised_weight=weight,
        score=score,
        level=reached,
        anchor=criterion.anchors[reached - 1].text if reached else None,
        reason=None if score is not None else "Nothing in this session was graded on it.",
    )


def _question_result(question: Question, grade: Grade) -> QuestionResult:
    return QuestionResult(
        question_id=question.id,
        title=question.title,
        prompt=question.prompt,
        grade=grade,
        missed=tuple(p.claim for p in missed_points(question, grade)),
        better_answer=question.reference,
    )
