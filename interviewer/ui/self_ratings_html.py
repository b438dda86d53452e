"""Self-ratings against scores -> HTML and a figure for the Sessions tab: one line a grader. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from interviewer.programme.self_ratings import Rated, Trend
from interviewer.report.wording import difference_words, stamp_words
from interviewer.ui.plots import COLOURS, DASHES, GRID, calm

_LATEST = 5


def trends_html(trends: Sequence[Trend], round_names: Mapping[str, str]) -> str:
    """Return a table per grader, the latest session first; nothing without ratings."""
    return "".join(_trend(trend, round_names) for trend in trends)


def trend_figure(trends: Sequence[Trend]) -> Any:
    """Plot self-rating minus score over sessions, a line per grader; None before there is a line."""
    lines = [t for t in trends if len(t.rated) > 1]
    if not lines:
        return None
    most = max(len(t.rated) for t in lines)
    figure = go.Figure()
    for i, trend in enumerate(lines):
        figure.add_scatter(
            x=list(range(1, len(trend.rated) + 1)),
            y=[round(r.difference) for r in trend.rated],
            name=_grader(trend),
            mode="lines+markers",
            line={"color": COLOURS[i % 4], "dash": DASHES[i % 4], "width": 2},
            hovertemplate="%{y:+d} points<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": GRID, "width": 2})
    axis = {"gridcolor": GRID, "zeroline": False, "linecolor": GRID}
    return calm(
        figure,
        height=260,
        xaxis={"title": "self-rated session", "dtick": 1 if most < 20 else None, **axis},
        yaxis={"title": "own rating − score", "tickformat": "+d", **axis},
        showlegend=len(lines) > 1,
        legend={"orientation": "h", "y": 1.2},
        margin={"l": 56, "r": 16, "t": 24, "b": 40},
    )


def _trend(trend: Trend, round_names: Mapping[str, str]) -> str:
    rows = "".join(_row(r, round_names) for r in list(reversed(trend.rated))[:_LATEST])
    several = f"{len(trend.rated)} sessions, on average " if len(trend.rated) > 1 else ""
    return (
        '<section class="summary"><h2 class="panel-title">How well you know where you stand</h2>'
        f"<p>Graded by {escape(_grader(trend))}: {several}you rated yourself "
        f"{escape(difference_words(trend.mean))}.</p>"
        '<table class="criteria"><thead><tr><th>When</th><th class="weight">Round</th>'
        f"<th>You</th><th>Score</th><th>Difference</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _grader(trend: Trend) -> str:
    """Return the grader's words; with its prompts, which may differ where name and model do not."""
    prompts = f", prompts {trend.grader.prompt_hash}" if trend.grader.prompt_hash else ""
    return stamp_words(trend.grader) + prompts


def _row(rated: Rated, round_names: Mapping[str, str]) -> str:
    difference = f"{rated.difference:+.0f}".replace("-", "−")
    when = rated.rated_at.astimezone().strftime("%d %b %Y")
    name = escape(round_names.get(rated.round, rated.round))
    return (
        f'<tr><th scope="row">{when}</th><td class="weight">{name}</td>'
        f"<td>{rated.expected}</td><td>{rated.score:.0f}</td><td>{difference}</td></tr>"
    )
