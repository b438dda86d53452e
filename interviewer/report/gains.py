"""What would have moved the candidate up a level: the missing points that gain most. Pure.

Invariant: a gain is what the arithmetic says with that one point made, unprompted, and all else as
it was; nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from interviewer.content import content_hash
from interviewer.grading.arithmetic import criterion_scores
from interviewer.report.standing import (
    Standing,
    missed_points,
    scoped_points,
    standing_of,
    with_verdict,
)
from interviewer.schema import (
    Gain,
    Grade,
    Graded,
    GraderStamp,
    KeyPoint,
    PointVerdict,
    Question,
    Quote,
    Rubric,
    Seniority,
    Snapshot,
    Verdict,
)

MOST_GAINS = 3
# Less than this many percentage points is no gain to speak of.
_LEAST_PERCENT = 0.05
_IMAGINED = Quote(turn_id=0, start=0, end=1, text="(had it been said)")
_NOBODY = GraderStamp(name="imagined", version="0")


def gains_of(
    snapshot: Snapshot, seniority: Seniority, grades: Mapping[str, Grade]
) -> tuple[Gain, ...]:
    """Return the missing points that gain most, a raised level before any overall; none if withheld."""
    points = scoped_points(snapshot)
    now = standing_of(snapshot, seniority, grades, points)
    if now.overall is None:
        return ()
    found = []
    for question in snapshot.questions:
        for point in missed_points(question, grades[question.id]):
            then = {**grades, question.id: _with_it(grades[question.id], question, point, snapshot)}
            better = standing_of(snapshot, seniority, then, points)
            if gain := _gain(now, better, question, point, snapshot.rubric):
                found.append(gain)
    found.sort(key=lambda g: (g.level_with_it - g.level, g.overall), reverse=True)
    return tuple(found[:MOST_GAINS])


def _gain(
    now: Standing, better: Standing, question: Question, point: KeyPoint, rubric: Rubric
) -> Gain | None:
    """Return what one point more would have added; None when that is nothing."""
    before, after = now.levels[point.criterion], better.levels[point.criterion]
    assert now.overall is not None
    assert better.overall is not None
    assert before is not None
    assert after is not None
    added = better.overall - now.overall
    if added < _LEAST_PERCENT and after == before:
        return None
    return Gain(
        question_id=question.id,
        key_point_id=point.id,
        claim=point.claim,
        criterion=rubric.criterion(point.criterion).name,
        overall=min(100.0, max(0.0, added)),
        level=before,
        level_with_it=after,
    )


def _with_it(grade: Grade, question: Question, point: KeyPoint, snapshot: Snapshot) -> Graded:
    made = PointVerdict(
        key_point_id=point.id, verdict=Verdict.MET, evidence=_IMAGINED, reason="Imagined."
    )
    graded = _as_graded(grade, question, snapshot.rubric)
    return with_verdict(graded, made, question, snapshot.rubric)


def _as_graded(grade: Grade, question: Question, rubric: Rubric) -> Graded:
    """Return a grade as it is; what was left out as a grade with nothing made."""
    if isinstance(grade, Graded):
        return grade
    verdicts = tuple(_not_said(question))
    return Graded(
        question_id=question.id,
        question_hash=content_hash(question),
        rubric_version=rubric.version,
        grader=_NOBODY,
        verdicts=verdicts,
        criteria=criterion_scores(question, rubric, verdicts),
        score=0.0,
    )


def _not_said(question: Question) -> Iterator[PointVerdict]:
    for point in question.key_points:
        yield PointVerdict(key_point_id=point.id, verdict=Verdict.NOT_MET, reason="Left out.")
