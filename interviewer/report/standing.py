"""Grades -> the numbers of a session: score and level per criterion, and the overall. Pure.

Invariant: a failure or an unassessed answer never becomes a number; what was left out earns 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from interviewer.grading.arithmetic import (
    criterion_scores,
    level,
    overall_percent,
    question_score,
)
from interviewer.schema import (
    Grade,
    Graded,
    KeyPoint,
    LevelBar,
    MisconceptionReading,
    MisconceptionSeen,
    PointVerdict,
    Question,
    Rubric,
    SecondView,
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


class ScopedPoint(NamedTuple):
    """A key point with ids that are unique in the session: a question's own are so only within it."""

    question_id: str
    key_point_id: str
    point: KeyPoint


def scoped_points(snapshot: Snapshot) -> list[ScopedPoint]:
    """Return all key points of a session under ids of their own."""
    return [
        ScopedPoint(question.id, point.id, _scoped(question, point))
        for question in snapshot.questions
        for point in question.key_points
    ]


def standing_of(
    snapshot: Snapshot,
    seniority: Seniority,
    grades: Mapping[str, Grade],
    points: Sequence[ScopedPoint] | None = None,
) -> Standing:
    """Return the numbers; `grades` holds one grade for each question of the snapshot.

    `points` are its `scoped_points`, for who counts the same session many times.
    """
    points = scoped_points(snapshot) if points is None else points
    rubric, bar = snapshot.rubric, snapshot.rubric.levels[seniority]
    scored = [q for q in snapshot.questions if counts(grades[q.id])]
    scores = {c.id: _criterion_score(c.id, scored, grades) for c in rubric.criteria}
    levels = {
        c: _criterion_level(c, points, grades, bar) if score is not None else None
        for c, score in scores.items()
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


def with_verdict(grade: Graded, verdict: SecondView, question: Question, rubric: Rubric) -> Graded:
    """Return the grade with another verdict on one point or one charged misconception, counted anew."""
    verdicts, charges = grade.verdicts, grade.misconceptions
    if isinstance(verdict, PointVerdict):
        verdicts = tuple(verdict if v.key_point_id == verdict.key_point_id else v for v in verdicts)
    else:
        charges = tuple(_charges_after(charges, verdict))
    criteria = criterion_scores(question, rubric, verdicts, charges, grade.other_valid)
    return grade.model_copy(
        update={
            "verdicts": verdicts,
            "misconceptions": charges,
            "criteria": criteria,
            "score": question_score(criteria, rubric),
        }
    )


def _charges_after(
    charges: Iterable[MisconceptionSeen], reading: MisconceptionReading
) -> Iterator[MisconceptionSeen]:
    """Yield the charges, the one that was read anew as that reading has it, or not at all."""
    for charge in charges:
        if charge.misconception_id != reading.misconception_id:
            yield charge
        elif reading.evidence:
            yield MisconceptionSeen(
                misconception_id=charge.misconception_id,
                evidence=reading.evidence,
                reason=reading.reason,
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
    criterion_id: str,
    points: Sequence[ScopedPoint],
    grades: Mapping[str, Grade],
    bar: LevelBar,
) -> int:
    own = [p for p in points if p.point.criterion == criterion_id and counts(grades[p.question_id])]
    made = {
        question_id: {v.key_point_id: v for v in grade.verdicts}
        for question_id, grade in grades.items()
        if isinstance(grade, Graded)
    }
    verdicts = {
        p.point.id: made[p.question_id][p.key_point_id]
        for p in own
        if p.key_point_id in made.get(p.question_id, {})
    }
    return level([p.point for p in own], verdicts, bar)


def _scoped(question: Question, point: KeyPoint) -> KeyPoint:
    group = f"{question.id}_{point.any_of}" if point.any_of else None
    return point.model_copy(update={"id": f"{question.id}_{point.id}", "any_of": group})
