"""Churn model whose activity columns cover the very month it predicts: the numbers of the scenario.

A row is a customer on the first of a month; the label says whether they cancel within it. The
activity columns count 30 days: in training the days of that month, at scoring the 30 before it.
Invariant: every number in the scenario's facts is printed here (under a minute).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

DAYS = 30
KNOWN = ["tenure_months", "monthly_price", "annual_contract"]
NAMES = [*KNOWN, "support_contacts", "active_days"]
ROWS = 60_000


class Month(NamedTuple):
    """Customers on the first of a month, with 30 days of activity before and 30 after that day."""

    known: np.ndarray
    contacts: np.ndarray
    active: np.ndarray
    y: np.ndarray
    day: np.ndarray

    def features(self, end: int) -> np.ndarray:
        """Return the features with activity counted over the 30 days up to day `end` of the month."""
        window = slice(end, end + DAYS)
        counts = [self.contacts[:, window].sum(axis=1), self.active[:, window].sum(axis=1)]
        return np.column_stack([self.known, *counts])


def draw_month(seed: int, rows: int = ROWS) -> Month:
    """Draw customers, whether and on which day they cancel, and what they do each day."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=rows)
    tenure, price = rng.gamma(2.0, 12.0, rows), rng.choice([8, 12, 18], rows)
    annual = rng.random(rows) < 0.35
    rate = np.clip(0.35 * np.exp(-0.35 * mood + 0.3 * rng.normal(size=rows)), 0.01, 0.95)
    logit = -3.75 + 1.35 * mood - 0.03 * (tenure - 24) + 0.06 * (price - 12) - 1.2 * annual
    y = rng.random(rows) < 1 / (1 + np.exp(-logit))
    day = np.where(y, rng.integers(1, DAYS + 1, rows), DAYS + 1)
    here = np.arange(1 - DAYS, DAYS + 1)[None, :] <= day[:, None]
    contacts = rng.poisson(0.006 * np.exp(0.4 * mood)[:, None], here.shape) * here
    calls = y & (rng.random(rows) < 0.9)
    contacts[calls, DAYS + day[calls] - 1] += 1 + rng.poisson(0.6, calls.sum())
    active = (rng.random(here.shape) < rate[:, None]) & here
    return Month(np.column_stack([tenure, price, annual]), contacts, active, y.astype(int), day)


def fit(x: np.ndarray, y: np.ndarray) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=0.06, max_leaf_nodes=15, random_state=0
    ).fit(x, y)


def quality(scores: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return ROC AUC, average precision, and precision and recall in the top 5%."""
    top = np.argsort(-scores, kind="stable")[: len(y) // 20]
    return {
        "roc_auc": round(float(roc_auc_score(y, scores)), 2),
        "average_precision": round(float(average_precision_score(y, scores)), 2),
        "precision_top5": round(float(y[top].mean()), 2),
        "recall_top5": round(float(y[top].sum() / y.sum()), 2),
    }


def score(model: HistGradientBoostingClassifier | LogisticRegression, x: np.ndarray) -> np.ndarray:
    return np.asarray(model.predict_proba(x)[:, 1])


def importance(model: HistGradientBoostingClassifier, month: Month) -> dict[str, float]:
    """Return the AUC lost when one feature is shuffled."""
    lost = permutation_importance(
        model,
        month.features(DAYS),
        month.y,
        scoring="roc_auc",
        n_repeats=2,
        random_state=0,
        max_samples=15_000,
    ).importances_mean
    return {n: round(max(float(v), 0.0), 3) for n, v in zip(NAMES, lost, strict=True)}


def profile(month: Month) -> dict[str, list[float]]:
    """Return customers, mean contacts and mean active days by the day of cancelling."""
    x, groups = month.features(DAYS), {"stayed": month.day > DAYS}
    groups |= {
        f"{lo}-{lo + 9}": (month.day >= lo) & (month.day < lo + 10) & (month.y == 1)
        for lo in (1, 11, 21)
    }
    return {
        n: [int(g.sum()), round(float(x[g, 3].mean()), 1), round(float(x[g, 4].mean()), 1)]
        for n, g in groups.items()
    }


def averages(x: np.ndarray) -> dict[str, float]:
    return {n: round(float(v), 2) for n, v in zip(NAMES, x.mean(axis=0), strict=True)}


def main() -> None:
    train, valid, pilot = draw_month(1), draw_month(2), draw_month(3)
    new = fit(train.features(DAYS), train.y)
    scaler = train.features(0).std(axis=0)
    old = LogisticRegression(max_iter=2000).fit(train.features(0) / scaler, train.y)
    live, half = score(new, pilot.features(0)), np.arange(ROWS) % 2 == 0
    windows = {}
    for end in (0, 5, 10, 15, 20, 25, 30):
        model = fit(train.features(end), train.y)
        windows[end] = quality(score(model, valid.features(end)), valid.y)["roc_auc"]
    customers = np.random.default_rng(5).random(ROWS) < 0.8
    grouped = fit(train.features(DAYS)[customers], train.y[customers])
    earlier = [draw_month(seed, 20_000) for seed in (30, 31, 32, 33, 36)]
    months = [*earlier[:4], train, valid, earlier[4], pilot]
    numbers = {
        "validation": {
            "old": quality(score(old, valid.features(0) / scaler), valid.y),
            "new": quality(score(new, valid.features(DAYS)), valid.y),
        },
        "train": quality(score(new, train.features(DAYS)), train.y),
        "split by customer": quality(
            score(grouped, train.features(DAYS)[~customers]), train.y[~customers]
        ),
        "pilot": {
            "old": quality(score(old, pilot.features(0) / scaler), pilot.y),
            "new": quality(live, pilot.y),
        },
        "pilot with offer, without": [
            quality(live[m], pilot.y[m])["precision_top5"] for m in (half, ~half)
        ],
        "mean score": [
            round(float(score(new, valid.features(DAYS)).mean()), 3),
            round(float(live.mean()), 3),
        ],
        "base rate": [round(float(m.y.mean()), 3) for m in (train, valid, pilot)],
        "importance": importance(new, valid),
        "profile": profile(train),
        "averages": {
            "training": averages(train.features(DAYS)),
            "scoring": averages(pilot.features(0)),
        },
        "auc by end of window": windows,
        "base rate by month": [round(float(m.y.mean()), 3) for m in months],
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
