"""Camera check of solder joints after the defects became rare: the numbers of the scenario.

Good and bad joints look as before, there are only fewer bad ones. A calibrated model keeps its
ranking and overstates the risk. Invariant: every number in the scenario's facts is printed here
(about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

WEEKS = {f"w{i}": 0.08 if i < 5 else 0.02 for i in range(1, 9)}  # real share of bad joints
THRESHOLD, WEEKLY = 0.2, 25_000  # a missed defect costs four times a needless check
BINS = [0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0]


class Joints(NamedTuple):
    """Measures taken from the image, and whether the joint is bad."""

    x: np.ndarray
    y: np.ndarray


def draw(rows: int, rate: float, seed: int) -> Joints:
    rng = np.random.default_rng(seed)
    y = rng.random(rows) < rate
    x = rng.normal(size=(rows, 6))
    x[:, :4] += np.where(y[:, None], [1.25, 1.1, -0.9, 0.7], 0.0)
    return Joints(x, y)


def fit(data: Joints) -> LogisticRegression:
    return LogisticRegression().fit(np.hstack([data.x, data.x**2]), data.y)


def log_odds(model: LogisticRegression, x: np.ndarray) -> np.ndarray:
    return np.asarray(model.decision_function(np.hstack([x, x**2])))


def risk(odds: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-odds)))


def percent(mask: np.ndarray) -> float:
    return round(100 * float(mask.mean()), 1)


def judged(p: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Return rates in percent at the threshold, and the cost per thousand joints."""
    flag = p >= THRESHOLD
    return {
        "flagged": percent(flag),
        "precision": percent(y[flag]),
        "recall": percent(flag[y]),
        "good flagged": percent(flag[~y]),
        "cost": round(1000 * float((flag & ~y).mean() + 4 * (~flag & y).mean()), 1),
        "mean": percent(p),
        "real": percent(y),
        "auc": round(float(roc_auc_score(y, p)), 3),
    }


def reliability(p: np.ndarray, y: np.ndarray) -> list[list[float]]:
    """Return joints, mean prediction and real rate in percent for each range of predictions."""
    place = np.digitize(p, BINS[1:-1])
    return [
        [int((place == b).sum()), percent(p[place == b]), percent(y[place == b])]
        for b in range(len(BINS) - 1)
    ]


def estimated_rate(p: np.ndarray, prior: float) -> float:
    """Return the share of bad joints estimated from predictions alone (Saerens, EM)."""
    rate = prior
    for _ in range(500):
        up, down = p * rate / prior, (1 - p) * (1 - rate) / (1 - prior)
        rate = float((up / (up + down)).mean())
    return rate


def shifted(odds: np.ndarray, old: float, new: float) -> np.ndarray:
    """Return the log-odds with the old share of bad joints exchanged for the new one."""
    return np.asarray(odds + np.log(new / (1 - new)) - np.log(old / (1 - old)))


def told_apart(a: np.ndarray, b: np.ndarray) -> float:
    """Return how well a classifier tells b from a on rows it has not seen."""
    n = min(len(a), len(b))
    x, y = np.vstack([a[:n], b[:n]]), np.repeat([0, 1], n)
    half = np.random.default_rng(0).random(len(y)) < 0.5
    model = HistGradientBoostingClassifier(max_iter=30, random_state=0).fit(x[half], y[half])
    return round(float(roc_auc_score(y[~half], model.predict_proba(x[~half])[:, 1])), 3)


def main() -> None:
    train = draw(100_000, 0.08, 1)
    model = fit(train)
    weeks = {n: draw(WEEKLY, rate, 10 + i) for i, (n, rate) in enumerate(WEEKS.items())}
    before, after = (
        Joints(*(np.concatenate(c) for c in zip(*part, strict=True)))
        for part in (list(weeks.values())[:4], list(weeks.values())[4:])
    )
    odds = {n: log_odds(model, d.x) for n, d in (("before", before), ("after", after))}
    prior = float(train.y.mean())
    new_rate = estimated_rate(risk(odds["after"][:WEEKLY]), prior)  # from week 5, without labels
    recent = fit(weeks["w5"])
    tested = Joints(*(part[WEEKLY:] for part in after))
    raw = log_odds(model, tested.x)
    trials = {
        "in use": risk(raw),
        "offset": risk(shifted(raw, prior, new_rate)),
        "offset with the hand-checked rate": risk(shifted(raw, prior, float(weeks["w5"].y.mean()))),
        "retrained on one week": risk(log_odds(recent, tested.x)),
    }
    quantile = float(np.quantile(risk(raw), 1 - percent(risk(odds["before"]) >= THRESHOLD) / 100))
    numbers = {
        "weeks": {n: judged(risk(log_odds(model, d.x)), d.y) for n, d in weeks.items()},
        "before, after": [
            judged(risk(odds[n]), d.y) for n, d in (("before", before), ("after", after))
        ],
        "train": judged(risk(log_odds(model, train.x)), train.y),
        "reliability before, after": [
            reliability(risk(odds[n]), d.y) for n, d in (("before", before), ("after", after))
        ],
        "estimated rate, prior": [round(100 * new_rate, 2), round(100 * prior, 2)],
        "offset of log-odds": round(float(shifted(np.zeros(1), prior, new_rate)[0]), 2),
        "raw threshold that equals 0.2": round(
            float(risk(shifted(np.log([0.25]), new_rate, prior))[0]), 3
        ),
        "trials": {n: judged(p, tested.y) for n, p in trials.items()},
        "threshold for the old share of flags": [
            round(quantile, 3),
            percent(tested.y[risk(raw) >= quantile]),
            percent((risk(raw) >= quantile)[tested.y]),
        ],
        "told apart: all, good only, bad only": [
            told_apart(before.x, after.x),
            told_apart(before.x[~before.y], after.x[~after.y]),
            told_apart(before.x[before.y], after.x[after.y]),
        ],
        "mean score of good, bad before, after": [
            [percent(risk(odds[n])[~d.y]), percent(risk(odds[n])[d.y])]
            for n, d in (("before", before), ("after", after))
        ],
        "means of measures before, after": [
            [round(float(v), 3) for v in d.x.mean(axis=0)] for d in (before, after)
        ],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
