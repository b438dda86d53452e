"""Forecast of the water demand on a centred moving average: the numbers of the scenario.

The history was smoothed as a whole before lags were cut from it, so yesterday's smoothed value
contains days that come later. Invariant: every number in the facts is printed here (five seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

YEARS, TEST, LIVE = 4, 182, 91
HALF = 3
FIRST = 70  # rows begin here, so that all lags and windows are full


class City(NamedTuple):
    """Daily demand in megalitres, real temperature and the forecast of the day before."""

    demand: np.ndarray
    temperature: np.ndarray
    forecast: np.ndarray


def draw(days: int, seed: int = 3) -> City:
    """Draw a demand with weekdays, weather and shocks that last for some days."""
    rng = np.random.default_rng(seed)
    day, mild, shock = np.arange(days), np.zeros(days), np.zeros(days)
    for i in range(1, days):
        mild[i] = 0.75 * mild[i - 1] + rng.normal(0, 2.0)
        shock[i] = 0.7 * shock[i - 1] + rng.normal(0, 32)
    temperature = 10 - 9 * np.cos(2 * np.pi * day / 365.25) + mild
    week = np.array([20.0, 25, 25, 20, 10, -60, -75])[day % 7]
    demand = 1000 + 9 * np.maximum(temperature - 14, 0) + week + shock + rng.normal(0, 12, days)
    return City(demand, temperature, temperature + rng.normal(0, 1.3, days))


def centred(values: np.ndarray, half: int) -> np.ndarray:
    """Return the moving average over `half` days on both sides, cut where values end."""
    ends = [(max(i - half, 0), min(i + half + 1, len(values))) for i in range(len(values))]
    return np.array([values[a:b].mean() for a, b in ends])


def trailing(values: np.ndarray) -> np.ndarray:
    """Return the moving average over a day and the six days before it."""
    return np.array([values[max(i - 6, 0) : i + 1].mean() for i in range(len(values))])


def features(smooth: np.ndarray, weather: np.ndarray, day: int) -> np.ndarray:
    """Return the row that predicts `day` from smoothed demand up to the day before."""
    lags = [smooth[day - k] for k in (1, 2, 7)]
    return np.array([*lags, max(weather[day] - 14, 0), *(np.arange(7) == day % 7)])


def rows(smooth: np.ndarray, weather: np.ndarray, days: range) -> np.ndarray:
    return np.array([features(smooth, weather, d) for d in days])


def as_known(city: City, days: range, half: int) -> np.ndarray:
    """Return rows whose smoothing ends on the day before the one that is predicted."""
    found = []
    for d in days:
        smooth = centred(city.demand[d - 60 : d], half)
        lags = [smooth[-k] for k in (1, 2, 7)]
        found.append([*lags, max(city.forecast[d] - 14, 0), *(np.arange(7) == d % 7)])
    return np.array(found)


def fit(x: np.ndarray, y: np.ndarray) -> Pipeline:
    model = make_pipeline(StandardScaler(), Ridge(1.0))
    model.fit(x, y)
    return model


def error(model: Pipeline, x: np.ndarray, y: np.ndarray) -> float:
    """Return the mean absolute percentage error."""
    return round(100 * float(np.abs(model.predict(x) / y - 1).mean()), 2)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return round(float(np.corrcoef(a, b)[0, 1]), 2)


def main() -> None:
    days = 365 * YEARS
    city = draw(days)
    start, live = days - TEST - LIVE, days - LIVE
    train, test, use = range(FIRST, start), range(start, live), range(live, days)
    y = city.demand
    smooth = centred(y[:live], HALF)
    model = fit(rows(smooth, city.temperature, train), y[train])
    table, known = rows(smooth, city.temperature, test), as_known(city, test, HALF)
    past = trailing(y)
    honest = fit(rows(past, city.forecast, train), y[train])
    raw = fit(rows(y, city.forecast, train), y[train])
    live_rows = as_known(city, use, HALF)
    off = 100 * np.abs(model.predict(live_rows) / y[use] - 1)
    widths = {}
    for half in (0, 1, 2, 3, 4):
        s = centred(y[:live], half)
        m = fit(rows(s, city.temperature, train), y[train])
        widths[half] = [
            error(m, rows(s, city.temperature, test), y[test]),
            error(m, as_known(city, test, half), y[test]),
        ]
    cut = live - 40
    shown = [[round(float(centred(y[: cut + n], HALF)[cut - 1]), 1) for n in (0, 1, 2, 3, 10)]]
    tomorrow = rows(past, city.forecast, test)
    left = y[test] - honest.predict(tomorrow)
    numbers = {
        "train": error(model, rows(smooth, city.temperature, train), y[train]),
        "backtest": error(model, table, y[test]),
        "live": error(model, live_rows, y[use]),
        "live days, table built afterwards": error(
            model, rows(centred(y, HALF), city.temperature, use), y[use]
        ),
        "live days, real weather": error(
            model,
            np.column_stack([live_rows[:, :3], rows(y, city.temperature, use)[:, 3:]]),
            y[use],
        ),
        "live by 13 weeks": [round(float(w.mean()), 2) for w in np.split(off, 13)],
        "same days, weather forecast instead of real": error(
            model, rows(smooth, city.forecast, test), y[test]
        ),
        "same days, smoothing cut, real weather": error(
            model,
            np.column_stack([known[:, :3], table[:, 3:]]),
            y[test],
        ),
        "same days, both as known": error(model, known, y[test]),
        "half width: backtest, as known": widths,
        "trailing smoothing: train, backtest, live": [
            error(honest, rows(past, city.forecast, d), y[d]) for d in (train, test, use)
        ],
        "raw lags: train, backtest, live": [
            error(raw, rows(y, city.forecast, d), y[d]) for d in (train, test, use)
        ],
        "last week's value: backtest, live": [
            round(100 * float(np.abs(y[np.array(d) - 7] / y[d] - 1).mean()), 2) for d in (test, use)
        ],
        "smoothed value of one day after 0 1 2 3 10 more days": shown,
        "correlation of yesterday's smoothed value with the demand left to explain": [
            correlation(smooth[np.array(test) - 1] - past[np.array(test) - 1], left),
            correlation(known[:, 0] - past[np.array(test) - 1], left),
        ],
        "mean demand train, test, live": [round(float(y[d].mean())) for d in (train, test, use)],
        "temperature error of the forecast": round(
            float(np.abs(city.forecast - city.temperature).mean()), 2
        ),
        "days": [len(train), len(test), len(use)],
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
