"""A scorecard -> HTML for the page: the overall, the criteria, one fold per question. Pure.

Invariant: all text is escaped; a grade that has no number shows its reason in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from interviewer.report.wording import PROMPTING_WORDS, grade_words
from interviewer.schema import (
    CriterionResult,
    Graded,
    PointVerdict,
    Question,
    QuestionResult,
    Scorecard,
    Snapshot,
    Turn,
)
from interviewer.ui.highlight import answers_html, label_of, labelled_quotes
from interviewer.ui.markup import escaped


def summary_html(card: Scorecard, snapshot: Snapshot) -> str:
    """Return the head of a scorecard: overall, recommendation, criteria, observations."""
    notes = "".join(f"<li>{escape(note)}</li>" for note in card.observations)
    grader = f"{card.grader.name} {card.grader.version}" + (
        f" ({card.grader.model})" if card.grader.model else ""
    )
    return (
        '<section class="summary">'
        f'<h2 class="panel-title">Scorecard: {escape(snapshot.rubric.name)}</h2>{_overall(card)}'
        f'<table class="criteria"><thead><tr><th>Criterion</th><th class="weight">Weight</th><th>Score</th>'
        f"<th>Level</th></tr></thead><tbody>{''.join(map(_criterion, card.criteria))}</tbody></table>"
        f'<ul class="notes">{notes}</ul><p class="quiet">Graded by {escape(grader)}.</p></section>'
    )


def questions_html(card: Scorecard, snapshot: Snapshot, turns: Sequence[Turn]) -> str:
    """Return a fold per question, the first one open; no blank line, so that Markdown leaves it whole."""
    by_id = {q.id: q for q in snapshot.questions}
    folds = [
        _question(
            r, by_id[r.question_id], [t for t in turns if t.question_id == r.question_id], i == 0
        )
        for i, r in enumerate(card.questions)
    ]
    return "\n".join(folds)


def _overall(card: Scorecard) -> str:
    if card.overall is None:
        reason = escape(card.withheld_because or "")
        return f'<div class="overall"><p class="rec">No overall score</p><p>{reason}</p></div>'
    return (
        f'<div class="overall"><p class="score"><b>{card.overall:.0f}</b> of 100</p>'
        f'<p class="rec">{escape(card.recommendation or "")}</p>'
        f'<p class="quiet">for {escape(card.seniority)}; a practice bar, uncalibrated</p></div>'
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


def _question(
    result: QuestionResult, question: Question, turns: Sequence[Turn], opened: bool
) -> str:
    grade = result.grade
    quotes = labelled_quotes(grade) if isinstance(grade, Graded) else []
    said = answers_html(turns, quotes)
    body = [f'<p class="prompt">{escaped(result.prompt)}</p>']
    body += ["<h4>What you said</h4>", f'<div class="answer">{said}</div>'] if said else []
    if isinstance(grade, Graded):
        body += _verdicts(grade, question)
    elif result.missed:
        missed = "".join(f"<li>○ {escaped(claim)}</li>" for claim in result.missed)
        body += ["<h4>Missed</h4>", f'<ul class="verdicts">{missed}</ul>']
    body += ["<h4>A better answer</h4>", f'<p class="better">{escaped(result.better_answer)}</p>']
    return (
        f'<details class="result"{" open" if opened else ""}><summary><span>{escape(result.title)}</span>'
        f'<span class="percent">{escape(grade_words(grade))}</span></summary>{"".join(body)}</details>'
    )


def _verdicts(grade: Graded, question: Question) -> Iterator[str]:
    claims = {p.id: p.claim for p in question.key_points}
    made = [v for v in grade.verdicts if v.verdict.value != "not_met"]
    missed = [v for v in grade.verdicts if v.verdict.value == "not_met"]
    for title, verdicts in (("Points", made), ("Missed", missed)):
        if verdicts:
            items = "".join(_verdict(v, claims[v.key_point_id]) for v in verdicts)
            yield f'<h4>{title}</h4><ul class="verdicts">{items}</ul>'
    corrections = {m.id: m.correction for m in question.misconceptions}
    wrong = "".join(
        f'<li class="contradicted"><b>✗ misconception</b> “{escaped(m.evidence.text)}” '
        f"{escaped(corrections[m.misconception_id])}{_why(m.reason)}</li>"
        for m in grade.misconceptions
    )
    valid = "".join(
        f'<li class="met"><b>✓ also valid</b> {escaped(o.claim)}</li>' for o in grade.other_valid
    )
    if wrong or valid:
        yield f'<ul class="verdicts">{wrong}{valid}</ul>'
    if grade.low_confidence:
        yield (
            '<p class="quiet">Low confidence: parts of the answer fit no listed point; '
            "judge them yourself.</p>"
        )


def _verdict(verdict: PointVerdict, claim: str) -> str:
    label = label_of(verdict.verdict)
    prompted = PROMPTING_WORDS[verdict.prompting]
    after = f' <span class="quiet">({prompted})</span>' if prompted and verdict.evidence else ""
    quote = f"<q>{escaped(verdict.evidence.text)}</q>" if verdict.evidence else ""
    return (
        f'<li class="{label.kind}"><b>{escape(label.words)}</b>{after} {escaped(claim)}{quote}'
        f"{_why(verdict.reason)}</li>"
    )


def _why(reason: str) -> str:
    return f'<details class="why"><summary>why</summary>{escaped(reason)}</details>'
