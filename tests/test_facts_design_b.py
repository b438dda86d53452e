"""Scale numbers of four design scenarios, worked out again from their facts.

The inputs are read from the facts' texts and tables, the results are held against the reference
or a key point, so that a number changed in one place only shows up here.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from tests.bank_figures import bank, column, fact, numbers, point, reference

# Anomaly detection for payments

ANOMALY = "payment_anomaly_detection"


def test_anomaly_checks_a_day_and_chance_alarms() -> None:
    entities = sum(column(ANOMALY, "entities", "number"))
    series = 4 * entities
    checks = series * 24 * 60
    assert (entities, series) == (50_700, 202_800)
    assert "50,700 entities" in reference(ANOMALY)
    assert "202,800 series and 292 million checks" in reference(ANOMALY)
    assert round(checks / 1e6) == 292
    assert checks * math.erfc(3 / math.sqrt(2)) == pytest.approx(790_000, rel=0.01)
    assert "790,000" in point(ANOMALY, "count_all_checks")
    assert round(checks / 8 / 1e6, 1) == 36.5
    assert "one per 36.5 million checks" in reference(ANOMALY)


def test_anomaly_value_of_early_notice() -> None:
    failed, noticed_after, wanted, fee = numbers(ANOMALY, "goal_and_cost")
    incidents = column(ANOMALY, "incident_rate", "incidents a year")
    minutes = column(ANOMALY, "incident_rate", "minutes until noticed")
    assert sum(incidents) == 730 == 2 * 365
    assert sum(n * m for n, m in zip(incidents, minutes, strict=True)) / 730 == noticed_after
    saved = failed * (noticed_after - wanted)
    assert saved == 3_500
    assert "save 3,500 payments per incident" in reference(ANOMALY)
    assert 730 * saved * fee == pytest.approx(1.5e6, rel=0.03)
    assert "1.5 million euros" in reference(ANOMALY)


def test_anomaly_noise_of_an_approval_rate() -> None:
    def sigmas(n: int) -> float:
        return 0.10 / math.sqrt(0.92 * 0.08 / n)

    daily, average, peak, *_ = numbers(ANOMALY, "traffic")
    assert daily / 86_400 == average
    assert peak == 3 * average
    assert daily * 0.8 / 1_000 / 1_440 == 24  # one of the largest merchants, a minute
    assert round(sigmas(600)) == 9
    assert 1.5 < sigmas(24) < 2
    assert "nine sigma at n = 600 and below two at n = 24" in point(
        ANOMALY, "noise_depends_on_count"
    )


def test_anomaly_memory_and_scoring_time() -> None:
    series, slots = 202_800, 7 * 24 * 12
    assert slots == 2_016
    assert round(series * slots * 2 * 4 / 1e9, 1) == 3.3
    assert "3.3 GB" in reference(ANOMALY)
    assert round(series / 20_000) == 10
    assert "20,000 points" in fact(ANOMALY, "platform").text
    assert round(43.2e6 * 1_000 * 400 / 1e12) == 17
    assert "17 terabytes" in fact(ANOMALY, "event_data").text


# Visual search

VISUAL = "visual_search"


def test_visual_funnel_and_peak() -> None:
    searches, taps, orders = column(VISUAL, "goal", "per day")
    assert (taps / searches, orders / searches) == (0.25, 0.01)
    assert searches == numbers(VISUAL, "traffic")[0] == 8_640_000
    assert searches / 86_400 == 100
    assert "100 a second and 300 at peak" in reference(VISUAL)


def test_visual_index_memory() -> None:
    products, photos, *_ = numbers(VISUAL, "catalogue")
    assert photos == 5 * products == 200e6
    assert round(photos * 256 * 4 / 1e9) == 205
    assert photos * 64 / 1e9 == 12.8
    assert "12.8 GB in place of 205" in reference(VISUAL)
    assert "205 GB" in point(VISUAL, "compress_the_vectors")


def test_visual_cost_of_search_and_of_embedding_anew() -> None:
    photos, per_core = 200e6, 50e6
    assert 300 * photos == 60e9
    assert "60 billion exact comparisons" in reference(VISUAL)
    codes = photos * 64 / 16_384
    assert round(codes, -4) == 780_000
    assert round(1_000 * codes / per_core) == 16
    assert "compares 780,000 codes, 16 ms on a core" in reference(VISUAL)
    assert round(photos / 1_000 / 8 / 3_600) == 7
    assert "seven hours on eight GPUs" in reference(VISUAL)


def test_visual_recall_is_the_mean_over_kinds_of_photo() -> None:
    share = column(VISUAL, "photo_kinds", "share of searches %")
    recall = column(VISUAL, "photo_kinds", "recall at 20 in %")
    assert sum(share) == 100
    assert round(sum(s * r for s, r in zip(share, recall, strict=True)) / 100) == 27
    assert "27% recall at 20" in reference(VISUAL)
    assert numbers(VISUAL, "prototype")[-1] == 27


def test_visual_gpus_at_peak_and_a_tenfold_catalogue() -> None:
    assert "encoded 100 photos a second live" in fact(VISUAL, "hardware").text
    assert 3 * 100 / 100 == 3
    assert "Three GPUs encode the peak" in reference(VISUAL)
    (twist,) = [t for t in bank().questions[VISUAL].twists if t.id == "ten_times_catalogue"]
    assert 2e9 * 64 / 1e9 == 128
    assert "128 GB of codes" in twist.listen_for
    assert round(2e9 / 1_000 / 8 / 3_600, -1) == 70
    assert "backfill of 70 hours" in twist.listen_for


# Web search

WEB = "web_search"


def test_web_load_behind_the_cache() -> None:
    average = numbers(WEB, "traffic")[0] / 86_400
    peak = 3 * average
    behind = peak * (1 - 0.40)
    assert "answered 40% of searches" in fact(WEB, "cache_trial").text
    assert (average, peak, behind) == pytest.approx((2_000, 6_000, 3_600))
    assert "2,000 a second and 6,000 at peak" in reference(WEB)
    assert "3,600 a second remain" in reference(WEB)
    assert (behind * 1_000 / 50_000, behind * 50 / 5_000) == pytest.approx((72, 36))
    assert "72 cores for the trees, 36 of 60 GPUs for 50 pairs each" in reference(WEB)
    assert (behind / 600, peak / 600, 240 / 20) == pytest.approx((6, 10, 12))
    assert "6 of the 12 copies of each shard; with a cold cache 10" in reference(WEB)


def test_web_shard_size_and_slow_shards() -> None:
    pages, shards = 2e9, 20
    assert (pages / shards, 1.5e12 / shards) == (100e6, 75e9)
    assert pages * 128 / 1e9 == 256
    assert pages * 8e3 / 1e12 == 16
    assert round(256 / shards) == 13
    assert "75 GB of postings and 13 GB of vectors" in reference(WEB)
    assert round(100 * (1 - 0.99**shards)) == 18
    assert "18% of queries are slow" in point(WEB, "fan_out_meets_slow_ones")


def test_web_satisfied_share_agrees_between_facts() -> None:
    endings = column(WEB, "goal", "share %")
    share = column(WEB, "query_mix", "share of searches %")
    satisfied = column(WEB, "query_mix", "satisfied %")
    assert sum(endings) == sum(share) == 100
    mean = sum(s * q for s, q in zip(share, satisfied, strict=True)) / 100
    assert mean == pytest.approx(sum(endings[:2])) == pytest.approx(62)
    assert "62% now" in reference(WEB)


def test_web_size_of_an_experiment_and_of_the_crawl() -> None:
    p, effect = 0.62, 0.002
    searches = 16 * p * (1 - p) / effect**2  # 80% power at the 5% level
    assert round(searches, -4) == 940_000
    assert "940,000 searches an arm" in reference(WEB)
    assert 2e9 / numbers(WEB, "freshness")[0] == 10
    assert "a full round takes 10 days" in fact(WEB, "freshness").text
    grades = numbers(WEB, "judgements")
    assert grades[0] * grades[1] == 12_000
    assert "12,000 human grades a day" in reference(WEB)


def test_web_one_query_through_a_cross_encoder_over_all_pages() -> None:
    (wrong,) = [m for m in bank().questions[WEB].misconceptions if m.id == "cross_encoder_for_all"]
    assert 4 < 2e9 / 5_000 / 86_400 < 5
    assert "over four days for one query" in wrong.correction


def test_web_ranking_machines_stand_a_cold_cache() -> None:
    peak = 6_000
    assert "400 cores for ranking and 60 GPUs" in fact(WEB, "hardware").text
    assert peak * 1_000 / 50_000 <= 400
    assert peak * 50 / 5_000 == 60
    assert round(75 + 100e6 * 128 / 1e9) == 88
    assert "about 88 GB each" in point(WEB, "shards_in_parallel")


# Arrival times for food delivery

ARRIVAL = "arrival_time_prediction"


def test_arrival_quantile_and_cost_of_today() -> None:
    late, long = numbers(ARRIVAL, "cost_of_errors")
    assert (late, long) == (6, 2)
    assert late / (late + long) == 0.75
    assert "6/(6 + 2) is 0.75" in reference(ARRIVAL)
    too_short, too_long, mean_error, _ = numbers(ARRIVAL, "present_quality")
    assert too_short + too_long == pytest.approx(mean_error)
    cost = (too_short * late + too_long * long) / 100
    assert round(cost, 2) == 0.30
    assert round(1.2e6 * cost, -3) == 358_000
    assert "0.30 euros an order, 358,000 a day" in reference(ARRIVAL)


def test_arrival_estimates_a_second() -> None:
    orders, _, _, visits, shown, minutes, seconds = numbers(ARRIVAL, "traffic")
    lists = visits * shown / 86_400
    live = orders * minutes * 60 / seconds / 86_400
    assert (lists, live) == (1_500, 1_000)
    assert 5 * (lists + live) == 12_500
    assert "1,500 estimates a second and live updates 1,000" in reference(ARRIVAL)
    assert "12,500 at dinner" in point(ARRIVAL, "estimates_at_dinner_peak")


def test_arrival_cores_and_table_of_ride_times() -> None:
    assert 12_500 / 10_000 == 1.25
    assert math.ceil(12_500 * 0.005) == 63
    assert 5 * 1_000 * 0.005 == 25
    assert "exact routes at 5 ms would need 63" in reference(ARRIVAL)
    pairs = 40 * 2_000 * 300
    assert round(pairs * 7 * 24 * 2 / 1e9) == 8  # a value of two bytes for each hour of the week
    assert "between cells, for each hour of the week, 8 GB" in reference(ARRIVAL)


def test_arrival_percentiles_of_legs_do_not_add() -> None:
    means = column(ARRIVAL, "legs", "mean in minutes")
    spreads = column(ARRIVAL, "legs", "standard deviation in minutes")
    variance = sum(s * s for s in spreads)
    assert (sum(means), variance) == (36, 113)
    assert round(100 * 8**2 / variance) == 57
    assert round(100 * 4**2 / variance) == 14
    assert "57% of the variance and riding 14%" in reference(ARRIVAL)
    total = NormalDist(36, math.sqrt(variance))
    summed = sum(NormalDist(m, s).inv_cdf(0.75) for m, s in zip(means, spreads, strict=True))
    assert (round(summed), round(total.inv_cdf(0.75))) == (50, 43)
    assert round(100 * total.cdf(summed)) == 91
    assert "cover about 91%" in point(ARRIVAL, "percentiles_do_not_add")


def test_arrival_history_agrees_with_the_traffic() -> None:
    orders, _, restaurants, *_ = numbers(ARRIVAL, "traffic")
    assert round(orders / restaurants) == 13
    assert "13 orders a day" in fact(ARRIVAL, "new_restaurants").text
    assert round(orders * 1.5 * 365 / 1e6, -1) == 660
    assert "about 660 million orders" in fact(ARRIVAL, "history").text
