"""Scale numbers of three more design scenarios, worked out again from their facts.

The inputs are read from the facts' texts and tables, the results are held against the reference
or a key point, so that a number changed in one place only shows up here.
"""

from __future__ import annotations

import math
import re
from functools import cache
from statistics import NormalDist

import pytest

from interviewer.content import Bank, load_bank
from interviewer.schema import Fact


@cache
def bank() -> Bank:
    return load_bank()


def reference(question: str) -> str:
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


# Demand forecasting for a grocery chain

DEMAND = "demand_forecasting"


def test_demand_cost_of_today_and_order_levels() -> None:
    missed, waste, dry_missed, dry_extra = numbers(DEMAND, "goal_and_cost")
    assert missed / (missed + waste) == pytest.approx(0.6)
    assert round(dry_missed / (dry_missed + dry_extra), 2) == 0.97
    assert "60th percentile" in reference(DEMAND)
    _, thrown, short = column(DEMAND, "present_losses", "units per day")
    cost = thrown * waste + short * missed
    assert cost == 204_000
    assert "204,000 euros" in reference(DEMAND)
    assert round(0.1 * cost * 365 / 1e6, 1) == 7.4
    assert "a tenth less is 7.4 million a year" in reference(DEMAND)


def test_demand_series_forecasts_and_history() -> None:
    stores, products, series, units, days, *_ = numbers(DEMAND, "scale")
    assert stores * products == series == sum(column(DEMAND, "sales_speed", "series"))
    assert units == sum(column(DEMAND, "sales_speed", "units per day"))
    assert series * days == 42e6
    assert "42 million forecasts" in reference(DEMAND)
    assert round(3 * 365 * series / 1e9, 1) == 3.3
    assert "3.3 billion rows" in fact(DEMAND, "history").text


def test_demand_slow_products_mostly_sell_nothing() -> None:
    series = column(DEMAND, "sales_speed", "series")[-1]
    units = column(DEMAND, "sales_speed", "units per day")[-1]
    assert round(100 * math.exp(-units / series)) == 65  # Poisson sales
    assert "nothing on 65% of days" in reference(DEMAND)


def test_demand_fits_into_the_night_and_local_models_do_not() -> None:
    cores, rate = 32, 20_000
    assert f"{cores} cores" in fact(DEMAND, "compute").text
    core_hours = 42e6 * 5 / rate / 3_600
    assert 2.9 < core_hours < 3
    assert 5 < core_hours * 60 / cores < 6
    assert "under three core hours and six minutes" in reference(DEMAND)
    local = 3e6 * 0.5 / 3_600
    assert (round(local), round(local / cores)) == (417, 13)
    assert "417 core hours, 13 hours on our 32 cores" in reference(DEMAND)


def test_demand_quantile_of_six_days_and_size_of_the_pilot() -> None:
    mean, spread, *_ = numbers(DEMAND, "dry_product")
    z = NormalDist().inv_cdf(0.97)
    assert round(6 * (mean + z * spread)) == 188
    assert round(6 * mean + z * spread * math.sqrt(6)) == 148
    assert "148 units in six days, whereas six daily quantiles add up to 188" in reference(DEMAND)
    power = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(0.8)
    assert round(power * 8 * math.sqrt(2 / 40), 1) == 5.0
    assert "40 stores an arm" in reference(DEMAND)
