"""Shelf model whose live counts are a night old: the numbers of the scenario.

Half of the shelves are filled each night, and they empty during the day. Training counts up to
the minute of the order; the online store copies the counts at three in the morning. Invariant:
every number in the scenario's facts is printed here (about five seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

HOURS = np.arange(7, 22)
FLOW = np.array([3, 4, 5, 6, 7, 8, 7, 6, 6, 7, 9, 10, 9, 6, 3]) / 96
NAMES = ["hour", "weekday", "usual_sales", "sold_24h", "not_found_24h", "hours_since_found"]


class Orders(NamedTuple):
    """Ordered items with features as of the order, as copied at three, and whether found."""

    fresh: np.ndarray
    stale: np.ndarray
    y: np.ndarray


def draw_days(items: int, days: int, seed: int) -> Orders:
    """Simulate shelves hour by hour; the first two days only fill the counts."""
    rng = np.random.default_rng(seed)
    usual = rng.gamma(2.5, 8, items)
    recent_sold, recent_missed = np.zeros((24, items)), np.zeros((24, items))
    since = np.full(items, 12.0)
    fresh, stale, labels = list[np.ndarray](), list[np.ndarray](), list[np.ndarray]()
    copied, stock = np.zeros((3, items)), np.round(2 * usual)
    for day in range(days + 2):
        demand = usual * rng.gamma(4, 0.25, items)
        filled = rng.random(items) < 0.5
        stock = np.where(filled, np.round(usual * rng.gamma(3, 0.7, items)), stock)
        for clock in range(24):
            if clock == 3:
                copied = np.vstack([recent_sold.sum(axis=0), recent_missed.sum(axis=0), since])
            sold, missed = np.zeros(items), np.zeros(items)
            if clock in HOURS:
                now = np.vstack([recent_sold.sum(axis=0), recent_missed.sum(axis=0), since])
                wanted = rng.poisson(demand * FLOW[clock - 7])
                asked = rng.random(items) < 0.12
                chance = np.where(stock > 0, 0.97, 0.06)
                found = rng.random(items) < chance
                if day >= 2 and asked.any():
                    fixed = np.column_stack([np.full(items, clock), np.full(items, day % 7), usual])
                    fresh.append(np.column_stack([fixed, now.T])[asked])
                    stale.append(np.column_stack([fixed, copied.T])[asked])
                    labels.append(found[asked])
                sold = np.minimum(stock, wanted)
                missed = (
                    (asked & ~found) | (rng.random(items) < np.where(stock > 0, 0.01, 0.35))
                ).astype(float)
                since = np.where(sold > 0, 0, since)
                stock = stock - sold
            since = since + 1
            recent_sold[clock], recent_missed[clock] = sold, missed
    return Orders(np.vstack(fresh), np.vstack(stale), np.concatenate(labels))


def fit(x: np.ndarray, y: np.ndarray) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=80, max_leaf_nodes=15, random_state=0).fit(x, y)


def score(model: HistGradientBoostingClassifier, x: np.ndarray) -> np.ndarray:
    return np.asarray(model.predict_proba(x)[:, 1])


def auc(model: HistGradientBoostingClassifier, x: np.ndarray, y: np.ndarray) -> float:
    return round(float(roc_auc_score(y, score(model, x))), 3)


def by_block(model: HistGradientBoostingClassifier, x: np.ndarray, y: np.ndarray) -> list[float]:
    """Return the AUC of each block of two hours from seven on, the last one of three."""
    block = np.minimum((x[:, 0] - 7) // 2, 6)
    return [
        round(float(roc_auc_score(y[block == b], score(model, x[block == b]))), 2) for b in range(7)
    ]


def main() -> None:
    train, test, live = draw_days(700, 28, 1), draw_days(700, 7, 2), draw_days(700, 14, 3)
    model, retrained = fit(train.fresh, train.y), fit(train.stale, train.y)
    plain = fit(train.fresh[:, :3], train.y)
    hours = live.fresh[:, 0]
    numbers = {
        "rows": [len(o.y) for o in (train, test, live)],
        "found": [round(100 * float(o.y.mean()), 1) for o in (train, test, live)],
        "offline auc": auc(model, test.fresh, test.y),
        "train auc": auc(model, train.fresh, train.y),
        "live auc: served, recomputed": [auc(model, x, live.y) for x in (live.stale, live.fresh)],
        "by block: served, recomputed": [
            by_block(model, x, live.y) for x in (live.stale, live.fresh)
        ],
        "offline by block": by_block(model, test.fresh, test.y),
        "found by block": [
            round(100 * float(live.y[np.minimum((hours - 7) // 2, 6) == b].mean()), 1)
            for b in range(7)
        ],
        "equal in percent": {
            n: round(100 * float((live.fresh[:, i] == live.stale[:, i]).mean()))
            for i, n in enumerate(NAMES)
        },
        "means recomputed, served": {
            n: [round(float(x[:, i].mean()), 1) for x in (live.fresh, live.stale)]
            for i, n in enumerate(NAMES)
        },
        "difference of not_found_24h by block": [
            round(
                float(
                    np.abs(live.fresh[:, 4] - live.stale[:, 4])[
                        np.minimum((hours - 7) // 2, 6) == b
                    ].mean()
                ),
                2,
            )
            for b in range(7)
        ],
        "mean not_found_24h by block: recomputed, served": [
            [round(float(x[np.minimum((hours - 7) // 2, 6) == b, 4].mean()), 2) for b in range(7)]
            for x in (live.fresh, live.stale)
        ],
        "mean hours_since_found by block: recomputed, served": [
            [round(float(x[np.minimum((hours - 7) // 2, 6) == b, 5].mean()), 1) for b in range(7)]
            for x in (live.fresh, live.stale)
        ],
        "retrained on stale counts": auc(retrained, live.stale, live.y),
        "without counts": auc(plain, live.fresh[:, :3], live.y),
        "live by weekday, served": [
            round(float(roc_auc_score(live.y[m], score(model, live.stale[m]))), 2)
            for d in range(7)
            for m in [live.stale[:, 1] == d]
        ],
        "mean score served, recomputed": [
            round(float(score(model, x).mean()), 3) for x in (live.stale, live.fresh)
        ],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
