"""Parcel model with a sender's late rate that holds the row's own label: the numbers of the scenario.

Most senders have a handful of parcels, so the mean of their labels nearly is the label of the row.
Invariant: every number in the scenario's facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

NAMES = ["distance_km", "weight_kg", "hour", "weekday", "depot_load", "rain", "sender_late_rate"]
SENDERS, TRAIN_ROWS, TEST_ROWS = 12_000, 30_000, 10_000


class Parcels(NamedTuple):
    """The six plain features, the sender of each parcel and whether it was late."""

    x: np.ndarray
    sender: np.ndarray
    y: np.ndarray


def draw_parcels(rows: int, seed: int) -> Parcels:
    """Draw parcels; a few senders are large, most are tiny, and senders differ a little."""
    rng, fixed = np.random.default_rng(seed), np.random.default_rng(99)
    effect = fixed.normal(0, 0.5, SENDERS)
    size = 1 / np.arange(1, SENDERS + 1) ** 0.6
    sender = rng.choice(SENDERS, rows, p=size / size.sum())
    distance, weight = rng.gamma(2, 120, rows), rng.gamma(2, 2.5, rows)
    hour, weekday = rng.integers(6, 22, rows), rng.integers(0, 6, rows)
    load, rain = rng.normal(size=rows), rng.random(rows) < 0.3
    logit = -1.2 + 0.006 * (distance - 240) + 0.08 * (weight - 5) + 0.22 * np.maximum(hour - 14, 0)
    logit += 1.3 * load + 0.9 * rain + 0.5 * (weekday == 5) + effect[sender]
    y = rng.random(rows) < 1 / (1 + np.exp(-logit))
    return Parcels(np.column_stack([distance, weight, hour, weekday, load, rain]), sender, y)


def late_rate(
    sender: np.ndarray, y: np.ndarray, rows: np.ndarray, smooth: float = 0.0
) -> np.ndarray:
    """Return the mean label of each row's sender among (sender, y); the overall mean if unknown."""
    total, count = (np.bincount(sender, w, SENDERS) for w in (y.astype(float), np.ones(len(y))))
    rate = (total + smooth * y.mean()) / np.maximum(count + smooth, 1e-9)
    return np.asarray(np.where(count + smooth > 0, rate, y.mean())[rows])


def out_of_fold(train: Parcels, smooth: float) -> np.ndarray:
    """Return the late rate of each training row computed without its own fold."""
    column = np.empty(len(train.y))
    for rest, fold in KFold(5, shuffle=True, random_state=0).split(train.x):
        column[fold] = late_rate(train.sender[rest], train.y[rest], train.sender[fold], smooth)
    return column


def fit(x: np.ndarray, y: np.ndarray, **setting: float) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(**{"max_iter": 100, "random_state": 0, **setting}).fit(
        x, y
    )


def quality(model: HistGradientBoostingClassifier, x: np.ndarray, y: np.ndarray) -> list[float]:
    """Return accuracy in percent and AUC."""
    p = model.predict_proba(x)[:, 1]
    return [round(100 * float(((p > 0.5) == y).mean()), 1), round(float(roc_auc_score(y, p)), 3)]


def both(
    train_x: np.ndarray, test_x: np.ndarray, a: Parcels, b: Parcels, **setting: float
) -> list[list[float]]:
    model = fit(train_x, a.y, **setting)
    return [quality(model, train_x, a.y), quality(model, test_x, b.y)]


def column_auc(column: np.ndarray, y: np.ndarray) -> float:
    return round(float(roc_auc_score(y, column)), 3)


def size_groups(train: Parcels, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Return masks by the number of training parcels of the sender."""
    count = np.bincount(train.sender, minlength=SENDERS)[rows]
    edges = {"0": (0, 0), "1": (1, 1), "2-3": (2, 3), "4-9": (4, 9), "10 or more": (10, 10**9)}
    return {n: (count >= low) & (count <= high) for n, (low, high) in edges.items()}


def lost(model: HistGradientBoostingClassifier, x: np.ndarray, y: np.ndarray) -> list[float]:
    """Return the accuracy, in points, that is lost when each column is shuffled."""
    rng, base, result = np.random.default_rng(0), quality(model, x, y)[0], []
    for i in range(x.shape[1]):
        other = x.copy()
        rng.shuffle(other[:, i])
        result.append(round(base - quality(model, other, y)[0], 1))
    return result


def main() -> None:
    train, test = draw_parcels(TRAIN_ROWS, 1), draw_parcels(TEST_ROWS, 2)
    own, known = (late_rate(train.sender, train.y, p.sender) for p in (train, test))
    a, b = np.column_stack([train.x, own]), np.column_stack([test.x, known])
    folds = np.column_stack([train.x, out_of_fold(train, 20.0)])
    fair = np.column_stack([test.x, late_rate(train.sender, train.y, test.sender, 20.0)])
    model = fit(a, train.y)
    groups = {"train": size_groups(train, train.sender), "test": size_groups(train, test.sender)}
    sizes = [1_000, 3_000, 10_000, 30_000]
    curve = {}
    for n in sizes:
        part = Parcels(*(f[:n] for f in train))
        own_n, known_n = (late_rate(part.sender, part.y, p.sender) for p in (part, test))
        curve[n] = both(
            np.column_stack([part.x, own_n]), np.column_stack([test.x, known_n]), part, test
        )
    mixed_x, mixed_y = np.vstack([train.x, test.x]), np.repeat([0, 1], [TRAIN_ROWS, TEST_ROWS])
    half = np.random.default_rng(0).random(len(mixed_y)) < 0.5
    rival = fit(mixed_x[half], mixed_y[half])
    within = np.random.default_rng(5).random(TRAIN_ROWS) < 0.75
    numbers = {
        "train, test": [quality(model, a, train.y), quality(model, b, test.y)],
        "late share train, test": [round(100 * float(p.y.mean()), 1) for p in (train, test)],
        "without the column": both(train.x, test.x, train, test),
        "out of fold, smoothed": both(folds, fair, train, test),
        "small trees": both(a, b, train, test, max_iter=30, max_leaf_nodes=4, l2_regularization=50),
        "smaller trees": both(
            a, b, train, test, max_iter=40, max_leaf_nodes=8, l2_regularization=10
        ),
        "larger": both(a, b, train, test, max_iter=300, max_leaf_nodes=63),
        "small trees without the column": both(
            train.x, test.x, train, test, max_iter=60, max_leaf_nodes=8
        ),
        "random split of the training period, column from all": [
            quality(fit(a[within], train.y[within]), a[~within], train.y[~within])
        ],
        "column auc: train, test, out of fold": [
            column_auc(own, train.y),
            column_auc(known, test.y),
            column_auc(folds[:, 6], train.y),
        ],
        "shares by sender size": {
            k: {n: round(100 * float(m.mean()), 1) for n, m in g.items()} for k, g in groups.items()
        },
        "accuracy by sender size": {
            k: {n: quality(model, x[m], p.y[m])[0] for n, m in groups[k].items() if m.sum() > 50}
            for k, x, p in (("train", a, train), ("test", b, test))
        },
        "senders with 1 / up to 3 parcels": [
            round(100 * float(v), 1)
            for c in [np.bincount(train.sender)]
            for c in [c[c > 0]]
            for v in ((c == 1).mean(), (c <= 3).mean())
        ],
        "number of senders in training": int((np.bincount(train.sender) > 0).sum()),
        "lost by shuffling: train, test": [
            dict(zip(NAMES, lost(model, x, y), strict=True)) for x, y in ((a, train.y), (b, test.y))
        ],
        "learning curve": curve,
        "spread of the column: train, test": [
            [
                round(100 * float(v), 1)
                for v in ((c == 0).mean(), (c == 1).mean(), ((c > 0) & (c < 1)).mean())
            ]
            for c in (own, known)
        ],
        "means train, test": {
            n: [round(float(v), 2) for v in (train.x[:, i].mean(), test.x[:, i].mean())]
            for i, n in enumerate(NAMES[:6])
        },
        "test told from train": round(
            float(roc_auc_score(mixed_y[~half], rival.predict_proba(mixed_x[~half])[:, 1])), 3
        ),
        "rows by hand": [
            [
                int(np.bincount(train.sender)[train.sender[i]]),
                bool(train.y[i]),
                round(float(own[i]), 2),
            ]
            for i in range(12)
        ],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
