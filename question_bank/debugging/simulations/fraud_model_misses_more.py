"""Fraud model that trains on orders whose chargebacks have not arrived: the numbers of the scenario.

Stolen cards are reported within days, taken-over accounts after weeks. An order counts as honest
until its chargeback comes in, so a young order of a slow kind is labelled wrongly. Invariant:
every number in the scenario's facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

NAMES = [
    "log_amount",
    "foreign_card",
    "new_device",
    "digital_goods",
    "password_reset",
    "orders_30d",
]
HELD = 0.02
FAST, SLOW = 1, 2


class Orders(NamedTuple):
    """Orders with their kind (0 honest, 1 stolen card, 2 taken-over account) and report delay."""

    x: np.ndarray
    kind: np.ndarray
    age: np.ndarray
    delay: np.ndarray

    @property
    def truth(self) -> np.ndarray:
        return np.asarray(self.kind > 0)

    def labels(self, later: float = 0.0) -> np.ndarray:
        """Return the labels as they stand `later` days after the table's own date."""
        return self.truth & (self.delay <= self.age + later)


def draw_orders(rows: int, seed: int, youngest: float, oldest: float) -> Orders:
    """Draw orders that are between `youngest` and `oldest` days old."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, rows, p=[0.986, 0.007, 0.007])
    fast, slow = kind == FAST, kind == SLOW

    def flag(honest: float, stolen: float, taken: float) -> np.ndarray:
        return rng.random(rows) < np.where(fast, stolen, np.where(slow, taken, honest))

    amount = rng.normal(3.6 + 0.9 * fast - 0.2 * slow, 0.8)
    orders = rng.poisson(np.where(fast, 0.6, np.where(slow, 2.6, 1.5)))
    columns = [
        amount,
        flag(0.08, 0.45, 0.10),
        flag(0.12, 0.70, 0.50),
        flag(0.15, 0.30, 0.75),
        flag(0.04, 0.04, 0.55),
        orders,
    ]
    delay = np.where(fast, rng.gamma(1.5, 5, rows), rng.gamma(4, 12, rows))
    age = rng.uniform(youngest, oldest, rows)
    return Orders(np.column_stack(columns), kind, age, np.minimum(delay, 120))


def fit(orders: Orders, labels: np.ndarray, seed: int = 0) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        learning_rate=0.08, max_iter=40, max_leaf_nodes=12, random_state=seed
    )
    return model.fit(orders.x, labels)


def score(model: HistGradientBoostingClassifier, orders: Orders) -> np.ndarray:
    return np.asarray(model.predict_proba(orders.x)[:, 1])


def auc(model: HistGradientBoostingClassifier, orders: Orders, labels: np.ndarray) -> float:
    return round(float(roc_auc_score(labels, score(model, orders))), 3)


def caught(model: HistGradientBoostingClassifier, orders: Orders) -> list[float]:
    """Return the share of fraud among the riskiest orders: all, stolen cards, taken accounts."""
    scores = score(model, orders)
    top = scores >= np.quantile(scores, 1 - HELD)
    masks = (orders.truth, orders.kind == FAST, orders.kind == SLOW)
    return [round(100 * float(top[m].mean()), 1) for m in masks]


def means(orders: Orders) -> list[float]:
    return [round(float(m), 2) for m in orders.x.mean(axis=0)]


def by_flag(orders: Orders, labels: np.ndarray) -> dict[str, float]:
    """Return the labelled fraud rate in percent of orders with each warning sign."""
    signs = {n: orders.x[:, i] > 0 for i, n in enumerate(NAMES) if i in (1, 2, 3, 4)}
    return {n: round(100 * float(labels[m].mean()), 2) for n, m in signs.items()}


def main() -> None:
    old_train, new_train = draw_orders(240_000, 1, 90, 180), draw_orders(80_000, 2, 8, 36)
    week, later = draw_orders(60_000, 3, 1, 8), draw_orders(150_000, 4, 120, 150)
    old, new = fit(old_train, old_train.labels()), fit(new_train, new_train.labels())
    repaired = fit(new_train, new_train.labels(120))
    part = Orders(*(field[:80_000] for field in old_train))
    small = fit(part, part.labels())
    ages = list(range(7, 127, 7))
    history = draw_orders(800_000, 5, 0, 126)
    months = [draw_orders(80_000, 20 + i, 120, 150) for i in range(6)]
    weekly = []
    for i in range(3):
        young = draw_orders(80_000, 40 + i, 8, 36)
        weekly.append(fit(young, young.labels()))
    numbers = {
        "caught by month": [caught(old, m)[0] for m in months[:3]]
        + [caught(w, m)[0] for w, m in zip(weekly, months[3:], strict=True)],
        "caught by the old model, had it stayed": [caught(old, m)[0] for m in months[3:]],
        "newest week, labels today: old, new": [auc(m, week, week.labels()) for m in (old, new)],
        "newest week, labels 120 days later": [auc(m, week, week.labels(120)) for m in (old, new)],
        "train auc": [
            auc(old, old_train, old_train.labels()),
            auc(new, new_train, new_train.labels()),
        ],
        "mature auc: old, new": [auc(m, later, later.truth) for m in (old, new)],
        "caught: all, stolen, taken": {
            n: caught(m, later)
            for n, m in {"old": old, "new": new, "mature labels": repaired, "small": small}.items()
        },
        "mature auc, same orders with final labels": auc(repaired, later, later.truth),
        "labelled rate of new training: then, final": [
            round(100 * float(new_train.labels(d).mean()), 2) for d in (0, 120)
        ],
        "labelled rate of old training": round(100 * float(old_train.labels().mean()), 2),
        "rate by age": [
            round(
                100 * float(history.labels()[(history.age > a - 7) & (history.age <= a)].mean()), 2
            )
            for a in ages
        ],
        "delays (25%, 50%, 90%)": {
            n: [
                round(float(q)) for q in np.quantile(later.delay[later.kind == k], [0.25, 0.5, 0.9])
            ]
            for n, k in (("stolen", FAST), ("taken", SLOW))
        },
        "share reported in 28 days": {
            n: round(100 * float((later.delay[later.kind == k] <= 28).mean()))
            for n, k in (("stolen", FAST), ("taken", SLOW))
        },
        "share of kinds": [round(100 * float((later.kind == k).mean()), 2) for k in (FAST, SLOW)],
        "means old, new": dict(
            zip(NAMES, zip(means(old_train), means(new_train), strict=True), strict=True)
        ),
        "rate by sign, then": by_flag(new_train, new_train.labels()),
        "rate by sign, final": by_flag(new_train, new_train.labels(120)),
        "mean score old, new": [round(100 * float(score(m, week).mean()), 2) for m in (old, new)],
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
