"""What was measured of the offline grader, for the page: "How good is this grader?"

The figures come from `interviewer eval grader`, which writes `grader_card.json` beside this file;
nothing here computes one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from interviewer.schema.base import Noun, Text

PATH = Path(__file__).with_name("grader_card.json")


class MisconceptionFigures(Noun):
    """How many listed misconceptions the answers state, how many were charged, and how many rightly."""

    stated: int
    found: int
    rightly: int


class WayFigures(Noun):
    """How one way of scoring did on the labelled interview answers; shares 0..1, r -1..1."""

    name: Text
    pearson: float
    low: float
    high: float
    ordering: float
    ordering_not_by_length: float
    nothing_said_above_40: float
    mean_by_kind: dict[str, float]
    misconceptions: MisconceptionFigures | None = None


class GraderCard(Noun):
    """A summary of the report card."""

    grader: Text
    made: Text
    answers: int
    questions: int
    ways: tuple[WayFigures, ...]


def summary(card: dict[str, Any]) -> GraderCard:
    """Return what the page shows of a whole report card."""
    ways: dict[str, Any] = card["sets"]["interview"]["ways"]
    one = next(iter(ways.values()))
    return GraderCard(
        grader=card["grader"],
        made=card["made"],
        answers=one["n"],
        questions=one["questions"],
        ways=tuple(_figures(name, found) for name, found in ways.items()),
    )


def load_grader_card() -> GraderCard:
    """Return the card that ships with this version."""
    return GraderCard.model_validate(json.loads(PATH.read_text(encoding="utf-8")))


def _figures(name: str, found: dict[str, Any]) -> WayFigures:
    low, high = found["intervals"]["pearson"]
    return WayFigures(
        name=name,
        pearson=found["pearson"],
        low=low,
        high=high,
        ordering=found["ordering"],
        ordering_not_by_length=found["ordering_not_by_length"],
        nothing_said_above_40=found["nothing_said_above_0.40"],
        mean_by_kind=found["mean_by_kind"],
        misconceptions=found.get("misconceptions"),
    )
