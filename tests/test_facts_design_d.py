"""Scale numbers of three more design scenarios, worked out again from their facts.

The inputs are read from the facts' texts and tables, the results are held against the reference
or a key point, so that a number changed in one place only shows up here.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from tests.bank_figures import column, fact, numbers, point, reference

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
    assert numbers(DEMAND, "experiments")[0] == 2 * 40
    lead, apart = 2, 4
    assert "two days after ordering and are at most four days apart" in (
        " ".join(fact(DEMAND, "deliveries").text.split())
    )
    assert lead + apart == 6


# People you may know

PEOPLE = "people_you_may_know"


def test_people_funnel_of_a_day() -> None:
    seen, sent, accepted, exchange = column(PEOPLE, "goal", "per day")
    shares = (sent / seen, accepted / sent, exchange / accepted)
    assert shares == pytest.approx((0.015, 0.4, 0.5))
    assert "2.6 million of 864 million suggestions" in reference(PEOPLE)
    *_, requests, per_request = numbers(PEOPLE, "traffic")
    assert requests * per_request == seen
    new_ties = numbers(PEOPLE, "graph")[-1]
    assert accepted / new_ties == pytest.approx(0.4)
    assert "40% of new ones come from suggestions" in fact(PEOPLE, "logs").text


def test_people_requests_scores_and_cores() -> None:
    *_, requests, _ = numbers(PEOPLE, "traffic")
    average = requests / 86_400
    scores = 3 * average * 500
    assert (average, 3 * average, scores) == pytest.approx((2_000, 6_000, 3e6))
    assert "2,000 a second, 6,000 at peak" in reference(PEOPLE)
    assert "30,000 pairs" in fact(PEOPLE, "compute").text
    assert scores / 30_000 == pytest.approx(100)
    assert "need 100 cores, 200 at half load" in reference(PEOPLE)
    assert requests / 60e6 == pytest.approx(2.88)
    assert "times 2.88 requests" in point(PEOPLE, "peak_requests_and_scores")


def test_people_graph_and_paths_of_two_steps() -> None:
    mean, spread, edges, size, memory, new_ties = numbers(PEOPLE, "graph")
    assert 300e6 * mean / 2 == edges
    assert 2 * edges * size / 1e9 == memory
    paths = mean**2 + spread**2  # the sum of the friends' ties is the second moment
    assert (paths, paths / mean) == (130_000, 650)
    assert "130,000 a member rather than 40,000, since friends have 650 ties" in reference(PEOPLE)
    assert 2 * new_ties / 86_400 * 0.05 == pytest.approx(15)
    assert "new ties refresh both sides, 15 cores" in reference(PEOPLE)


def test_people_nightly_lists_and_crossing_invitations() -> None:
    weekly, cores = 100e6, 250
    assert round(weekly * 0.05 / 3_600 / cores, 1) == 5.6
    assert weekly * 500 * 8 / 1e9 == 400
    assert "50 ms each, 5.6 hours on 250 cores and 400 GB" in reference(PEOPLE)
    inside = 0.80
    assert f"{inside:.0%} of connections stay inside" in fact(PEOPLE, "experiments").text
    assert (1 - inside) / 2 == pytest.approx(0.10)
    assert "communities, where 10% do" in reference(PEOPLE)


def test_people_labels_close_when_most_answers_are_in() -> None:
    delay = fact(PEOPLE, "answer_delay").series
    assert delay is not None
    known = dict(zip(delay.x, delay.lines[0].y, strict=True))
    assert known[14] == 90
    assert "acceptance after 14 days, when 90%" in reference(PEOPLE)
    assert "within 28 days of the acceptance" in " ".join(fact(PEOPLE, "goal").text.split())


def test_people_order_by_the_product_of_chances() -> None:
    chances = [0.06 * 0.20, 0.03 * 0.70]
    assert chances == pytest.approx([0.012, 0.021])
    assert "6% times 20% pair gives 1.2%, a 3% times 70% pair 2.1%" in reference(PEOPLE)


# Ranking of push notifications

PUSH = "push_notification_ranking"


def test_push_candidates_sends_and_opens_agree() -> None:
    candidates, sent, opened, visits = column(PUSH, "goal", "per day")
    by_kind = column(PUSH, "kinds", "sent per day")
    rates = column(PUSH, "kinds", "opened %")
    assert sum(column(PUSH, "kinds", "candidates per day")) == candidates
    assert sum(by_kind) == sent
    assert sum(n * r / 100 for n, r in zip(by_kind, rates, strict=True)) == pytest.approx(opened)
    _, reachable, each, *_ = numbers(PUSH, "scale")
    assert reachable * each == pytest.approx(candidates)
    assert visits / reachable == pytest.approx(0.06)
    assert round(365 * visits / reachable) == 22
    assert "0.06 visits a day, 22 a year" in reference(PUSH)


def test_push_load_and_burst() -> None:
    average = column(PUSH, "goal", "per day")[0] / 86_400
    assert (average, 4 * average) == pytest.approx((8_000, 32_000))
    assert "8,000 a second, 32,000 at peak" in reference(PUSH)
    *_, gateway = (n for n in numbers(PUSH, "platform") if n >= 20_000)
    assert 20e6 / gateway == 400
    assert "takes 400 seconds at 50,000 a second" in reference(PUSH)
    assert round(20e6 / 300, -3) == 67_000
    assert "67,000 sends a second" in point(PUSH, "load_and_bursts")


def test_push_third_message_costs_more_than_it_brings() -> None:
    visits = column(PUSH, "nth_of_day", "visits %")
    offs = column(PUSH, "nth_of_day", "switch-offs per 10000")
    gains = [10 * v for v in visits]
    prices = [22 * n / 10 for n in offs]
    assert gains == pytest.approx([14.5, 9.5, 4.5])
    assert prices == pytest.approx([3.3, 6.6, 22])
    assert "14.5 bring a visit against 3.3 lost, of third and later ones 4.5 against 22" in (
        reference(PUSH)
    )


def test_push_fewer_messages_break_even_after_75_days() -> None:
    sent = column(PUSH, "nth_of_day", "sent per day")
    visits = column(PUSH, "nth_of_day", "visits %")
    offs = column(PUSH, "nth_of_day", "switch-offs per 10000")
    all_offs = numbers(PUSH, "switch_offs")[0]
    assert sum(s * n for s, n in zip(sent, offs, strict=True)) / 1e4 == pytest.approx(all_offs)
    lost = sent[-1] * visits[-1] / 100
    kept = sent[-1] * offs[-1] / 1e4
    assert round(100 * lost / column(PUSH, "goal", "per day")[-1], 1) == 4.5
    assert kept / all_offs == pytest.approx(2 / 3)
    assert lost / (kept * 0.06) == pytest.approx(75)
    assert "daily visits break even after about 75 days" in reference(PUSH)
    assert "loses 187k visits a day but retains 41k" in point(PUSH, "tests_over_a_quarter")


def test_push_price_of_a_switch_off_follows_from_told_facts() -> None:
    assert "22" not in fact(PUSH, "switch_offs").text.replace("62,208", "")  # left to the candidate
    per_day = numbers(PUSH, "switch_offs")[-1]
    assert round(per_day * 365) == 22
    assert "costs about 22 future visits" in point(PUSH, "price_of_switching_off")


def test_push_sends_that_may_be_held_back() -> None:
    held = sum(column(PUSH, "nth_of_day", "sent per day"))
    assert held == sum(column(PUSH, "kinds", "sent per day")[1:])
    opens = zip(
        column(PUSH, "kinds", "sent per day"), column(PUSH, "kinds", "opened %"), strict=True
    )
    visits = zip(
        column(PUSH, "nth_of_day", "sent per day"),
        column(PUSH, "nth_of_day", "visits %"),
        strict=True,
    )
    opened = sum(s * r for s, r in list(opens)[1:])
    assert sum(s * v for s, v in visits) == pytest.approx(opened / 2)
