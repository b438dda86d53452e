"""Lift breakdowns with one snapshot date per class: the numbers of the scenario.

Broken lifts are described as of the week before the breakdown, all others as of one day in March,
so whatever moves with the calendar tells the classes apart. Invariant: every number in the facts is
printed here (about fifteen seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

NAMES = [
    "age", "door faults", "levelling error", "days since service", "shaft temperature",
    "firmware", "trips per day", "starts counted",
]  # fmt: skip
LIFTS, MONTHS = 3_000, 24
LAST = MONTHS - 1  # March; month 0 is April two years before
LIVE = (24, 25, 26, 27)  # April to July after the data were drawn


class Rows(NamedTuple):
    """Features, whether a breakdown follows, and the month of each row."""

    x: np.ndarray
    y: np.ndarray
    month: np.ndarray
    lift: np.ndarray


def observe(month: int, seed: int) -> Rows:
    """Return all lifts as of one month, with the breakdowns of the four weeks that follow."""
    fixed, rng = np.random.default_rng(0), np.random.default_rng(1000 * seed + month)
    built, busy = fixed.gamma(4, 4, LIFTS), fixed.lognormal(5.3, 0.4, LIFTS)
    updated = fixed.integers(6, 22, LIFTS)
    season = np.cos(2 * np.pi * (month - 3) / 12)  # highest in July
    faults = rng.negative_binomial(1.2, 0.35, LIFTS)
    level, service = rng.gamma(2.0, 1.6, LIFTS), rng.integers(0, 120, LIFTS)
    heat = 16 + 9 * season + rng.normal(0, 3, LIFTS)
    trips = busy * (1 + 0.05 * np.sin(2 * np.pi * month / 12)) * rng.lognormal(0, 0.05, LIFTS)
    logit = -6.15 + 0.03 * built + 0.28 * faults + 0.24 * level + 0.009 * service
    y = rng.random(LIFTS) < 1 / (1 + np.exp(-logit))
    starts = busy * 30 * (month + 3) / 1e4
    version = 4 + (month >= updated)
    x = np.column_stack([built + month / 12, faults, level, service, heat, version, trips, starts])
    return Rows(x, y, np.full(LIFTS, month), np.arange(LIFTS))


def joined(parts: list[Rows]) -> Rows:
    return Rows(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def part(data: Rows, mask: np.ndarray) -> Rows:
    return Rows(*(column[mask] for column in data))


def as_built(panel: Rows) -> Rows:
    """Return the colleague's table: breakdowns as of their month, other lifts as of March."""
    broken = np.unique(panel.lift[panel.y])
    healthy = (panel.month == LAST) & ~np.isin(panel.lift, broken)
    return part(panel, panel.y | healthy)


def fit(data: Rows, columns: list[int]) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(max_iter=80, max_leaf_nodes=15, random_state=0)
    return model.fit(data.x[:, columns], data.y)


def score(model: HistGradientBoostingClassifier, data: Rows, columns: list[int]) -> np.ndarray:
    return np.asarray(model.predict_proba(data.x[:, columns])[:, 1])


def auc(model: HistGradientBoostingClassifier, data: Rows, columns: list[int]) -> float:
    return round(float(roc_auc_score(data.y, score(model, data, columns))), 3)


def split(data: Rows) -> tuple[Rows, Rows]:
    held = np.random.default_rng(1).random(LIFTS)[data.lift] < 0.25
    return part(data, ~held), part(data, held)


def alone(data: Rows) -> dict[str, float]:
    """Return the AUC of a small model on each feature alone."""
    train, valid = split(data)
    return {n: auc(fit(train, [i]), valid, [i]) for i, n in enumerate(NAMES)}


def main() -> None:
    panel = joined([observe(m, 1) for m in range(MONTHS)])
    live = {m: observe(m, 1) for m in LIVE}
    everything, fewer_columns = list(range(len(NAMES))), [0, 1, 2, 3, 6, 7]
    table, later = as_built(panel), joined(list(live.values()))
    train, valid = split(table)
    model = fit(train, everything)
    panel_train, panel_valid = (part(panel, m) for m in (panel.month < 20, panel.month >= 20))
    proper = fit(panel_train, everything)
    random = np.random.default_rng(3).random(len(table.y)) < 0.25
    by_row = fit(part(table, ~random), everything)
    fewer = fit(train, fewer_columns)
    top = {
        n: round(100 * float(later.y[np.argsort(-s)[: len(s) // 50]].mean()), 1)
        for n, s in (
            ("as built", score(model, later, everything)),
            ("proper", score(proper, later, everything)),
        )
    }
    months = np.bincount(table.month[table.y], minlength=MONTHS)
    counts = {
        "broken, by quarter": months.reshape(8, 3).sum(axis=1).tolist(),
        "others": int((~table.y).sum()),
        "others in March": int((~table.y & (table.month == LAST)).sum()),
    }
    numbers = {
        "as built: train, validation, live": [
            auc(model, d, everything) for d in (train, valid, later)
        ],
        "as built, rows split at random": auc(by_row, part(table, random), everything),
        "live auc by month": [auc(model, d, everything) for d in live.values()],
        "mean score by month": [
            round(100 * float(score(model, d, everything).mean()), 1) for d in live.values()
        ],
        "share of scores above a half": [
            round(100 * float((score(model, d, everything) > 0.5).mean()), 1) for d in live.values()
        ],
        "broken in percent by month": [round(100 * float(d.y.mean()), 2) for d in live.values()],
        "mean shaft temperature by month": [
            round(float(d.x[:, 4].mean()), 1) for d in live.values()
        ],
        "alone, as built": alone(table),
        "alone, every lift every month": alone(part(panel, panel.month % 4 == 3)),
        "counts": counts,
        "rows": [len(table.y), int(table.y.sum()), len(panel.y), int(panel.y.sum())],
        "firmware 5: broken, others, live": [
            round(100 * float((d.x[:, 5] == 5).mean()), 1)
            for d in (part(table, table.y), part(table, ~table.y), later)
        ],
        "without temperature and firmware: validation, live": [
            auc(fewer, d, fewer_columns) for d in (valid, later)
        ],
        "every lift every month: train, validation, live": [
            auc(proper, d, everything) for d in (panel_train, panel_valid, later)
        ],
        "proper, mean score by month": [
            round(100 * float(score(proper, d, everything).mean()), 1) for d in live.values()
        ],
        "broken in percent among top 2 percent, live": top,
        "all, live": round(100 * float(later.y.mean()), 2),
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
