"""Plots of a report card, as SVG: mean score by kind of answer, and agreement beside the baselines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_SHOWN = ("second rater", "bank", "points", "reference", "cosine", "length")
_COLOURS = ("#1b9e77", "#2457a6", "#5b8fd6", "#a9c5ec", "#c9a227", "#b0b0b0")
# The same card makes the same file.
mpl.rcParams["svg.hashsalt"] = "grader"
_METADATA = {"Date": None}


def draw(card: Mapping[str, Any], folder: Path) -> None:
    """Write grader_kinds.svg and grader_agreement.svg."""
    ways = card["sets"]["interview"]["ways"]
    shown = [w for w in _SHOWN if w in ways]
    _kinds(ways, shown).savefig(folder / "grader_kinds.svg", metadata=_METADATA)
    _agreement(ways, shown).savefig(folder / "grader_agreement.svg", metadata=_METADATA)


def _kinds(ways: Mapping[str, Any], shown: list[str]) -> Figure:
    """Draw a dot per kind and way: good answers should be right, empty ones left."""
    means = {way: ways[way]["mean_by_kind"] for way in shown if way != "length"}
    first = next(iter(means.values()))
    kinds = sorted(first, key=first.__getitem__)
    figure = Figure(figsize=(7.5, 5), layout="constrained")
    axes = figure.add_subplot()
    for way, colour in zip(means, _COLOURS, strict=False):
        scores = [means[way][kind] for kind in kinds]
        axes.plot(scores, kinds, "o", color=colour, label=way, alpha=0.9)
    axes.set(xlim=(-0.02, 1.02), xlabel="mean score", title="What each kind of answer earns")
    axes.axvline(0.4, color="#888888", linewidth=0.8, linestyle="--")
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="lower right")
    return figure


def _agreement(ways: Mapping[str, Any], shown: list[str]) -> Figure:
    """Draw Pearson's r with its 95% interval over questions."""
    figure = Figure(figsize=(7.5, 2.8), layout="constrained")
    axes = figure.add_subplot()
    for way, colour in zip(shown[::-1], _COLOURS[: len(shown)][::-1], strict=True):
        low, high = ways[way]["intervals"]["pearson"]
        axes.plot([low, high], [way, way], color=colour, linewidth=3, alpha=0.5)
        axes.plot(ways[way]["pearson"], way, "o", color=colour)
    axes.set(xlim=(-0.1, 1.0), title="Agreement with the labels (r, 95% interval over questions)")
    axes.grid(axis="x", alpha=0.3)
    return figure
