"""The answer to "How good is this grader?": what was measured, beside what any program could do."""

from __future__ import annotations

from html import escape

from interviewer.report.grader_card import GraderCard, WayFigures
from interviewer.report.wording import stamp_words
from interviewer.schema import GraderStamp

_NAMES = {
    "second rater": "A second rater, blind",
    "bank": "This grader, questions of the bank",
    "points": "This grader, given key points",
    "reference": "This grader, given a reference",
    "cosine": "Similarity alone",
    "length": "Length alone",
}
_KINDS = {
    "excellent": "excellent",
    "excellent_short": "excellent, short",
    "good": "good",
    "paraphrase": "good, in plain words",
    "half_contradicted": "half right, one point false",
    "partial": "half of the points",
    "weak": "weak, long",
    "confident_wrong": "fluent and wrong",
    "keyword_list": "a list of terms",
    "off_topic": "about something else",
    "parroted": "the question repeated",
    "manipulation": "asks for full marks",
}
_LIMITS = (
    "Answers and labels were written by AI assistants, two per answer, the second one blind: read the "
    "figures as those of a development set, not of real candidates. Nothing was fitted on them, but they "
    "were looked at several times while the grader grew, and one bar was loosened after a look.",
    "It notices about half of the false statements in new words, and now and then takes a right one for "
    "false: contest it. Good ideas that the question does not list it shows as “not listed”.",
    "In stories it reads how they are told. It notices a text about something else, but hardly a good story "
    "that answers another prompt.",
    "It reads English only. Trade-offs told over many sentences are often missed.",
    "The recommendation is a practice bar, not calibrated against any company’s.",
)


def grader_card_html(card: GraderCard, stamp: GraderStamp) -> str:
    """Return a part of the page that opens on demand, for what was graded by `stamp`."""
    ways = {way.name: way for way in card.ways}
    shown = [ways[name] for name in _NAMES if name in ways]
    return (
        '<details class="grader-card"><summary>How good is this grader?</summary>'
        f"{_other(stamp)}"
        f"<p>The offline grader was measured on {card.answers} labelled answers to {card.questions} "
        f"questions that nothing was fitted on ({escape(card.grader)}, {escape(card.made)}). It never "
        "calls a model and gives the same answer the same score.</p>"
        f'<div class="wide">{_table(shown)}</div>'
        f"{_kinds(ways.get('bank'), ways.get('second rater'))}"
        f"<p>What to know before you trust it:</p><ul>{_items(_limits(ways.get('bank')))}</ul></details>"
    )


def _other(stamp: GraderStamp) -> str:
    """Say that a model's grades are another grader's, where one graded."""
    if not stamp.model:
        return ""
    return (
        f"<p>These answers were graded by {escape(stamp_words(stamp))}, of which this says nothing: "
        "<code>interviewer eval grader --model</code> measures it on the same answers.</p>"
    )


def _table(ways: list[WayFigures]) -> str:
    head = "".join(
        f'<th scope="col">{title}</th>'
        for title in (
            "",
            "Agreement r (95%)",
            "Better answer first",
            "the same, not longer",
            "Empty answers above 40",
        )
    )
    rows = "".join(
        f'<tr><th scope="row">{_NAMES[way.name]}</th>'
        f"<td>{way.pearson:.2f} ({way.low:.2f} to {way.high:.2f})</td>"
        f"<td>{way.ordering:.0%}</td><td>{way.ordering_not_by_length:.0%}</td>"
        f"<td>{way.nothing_said_above_40:.0%}</td></tr>"
        for way in ways
    )
    return f'<table class="criteria"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _kinds(ours: WayFigures | None, theirs: WayFigures | None) -> str:
    """Draw what each kind of answer earns on average, with the rater's mark on each bar."""
    if ours is None:
        return ""
    bars = "".join(
        f"<li><span>{words}</span>{_bar(ours.mean_by_kind[kind], theirs, kind)}"
        f"<b>{100 * ours.mean_by_kind[kind]:.0f}</b></li>"
        for kind, words in _KINDS.items()
        if kind in ours.mean_by_kind
    )
    legend = " The thin mark is the second rater." if theirs else ""
    return f'<p>What each kind of answer earns on average, of 100.{legend}</p><ul class="bars">{bars}</ul>'


def _bar(share: float, theirs: WayFigures | None, kind: str) -> str:
    mark = f'<em style="left:{100 * theirs.mean_by_kind[kind]:.0f}%"></em>' if theirs else ""
    return f'<i><s style="width:{100 * share:.0f}%"></s>{mark}</i>'


def _limits(ours: WayFigures | None) -> tuple[str, ...]:
    """Return the limits in words, what is least sure first."""
    found = ours.misconceptions if ours else None
    if found is None:
        return _LIMITS
    least_sure = (
        f"Listed misconceptions are its least sure part: of {found.found} that it charged, {found.rightly} "
        f"were really stated; {found.stated} were stated in all. If you meant something else, contest it."
    )
    return (least_sure, *_LIMITS)


def _items(sentences: tuple[str, ...]) -> str:
    return "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
