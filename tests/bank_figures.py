"""Numbers of the bank, read from its texts and tables, for the tests that recompute them."""

from __future__ import annotations

import math
import re
from functools import cache

import pytest

from interviewer.content import Bank, load_bank
from interviewer.schema import Fact


@cache
def bank() -> Bank:
    return load_bank()


def reference(question: str) -> str:
    """Return the reference answer with any run of white space as one space."""
    return " ".join(bank().questions[question].reference.split())


def point(question: str, key_point: str) -> str:
    """Return the claim and the right wordings of a key point as one text."""
    (found,) = [p for p in bank().questions[question].key_points if p.id == key_point]
    return " ".join((found.claim, *found.right))


def fact(question: str, fact_id: str) -> Fact:
    (found,) = [f for f in bank().questions[question].facts if f.id == fact_id]
    return found


def numbers(question: str, fact_id: str) -> list[float]:
    """Return the numbers of a fact's text in their order, millions and billions spelled out."""
    scale = {"million": 1e6, "billion": 1e9}
    found = re.findall(r"(\d[\d,]*(?:\.\d+)?)(?: (million|billion))?", fact(question, fact_id).text)
    return [float(n.replace(",", "")) * scale.get(word, 1) for n, word in found]


def column(question: str, fact_id: str, name: str) -> list[float]:
    table = fact(question, fact_id).table
    assert table is not None
    at = table.columns.index(name)
    return [float(row[at]) for row in table.rows]


def says(question: str, fact_id: str, *figures: str) -> None:
    """Assert that the text of a fact states each figure."""
    for figure in figures:
        assert figure in fact(question, fact_id).text


def table(question: str, fact_id: str) -> dict[str, list[float]]:
    """Return the numbers of each row by its first cell; percent signs and commas are dropped."""
    found = fact(question, fact_id).table
    assert found is not None
    return {str(row[0]): [number(cell) for cell in row[1:]] for row in found.rows}


def number(cell: str | int | float) -> float:
    """Return the number in a cell, without percent sign and commas; not a number for words."""
    try:
        return float(str(cell).rstrip("%").replace(",", ""))
    except ValueError:
        return math.nan


def curve(question: str, fact_id: str, line: str) -> dict[str, float]:
    """Return one line of a plot, x as text to y."""
    series = fact(question, fact_id).series
    assert series is not None
    (found,) = [one for one in series.lines if one.name == line]
    return dict(zip(map(str, series.x), found.y, strict=True))


def close(value: float, stated: float, within: float) -> bool:
    return value == pytest.approx(stated, abs=within)
