"""Contests of points and misconceptions: which still concern the grades, and what rulings change. Pure.

Invariant: only a decided contest changes a number, and only of the view that it contested; an
undecided one changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from interviewer.report.standing import with_verdict
from interviewer.schema import (
    Contest,
    Contested,
    Decided,
    FirstView,
    Grade,
    Graded,
    KeyPoint,
    Misconception,
    MisconceptionSeen,
    PointVerdict,
    Question,
    SecondView,
    Snapshot,
    Turn,
    contested_in,
)


def first_views(grade: Graded) -> dict[Contested, FirstView]:
    """Return everything in a grade that somebody could hold to be wrong: verdicts and charges."""
    views: tuple[FirstView, ...] = (*grade.verdicts, *grade.misconceptions)
    return {contested_in(grade.question_id, view): view for view in views}


def contests_of(grades: Mapping[str, Grade], contests: Iterable[Contest]) -> tuple[Contest, ...]:
    """Return the latest contest of each view that `grades` still hold, in the order made.

    A question that another grader, or the same one with another verdict, has graded since then has a
    new first view: what was said of the old one stays with the old scorecard.
    """
    latest: dict[Contested, Contest] = {}
    for contest in contests:
        if _concerns(contest, grades.get(contest.question_id)):
            latest.pop(contest.about, None)
            latest[contest.about] = contest
    return tuple(latest.values())


class Charge(NamedTuple):
    """A charged misconception as the card shows it: `seen` is what counts, or counted until lifted."""

    seen: MisconceptionSeen
    contest: Contest | None
    is_lifted: bool


def charges_of(grade: Graded, contests: Mapping[Contested, Contest]) -> list[Charge]:
    """Return what a ruled grade charges, then what was charged and is lifted, with their contests."""
    own = [(seen, contested_in(grade.question_id, seen)) for seen in grade.misconceptions]
    charges = [Charge(seen, contests.get(about), False) for seen, about in own]
    still = {about for _, about in own}
    return charges + [
        Charge(contest.first, contest, True)
        for about, contest in contests.items()
        if about.question_id == grade.question_id
        and isinstance(contest.first, MisconceptionSeen)
        and about not in still
    ]


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
    answer = [t.text for t in turns if t.role == "candidate" and not t.retracted]
    ruling = contest.ruling
    # Why a reader failed may name a server; only that it did goes out.
    second = _view(ruling.verdict) if isinstance(ruling, Decided) else None
    return {
        "question_id": question.id,
        "question": question.prompt,
        "about": contest.about.kind,
        "claim": item_of(contest.about, question).claim,
        "answer": "\n\n".join(answer),
        "quote": contest.quote.text,
        "comment": contest.comment,
        "first": _view(contest.first),
        "first_grader": contest.first_grader.model_dump(),
        "second": second,
        "second_grader": ruling.grader.model_dump() if ruling.grader else None,
        "made_at": contest.made_at.isoformat(timespec="seconds"),
    }


def item_of(about: Contested, question: Question) -> KeyPoint | Misconception:
    """Return what of its question is contested."""
    items: Sequence[KeyPoint | Misconception] = (
        question.key_points if about.kind == "point" else question.misconceptions
    )
    return next(item for item in items if item.id == about.id)


def _view(view: FirstView | SecondView) -> dict[str, object]:
    return {
        "verdict": _verdict(view),
        "reason": view.reason,
        "quote": view.evidence.text if view.evidence else None,
    }


def _verdict(view: FirstView | SecondView) -> str:
    if isinstance(view, PointVerdict):
        return view.verdict.value
    if isinstance(view, MisconceptionSeen):
        return "charged"
    return "stands" if view.stands else "lifted"


def _concerns(contest: Contest, grade: Grade | None) -> bool:
    if not isinstance(grade, Graded) or grade.grader != contest.first_grader:
        return False
    now = first_views(grade).get(contest.about)
    if isinstance(now, PointVerdict) and isinstance(contest.first, PointVerdict):
        return now.verdict is contest.first.verdict
    return now is not None
