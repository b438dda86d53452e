"""Numbers of debugging scenarios: feature bugs, unstable training and a shift by sampling.

Tables, curves and prose of one scenario must agree with each other, as in test_facts_debugging.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from tests.bank_figures import close, curve, fact, reference, says, table

# used_car_offers_lose


def test_used_car_offers_lose_sources_add_up_to_the_week() -> None:
    name = "used_car_offers_lose"
    rows = table(name, "by_source")
    error = curve(name, "profit_by_week", "predicted minus real price")
    for weeks, column in (("1234", 0), (("8", "9", "10"), 1)):
        total = sum(row[column] * row[6 + column] for row in rows.values()) / 100
        assert close(total, float(np.mean([error[w] for w in weeks])), 1.5)


def test_used_car_offers_lose_share_of_purchases_follows_from_acceptance() -> None:
    name = "used_car_offers_lose"
    rows = table(name, "by_source")
    for column, stated in ((2, 24.4), (3, 36.2)):
        bought = {source: row[column] * row[column + 4] for source, row in rows.items()}
        assert close(100 * bought["network B"] / sum(bought.values()), stated, 0.2)
        says(name, "purchases", f"{stated}%")
    assert close(float(np.mean([80.2, 76.4, 76.1, 76.8, 40.3])), rows["network B"][3], 0.5)


def test_used_car_offers_lose_by_the_ratio_of_two_units() -> None:
    name = "used_car_offers_lose"
    for sent, read in table(name, "yard_readings").values():
        assert round(sent / read, 3) == round(1 / 1.609344, 3) == 0.621
    before, now = table(name, "inputs_by_source")["network B"][2:4]
    assert close(now / before, (4 * 0.621 + 1) / 5, 0.02), "four of five branches changed"
    assert "95,900 to 66,500" in reference(name)


def test_used_car_offers_lose_branch_by_branch() -> None:
    moved = {"B1": 5, "B2": 5, "B3": 6, "B4": 7, "B5": 11}
    for branch, week in moved.items():
        line = curve("used_car_offers_lose", "by_branch", branch)
        for x, y in line.items():
            assert (y < 10_000) == (int(x) >= week), (branch, x)
    says("used_car_offers_lose", "changes", "B1 and B2 in week 5, B3 in week 6, B4 in week 7")


def test_used_car_offers_lose_typical_car_before_and_after_the_step() -> None:
    name = "used_car_offers_lose"
    lines = np.array([list(curve(name, "by_branch", f"B{i}").values()) for i in range(1, 5)])
    before, after = (round(float(part.mean()), -2) for part in (lines[:, :4], lines[:, 7:]))
    assert f"{after:,.0f} a year instead of {before:,.0f}" in reference(name)


# job_ranker_falls_overnight


def test_job_ranker_gives_each_later_occupation_its_neighbours_old_rate() -> None:
    rows = table("job_ranker_falls_overnight", "by_occupation")
    names = list(rows)
    assert names == sorted(names)
    for name, following in pairwise(names[names.index("Electrician") :]):
        assert close(rows[name][2], rows[following][0], 0.3), name
    for name in names[: names.index("Electrician")]:
        assert close(rows[name][2], rows[name][0], 0.3), name
    assert all(close(row[1], row[3], 1.0) for row in rows.values()), "visitors did not change"


def test_job_ranker_moves_codes_behind_the_new_name_only() -> None:
    ads = fact("job_ranker_falls_overnight", "logged_codes").table
    assert ads is not None
    for _, occupation, before, now in ads.rows:
        assert int(now) - int(before) == (str(occupation) > "Drone pilot"), occupation


def test_job_ranker_weeks_are_the_mean_of_their_days() -> None:
    name = "job_ranker_falls_overnight"
    days = list(curve(name, "auc_by_day", "AUC").values())
    for week, stated in ((days[:7], "0.770"), (days[7:], "0.705")):
        assert close(float(np.mean(week)), float(stated), 0.0015)
        says(name, "auc_by_day", stated)
    trials = table(name, "trials")
    assert close(float(np.mean(days[-2:])), trials["in use"][0], 0.001)
    says(name, "labels_and_traffic", "6.7%", "6.6%")


def test_job_ranker_scores_the_newcomer_with_the_code_it_took() -> None:
    name = "job_ranker_falls_overnight"
    electrician = table(name, "by_occupation")["Electrician"][0]
    says(name, "newcomer", "predicted at 2.7%")
    assert close(electrician, 2.7, 0.2)
    before, after = table(name, "two_groups")["Electrician to Welder"]
    assert before - after > 0.770 - 0.705, "the rear of the catalogue falls most"


# click_prices_creep_up


def test_click_prices_are_the_price_times_the_ratio_of_the_week() -> None:
    name = "click_prices_creep_up"
    cost = list(curve(name, "cost_by_day", "cost per click").values())
    for days, ratio in ((cost[:7], 0.99), (cost[21:], 1.44)):
        assert close(float(np.mean(days)), 0.40 * ratio, 0.005)
        says(name, "by_platform", f"{ratio:.2f}")


def test_click_prices_rise_with_the_share_of_new_days_in_the_window() -> None:
    name = "click_prices_creep_up"
    rows, views = table(name, "by_platform"), {"Android": 0.5, "iOS": 0.3, "web": 0.2}
    clicks = {p: views[p] * row[0] for p, row in rows.items()}
    android = clicks["Android"] / sum(clicks.values())
    for day, cost in curve(name, "cost_by_day", "cost per click").items():
        new_days = min(max(int(day) - 8, 0), 14)
        odds = 1 / (1 - new_days / 28)
        assert close(cost, 0.40 * (1 + android * (odds - 1)), 0.035), day


def test_click_prices_log_keeps_a_tenth_and_then_a_twentieth() -> None:
    name = "click_prices_creep_up"
    rates, views = table(name, "by_platform"), {"Android": 0.5, "iOS": 0.3, "web": 0.2}
    for platform, row in table(name, "log_counts").items():
        for week in (0, 1):
            clicks, others = row[2 * week : 2 * week + 2]
            served = 100_000 * views[platform]
            assert close(clicks, served * rates[platform][2 * week] / 100, 0.01 * served / 10)
            one_in = 20 if week and platform == "Android" else 10
            assert close((served - clicks) / others, one_in, 0.03 * one_in), platform


def test_click_prices_android_is_twice_too_high_everywhere() -> None:
    for predicted, real in table("click_prices_creep_up", "reliability").values():
        odds = predicted / (100 - predicted) / (real / (100 - real))
        assert close(odds, 2, 0.12)


# cell_traffic_leaps


def test_cell_traffic_leaps_at_the_six_windows_in_both_orders() -> None:
    name = "cell_traffic_leaps"
    windows = fact(name, "batches_that_leap").table
    assert windows is not None
    for at, fact_id, after_a_leap in ((4, "loss_curve", {546, 785}), (5, "other_order", {31})):
        bad = sorted(int(n) for row in windows.rows for n in str(row[at]).split(", "))
        per_epoch = [sum(epoch * 300 < n <= epoch * 300 + 300 for n in bad) for epoch in range(3)]
        assert per_epoch == [6, 6, 6], "every window once per epoch"
        says(name, fact_id, *(str(n) for n in bad if n not in after_a_leap))
        assert after_a_leap == {n for n in bad if n - 1 in bad}


def test_cell_traffic_leap_is_one_error_of_one_window() -> None:
    name = "cell_traffic_leaps"
    loss = table(name, "around_a_leap")["161"][0]
    target = table(name, "batches_that_leap")["5"][2]
    assert round(math.sqrt(64 * loss)) == 553 == round(target - 0.5)
    assert "one error of 553 GB" in reference(name)


def test_cell_traffic_targets_are_more_than_a_line_can_carry() -> None:
    name = "cell_traffic_leaps"
    capacity = 100 / 8 / 1000 * 3600
    assert capacity == 45
    says(name, "value_ranges", "45 GB in an hour", "633.4, 553.5, 549.8, 518.8, 503.6, 453.3, 4.6")
    targets = [row[2] for row in table(name, "batches_that_leap").values()]
    assert min(targets) > 10 * capacity


# road_cracks_plateau


def test_road_cracks_pixel_gradient_is_the_smallest_half() -> None:
    name = "road_cracks_plateau"
    now, crops = 16 * 1024**2, 16 * 64**2
    says(name, "number_format", f"{now:,}", f"{crops:,}", "0.00000006", "65,504")
    smallest = float(np.finfo(np.float16).smallest_subnormal)
    assert 1 / now == smallest == 2.0**-24
    assert np.float16(0.49 / now) == 0 < np.float16(0.51 / now)
    assert np.float16(0.01 / crops) > 0
    assert now // crops == 256
    assert "256 times fewer pixels" in reference(name)


def test_road_cracks_zero_gradients_go_with_weights_that_stay() -> None:
    name = "road_cracks_plateau"
    zeros, moved = table(name, "zero_gradients"), table(name, "weight_movement")
    assert zeros.keys() == moved.keys()
    assert zeros["full, float16"][:3] == [100.0] * 3
    assert max(moved["full, float16"][:3]) < min(moved["crops, float16"][:3]) / 3
    assert max(zeros["crops, float16"]) < 10


def test_road_cracks_only_both_changes_together_do_harm() -> None:
    name = "road_cracks_plateau"
    rows = table(name, "size_and_precision")
    assert [row[0] > 86 for row in rows.values()] == [True, True, True, False]
    for line, run in (("crops", "crops, float16"), ("full images", "full, float16")):
        assert curve(name, "loss_curve", line)["400"] == rows[run][1]
    trials = table(name, "trials")
    assert trials["1"][0] == rows["full, float16"][0]
    assert close(trials["256"][0], rows["full, float32"][0], 0.2)


def test_road_cracks_plateau_is_worse_than_always_guessing_a_fifth() -> None:
    name = "road_cracks_plateau"
    says(name, "loss_curve", "a fifth of the pixels are cracks")
    constant = -0.2 * math.log(0.2) - 0.8 * math.log(0.8)
    assert f"the {constant:.2f} of always guessing a fifth" in reference(name)
    assert table(name, "size_and_precision")["full, float16"][1] > constant
    # An error above one half is rounded to one quantum, whatever its size, and below it to none.
    quantum = float(np.finfo(np.float16).smallest_subnormal)
    errors = np.array([0.1, 0.49, 0.51, 0.99])
    assert (errors * quantum).astype(np.float16).tolist() == [0, 0, quantum, quantum]
