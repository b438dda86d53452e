"""A scorecard -> HTML for the page: the overall, the criteria, one fold per question. Pure.

Invariant: all text is escaped; a grade that has no number shows its reason in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from interviewer.report.wording import (
    first_overall_words,
    gain_words,
    grade_words,
    self_rating_words,
    stamp_words,
)
from interviewer.schema import (
    Contest,
    Contested,
    CriterionResult,
    Graded,
    Question,
    QuestionResult,
    Rubric,
    Scorecard,
    Snapshot,
    Turn,
)
from interviewer.ui.highlight import answers_html, labelled_quotes
from interviewer.ui.markup import escaped
from interviewer.ui.verdict_html import act_link, verdicts_html


def summary_html(card: Scorecard, snapshot: Snapshot) -> str:
    """Return the head of a scorecard: overall, recommendation, criteria, observations."""
    notes = "".join(f"<li>{escape(note)}</li>" for note in card.observations)
    return (
        '<section class="summary">'
        f'<h2 class="panel-title">Scorecard: {escape(snapshot.rubric.name)}</h2>{_overall(card)}'
        f'<table class="criteria"><thead><tr><th>Criterion</th><th class="weight">Weight</th><th>Score</th>'
        f"<th>Level</th></tr></thead><tbody>{''.join(map(_criterion, card.criteria))}</tbody></table>"
        f'<ul class="notes">{notes}</ul>{_gains(card)}'
        f'<p class="quiet">Graded by {escape(stamp_words(card.grader))}.</p></section>'
    )


def questions_html(
    card: Scorecard,
    snapshot: Snapshot,
    turns: Sequence[Turn],
    *,
    open_id: str | None = None,
    may_act: bool = False,
) -> str:
    """Return a fold per question; no blank line, so that Markdown leaves it whole.

    The fold of `open_id` is open, or the first. With `may_act` points and charges can be
    contested and questions reported.
    """
    by_id = {q.id: q for q in snapshot.questions}
    open_id = open_id or card.questions[0].question_id
    contests = {c.about: c for c in card.contests}
    folds = []
    for result in card.questions:
        question = by_id[result.question_id]
        asked = [t for t in turns if t.question_id == question.id]
        body = _body(result, question, snapshot.rubric, asked, contests, may_act)
        folds.append(
            f'<details class="result"{" open" if question.id == open_id else ""}><summary>'
            f'<span>{escape(result.title)}</span><span class="percent">'
            f"{escape(grade_words(result.grade))}</span></summary>{body}</details>"
        )
    return "\n".join(folds)


def _overall(card: Scorecard) -> str:
    if card.overall is None:
        reason = escape(card.withheld_because or "")
        own = escape(self_rating_words(card))
        return (
            f'<div class="overall"><p class="rec">No overall score</p><p>{reason} {own}</p></div>'
        )
    said = " ".join(filter(None, [self_rating_words(card), first_overall_words(card)]))
    own = f'<p class="own">{escape(said)}</p>' if said else ""
    return (
        f'<div class="overall"><p class="score"><b>{card.overall:.0f}</b> of 100</p>'
        f'<p class="rec">{escape(card.recommendation or "")}</p>'
        f'<p class="quiet">for {escape(card.seniority)}; a practice bar, uncalibrated</p>{own}</div>'
    )


def _criterion(c: CriterionResult) -> str:
    if c.score is None:
        score, level = "not assessed", escape(c.reason or "")
    else:
        score = f'<meter min="0" max="1" value="{c.score:.2f}" aria-hidden="true"></meter> {c.score:.0%}'
        level = f"<b>{c.level} of 5</b> {escape(c.anchor or '')}"
    return (
        f'<tr><th scope="row">{escape(c.name)}</th><td class="weight">{c.renormalised_weight:.0%}</td>'
        f'<td class="meter">{score}</td><td>{level}</td></tr>'
    )


def _gains(card: Scorecard) -> str:
    if not card.gains:
        return ""
    items = "".join(f"<li>{escaped(gain_words(gain))}</li>" for gain in card.gains)
    return f'<h3 class="gains">What would have moved you up</h3><ul class="notes">{items}</ul>'


def _body(
    result: QuestionResult,
    question: Question,
    rubric: Rubric,
    turns: Sequence[Turn],
    contests: Mapping[Contested, Contest],
    may_act: bool,
) -> str:
    grade = result.grade
    quotes = labelled_quotes(grade) if isinstance(grade, Graded) else []
    said = answers_html(turns, quotes)
    body = [f'<p class="prompt">{escaped(result.prompt)}</p>']
    body += ["<h4>What you said</h4>", f'<div class="answer">{said}</div>'] if said else []
    if isinstance(grade, Graded):
        body += verdicts_html(grade, question, rubric, contests, may_act=may_act)
    elif result.missed:
        missed = "".join(f"<li>○ {escaped(claim)}</li>" for claim in result.missed)
        body += ["<h4>Missed</h4>", f'<ul class="verdicts">{missed}</ul>']
    body += ["<h4>A better answer</h4>", f'<p class="better">{escaped(result.better_answer)}</p>']
    if result.staff:
        body += [
            "<h4>What a staff engineer adds</h4>",
            f'<p class="better">{escaped(result.staff)}</p>',
        ]
    if may_act:
        body.append(
            f'<p class="acts">{act_link("Report this question", "report", question.id)}</p>'
        )
    return "".join(body)
