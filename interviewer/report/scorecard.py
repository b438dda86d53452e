"""Grades of a session, and what the candidate said of them -> its scorecard. Pure.

Invariant: a failure or an unassessed answer never becomes a number; the overall is withheld, with
its reason, when too little of the weight was graded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from interviewer.grading.arithmetic import recommendation
from interviewer.report.contests import contests_of, with_rulings
from interviewer.report.gains import gains_of
from interviewer.report.standing import Standing, missed_points, standing_of
from interviewer.schema import (
    Contest,
    Criterion,
    CriterionResult,
    Decided,
    Grade,
    GraderStamp,
    Question,
    QuestionResult,
    Recommendation,
    Rubric,
    Scorecard,
    SelfRating,
    Seniority,
    Snapshot,
)


def make_scorecard(
    session_id: str,
    snapshot: Snapshot,
    seniority: Seniority,
    grades: Mapping[str, Grade],
    grader: GraderStamp,
    made_at: datetime,
    observations: Sequence[str] = (),
    *,
    contests: Sequence[Contest] = (),
    self_rating: SelfRating | None = None,
) -> Scorecard:
    """Return the scorecard; `grades` holds the first grade of each question of the snapshot.

    A decided contest replaces the verdict it contested before anything is counted.
    """
    rubric = snapshot.rubric
    contests = contests_of(grades, contests)
    ruled = with_rulings(snapshot, grades, contests)
    standing = standing_of(snapshot, seniority, ruled)
    is_ruled = any(isinstance(c.ruling, Decided) for c in contests)
    return Scorecard(
        session_id=session_id,
        round=rubric.round,
        seniority=seniority.value,
        made_at=made_at,
        grader=grader,
        criteria=tuple(_criterion_result(c, standing) for c in rubric.criteria),
        questions=tuple(_question_result(q, ruled[q.id]) for q in snapshot.questions),
        graded_share=standing.graded_share,
        overall=standing.overall,
        recommendation=_recommendation(standing, rubric, seniority),
        withheld_because=_withheld_because(standing, rubric),
        observations=tuple(observations),
        gains=gains_of(snapshot, seniority, ruled),
        contests=contests,
        first_overall=standing_of(snapshot, seniority, grades).overall if is_ruled else None,
        self_rating=self_rating,
    )


def _recommendation(
    standing: Standing, rubric: Rubric, seniority: Seniority
) -> Recommendation | None:
    if standing.overall is None:
        return None
    core_levels = [standing.levels[c.id] for c in rubric.criteria if c.core]
    return recommendation(standing.overall, [c for c in core_levels if c], rubric, seniority)


def _withheld_because(standing: Standing, rubric: Rubric) -> str | None:
    if standing.overall is not None:
        return None
    return (
        f"Only {standing.graded_share:.0%} of the interview could be graded; "
        f"an overall score needs {rubric.minimum_graded_share:.0%}. Grade again to complete it."
    )


def _criterion_result(criterion: Criterion, standing: Standing) -> CriterionResult:
    score, reached = standing.scores[criterion.id], standing.levels[criterion.id]
    return CriterionResult(
        criterion_id=criterion.id,
        name=criterion.name,
        weight=criterion.weight,
        renormalised_weight=standing.weights.get(criterion.id, 0.0),
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
        staff=question.staff,
    )
