"""Contests of verdicts: which still concern the grades, and what their rulings make of them. Pure.

Invariant: only a decided contest changes a number, and only of the verdict that it contested; an
undecided one changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from interviewer.report.standing import with_verdict
from interviewer.schema import (
    Contest,
    Decided,
    Grade,
    Graded,
    PointVerdict,
    Question,
    Snapshot,
    Turn,
)


def open_to_contest(grade: Grade) -> list[PointVerdict]:
    """Return the verdicts that may be contested: all that are not fully met."""
    if not isinstance(grade, Graded):
        return []
    return [v for v in grade.verdicts if v.verdict.value != "met"]


def contests_of(grades: Mapping[str, Grade], contests: Iterable[Contest]) -> tuple[Contest, ...]:
    """Return the latest contest of each verdict that `grades` still hold, in the order made.

    A question that another grader, or the same one with another verdict, has graded since then has a
    new first view: what was said of the old one stays with the old scorecard.
    """
    latest: dict[tuple[str, str], Contest] = {}
    for contest in contests:
        if _concerns(contest, grades.get(contest.question_id)):
            key = (contest.question_id, contest.key_point_id)
            latest.pop(key, None)
            latest[key] = contest
    return tuple(latest.values())


def with_rulings(
    snapshot: Snapshot, grades: Mapping[str, Grade], contests: Sequence[Contest]
) -> dict[str, Grade]:
    """Return the grades with the decided verdicts in them, counted anew."""
    questions = {q.id: q for q in snapshot.questions}
    ruled = dict(grades)
    for contest in contests_of(grades, contests):
        grade = ruled[contest.question_id]
        if isinstance(contest.ruling, Decided) and isinstance(grade, Graded):
            question = questions[contest.question_id]
            ruled[question.id] = with_verdict(
                grade, contest.ruling.verdict, question, snapshot.rubric
            )
    return ruled


def calibration_row(
    contest: Contest, question: Question, turns: Iterable[Turn]
) -> dict[str, object]:
    """Return one contested case for calibrating graders: nothing of the session or its set-up."""
    claim = next(p.claim for p in question.key_points if p.id == contest.key_point_id)
    answer = [t.text for t in turns if t.role == "candidate" and not t.retracted]
    ruling = contest.ruling
    # Why a reader failed may name a server; only that it did goes out.
    second = _view(ruling.verdict) if isinstance(ruling, Decided) else None
    return {
        "question_id": question.id,
        "question": question.prompt,
        "claim": claim,
        "answer": "\n\n".join(answer),
        "quote": contest.quote.text,
        "comment": contest.comment,
        "first": _view(contest.first),
        "first_grader": contest.first_grader.model_dump(),
        "second": second,
        "second_grader": ruling.grader.model_dump() if ruling.grader else None,
        "made_at": contest.made_at.isoformat(timespec="seconds"),
    }


def _view(verdict: PointVerdict) -> dict[str, object]:
    return {
        "verdict": verdict.verdict.value,
        "reason": verdict.reason,
        "quote": verdict.evidence.text if verdict.evidence else None,
    }


def _concerns(contest: Contest, grade: Grade | None) -> bool:
    if not isinstance(grade, Graded) or grade.grader != contest.first_grader:
        return False
    return any(
        v.key_point_id == contest.key_point_id and v.verdict is contest.first.verdict
        for v in grade.verdicts
    )
