"""Grades -> the numbers of a session: score and level per criterion, and the overall. Pure.

Invariant: a failure or an unassessed answer never becomes a number; what was left out earns 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from interviewer.grading.arithmetic import (
    criterion_scores,
    level,
    overall_percent,
    question_score,
)
from interviewer.schema import (
    Criterion,
    Grade,
    Graded,
    KeyPoint,
    PointVerdict,
    Question,
    Rubric,
    Seniority,
    Snapshot,
    Unanswered,
    Verdict,
)


class Standing(NamedTuple):
    """The numbers; None where nothing was graded. `overall` is in percent, None if withheld."""

    scores: Mapping[str, float | None]
    levels: Mapping[str, int | None]
    weights: Mapping[str, float]
    graded_share: float
    overall: float | None


def standing_of(snapshot: Snapshot, seniority: Seniority, grades: Mapping[str, Grade]) -> Standing:
    """Return the numbers; `grades` holds one grade for each question of the snapshot."""
    scored = [q for q in snapshot.questions if counts(grades[q.id])]
    rubric = snapshot.rubric
    scores = {c.id: _criterion_score(c.id, scored, grades) for c in rubric.criteria}
    levels = {
        c.id: _criterion_level(c, scored, grades, scores[c.id], snapshot, seniority)
        for c in rubric.criteria
    }
    overall, weights = overall_percent(scores, rubric)
    share = len(scored) / len(snapshot.questions)
    return Standing(
        scores, levels, weights, share, overall if share >= rubric.minimum_graded_share else None
    )


def counts(grade: Grade) -> bool:
    """Return whether a grade has a number: what was left out has one, what failed has none."""
    return isinstance(grade, Graded | Unanswered)


def missed_points(question: Question, grade: Grade) -> list[KeyPoint]:
    """Return the points not fully made, the most expected first; groups count once.

    What was not graded has missed nothing that anybody knows of.
    """
    if not counts(grade):
        return []
    verdicts = (
        {v.key_point_id: v.verdict for v in grade.verdicts} if isinstance(grade, Graded) else {}
    )
    met = {p.id for p in question.key_points if verdicts.get(p.id) is Verdict.MET}
    settled = {p.any_of for p in question.key_points if p.any_of and p.id in met}
    order = ["core", "strong", "exceptional"]
    missed = [p for p in question.key_points if p.id not in met and p.any_of not in settled]
    return sorted(missed, key=lambda p: order.index(p.tier.value))


def with_verdict(
    grade: Graded, verdict: PointVerdict, question: Question, rubric: Rubric
) -> Graded:
    """Return the grade with another verdict on one point, counted anew."""
    verdicts = tuple(
        verdict if v.key_point_id == verdict.key_point_id else v for v in grade.verdicts
    )
    criteria = criterion_scores(question, rubric, verdicts, grade.misconceptions, grade.other_valid)
    return grade.model_copy(
        update={
            "verdicts": verdicts,
            "criteria": criteria,
            "score": question_score(criteria, rubric),
        }
    )


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
