"""Numbers of the scenarios on leakage and on gaps between training and test, held against each other.

As in `test_facts_debugging`: tables, curves and prose of one file must tell one story.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tests.bank_figures import close, curve, fact, reference, says, table

# heart_model_fails_new_patients


def test_heart_model_fails_new_patients_no_more_than_strangers_of_the_study() -> None:
    name = "heart_model_fails_new_patients"
    folds = [row[0] for row in table(name, "patient_folds").values()]
    says(name, "patient_folds", "74.0%", "thirty volunteers")
    assert close(float(np.mean(folds)), 74.0, 0.05)
    assert f"between {min(folds)} and {max(folds)}" in reference(name)
    devices = [row[0] for row in table(name, "clinic_slices").values()]
    assert close(float(np.mean(devices)), table(name, "scores")["clinic"][1], 0.05)
    assert all(min(folds) < one < max(folds) for one in devices)


def test_heart_model_fails_new_patients_counts_agree() -> None:
    name = "heart_model_fails_new_patients"
    sets = table(name, "scores")
    assert sets["training"][0] + sets["validation"][0] == 150 * 20
    assert sets["clinic"][0] == 300 * 20
    says(name, "data", "150 volunteers", "twenty windows")
    says(name, "split", "3,000 rows", "600 rows", "149 volunteers")
    models = table(name, "other_models")
    assert models["trees as used"] == [sets["validation"][1], 74.0, sets["clinic"][1]]


def test_heart_model_fails_new_patients_and_needs_people() -> None:
    name = "heart_model_fails_new_patients"
    found = fact(name, "amount_of_data").table
    assert found is not None
    by_size = {(row[0], row[1]): float(str(row[2]).rstrip("%")) for row in found.rows}
    people = by_size[150, 20] - by_size[30, 20]
    windows = by_size[150, 20] - by_size[150, 2]
    assert round(people) == 21
    assert windows < 3
    dose = list(curve(name, "known_windows", "other windows of the volunteer").values())
    assert all(more > less for less, more in pairwise(dose))


# water_demand_backtest


def test_water_demand_backtest_errors_agree_across_facts() -> None:
    name = "water_demand_backtest"
    model = table(name, "errors")["the model"]
    weeks = curve(name, "live_weeks", "live")
    assert close(float(np.mean(list(weeks.values()))), model[2], 0.01)
    swapped = table(name, "swapped_inputs")
    assert swapped["as in the backtest"][0] == model[1]
    widths = [curve(name, "window_widths", line)["3"] for line in ("offline table", "rebuilt")]
    assert widths == [swapped["as in the backtest"][0], swapped["both"][0]]
    says(name, "split", "182 days", "91 live days")
    assert 7 * len(weeks) == 91


def test_water_demand_backtest_is_a_leak_of_the_smoothing() -> None:
    name = "water_demand_backtest"
    swapped = {key: row[0] for key, row in table(name, "swapped_inputs").items()}
    weather = swapped["forecast temperature"] - swapped["as in the backtest"]
    smoothing = swapped["demand columns as of the evening before"] - swapped["as in the backtest"]
    assert close(weather, 0.02, 1e-9)
    assert close(smoothing, 1.5, 1e-9)
    assert close(swapped["both"] - swapped["as in the backtest"], weather + smoothing, 0.01)
    offline, rebuilt = (curve(name, "window_widths", n) for n in ("offline table", "rebuilt"))
    gaps = {width: rebuilt[width] - offline[width] for width in offline}
    assert gaps["0"] < 0.1 < 1 < min(gaps[width] for width in "1234")


def test_water_demand_backtest_values_are_final_after_three_days() -> None:
    name = "water_demand_backtest"
    value = {key: row[0] for key, row in table(name, "one_value").items()}
    assert value["3"] == value["10"]
    assert len({value[day] for day in "0123"}) == 4
    # The mean at the edge is of four days, then of five, six and seven, so they give single days.
    totals = [value[str(later)] * (4 + later) for later in range(4)]
    for earlier, later in pairwise(totals):
        assert 850 < later - earlier < 1200, "a plausible demand of one day"


def test_water_demand_backtest_value_of_seven_days_before_is_final() -> None:
    name = "water_demand_backtest"
    final_after = 3  # days on the right of the centred average
    # On the evening before day d the last known day is d - 1, so a lag of k has k - 1 later days.
    final = [lag for lag in (1, 2, 7) if lag - 1 >= final_after]
    assert final == [7]
    says(name, "live_replayed", "demand column of seven days before agree")
    says(name, "live_replayed", "demand columns of one and two days before differ")


def test_water_demand_backtest_rest_of_the_rise_is_season_and_chance() -> None:
    name = "water_demand_backtest"
    errors, rebuilt = table(name, "errors"), table(name, "swapped_inputs")["both"][0]
    harder = errors["value of a week ago"][2] / errors["value of a week ago"][1]
    weeks = np.array(list(curve(name, "live_weeks", "live").values()))
    chance = float(weeks.std(ddof=1)) / len(weeks) ** 0.5
    assert close(chance, 0.4, 0.05)
    assert "0.4 points of chance" in reference(name)
    assert errors["the model"][2] - harder * rebuilt < 1.5 * chance


# lift_snapshots


def test_lift_snapshots_rows_are_counted_alike_everywhere() -> None:
    name = "lift_snapshots"
    quarters = table(name, "rows_by_date").values()
    broken, healthy = (int(sum(row[i] for row in quarters)) for i in (0, 1))
    assert f"{broken:,} breakdowns" in reference(name)
    assert f"all {healthy:,} lifts without" in reference(name)
    says(name, "rebuilt", f"{broken:,} breakdowns", f"{3000 * 24:,} rows")
    assert [row[1] > 0 for row in quarters] == [False] * 7 + [True]
    rate = list(curve(name, "score_level", "broke down within four weeks").values())
    assert close(100 * broken / (3000 * 24), float(np.mean(rate)), 0.3), "two years and four months"


def test_lift_snapshots_only_the_calendar_loses_its_power() -> None:
    name = "lift_snapshots"
    alone = table(name, "features_alone")
    dated = {"starts counted", "firmware", "shaft temperature"}
    for column, (built, honest) in alone.items():
        assert (built - honest > 0.2) == (column in dated), column
    assert max(alone[column][0] for column in dated) == max(row[0] for row in alone.values())


def test_lift_snapshots_scores_climb_with_the_temperature_and_not_with_breakdowns() -> None:
    name = "lift_snapshots"
    scores = list(curve(name, "score_level", "mean score").values())
    says(name, "inputs_by_month", "16.0", "20.3", "23.8", "25.1")
    assert np.corrcoef(scores, [16.0, 20.3, 23.8, 25.1])[0, 1] > 0.99
    rate = list(curve(name, "score_level", "broke down within four weeks").values())
    assert max(rate) - min(rate) < 0.5
    months = [row[0] for row in table(name, "scores").values()]
    assert min(months) < 0.570 < max(months)
    periods = table(name, "rebuilt")
    assert periods["April to July"][0] > 0.570 + 0.2


# paint_batches_coin_toss


def test_paint_batches_coin_toss_scores_agree_across_facts() -> None:
    name = "paint_batches_coin_toss"
    trained, validated, new = (row[0] for row in table(name, "scores").values())
    assert table(name, "penalty")["as used"] == [validated, trained, new]
    offered = curve(name, "candidates", "that of the notebook")
    assert offered["4000"] == validated
    inside = curve(name, "candidates", "columns chosen inside the folds")
    says(name, "choice_repeated", f"{inside['4000']}%")
    assert offered["20"] == inside["20"], "twenty of twenty leave nothing to choose"
    halves = (46.7 + 53.3) / 2
    assert halves == new
    assert [round(100 * 0.5 / n**0.5) for n in (72, 150)] == [6, 4]


def test_paint_batches_coin_toss_is_what_chance_gives() -> None:
    name = "paint_batches_coin_toss"
    notebook, inside = table(name, "shuffled").values()
    validated = table(name, "scores")["the 72 batches, five-fold cross-validation"][0]
    assert notebook[1] < validated < notebook[2]
    assert inside[1] < 52.6 < inside[2]
    strongest = max(row[0] for row in table(name, "correlations").values())
    says(name, "correlations", "0.43")
    rng = np.random.default_rng(0)
    noise, outcome = rng.normal(size=(72, 4000)), np.arange(72) % 2
    by_chance = np.abs(np.corrcoef(noise.T, outcome)[-1, :-1])
    assert close(float(by_chance.max()), 0.43, 0.05)
    assert strongest < by_chance.max()


# tile_photos_card


def test_tile_photos_card_errors_add_up() -> None:
    name = "tile_photos_card"
    sets = table(name, "scores")
    says(name, "line_errors", "11.3%", "1.3%")
    assert close((11.3 + 100 - 1.3) / 2, sets["production line"][1], 0.05)
    assert round(1 / 0.113) == 9, "one cracked tile in nine"
    cells = list(table(name, "mixed_cases").values())
    number = sum(cell[0] for cell in cells)
    assert number == sets["validation"][0]
    right = sum(cell[0] * cell[1] for cell in cells) / number
    assert close(right, sets["validation"][1], 0.05)
    assert table(name, "amount_and_decay")["6,000"] == [sets[s][1] for s in list(sets)[1:]]


def test_tile_photos_card_is_read_in_the_corner() -> None:
    name = "tile_photos_card"
    squares = [value for row in table(name, "covered_parts").values() for value in row]
    corner, others = squares[0], squares[1:]
    assert corner == 50.0
    assert len(others) == 15
    assert (round(min(others)), round(max(others))) == (93, 95)
    assert "between 93 and 95%" in reference(name)
    cards = table(name, "mixed_cases")
    with_card = cards["cracked with card"][0] + cards["sound with card"][0]
    # Who reads nothing but the card is right on the cracked with it and the sound without.
    by_card = cards["cracked with card"][0] + cards["sound without card"][0]
    assert close(100 * by_card / 1500, 97.3, 0.5), "as the model of the corner alone"
    assert cards["cracked with card"][0] / with_card > 0.95


def test_tile_photos_card_needs_no_more_photos() -> None:
    name = "tile_photos_card"
    sizes = list(table(name, "amount_and_decay").values())[:4]
    validation, line = zip(*sizes, strict=True)
    assert list(validation) == sorted(validation)
    assert list(line) == sorted(line, reverse=True)
    assert [round(validation[-1] - validation[0]), round(line[0] - line[-1])] == [3, 3]
    trials = table(name, "trials")
    assert min(trials["card on half of both classes"]) > max(line) + 20


# prompt_search_winner


def test_prompt_search_winner_counts_agree_across_facts() -> None:
    name = "prompt_search_winner"
    cells = table(name, "first_prompt")
    both, gained = cells["new prompt right"]
    lost, none = cells["new prompt wrong"]
    assert both + gained + lost + none == 1000
    says(name, "scores", "55 of 60", f"{both + gained:.0f} of 1,000")
    says(name, "first_prompt", "47 of 60", f"{both + lost:.0f} of 1,000")
    development, fresh = (curve(name, "search_progress", n) for n in ("development", "fresh"))
    assert (development["1"], fresh["1"]) == (round(4700 / 60, 1), (both + lost) / 10)
    assert (development["400"], fresh["400"]) == (round(5500 / 60, 1), (both + gained) / 10)
    assert list(development.values()) == sorted(development.values())
    for right, share, _ in table(name, "top_five").values():
        assert share == round(100 * right / 60, 1)
    assert table(name, "top_five")["no. 326"][1:] == [development["400"], fresh["400"]]
    # The gain over the first prompt is within chance (McNemar).
    assert (gained - lost) ** 2 / (gained + lost) < 1


def test_prompt_search_winner_is_as_lucky_as_the_best_of_four_hundred() -> None:
    name = "prompt_search_winner"
    mean, spread, _, highest, error = table(name, "all_prompts")["60 of development"]
    assert close(error, 100 * (0.776 * 0.224 / 60) ** 0.5, 0.05)
    assert close(table(name, "all_prompts")["1,000 fresh"][4], error * 0.06**0.5, 0.05)
    assert 2 < (highest - mean) / spread < 3
    assert round(highest - mean) == 14
    # The best of 400 from pure luck: sixty questions, all prompts equally good.
    rng = np.random.default_rng(0)
    best = 100 * rng.binomial(60, 0.776, (2000, 400)).max(axis=1) / 60
    assert close(float(best.mean()), highest, 2.0)


def test_prompt_search_winner_intervals_are_those_of_wilson() -> None:
    def wilson(share: float, count: int) -> list[float]:
        z = 1.96
        centre, scale = share + z**2 / (2 * count), 1 + z**2 / count
        half = z * (share * (1 - share) / count + (z / (2 * count)) ** 2) ** 0.5
        return [round(100 * (centre + side * half) / scale, 1) for side in (-1, 1)]

    low, high = wilson(55 / 60, 60)
    says("prompt_search_winner", "scores", f"{low} to {high}%")
    low, high = wilson(0.766, 1000)
    says("prompt_search_winner", "scores", f"{low} to {high}%")
