"""Forecast of breakdown calls, retrained on the last weeks when a drift alarm rings: the numbers.

Calls follow temperature and calendar in the same way every year. The alarm takes each new
season for drift and the short window forgets the others. Invariant: every number in the scenario's
facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import RandomForestRegressor as Forest

MONTHS = ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
YEARS, DAYS, WINDOW, LIMIT = 4, 365, 42, 0.2
LAUNCH = 152  # day of the last year on which the automatic retraining began, 2 June
STARTS = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


class Hours(NamedTuple):
    """Features (hour, weekday, holiday, temperature), calls, and the day."""

    x: np.ndarray
    calls: np.ndarray
    day: np.ndarray


def draw() -> Hours:
    """Draw four years of hours; day 0 is the first of January."""
    rng = np.random.default_rng(3)
    day, hour = np.repeat(np.arange(YEARS * DAYS), 24), np.tile(np.arange(24), YEARS * DAYS)
    weather = np.zeros(YEARS * DAYS)
    for i in range(1, len(weather)):
        weather[i] = 0.8 * weather[i - 1] + rng.normal(0, 1.7)
    season = 11 - 10.5 * np.cos(2 * np.pi * (day % DAYS - 18) / DAYS)
    warm = season + weather[day] + 4 * np.sin(2 * np.pi * (hour - 9) / 24)
    weekday, holiday = day % 7, rng.random(YEARS * DAYS)[day] < 0.03
    off = (weekday > 4) | holiday
    calls = 620 + 300 * np.sin(2 * np.pi * (hour - 8) / 24) * np.where(off, 0.7, 1) - 90 * off
    calls += 16 * np.maximum(12 - warm, 0) + 11 * np.maximum(warm - 22, 0)
    calls = rng.poisson(calls)
    return Hours(np.column_stack([hour, weekday, holiday, warm]), calls, day)


def part(data: Hours, start: int, end: int) -> Hours:
    rows = (data.day >= start) & (data.day < end)
    return Hours(*(v[rows] for v in data))


def fit(data: Hours) -> Forest:
    return Forest(30, min_samples_leaf=4, random_state=0).fit(data.x, data.calls)


def error(model: Forest, data: Hours) -> float:
    """Return the mean absolute percentage error."""
    return 100 * float((np.abs(model.predict(data.x) - data.calls) / data.calls).mean())


def bias(model: Forest, data: Hours) -> float:
    return round(100 * float((model.predict(data.x) - data.calls).mean() / data.calls.mean()), 1)


def stability(a: np.ndarray, b: np.ndarray) -> float:
    """Return the population stability index of b against a, in tenths of a."""
    edges = np.quantile(a, np.linspace(0, 1, 11))
    edges[0], edges[-1] = -np.inf, np.inf
    p, q = (np.maximum(np.histogram(v, edges)[0] / len(v), 1e-3) for v in (a, b))
    return round(float(((q - p) * np.log(q / p)).sum()), 2)


def held_out(window: Hours) -> float:
    """Return the error on a fifth of the window's hours drawn by lot, as the release gate does."""
    test = np.random.default_rng(0).random(len(window.day)) < 0.2
    fifth, rest = (Hours(*(v[m] for v in window)) for m in (test, ~test))
    return round(error(fit(rest), fifth), 1)


class Release(NamedTuple):
    """A model from the day on which it went live."""

    day: int
    model: Forest
    coldest: float


def run(
    data: Hours, history: Forest, window: int, limit: float = LIMIT, gap: int = WINDOW
) -> list[Release]:
    """Retrain on the last `window` days when the alarm rings, at most once in `gap` days."""
    year = (YEARS - 1) * DAYS
    releases = [Release(year + LAUNCH, history, float(data.x[: (year + LAUNCH) * 24, 3].min()))]
    for now in range(year + LAUNCH + 7, year + DAYS, 7):
        last = releases[-1].day
        reference = part(data, last - WINDOW, last).x[:, 3]
        rings = stability(reference, part(data, now - 7, now).x[:, 3]) > limit
        if rings and now - last >= gap:
            seen = part(data, now - window, now)
            releases.append(Release(now, fit(seen), float(seen.x[:, 3].min())))
    return releases


def live(data: Hours, releases: list[Release], start: int, end: int) -> np.ndarray:
    """Return the absolute percentage error of each hour with the model that was live."""
    errors = []
    for i, one in enumerate(releases):
        until = releases[i + 1].day if i + 1 < len(releases) else len(data.day)
        hours = part(data, max(start, one.day), min(end, until))
        if len(hours.day):
            errors.append(100 * np.abs(one.model.predict(hours.x) - hours.calls) / hours.calls)
    return np.concatenate(errors)


def main() -> None:
    data, year = draw(), (YEARS - 1) * DAYS
    history = fit(part(data, 0, year + LAUNCH))
    short = run(data, history, WINDOW)
    weeks = range(year + LAUNCH, year + DAYS, 7)
    autumn = (year + 243, year + 334)
    only = [short[0]]
    runs = {
        "as it is": short,
        "model of May, never retrained": only,
        "all history at each alarm": run(data, history, 9_999),
        "alarm at 1": run(data, history, WINDOW, 1.0),
        "window of 12 weeks": run(data, history, 84),
        "each week, if the alarm rings": run(data, history, WINDOW, gap=7),
    }
    months = {n: (year + STARTS[m], year + STARTS[m + 1]) for m, n in enumerate(MONTHS, start=5)}
    months["Jun"] = (year + LAUNCH, months["Jun"][1])
    colder = list[np.ndarray]()
    for i, one in enumerate(short[:-1]):
        days = (max(one.day, autumn[0]), min(short[i + 1].day, autumn[1]))
        if days[0] < days[1]:
            colder.append(part(data, *days).x[:, 3] < one.coldest)
    cold, missed = np.concatenate(colder), live(data, short, *autumn)
    numbers = {
        "months: live, model of May, degrees": {
            n: [
                *(round(float(live(data, r, *days).mean()), 1) for r in (short, only)),
                round(float(part(data, *days).x[:, 3].mean()), 1),
            ]
            for n, days in months.items()
        },
        "weeks": [
            [w - year, *(round(float(live(data, r, w, w + 7).mean()), 1) for r in (short, only))]
            for w in weeks[:-1]
        ],
        "releases: day, held out, degrees from, to": [
            [
                r.day - year,
                held_out(part(data, r.day - WINDOW, r.day)),
                *(
                    round(float(f(part(data, r.day - WINDOW, r.day).x[:, 3])), 1)
                    for f in (np.min, np.max)
                ),
            ]
            for r in short[1:]
        ],
        "autumn": {n: round(float(live(data, r, *autumn).mean()), 1) for n, r in runs.items()},
        "worst week": {
            n: round(max(float(live(data, r, w, w + 7).mean()) for w in weeks[:-1]), 1)
            for n, r in runs.items()
        },
        "retrainings": {n: len(r) - 1 for n, r in runs.items()},
        "autumn hours colder than the window, error there, elsewhere": [
            round(100 * float(cold.mean()), 1),
            *(round(float(missed[m].mean()), 1) for m in (cold, ~cold)),
        ],
        "bias 10 to 16 November: live, model of May": [
            bias(m, part(data, year + 313, year + 320)) for m in (short[3].model, history)
        ],
        "stability of the temperature, 6 October: last window, same weeks of the years before": [
            stability(
                part(data, year + 194, year + 236).x[:, 3],
                part(data, year + 271, year + 278).x[:, 3],
            ),
            stability(
                np.concatenate(
                    [part(data, y * DAYS + 250, y * DAYS + 299).x[:, 3] for y in range(3)]
                ),
                part(data, year + 250, year + 299).x[:, 3],
            ),
        ],
        "share of weeks over the limit": [
            sum(
                stability(part(data, w - 7 - WINDOW, w - 7).x[:, 3], part(data, w - 7, w).x[:, 3])
                > LIMIT
                for w in range(d + 56, d + 365, 7)
            )
            for d in (0, DAYS, 2 * DAYS)
        ],
        "calls at 4 to 6 degrees, weekdays 10 to 14, by year": [
            round(
                float(
                    data.calls[
                        (data.day // DAYS == y)
                        & (np.abs(data.x[:, 3] - 5) < 1)
                        & (data.x[:, 1] < 5)
                        & (data.x[:, 2] == 0)
                        & (np.abs(data.x[:, 0] - 12) < 2.5)
                    ].mean()
                )
            )
            for y in range(YEARS)
        ],
        "the year before, by quarter": [
            round(error(fit(part(data, 0, 730)), part(data, 730 + q, 821 + q)), 1)
            for q in (0, 91, 182, 273)
        ],
        "calls, fifth and 95th percentile": np.quantile(data.calls, (0.05, 0.95)).round().tolist(),
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
