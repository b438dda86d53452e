"""Scale numbers of four design scenarios, worked out again and held against their facts.

The inputs are read from the bank's fact tables or quoted from its texts, so a change there that no
longer fits the reference, or another fact, shows up here.
"""

from __future__ import annotations

import math
from functools import cache

import pytest

from interviewer.content import Bank, load_bank
from interviewer.schema import Fact

DAY = 86_400


@cache
def bank() -> Bank:
    return load_bank()


def reference(scenario: str) -> str:
    return bank().questions[scenario].reference


def fact(scenario: str, fact_id: str) -> Fact:
    (found,) = [f for f in bank().questions[scenario].facts if f.id == fact_id]
    return found


def quote(scenario: str, fact_id: str, *figures: str) -> None:
    """Assert that the fact states each of the figures that a test goes on to use."""
    text = fact(scenario, fact_id).text
    for figure in figures:
        assert figure in text


def column(scenario: str, fact_id: str, index: int) -> list[float]:
    """Return the numbers of one column of a fact's table."""
    table = fact(scenario, fact_id).table
    assert table is not None
    return [float(row[index]) for row in table.rows]


# E-commerce recommender


def test_ecommerce_load() -> None:
    quote("ecommerce_recommender", "traffic", "3 million visits", "5 product pages", "0.4 basket")
    a_day = 3e6 * (5 + 0.4)
    assert a_day == pytest.approx(16.2e6)
    assert a_day / DAY == pytest.approx(190, rel=0.02)
    assert 8 * a_day / DAY == pytest.approx(1500)
    for figure in ("5.4 requests", "16.2 million", "190 a second", "1,500 on a sale day"):
        assert figure in reference("ecommerce_recommender")


def test_ecommerce_funnel() -> None:
    seen, click, basket, order, kept = column("ecommerce_recommender", "event_log", 1)
    assert seen == 3e6 * 5 * 4
    assert [click / seen, basket / click, order / basket, kept / order] == pytest.approx(
        [0.03, 0.08, 0.4, 0.55]
    )
    items_sold = 3e6 * 0.03 * 2.2
    assert order / items_sold == pytest.approx(0.29, abs=0.005)
    quote("ecommerce_recommender", "present_boxes", "29% of the items")


def test_ecommerce_worth_of_a_sold_item() -> None:
    quote("ecommerce_recommender", "goal_and_money", "earns 14", "costs 5", "45%")
    returned = 0.45
    assert (1 - returned) * 14 - returned * 5 == pytest.approx(5.45)
    assert "5.45 euros" in reference("ecommerce_recommender")


def test_ecommerce_lists_and_ranking() -> None:
    quote("ecommerce_recommender", "catalogue", "200,000 styles", "1,500 styles", "133 days")
    styles, new_a_day = 200_000, 1_500
    assert styles / new_a_day == pytest.approx(133, abs=1)
    identifier, score = 8, 4
    one_list = styles * 50 * (identifier + score)
    assert 2 * one_list == 240e6
    assert 25 * 2 * one_list == 6e9
    quote("ecommerce_recommender", "machines", "50,000 candidates a second")
    assert 1_500 * 100 / 50_000 == 3
    for figure in ("240 MB", "150,000", "about 3 cores"):
        assert figure in reference("ecommerce_recommender")


def test_ecommerce_visits_needed_to_see_one_percent() -> None:
    conversion, relative = 0.03, 0.01
    each_group = 16 * conversion * (1 - conversion) / (relative * conversion) ** 2
    assert each_group == pytest.approx(5.2e6, rel=0.01)
    assert math.ceil(2 * each_group / 3e6) == 4
