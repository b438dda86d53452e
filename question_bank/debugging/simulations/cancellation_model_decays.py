"""Cancellation model whose inputs stay while their meaning changes: the numbers of the scenario.

Hotel chains sign, one after another, a contract under which a saver rate can be cancelled free of
charge. The bookings look the same, what follows from them does not. Invariant: every number in the
scenario's facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

NAMES = ["lead_days", "nights", "price", "saver_rate", "returning_guest", "family", "chain"]
MONTHS = ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"]
# The month, as an index into MONTHS, from which a chain's saver rate can be cancelled.
SIGNED = np.array([2, 3, 3, 4, 5, 6, 6, 99])
MONTHLY = 12_000


class Bookings(NamedTuple):
    """Features, outcome, and whether the new contract held."""

    x: np.ndarray
    y: np.ndarray
    free: np.ndarray


def draw_month(rows: int, month: int, seed: int) -> Bookings:
    """Draw the bookings of one month; months below 2 are before any chain signed."""
    rng = np.random.default_rng(seed)
    chain = rng.integers(0, len(SIGNED), rows)
    saver = rng.random(rows) < 0.5
    lead, nights = rng.gamma(1.6, 22, rows), 1 + rng.poisson(1.6, rows)
    price = np.exp(rng.normal(4.6, 0.4, rows)) * np.where(saver, 0.85, 1.0)
    returning, family = rng.random(rows) < 0.35, rng.random(rows) < 0.25
    free = month >= SIGNED[chain]
    logit = -1.15 + 0.018 * lead - 0.9 * returning - 0.3 * family + 0.05 * nights
    logit += np.where(saver, np.where(free, 0.25, -2.9), 0.0)
    y = rng.random(rows) < 1 / (1 + np.exp(-logit))
    x = np.column_stack([lead, nights, price, saver, returning, family, chain])
    return Bookings(x, y, free)


def joined(parts: list[Bookings]) -> Bookings:
    return Bookings(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def fit(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray | None = None
) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=15, random_state=0)
    return model.fit(x, y, sample_weight=weight)


def score(model: HistGradientBoostingClassifier, x: np.ndarray) -> np.ndarray:
    return np.asarray(model.predict_proba(x)[:, 1])


def auc(model: HistGradientBoostingClassifier, data: Bookings) -> float:
    return round(float(roc_auc_score(data.y, score(model, data.x))), 3)


def stability(a: np.ndarray, b: np.ndarray) -> float:
    """Return the population stability index of b against a, in tenths of a."""
    edges = np.unique(np.quantile(a, np.linspace(0, 1, 11)))
    if len(edges) < 4:
        values = np.unique(a)
        p, q = (np.array([(v == u).mean() for u in values]) for v in (a, b))
    else:
        edges[0], edges[-1] = -np.inf, np.inf
        p, q = (np.histogram(v, edges)[0] / len(v) for v in (a, b))
    return round(float(((q - p) * np.log(q / p)).sum()), 4)


def told_apart(a: np.ndarray, b: np.ndarray) -> tuple[float, np.ndarray]:
    """Return how well a classifier tells b from a, and the odds of b for each row of a."""
    x, y = np.vstack([a, b]), np.repeat([0, 1], [len(a), len(b)])
    half = np.random.default_rng(0).random(len(y)) < 0.5
    model = fit(x[half], y[half])
    odds = score(model, a) / (1 - score(model, a))
    return round(float(roc_auc_score(y[~half], score(model, x[~half]))), 3), odds


def rates(model: HistGradientBoostingClassifier, data: Bookings) -> dict[str, list[float]]:
    """Return predicted and real cancellation rate in percent for each rate type."""
    masks = {"flexible": data.x[:, 3] == 0, "saver": data.x[:, 3] == 1}
    scores = score(model, data.x)
    return {
        n: [round(100 * float(v[m].mean()), 1) for v in (scores, data.y)] for n, m in masks.items()
    }


def by_chain(model: HistGradientBoostingClassifier, data: Bookings) -> list[float]:
    chains = [data.x[:, 6] == c for c in range(len(SIGNED))]
    return [round(float(roc_auc_score(data.y[m], score(model, data.x[m]))), 2) for m in chains]


def with_terms(data: Bookings) -> np.ndarray:
    """Return the features with one more column, whether the booking can be cancelled free."""
    return np.column_stack([data.x, (data.x[:, 3] == 0) | data.free])


def logistic_slopes(data: Bookings) -> float:
    """Return the log-odds that the saver rate adds."""
    x = data.x[:, :6] / data.x[:, :6].std(axis=0)
    model = LogisticRegression(max_iter=500).fit(x, data.y)
    return round(float(model.coef_[0][3] / data.x[:, 3].std()), 2)


def main() -> None:
    history = joined([draw_month(MONTHLY, 0, 10 + i) for i in range(6)])
    months = [draw_month(MONTHLY, i, 30 + i) for i in range(len(MONTHS))]
    model = fit(history.x, history.y)
    before, january, february = months[1], months[6], months[7]
    told, odds = told_apart(history.x[:24_000], february.x)
    weighted = fit(history.x[:24_000], history.y[:24_000], odds)
    recent, everything = january, joined([history, *months[:7]])
    terms = fit(with_terms(everything), everything.y)
    newest = np.sort(np.random.default_rng(1).choice(MONTHLY, 4_000, replace=False))
    numbers = {
        "auc by month": [auc(model, m) for m in months],
        "cancelled by month": [round(100 * float(m.y.mean()), 1) for m in months],
        "predicted by month": [round(100 * float(score(model, m.x).mean()), 1) for m in months],
        "saver cancelled by month": [rates(model, m)["saver"][1] for m in months],
        "flexible cancelled by month": [rates(model, m)["flexible"][1] for m in months],
        "rates aug, feb (predicted, real)": [rates(model, before), rates(model, february)],
        "chains aug, feb": [by_chain(model, before), by_chain(model, february)],
        "train auc": auc(model, history),
        "psi": {n: stability(history.x[:, i], february.x[:, i]) for i, n in enumerate(NAMES)},
        "means": {
            n: [round(float(d.x[:, i].mean()), 2) for d in (before, february)]
            for i, n in enumerate(NAMES)
        },
        "february told from training": told,
        "february, reweighted training": auc(weighted, february),
        "february, january only": auc(fit(recent.x, recent.y), february),
        "february, everything": auc(fit(everything.x, everything.y), february),
        "february, everything with terms": round(
            float(roc_auc_score(february.y, score(terms, with_terms(february)))), 3
        ),
        "february, 4000 bookings of january": auc(
            fit(recent.x[newest], recent.y[newest]), february
        ),
        "saver log-odds aug, feb": [logistic_slopes(before), logistic_slopes(february)],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
