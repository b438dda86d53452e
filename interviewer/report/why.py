"""Why a point stands as it does, in words: the reason, what it was worth, who graded. Pure.

Invariant: every number said here comes from the rubric and the arithmetic that made the score.
"""

from __future__ import annotations

from typing import NamedTuple

from interviewer.grading.arithmetic import OTHER_VALID_WORTH, penalised_criterion, worth
from interviewer.report.wording import (
    PROMPTING_WORDS,
    VERDICT_MARKS,
    VERDICT_WORDS,
    full_sentence,
    stamp_words,
)
from interviewer.schema import (
    Contest,
    Decided,
    FirstView,
    GraderStamp,
    MisconceptionSeen,
    PointVerdict,
    Prompting,
    Question,
    Rubric,
    SecondView,
    Verdict,
)

# How often it is right is measured anew with every grader: the page says it from the report card.
_OFFLINE_DOUBT = (
    "Listed misconceptions are what the offline grader is least sure of. If you meant something else, "
    "contest it."
)


class View(NamedTuple):
    """One side of a contest: whose it is, and what it says."""

    whose: str
    says: str


def worth_words(verdict: PointVerdict, question: Question, rubric: Rubric) -> str:
    """Return what a verdict earns or costs, with the discounts that made it so."""
    point = next(p for p in question.key_points if p.id == verdict.key_point_id)
    name, credit = rubric.criterion(point.criterion).name, rubric.credit
    if verdict.verdict is Verdict.CONTRADICTED:
        return f"Worth 0 and costs {credit.contradiction_penalty:g} of a point of {name}."
    factors = []
    if verdict.sureness is not None:
        factors.append(f"{verdict.sureness:.0%} sure that it is made")
    elif verdict.verdict is Verdict.PARTLY:
        factors.append(f"×{credit.partly:g} partly made")
    discount = {Prompting.PROBED: credit.probed, Prompting.HINTED: credit.hinted}
    if verdict.prompting in discount and verdict.verdict is not Verdict.NOT_MET:
        factors.append(f"×{discount[verdict.prompting]:g} {PROMPTING_WORDS[verdict.prompting]}")
    because = f" ({', '.join(factors)})" if factors else ""
    group = "; of its group the best one counts" if point.any_of else ""
    return f"Worth {worth(verdict, credit):.2g} of 1 point of {name}{because}{group}."


def misconception_words(misconception_id: str, question: Question, rubric: Rubric) -> str:
    """Return what a misconception costs."""
    name = rubric.criterion(penalised_criterion(question, misconception_id)).name
    return f"Costs {rubric.credit.misconception_penalty:.0%} of {name}."


def doubt_words(grader: GraderStamp) -> str:
    """Return how far a charged misconception is to be trusted; a model’s was not measured."""
    return "" if grader.model else _OFFLINE_DOUBT


def other_valid_words(question: Question, rubric: Rubric) -> str:
    """Return what a right idea that is not listed earns."""
    name = rubric.criterion(question.key_points[0].criterion).name
    return f"Worth {OTHER_VALID_WORTH:g} of 1 point of {name}."


def grader_of(contest: Contest | None, grader: GraderStamp) -> GraderStamp:
    """Return whose view counts: the second reader's once it has decided."""
    return contest.ruling.grader if contest and isinstance(contest.ruling, Decided) else grader


def views_of(contest: Contest) -> list[View]:
    """Return the candidate's view, the first grader's, and the second reader's or why it lacks."""
    own = f"“{contest.quote.text}”"
    views = [
        View("You", f"{own} {contest.comment}".strip()),
        View(f"First view, {stamp_words(contest.first_grader)}", _says(contest.first)),
    ]
    ruling = contest.ruling
    if isinstance(ruling, Decided):
        whose = f"Second view, {stamp_words(ruling.grader)}, which counts"
        return [*views, View(whose, _says(ruling.verdict))]
    whose = f"Second view, {stamp_words(ruling.grader)}" if ruling.grader else "Second view"
    return [*views, View(whose, ruling.reason)]


def _says(view: FirstView | SecondView) -> str:
    quote = f" “{view.evidence.text}”" if view.evidence else ""
    return f"{_head(view)}:{quote} {full_sentence(view.reason)}"


def _head(view: FirstView | SecondView) -> str:
    if isinstance(view, PointVerdict):
        return f"{VERDICT_MARKS[view.verdict]} {VERDICT_WORDS[view.verdict]}"
    if isinstance(view, MisconceptionSeen):
        return "✗ misconception"
    return "✗ stands" if view.stands else "✓ lifted"
