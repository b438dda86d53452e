"""Coverage of the bank -> a heat map for the Bank tab: topics by difficulty, gaps told in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from interviewer.coverage import RoundCoverage, TopicCoverage, gap_words, remark
from interviewer.schema import Difficulty


def coverage_title(coverage: Sequence[RoundCoverage]) -> str:
    """Return one line on the whole bank."""
    return f"Coverage: {sum(row.total for row in coverage)} questions, {gap_words(coverage)}"


def coverage_html(coverage: Sequence[RoundCoverage]) -> str:
    """Return a table per round; the deeper a cell's colour, the more questions it counts."""
    most = max((n for row in coverage for t in row.topics for n in t.counts.values()), default=0)
    rounds = "".join(_round(row, max(most, 1)) for row in coverage if row.topics)
    return f'{_legend(coverage)}<div class="coverage">{rounds}</div>'


def _legend(coverage: Sequence[RoundCoverage]) -> str:
    needs = ", ".join(
        f"{row.topics[0].least} in {escape(row.name)}"
        for row in coverage
        if row.topics and not row.later
    )
    return (
        '<p class="quiet">Each cell counts questions; the deeper its colour, the more. '
        f"▲ marks a gap: a topic with fewer questions than it should have ({needs}), or a round with "
        "too few in all. A dashed 0 is a difficulty without a question: worth a look, no gap.</p>"
    )


def _round(row: RoundCoverage, most: int) -> str:
    heads = "".join(f'<th scope="col">{d.value}</th>' for d in Difficulty)
    body = "".join(_topic(t, most) for t in row.topics)
    return (
        f"<table><caption>{escape(row.name)} {_standing(row)}</caption>"
        f'<thead><tr><th scope="col">topic</th>{heads}<th scope="col">all</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _standing(row: RoundCoverage) -> str:
    if row.later:
        return "<small>later: this round cannot be practised yet</small>"
    if row.missing:
        return f'<small class="gap">▲ {row.total} questions, {row.missing} more needed</small>'
    return f"<small>{row.total} questions</small>"


def _topic(topic: TopicCoverage, most: int) -> str:
    said = remark(topic)
    kind = "gap" if topic.missing else "note"
    below = f'<small class="{kind}">{"▲ " * bool(topic.missing)}{said}</small>' if said else ""
    cells = "".join(_cell(topic, d, n / most) for d, n in topic.counts.items())
    return (
        f'<tr><th scope="row">{escape(topic.topic.name)}{below}</th>{cells}'
        f"<td>{topic.total}</td></tr>"
    )


def _cell(topic: TopicCoverage, difficulty: Difficulty, share: float) -> str:
    absent = ' class="absent"' if difficulty in topic.absent else ""
    return f'<td{absent} style="--share:{share:.2f}">{topic.counts[difficulty]}</td>'
