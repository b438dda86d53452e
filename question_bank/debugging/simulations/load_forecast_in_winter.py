"""Load forecast squeezed into eight bits: the numbers of the scenario.

A small network forecasts the hourly load of substations from the weather, the clock and earlier
load. Its eight-bit version takes the range of each layer from the first rows of the training
file, which are of June. Invariant: every number in the scenario's facts is printed here (about
fifteen seconds).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.neural_network import MLPRegressor

MONTHS = ["Sep", "Oct", "Nov", "Dec", "Jan", "Feb"]
HOURS, STATIONS, YEAR = 24, 12, 365
Layers = list[tuple[np.ndarray, np.ndarray]]


class Hours(NamedTuple):
    """Inputs, load in kilowatts, temperature, day since the first of June and hour of the day."""

    x: np.ndarray
    load: np.ndarray
    warmth: np.ndarray
    day: np.ndarray
    hour: np.ndarray


def draw(first_day: int, days: int, seed: int) -> Hours:
    """Draw the hours of all stations; day 0 is the first of June."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(first_day, first_day + days), HOURS * STATIONS)
    station = np.tile(np.repeat(np.arange(STATIONS), HOURS), days)
    hour = np.tile(np.arange(HOURS), days * STATIONS)
    spell = np.convolve(rng.normal(0, 3.2, days + 6), np.ones(7) / 7**0.5, "valid")
    season = 12 - 11 * np.cos(2 * np.pi * (day - 230) / YEAR)
    warmth = (
        season + np.repeat(spell, HOURS * STATIONS) + 4 * np.sin(2 * np.pi * (hour - 9) / HOURS)
    )
    homes = 200 + 15 * station
    weekend = (day % 7 >= 5).astype(float)
    rhythm = 0.5 + 0.25 * np.exp(-((hour - 8) ** 2) / 6) + 0.45 * np.exp(-((hour - 19) ** 2) / 8)
    heating = 0.025 * np.maximum(15 - warmth, 0) * (0.75 + 0.5 * rhythm)
    clean = homes * (rhythm + 0.06 * weekend + heating)
    load = clean * np.exp(rng.normal(0, 0.03, len(day)))
    before = np.roll(load, HOURS * STATIONS)
    angle = 2 * np.pi * hour / HOURS
    columns = [warmth, np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)]
    x = np.column_stack([*columns, weekend, before, homes])
    keep = day > first_day  # the first day has no yesterday
    return Hours(*(v[keep] for v in (x, load, warmth, day, hour)))


def joined(parts: Sequence[Hours]) -> Hours:
    return Hours(*(np.concatenate(v) for v in zip(*parts, strict=True)))


class Forecast(NamedTuple):
    """Layers of the network and the scaling of inputs and load."""

    layers: Layers
    mean: np.ndarray
    std: np.ndarray
    unit: float


def fit(data: Hours) -> Forecast:
    mean, std, unit = data.x.mean(axis=0), data.x.std(axis=0), float(data.load.std())
    network = MLPRegressor(
        hidden_layer_sizes=(32, 16), max_iter=25, random_state=0, early_stopping=True
    )
    network.fit((data.x - mean) / std, data.load / unit)
    layers = list(zip(network.coefs_, network.intercepts_, strict=True))
    return Forecast(layers, mean, std, unit)


def rounded(values: np.ndarray, largest: float) -> np.ndarray:
    """Return values on 255 steps between -largest and largest; what lies outside is cut off."""
    step = largest / 127
    return np.asarray(np.clip(np.round(values / step), -127, 127) * step)


def run(
    model: Forecast, x: np.ndarray, ranges: Sequence[float] = (), weights: bool = True
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the forecast and the values before, between and after the layers.

    With ranges it computes as the controller does; the last range is that of the forecast.
    """
    flow, values = (x - model.mean) / model.std, list[np.ndarray]()
    for i, (w, b) in enumerate(model.layers):
        values.append(flow)
        if ranges:
            flow = rounded(flow, ranges[i])
            w = rounded(w, float(np.abs(w).max())) if weights else w
        flow = flow @ w + b
        flow = np.maximum(flow, 0) if i < len(model.layers) - 1 else flow
    values.append(flow)
    flow = rounded(flow, ranges[-1]) if ranges else flow
    return flow[:, 0] * model.unit, values


def ranges_of(model: Forecast, x: np.ndarray) -> list[float]:
    """Return the largest value that is met at each place, as the converter takes it."""
    return [float(np.abs(v).max()) for v in run(model, x)[1]]


def error(said: np.ndarray, data: Hours) -> float:
    """Return the mean absolute error in percent of the mean load."""
    return round(100 * float(np.abs(said - data.load).mean() / data.load.mean()), 1)


def bias(said: np.ndarray, data: Hours) -> float:
    return round(100 * float((said - data.load).mean() / data.load.mean()), 1)


def cut(model: Forecast, x: np.ndarray, ranges: Sequence[float]) -> list[float]:
    """Return for each place the percentage of hours in which some value is cut off."""
    values = run(model, x)[1]
    return [
        round(100 * float((np.abs(v) > r * 1.0001).any(axis=1).mean()), 1)
        for v, r in zip(values, ranges, strict=True)
    ]


def part(data: Hours, mask: np.ndarray) -> Hours:
    return Hours(*(v[mask] for v in data))


def month_of(data: Hours) -> np.ndarray:
    """Return the month as an index into MONTHS, taken as 30 days from the first of September."""
    return np.asarray(np.minimum((data.day - 92) // 30, len(MONTHS) - 1))


def months(data: Hours) -> list[Hours]:
    return [part(data, month_of(data) == m) for m in range(len(MONTHS))]


def main() -> None:
    history = joined([draw(0, YEAR, 1), draw(0, YEAR, 2)])
    model = fit(history)
    first = np.arange(1000)
    spread = np.random.default_rng(0).choice(len(history.load), 1000, replace=False)
    narrow, wide = ranges_of(model, history.x[first]), ranges_of(model, history.x[spread])
    serving = draw(91, 182, 3)
    backtest = draw(91, 182, 4)
    floats, eights = run(model, serving.x)[0], run(model, serving.x, narrow)[0]
    month = month_of(serving)
    by_month = months(serving)
    spans = [(-30.0, 0.0), (0.0, 5.0), (5.0, 10.0), (10.0, 15.0), (15.0, 40.0)]
    by_warmth = [(serving.warmth >= a) & (serving.warmth < b) for a, b in spans]
    january = month == 4
    cold = part(serving, january)
    again = fit(joined([history, draw(91, 150, 5)]))
    again_narrow = ranges_of(again, history.x[first])
    check = part(history, np.arange(len(history.load)) < len(first))
    squeezed = run(model, check.x, narrow)[0]
    check = check._replace(load=run(model, check.x)[0])
    numbers = {
        "rows": [len(history.load), len(serving.load)],
        "training file: first rows, days": [
            int(history.day[first].min()),
            int(history.day[first].max()),
        ],
        "warmth of first, all": [
            [round(float(f(history.warmth[i])), 1) for f in (np.min, np.mean, np.max)]
            for i in (first, np.arange(len(history.load)))
        ],
        "training error": error(run(model, history.x)[0], history),
        "backtest by month": [error(run(model, p.x)[0], p) for p in months(backtest)],
        "controller by month": [error(eights[month == m], by_month[m]) for m in range(6)],
        "float replay by month": [error(floats[month == m], by_month[m]) for m in range(6)],
        "by warmth": {
            str(s): [error(f[m], part(serving, m)) for f in (floats, eights)]
            + [bias(eights[m], part(serving, m)), round(100 * float(m.mean()), 1)]
            for s, m in zip(spans, by_warmth, strict=True)
        },
        "january by hour: load, controller, float": [
            [
                round(float(v[january][cold.hour == h].mean()))
                for v in (serving.load, eights, floats)
            ]
            for h in range(0, HOURS, 3)
        ],
        "january by homes: controller, float": {
            str(h): [error(f[january][m], part(cold, m)) for f in (eights, floats)]
            for h, m in ((h, cold.x[:, 7] == h) for h in np.unique(cold.x[:, 7]))
        },
        "largest controller forecast, load": [
            round(float(v.max())) for v in (eights, serving.load)
        ],
        "ranges": {n: [round(r, 2) for r in v] for n, v in (("first", narrow), ("spread", wide))},
        "controller against float on the first rows": error(squeezed, check),
        "cut off by month": [cut(model, p.x, narrow) for p in by_month],
        "cut off with spread, january": cut(model, cold.x, wide),
        "january trials": {
            "float": error(run(model, cold.x)[0], cold),
            "first": error(run(model, cold.x, narrow)[0], cold),
            "first, float weights": error(run(model, cold.x, narrow, weights=False)[0], cold),
            "spread": error(run(model, cold.x, wide)[0], cold),
            "more first rows": error(
                run(model, cold.x, ranges_of(model, history.x[:4000]))[0], cold
            ),
            "retrained, first": error(run(again, cold.x, again_narrow)[0], cold),
            "retrained, float": error(run(again, cold.x)[0], cold),
        },
        "september with spread": error(run(model, by_month[0].x, wide)[0], by_month[0]),
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
