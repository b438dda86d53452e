"""Job ranker whose occupation codes moved by one place: the numbers of the scenario.

The code of an occupation is its place in a sorted list. A new name in the list moves all names
behind it, while the model keeps the weights of the old places. Invariant: every number in the
scenario's facts is printed here (about five seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

NAMES = (
    "Accountant Architect Baker Bricklayer Carpenter Chef Cleaner Dentist Driver Electrician "
    "Florist Gardener Hairdresser Interpreter Janitor Lawyer Mechanic Nurse Optician Painter "
    "Pharmacist Plumber Receptionist Roofer Secretary Tailor Teacher Translator Waiter Welder"
)
OLD = NAMES.split()
NEW = sorted([*OLD, "Drone pilot"])
NEWCOMER = NEW.index("Drone pilot")
DAILY, DAYS, STEP = 15_000, 14, 7


class Views(NamedTuple):
    """Numbers of a view, the name (an index into NEW), and whether the visitor applied."""

    x: np.ndarray
    name: np.ndarray
    y: np.ndarray


def effects() -> tuple[np.ndarray, np.ndarray]:
    """Return how willing to apply and how frequent each occupation of NEW is."""
    rng = np.random.default_rng(10)
    return rng.normal(0, 1.1, len(NEW)), rng.gamma(3, 1.0, len(NEW))


def draw(rows: int, seed: int, newcomer: bool) -> Views:
    rng = np.random.default_rng(seed)
    effect, size = effects()
    size[NEWCOMER] = 0.005 * size.sum() if newcomer else 0.0
    name = rng.choice(len(NEW), rows, p=size / size.sum())
    distance, salary = rng.gamma(1.5, 8, rows), rng.normal(0, 1, rows)
    days, remote = rng.integers(0, 30, rows), rng.random(rows) < 0.2
    logit = -2.2 + effect[name] - 0.04 * distance + 0.5 * salary - 0.03 * days + 0.5 * remote
    y = rng.random(rows) < 1 / (1 + np.exp(-logit))
    return Views(np.column_stack([distance / 10, salary, days / 10, remote]), name, y)


def codes(views: Views, after: bool) -> np.ndarray:
    """Return the place of each view's occupation in the list of the day."""
    return views.name if after else views.name - (views.name > NEWCOMER)


def features(views: Views, code: np.ndarray, width: int = len(OLD)) -> np.ndarray:
    """Return numbers and one column per code; a code beyond the last column sets none."""
    return np.hstack([views.x, (code[:, None] == np.arange(width)).astype(float)])


def score(model: LogisticRegression, x: np.ndarray) -> np.ndarray:
    return np.asarray(model.predict_proba(x)[:, 1])


def auc(y: np.ndarray, scores: np.ndarray) -> float:
    return round(float(roc_auc_score(y, scores)), 3)


def within(views: Views, scores: np.ndarray) -> float:
    """Return the mean AUC inside one occupation, over all that were there before."""
    rows = [views.name == n for n in range(len(NEW)) if n != NEWCOMER]
    return round(float(np.mean([roc_auc_score(views.y[r], scores[r]) for r in rows])), 3)


def joined(days: list[Views]) -> Views:
    return Views(*(np.concatenate(c) for c in zip(*days, strict=True)))


def stability(a: np.ndarray, b: np.ndarray) -> float:
    p, q = (np.bincount(v, minlength=len(NEW)) / len(v) for v in (a, b))
    kept = (p > 0) & (q > 0)
    return round(
        float(((q - p) * np.log(np.where(kept, q, 1) / np.where(kept, p, 1)))[kept].sum()), 3
    )


def by_name(views: Views, scores: np.ndarray) -> dict[str, list[float]]:
    """Return share of views, predicted and real rate of applying in percent, by occupation."""
    table = {}
    for i, name in enumerate(NEW):
        r = views.name == i
        if r.any():
            rates = (100 * r.mean(), 100 * scores[r].mean(), 100 * views.y[r].mean())
            table[name] = [round(float(v), 1) for v in rates]
    return table


def main() -> None:
    train = draw(150_000, 1, newcomer=False)
    model = LogisticRegression(C=10, max_iter=300).fit(
        features(train, codes(train, False)), train.y
    )
    days = [draw(DAILY, 20 + d, newcomer=d >= STEP) for d in range(DAYS)]
    served = [score(model, features(d, codes(d, i >= STEP))) for i, d in enumerate(days)]
    before, after = joined(days[:STEP]), joined(days[STEP:])
    scores = [np.concatenate(served[:STEP]), np.concatenate(served[STEP:])]
    known = after.name != NEWCOMER
    replay = score(model, features(after, codes(after, False)))
    early = known & (after.name < NEWCOMER)
    late = known & (after.name > NEWCOMER)
    old_early = before.name < NEWCOMER
    fresh, test = joined(days[STEP:-2]), joined(days[-2:])
    wide = len(NEW)
    new = LogisticRegression(C=10, max_iter=300).fit(features(fresh, fresh.name, wide), fresh.y)
    month = joined([draw(DAILY, 60 + d, newcomer=False) for d in range(25)])
    pooled = joined([month, fresh])
    mixed = np.concatenate([codes(month, False), fresh.name])
    both = LogisticRegression(C=10, max_iter=300).fit(features(pooled, mixed, wide), pooled.y)
    names = LogisticRegression(C=10, max_iter=300).fit(
        features(pooled, pooled.name, wide), pooled.y
    )
    wide_test = features(test, test.name, wide)
    numbers = {
        "auc by day": [auc(d.y, s) for d, s in zip(days, served, strict=True)],
        "auc before, after": [auc(before.y, scores[0]), auc(after.y, scores[1])],
        "rate real, predicted": [
            [round(100 * float(v.mean()), 1) for v in (d.y, s)]
            for d, s in zip((before, after), scores, strict=True)
        ],
        "within one occupation": [within(before, scores[0]), within(after, scores[1])],
        "A to D before, after": [
            auc(before.y[old_early], scores[0][old_early]),
            auc(after.y[early], scores[1][early]),
        ],
        "E to Z before, after": [
            auc(before.y[~old_early], scores[0][~old_early]),
            auc(after.y[late], scores[1][late]),
        ],
        "share of E to Z": round(100 * float(late.mean()), 1),
        "without the newcomer": auc(after.y[known], scores[1][known]),
        "newcomer share": round(100 * float((~known).mean()), 2),
        "old codes": auc(after.y[known], replay[known]),
        "old codes, predicted": round(100 * float(replay[known].mean()), 1),
        "by occupation before": by_name(before, scores[0]),
        "by occupation after": by_name(after, scores[1]),
        "codes": {n: [OLD.index(n) if n in OLD else -1, NEW.index(n)] for n in NEW},
        "psi of the code": stability(codes(before, False), codes(after, True)),
        "psi of the name": stability(before.name, after.name),
        "means of the others": [
            [round(float(v), 2) for v in d.x.mean(axis=0) * [10, 1, 10, 1]] for d in (before, after)
        ],
        "last two days: in use, five new days, 30 days, 30 days by name": [
            auc(test.y, np.concatenate(served[-2:])),
            *(auc(test.y, score(m, wide_test)) for m in (new, both, names)),
        ],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
