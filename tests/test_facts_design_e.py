"""Scale numbers of the first four design scenarios, worked out again from their facts.

As in `test_facts_design_d`: inputs are read from the facts, results held against reference or text.
"""

from __future__ import annotations

import pytest

from tests.bank_figures import bank, column, fact, numbers, reference

DAY = 86_400
ADS, FEED, FRAUD, MARKET = (
    "ads_ranking",
    "feed_ranking",
    "fraud_detection",
    "marketplace_recommender",
)


def correction(question: str, misconception: str) -> str:
    found = {m.id: m for m in bank().questions[question].misconceptions}
    return found[misconception].correction


# Ads ranking


def test_ads_load_and_revenue() -> None:
    users, each, requests, average, peak, *_, shown = numbers(ADS, "traffic")
    assert users * each == requests
    assert round(requests / DAY, -3) == average == 23_000
    assert 0.9 * requests == shown == 1.8e9
    rate, clicks, price, revenue, per_thousand = numbers(ADS, "billing")
    assert shown * rate / 100 == clicks
    assert clicks * price == pytest.approx(revenue)
    assert revenue / shown * 1000 == pytest.approx(per_thousand)
    assert "23,000 a second on average and 50,000 at peak" in reference(ADS)
    assert peak == 50_000


def test_ads_training_rows_after_thinning() -> None:
    shown, clicks = numbers(ADS, "traffic")[-1], numbers(ADS, "billing")[1]
    assert round((clicks + 0.05 * (shown - clicks)) / 1e6) == 107
    assert "about 107 million rows a day" in reference(ADS)


def test_ads_funnel_fits_the_servers() -> None:
    peak, (servers, each, load) = numbers(ADS, "traffic")[4], numbers(ADS, "inference_servers")
    assert peak * 300 == servers * each * load / 100 == 15e6
    assert peak * 10_000 == 500e6
    assert "15 million a second at peak, where all 10,000 would be 500 million" in reference(ADS)


def test_ads_shopping_day_triples_the_peak() -> None:
    (twist,) = [t for t in bank().questions[ADS].twists if "triples" in t.text]
    requests = 3 * numbers(ADS, "traffic")[4]
    full = 500 * 50_000
    assert (requests, round(full / requests), 0.6 * full / requests) == (150_000, 167, 100)
    assert "150,000 requests a second against a capacity of 25 million" in twist.listen_for
    assert "about 167 per request at full load and 100 at 60%" in twist.listen_for


def test_ads_auction_price() -> None:
    worth = [bid * rate * 1000 for bid, rate in ((2.00, 0.005), (0.80, 0.010))]
    assert worth == pytest.approx([10, 8])
    assert worth[1] / 1000 / 0.005 == pytest.approx(1.60)
    assert "pays 1.60 a click" in reference(ADS)


def test_ads_calibration_by_age_adds_up() -> None:
    table = fact(ADS, "calibration_by_age").table
    assert table is not None
    rows = [[float(str(c).strip("%")) for c in row[1:]] for row in table.rows]
    share, predicted, observed = (
        sum(r[0] / 100 * r[k] for r in rows) if k else sum(r[0] for r in rows) for k in (0, 1, 2)
    )
    assert share == 100
    assert observed == pytest.approx(numbers(ADS, "billing")[0])
    assert round(predicted / observed, 2) == numbers(ADS, "calibration_by_age")[0] == 1.02
    assert all(round(r[1] / r[2], 2) == r[3] for r in rows)


def test_ads_budgets_and_new_ads() -> None:
    revenue, shown = numbers(ADS, "billing")[3], numbers(ADS, "traffic")[-1]
    advertisers, ads = numbers(ADS, "inventory")[:2]
    assert revenue / advertisers == pytest.approx(numbers(ADS, "budgets")[0])
    assert 0.015 * revenue == pytest.approx(numbers(ADS, "budgets")[-1])
    new, percent, mean, _ = numbers(ADS, "new_ads")
    assert (100 * new / ads, shown / ads) == (percent, mean)


# Feed ranking


def test_feed_load_and_views() -> None:
    _, daily, returned, requests, average, peak = numbers(FEED, "users_and_traffic")
    assert daily * 10 == requests
    assert round(requests / DAY, -3) == average == 14_000
    seen, each = numbers(FEED, "action_rates")
    served = numbers(FEED, "view_logging")[-1]
    assert (requests * returned, served / 2, seen / daily) == (served, seen, each)
    assert "14,000 a second on average and 35,000 at peak" in reference(FEED)
    assert peak == 35_000


def test_feed_actions_a_day() -> None:
    table = fact(FEED, "action_rates").table
    assert table is not None
    scale = {"billion": 1e9, "million": 1e6, "thousand": 1e3}
    for _, share, events in table.rows:
        number, unit = str(events).split()
        of_seen = 12e9 * float(str(share).strip("%")) / 100
        assert of_seen == pytest.approx(float(number) * scale[unit])


def test_feed_funnel_fits_the_cards() -> None:
    peak = numbers(FEED, "users_and_traffic")[-1]
    a_card, cards = numbers(FEED, "compute_budget")
    assert (1_500 * peak, a_card * cards, 500 * peak) == (52.5e6, 30e6, 17.5e6)
    assert round(100 * 17.5 / 30) == 58
    text = reference(FEED)
    assert "52.5 million" in text
    assert "30 million that 300 cards give" in text
    assert "cuts to 500: 17.5 million, about 60% of capacity" in text
    (twist,) = [t for t in bank().questions[FEED].twists if "triples" in t.text]
    assert int(a_card * cards / (3 * peak)) == 285
    assert "at most 285 each" in twist.listen_for


def test_feed_survey_and_arms() -> None:
    asked, answers, _ = numbers(FEED, "survey_volume")
    assert asked / 10 == answers
    share, arm = numbers(FEED, "experiment_platform")
    assert share / 100 * numbers(FEED, "users_and_traffic")[1] == arm


# Fraud detection


def test_fraud_load_and_cores() -> None:
    a_day = numbers(FRAUD, "volume")[0]
    average = a_day / DAY
    assert (round(average, -1), round(4 * average, -2)) == (350, 1_400)
    assert "350 a second, 1,400 at peak" in reference(FRAUD)
    assert 2.5 < 4 * average * 0.002 < 3
    assert "about three cores work at peak" in reference(FRAUD)
    assert round(2 * 365 * a_day / 1e9) == 22 == numbers(FRAUD, "available_data")[0] / 1e9


def test_fraud_payments_add_up() -> None:
    everything, fraud, declined, caught, honest, missed = column(
        FRAUD, "current_results", "payments"
    )
    assert (caught + honest, caught + missed) == (declined, fraud)
    assert sum(column(FRAUD, "channels", "payments per day")) == everything
    frauds = column(FRAUD, "channels", "fraud attempts per day")
    assert (sum(frauds), frauds[0]) == (fraud, 0.8 * fraud)
    for part, of, rate in zip(
        frauds,
        column(FRAUD, "channels", "payments per day"),
        column(FRAUD, "channels", "fraud rate %"),
        strict=True,
    ):
        assert round(100 * part / of, 3) == rate
    assert 100 * fraud / everything == 0.05
    assert "99.95%" in correction(FRAUD, "accuracy_shows_quality")
    months = fact(FRAUD, "attack_history").series
    assert months is not None
    mean = sum(months.lines[0].y) / 12
    assert mean == pytest.approx(1e4 * fraud / everything, abs=0.05)


def test_fraud_break_even_and_strictness() -> None:
    missed, paid_back, handling, insult = numbers(FRAUD, "objective_and_costs")
    assert paid_back + handling == missed
    assert round(100 * insult / (missed + insult)) == 4
    assert "p = 6/(135 + 6), about 4%" in reference(FRAUD)
    assert f"costs {99 * insult:.0f} against {missed:.0f}" in correction(
        FRAUD, "strictness_is_free"
    )


def test_fraud_labels_and_analysts() -> None:
    known = fact(FRAUD, "label_delay").series
    assert known is not None
    share = dict(zip(known.x, known.lines[0].y, strict=True))
    assert (share[7], share[30], 100 - share[30]) == (45, 80, 20)
    assert "after 30 days a fifth of them are still unreported" in reference(FRAUD)
    people, cases, total, _ = numbers(FRAUD, "analysts")
    assert people * cases == total
    assert "4,000 cases" in reference(FRAUD)


# Marketplace recommender


def test_marketplace_load() -> None:
    _, daily, visits, requests, _, seen = numbers(MARKET, "traffic")
    assert round(daily * requests / DAY, -2) == 4_600
    assert round(3 * daily * requests / DAY, -3) == 14_000
    assert "about 4,600 a second and roughly 14,000 at peak" in reference(MARKET)
    shown = column(MARKET, "event_log", "per day")[0]
    assert daily * requests * seen == shown
    assert daily * visits == numbers(MARKET, "experiments")[-1]


def test_marketplace_funnel() -> None:
    table = fact(MARKET, "event_log").table
    assert table is not None
    counts = column(MARKET, "event_log", "per day")
    shares = [float(str(row[2]).strip("%")) for row in table.rows[1:]]
    for before, after, share in zip(counts, counts[1:], shares, strict=False):
        assert 100 * after / before == pytest.approx(share)
    visits = numbers(MARKET, "experiments")[-1]
    last = [
        c[-1]
        for c in (
            column(MARKET, "metric_history", n)
            for n in ("click rate %", "orders per 1000 visits", "returned orders %")
        )
    ]
    assert last == [2.5, 1000 * counts[3] / visits, 8.0]


def test_marketplace_catalogue_turns_over() -> None:
    live, new, days = (
        column(MARKET, "catalogue", n)
        for n in ("live listings", "new per day", "average days online")
    )
    assert (sum(live), sum(new)) == (10e6, numbers(MARKET, "catalogue")[-1])
    assert [round(n / k) for n, k in zip(live, new, strict=True)] == days


def test_marketplace_index_and_cores() -> None:
    assert round(10e6 * 64 * 4 / 1e9, 1) == 2.6
    assert "Ten million vectors of 64 floats are 2.6 GB" in reference(MARKET)
    scores, a_core = 14_000 * 500, numbers(MARKET, "hardware")[-1]
    assert (scores, scores / a_core, 2 * scores / a_core) == (7e6, 140, 280)
    assert "that is 140 cores, or 280 at half load, inside the 400" in reference(MARKET)
    whole = 14_000 * 10e6
    assert (whole, whole / a_core) == (140e9, 2.8e6)
    assert "140 billion scores a second, about 2.8 million cores" in correction(
        MARKET, "score_whole_catalogue"
    )
    assert numbers(MARKET, "latency_budget")[0] > 20 + 20 + 60 + 10
