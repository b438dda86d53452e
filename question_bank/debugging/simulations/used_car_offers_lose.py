"""Used-car prices after one dealer network moved to an app that counts miles: the numbers.

One of four sources sends the mileage in miles from some week on, branch by branch; the offers for
its cars become too high and sellers take them more often. Invariant: every number in the scenario's
facts is printed here (about five seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

SOURCES = ["network A", "network B", "network C", "private sellers"]
SHARES = [0.30, 0.25, 0.20, 0.25]
BRANCHES = ["B1", "B2", "B3", "B4", "B5"]
# Week from which a branch of network B uses the new app; B5 has not moved yet.
MOVED = np.array([5, 5, 6, 7, 99])
KM_PER_MILE, WEEKS, WEEKLY, MARGIN = 1.609344, 10, 4_000, 0.92


class Cars(NamedTuple):
    """What the model sees, the true mileage in km, the price at resale and the seller's floor."""

    x: np.ndarray
    km: np.ndarray
    price: np.ndarray
    floor: np.ndarray
    branch: np.ndarray


def draw(rows: int, week: int, seed: int) -> Cars:
    """Draw the cars that are offered to us in one week; weeks below 5 are all in km."""
    rng = np.random.default_rng(seed)
    source = rng.choice(len(SOURCES), rows, p=SHARES)
    branch = np.where(source == 1, rng.integers(0, len(BRANCHES), rows), -1)
    age = np.round(rng.gamma(4, 1.5, rows) + 0.5, 1)
    yearly = np.exp(rng.normal(np.log(14_000), 0.3, rows))
    km = np.minimum(np.round(age * yearly, -1), 450_000)
    power, diesel = np.round(rng.gamma(9, 11, rows)) + 40, rng.random(rows) < 0.4
    make = rng.integers(0, 8, rows)
    log_price = 9.6 + 0.006 * (power - 140) - 0.085 * age - 0.0045 * km / 1000
    log_price += 0.05 * diesel + np.array([-0.2, -0.1, -0.1, 0, 0, 0.1, 0.2, 0.4])[make]
    price = np.exp(log_price + rng.normal(0, 0.10, rows))
    floor = price * np.exp(rng.normal(-0.05, 0.08, rows))
    in_miles = (branch >= 0) & (week >= MOVED[np.maximum(branch, 0)])
    entered = np.where(in_miles, np.round(km / KM_PER_MILE, -1), km)
    x = np.column_stack([age, entered, power, diesel, make, source])
    return Cars(x, km, price, floor, branch)


def predict(model: HistGradientBoostingRegressor, x: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(model.predict(x)))


def results(model: HistGradientBoostingRegressor, cars: Cars, rows: np.ndarray) -> list[float]:
    """Return the acceptance in percent, and profit per bought car and value error in euros."""
    value = predict(model, cars.x[rows])
    bought = MARGIN * value > cars.floor[rows]
    profit = (cars.price[rows] - MARGIN * value)[bought].mean()
    error = (value - cars.price[rows]).mean()
    return [round(100 * float(bought.mean()), 1), round(float(profit)), round(float(error))]


def means(cars: Cars, rows: np.ndarray) -> list[float]:
    """Return the mean age, entered mileage and power of some cars."""
    return [round(float(cars.x[rows, i].mean()), d) for i, d in ((0, 1), (1, None), (2, None))]


def per_year(cars: Cars, rows: np.ndarray) -> int:
    """Return the median of entered mileage by year of age."""
    return round(float(np.median(cars.x[rows, 1] / cars.x[rows, 0])))


def main() -> None:
    history = draw(40_000, 0, 1)
    model = HistGradientBoostingRegressor(max_iter=200, random_state=0)
    model.fit(history.x, np.log(history.price))
    weeks = [draw(WEEKLY, week, 10 + week) for week in range(1, WEEKS + 1)]
    early, late = (Cars(*map(np.concatenate, zip(*p, strict=True))) for p in (weeks[:4], weeks[7:]))
    everything = np.ones(WEEKLY, dtype=bool)
    old, new = np.ones(len(early.price), bool), np.ones(len(late.price), bool)
    sources = [(early.x[:, 5] == i, late.x[:, 5] == i) for i in range(len(SOURCES))]
    moved = (late.branch >= 0) & (late.branch < 4)
    mended = late._replace(x=late.x.copy())
    mended.x[moved, 1] *= KM_PER_MILE
    bought = MARGIN * predict(model, late.x) > late.floor
    seen = np.flatnonzero(bought & moved)[:5]
    all_seen = np.flatnonzero(bought & moved)[:60]
    ratio = late.x[all_seen, 1] / late.km[all_seen]
    numbers = {
        "by week (accepted, profit, error)": [results(model, w, everything) for w in weeks],
        "weeks 1-4, 8-10": [results(model, early, old), results(model, late, new)],
        "by source": {
            n: [results(model, early, a), results(model, late, b)]
            for n, (a, b) in zip(SOURCES, sources, strict=True)
        },
        "means by source (age, mileage, power)": {
            n: [means(early, a), means(late, b)] for n, (a, b) in zip(SOURCES, sources, strict=True)
        },
        "per year of age by branch and week": {
            n: [per_year(w, w.branch == i) for w in weeks] for i, n in enumerate(BRANCHES)
        },
        "per year of age, others": [
            per_year(early, early.branch < 0),
            per_year(late, late.branch < 0),
        ],
        "yard check (entered, read at the yard)": [
            [int(late.x[i, 1]), int(late.km[i])] for i in seen
        ],
        "yard ratio min, median, max": [
            round(float(f(ratio)), 3) for f in (np.min, np.median, np.max)
        ],
        "entered mileage min, max, moved": [float(f(late.x[moved, 1])) for f in (np.min, np.max)],
        "entered mileage min, max, early": [float(f(early.x[:, 1])) for f in (np.min, np.max)],
        "converted (network B, all)": [
            results(model, mended, sources[1][1]),
            results(model, mended, new),
        ],
        "shares of offered cars": [
            [round(100 * float(m.mean()), 1) for m in masks] for masks in zip(*sources, strict=True)
        ],
        "share of purchases from B": [
            round(100 * float((c.x[b, 5] == 1).mean()), 1)
            for c, b in ((early, MARGIN * predict(model, early.x) > early.floor), (late, bought))
        ],
        "cars in miles since week 5": int(
            sum(
                ((w.branch >= 0) & (i >= MOVED[np.maximum(w.branch, 0)])).sum()
                for i, w in enumerate(weeks, 1)
            )
        ),
        "typical error by price in percent": [
            round(100 * float(np.median(np.abs(predict(model, c.x) / c.price - 1))), 1)
            for c in (early, late)
        ],
        "branches error weeks 8-10": {
            n: results(model, late, late.branch == i) for i, n in enumerate(BRANCHES)
        },
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
