"""The points of one graded question -> HTML: verdict, quote, why, both views of a contest. Pure.

Invariant: whatever earned or cost anything says why, and who says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from interviewer.report.contests import Charge, charges_of
from interviewer.report.why import (
    doubt_words,
    grader_of,
    misconception_words,
    other_valid_words,
    views_of,
    worth_words,
)
from interviewer.report.wording import PROMPTING_WORDS, full_sentence, stamp_words
from interviewer.schema import (
    Contest,
    Contested,
    Decided,
    Graded,
    GraderStamp,
    PointVerdict,
    Question,
    Rubric,
    Verdict,
    contested_in,
)
from interviewer.ui.highlight import label_of
from interviewer.ui.markup import escaped


def verdicts_html(
    grade: Graded,
    question: Question,
    rubric: Rubric,
    contests: Mapping[Contested, Contest],
    *,
    may_act: bool,
) -> Iterator[str]:
    """Return the lists of points and charges; with `may_act`, what may be contested has a link."""
    made = [v for v in grade.verdicts if v.verdict is not Verdict.NOT_MET]
    missed = [v for v in grade.verdicts if v.verdict is Verdict.NOT_MET]
    for title, verdicts in (("Points", made), ("Missed", missed)):
        items = "".join(
            _verdict(
                v,
                question,
                rubric,
                grade.grader,
                contests.get(contested_in(question.id, v)),
                may_act,
            )
            for v in verdicts
        )
        if items:
            yield f'<h4>{title}</h4><ul class="verdicts">{items}</ul>'
    if beside := "".join(_other_valid(grade, question, rubric)):
        yield f'<ul class="verdicts">{beside}</ul>'
    charges = charges_of(grade, contests)
    if items := "".join(_charge(c, question, rubric, grade.grader, may_act) for c in charges):
        yield f'<h4>Misconceptions</h4><ul class="verdicts">{items}</ul>'
    if grade.low_confidence:
        yield (
            '<p class="quiet">Low confidence: parts of the answer fit no listed point; '
            "judge them yourself.</p>"
        )


def act_link(words: str, *path: str) -> str:
    """Return a link that asks the page for a form; `page.js` knows the paths."""
    return f'<a class="act" href="#{escape("/".join(path))}">{escape(words)}</a>'


def _verdict(
    verdict: PointVerdict,
    question: Question,
    rubric: Rubric,
    grader: GraderStamp,
    contest: Contest | None,
    may_act: bool,
) -> str:
    label = label_of(verdict.verdict)
    claim = next(p.claim for p in question.key_points if p.id == verdict.key_point_id)
    prompted = PROMPTING_WORDS[verdict.prompting]
    after = f' <span class="quiet">({prompted})</span>' if prompted and verdict.evidence else ""
    quote = f"<q>{escaped(verdict.evidence.text)}</q>" if verdict.evidence else ""
    worth = worth_words(verdict, question, rubric)
    why = _why(verdict.reason, worth, grader_of(contest, grader))
    about = None if verdict.verdict is Verdict.MET else contested_in(question.id, verdict)
    link = _contest_link(about, contest) if may_act else ""
    return (
        f'<li class="{label.kind}"><b>{escape(label.words)}</b>{after} {escaped(claim)}{quote}'
        f'<div class="foot">{why}{link}</div>{_views(contest)}</li>'
    )


def _charge(
    charge: Charge, question: Question, rubric: Rubric, grader: GraderStamp, may_act: bool
) -> str:
    seen, contest, is_lifted = charge
    false = next(m for m in question.misconceptions if m.id == seen.misconception_id)
    said = (
        f"Taken for: {escaped(false.claim)}<q>{escaped(seen.evidence.text)}</q>"
        f'<span class="rather">Rather: {escaped(false.correction)}</span>'
    )
    if is_lifted:
        return f"<li><b>○ misconception, lifted</b> {said}{_views(contest)}</li>"
    cost = misconception_words(seen.misconception_id, question, rubric)
    decider = grader_of(contest, grader)
    why = _why(seen.reason, cost, decider, doubt_words(decider))
    link = _contest_link(contested_in(question.id, seen), contest) if may_act else ""
    return (
        f'<li class="contradicted"><b>✗ misconception</b> {said}'
        f'<div class="foot">{why}{link}</div>{_views(contest)}</li>'
    )


def _other_valid(grade: Graded, question: Question, rubric: Rubric) -> Iterator[str]:
    worth = other_valid_words(question, rubric)
    for other in grade.other_valid:
        yield (
            f'<li class="met"><b>✓ also valid</b> {escaped(other.claim)}'
            f"<q>{escaped(other.evidence.text)}</q>"
            f'<div class="foot">{_why("Right, and not listed.", worth, grade.grader)}</div></li>'
        )


def _contest_link(about: Contested | None, contest: Contest | None) -> str:
    """Return the link for what is open to a contest; nothing once it is credited or decided."""
    if about is None or (contest and isinstance(contest.ruling, Decided)):
        return ""
    return act_link("Contest again" if contest else "Contest", "contest", _path(about))


def _path(about: Contested) -> str:
    """Return what page.js calls a contest by: its form is asked for, its views are shown."""
    return f"{about.question_id}/{about.kind}/{about.id}"


def _why(reason: str, worth: str, grader: GraderStamp, doubt: str = "") -> str:
    last = f" {escape(doubt)}" if doubt else ""
    return (
        f'<details class="why"><summary>Why?</summary>{escaped(full_sentence(reason))} '
        f"{escape(worth)} Graded by {escape(stamp_words(grader))}.{last}</details>"
    )


def _views(contest: Contest | None) -> str:
    if contest is None:
        return ""
    rows = "".join(
        f"<dt>{escape(view.whose)}</dt><dd>{escaped(view.says)}</dd>" for view in views_of(contest)
    )
    # A class, since the page's Markdown drops ids and data of its own.
    path = escape(_path(contest.about))
    return f'<dl class="views {path}" aria-label="Contested: both views">{rows}</dl>'
