"""The points of one graded question -> HTML: verdict, quote, why, both views of a contest. Pure.

Invariant: every point that earned or cost anything says why, and who says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from interviewer.report.why import (
    grader_of,
    misconception_words,
    other_valid_words,
    views_of,
    worth_words,
)
from interviewer.report.wording import PROMPTING_WORDS, full_sentence, stamp_words
from interviewer.schema import (
    Contest,
    Decided,
    Graded,
    GraderStamp,
    PointVerdict,
    Question,
    Rubric,
    Verdict,
)
from interviewer.ui.highlight import label_of
from interviewer.ui.markup import escaped


def verdicts_html(
    grade: Graded,
    question: Question,
    rubric: Rubric,
    contests: Mapping[str, Contest],
    *,
    may_act: bool,
) -> Iterator[str]:
    """Return the lists of points; with `may_act`, each that may be contested has a link for it."""
    made = [v for v in grade.verdicts if v.verdict is not Verdict.NOT_MET]
    missed = [v for v in grade.verdicts if v.verdict is Verdict.NOT_MET]
    for title, verdicts in (("Points", made), ("Missed", missed)):
        items = "".join(
            _verdict(v, question, rubric, grade.grader, contests.get(v.key_point_id), may_act)
            for v in verdicts
        )
        if items:
            yield f'<h4>{title}</h4><ul class="verdicts">{items}</ul>'
    if beside := "".join(_beside_the_points(grade, question, rubric)):
        yield f'<ul class="verdicts">{beside}</ul>'
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
    is_decided = contest is not None and isinstance(contest.ruling, Decided)
    is_open = verdict.verdict is not Verdict.MET and not is_decided
    link = act_link("Contest", "contest", question.id, verdict.key_point_id)
    return (
        f'<li class="{label.kind}"><b>{escape(label.words)}</b>{after} {escaped(claim)}{quote}'
        f'<div class="foot">{why}{link if may_act and is_open else ""}</div>'
        f"{_views(contest) if contest else ''}</li>"
    )


def _beside_the_points(grade: Graded, question: Question, rubric: Rubric) -> Iterator[str]:
    corrections = {m.id: m.correction for m in question.misconceptions}
    for seen in grade.misconceptions:
        cost = misconception_words(seen.misconception_id, question, rubric)
        yield (
            f'<li class="contradicted"><b>✗ misconception</b> '
            f"{escaped(corrections[seen.misconception_id])}<q>{escaped(seen.evidence.text)}</q>"
            f'<div class="foot">{_why(seen.reason, cost, grade.grader)}</div></li>'
        )
    worth = other_valid_words(question, rubric)
    for other in grade.other_valid:
        yield (
            f'<li class="met"><b>✓ also valid</b> {escaped(other.claim)}'
            f"<q>{escaped(other.evidence.text)}</q>"
            f'<div class="foot">{_why("Right, and not listed.", worth, grade.grader)}</div></li>'
        )


def _why(reason: str, worth: str, grader: GraderStamp) -> str:
    return (
        f'<details class="why"><summary>Why?</summary>{escaped(full_sentence(reason))} '
        f"{escape(worth)} Graded by {escape(stamp_words(grader))}.</details>"
    )


def _views(contest: Contest) -> str:
    rows = "".join(
        f"<dt>{escape(view.whose)}</dt><dd>{escaped(view.says)}</dd>" for view in views_of(contest)
    )
    return f'<dl class="views" aria-label="Contested: both views">{rows}</dl>'
