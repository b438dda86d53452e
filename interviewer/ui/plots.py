"""Figures: a series in the chat, the radar of a scorecard. Transparent, so that both themes carry them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from interviewer.schema import CriterionResult, Series

# Readable on white and on near-black; told apart by dash as well as by colour.
_INK = "#7c8797"
GRID = "rgba(124,135,151,0.28)"
COLOURS = ("#0d9488", "#d97706", "#6366f1", "#db2777")
DASHES = ("solid", "dash", "dot", "dashdot")


def series_figure(series: Series) -> Any:
    """Plot the lines of a series over its shared x axis."""
    figure = go.Figure()
    for i, line in enumerate(series.lines):
        figure.add_scatter(
            x=list(series.x),
            y=list(line.y),
            name=line.name,
            mode="lines+markers",
            line={"color": COLOURS[i % 4], "dash": DASHES[i % 4], "width": 2},
        )
    axis = {"gridcolor": GRID, "zeroline": False, "linecolor": GRID}
    return calm(
        figure,
        height=290,
        xaxis={"title": series.x_label, **axis},
        yaxis={"title": series.y_label, **axis},
        showlegend=len(series.lines) > 1,
        legend={"orientation": "h", "y": 1.15},
        margin={"l": 56, "r": 16, "t": 30, "b": 48},
    )


def radar_figure(criteria: Sequence[CriterionResult]) -> Any:
    """Plot the graded criteria as a radar in percent; None when fewer than three were graded."""
    graded = [c for c in criteria if c.score is not None]
    if len(graded) < 3:
        return None
    names = [c.name for c in graded]
    percents = [round(100 * (c.score or 0.0)) for c in graded]
    figure = go.Figure()
    figure.add_scatterpolar(
        r=[*percents, percents[0]],
        theta=[*names, names[0]],
        fill="toself",
        mode="lines+markers",
        line={"color": COLOURS[0], "width": 2},
        fillcolor="rgba(13,148,136,0.22)",
        hovertemplate="%{theta}: %{r}%<extra></extra>",
    )
    return calm(
        figure,
        height=300,
        showlegend=False,
        margin={"l": 92, "r": 92, "t": 28, "b": 28},
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": {"range": [0, 100], "tickvals": [25, 50, 75, 100], "gridcolor": GRID,
                           "linecolor": GRID, "angle": 90, "tickangle": 90},
            "angularaxis": {"gridcolor": GRID, "linecolor": GRID},
        },
    )  # fmt: skip


def calm(figure: Any, **layout: Any) -> Any:
    """Return the figure laid out like every other: transparent, quiet, not to be dragged."""
    return figure.update_layout(
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": _INK, "family": "system-ui, sans-serif", "size": 12},
        dragmode=False,
        **layout,
    )
