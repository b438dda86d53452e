"""Click model after one client kept fewer views without a click in its log: the numbers.

The log keeps every click and a tenth of the other views, and the model's odds are divided by ten.
From day 8 on the Android client keeps one in twenty. The model is trained every night on the last
14 days. Invariant: every number in the scenario's facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

PLATFORMS = ["Android", "iOS", "web"]
SHARES, BASE = [0.5, 0.3, 0.2], np.array([-4.1, -3.8, -4.5])
DAILY, WINDOW, CHANGE, LAST, PRICE = 100_000, 14, 8, 28, 0.40


class Views(NamedTuple):
    """Features, platform and click of each view."""

    x: np.ndarray
    platform: np.ndarray
    y: np.ndarray


class Log(NamedTuple):
    """The views that were kept, and how many views each stands for."""

    views: Views
    stands_for: np.ndarray


def draw(day: int) -> Views:
    """Draw all views of one day; days before 1 are history."""
    rng = np.random.default_rng(1000 + day)
    platform = rng.choice(3, DAILY, p=SHARES)
    numbers = rng.normal(size=(DAILY, 4))
    logit = BASE[platform] + numbers @ np.array([0.7, -0.4, 0.3, 0.2])
    y = rng.random(DAILY) < 1 / (1 + np.exp(-logit))
    return Views(np.hstack([numbers, platform[:, None] == np.arange(3)]), platform, y)


def keep(views: Views, day: int) -> Log:
    """Keep all clicks and one in ten (Android since the change: twenty) of the other views."""
    rng = np.random.default_rng(5000 + day)
    one_in = np.where((views.platform == 0) & (day >= CHANGE), 20, 10)
    rows = views.y | (rng.random(DAILY) < 1 / one_in)
    kept = Views(*(v[rows] for v in views))
    return Log(kept, np.where(kept.y, 1, one_in[rows]))


def pooled(logs: list[Log]) -> Log:
    views = Views(*(np.concatenate(c) for c in zip(*(log.views for log in logs), strict=True)))
    return Log(views, np.concatenate([log.stands_for for log in logs]))


def fit(log: Log, weighted: bool = False) -> LogisticRegression:
    model = LogisticRegression(C=100, max_iter=300)
    return model.fit(log.views.x, log.views.y, sample_weight=log.stands_for if weighted else None)


def rate(model: LogisticRegression, x: np.ndarray, one_in: float = 10) -> np.ndarray:
    """Return click rates, with the odds divided by the assumed sampling."""
    return np.asarray(1 / (1 + np.exp(-(model.decision_function(x) - np.log(one_in)))))


def ratio(scores: np.ndarray, views: Views, rows: np.ndarray | None = None) -> float:
    """Return predicted clicks by real clicks."""
    rows = np.ones(len(views.y), bool) if rows is None else rows
    return round(float(scores[rows].sum() / views.y[rows].sum()), 2)


def auc(scores: np.ndarray, views: Views, rows: np.ndarray | None = None) -> float:
    rows = np.ones(len(views.y), bool) if rows is None else rows
    return round(float(roc_auc_score(views.y[rows], scores[rows])), 3)


def by_platform(scores: np.ndarray, views: Views) -> dict[str, list[float]]:
    """Return real and predicted click rate in percent, their ratio, and the AUC."""
    table = {}
    for i, name in enumerate(PLATFORMS):
        r = views.platform == i
        rates = [round(100 * float(v[r].mean()), 2) for v in (views.y, scores)]
        table[name] = [*rates, ratio(scores, views, r), auc(scores, views, r)]
    return table


def by_fifth(scores: np.ndarray, views: Views) -> list[list[float]]:
    """Return predicted and real click rate in percent by fifths of the Android score."""
    rows = np.flatnonzero(views.platform == 0)
    parts = np.array_split(rows[np.argsort(scores[rows])], 5)
    return [[round(100 * float(v[p].mean()), 2) for v in (scores, views.y)] for p in parts]


def kept_rows(days: list[Log]) -> dict[str, list[int]]:
    """Return the clicks and other views kept per day and platform."""
    log = pooled(days).views
    masks = [(log.platform == i) & (log.y == c) for i in range(3) for c in (True, False)]
    names = [f"{n} {kind}" for n in PLATFORMS for kind in ("clicks", "others")]
    return dict(zip(names, [[round(float(m.sum()) / len(days))] for m in masks], strict=True))


def main() -> None:
    days = {d: draw(d) for d in range(1 - WINDOW, LAST + 1)}
    logs = {d: keep(v, d) for d, v in days.items()}
    models = {d: fit(pooled([logs[t] for t in range(d - WINDOW, d)])) for d in range(1, LAST + 1)}
    scores = {d: rate(m, days[d].x) for d, m in models.items()}
    early, late = (
        Views(*(np.concatenate(c) for c in zip(*(days[d] for d in part), strict=True)))
        for part in (range(1, 8), range(22, 29))
    )
    s_early = np.concatenate([scores[d] for d in range(1, 8)])
    s_late = np.concatenate([scores[d] for d in range(22, 29)])
    frozen = rate(models[8], late.x)
    window = [logs[t] for t in range(8, 22)]
    recent, weighted = fit(pooled(window[-3:])), fit(pooled(window), weighted=True)
    numbers = {
        "cost per click by day": [round(PRICE * ratio(scores[d], days[d]), 2) for d in scores],
        "ratio by day": [ratio(scores[d], days[d]) for d in scores],
        "android ratio by day": [ratio(scores[d], days[d], days[d].platform == 0) for d in scores],
        "week 1": by_platform(s_early, early),
        "week 4": by_platform(s_late, late),
        "all, week 1, 4 (ratio, auc)": [
            [ratio(s_early, early), auc(s_early, early)],
            [ratio(s_late, late), auc(s_late, late)],
        ],
        "click rate week 1, 4": [round(100 * float(v.y.mean()), 2) for v in (early, late)],
        "android by fifth, week 4": by_fifth(s_late, late),
        "kept per day, week 1": kept_rows([logs[d] for d in range(1, 8)]),
        "kept per day, week 4": kept_rows([logs[d] for d in range(22, 29)]),
        "means week 1, 4": [[round(float(m), 2) for m in v.x.mean(axis=0)] for v in (early, late)],
        "frozen model of day 8, week 4": [
            ratio(frozen, late),
            auc(frozen, late),
            by_platform(frozen, late),
        ],
        "trained on the last 3 days": ratio(rate(recent, late.x), late),
        "weighted rows, week 4": [
            ratio(rate(weighted, late.x, 1), late),
            by_platform(rate(weighted, late.x, 1), late),
        ],
        "offline test on the log, week 1, 4": [
            auc(rate(models[d], logs[d].views.x), logs[d].views) for d in (8, 28)
        ],
        "offline calibration on the log, day 28": ratio(
            rate(models[28], logs[28].views.x, 1), logs[28].views
        ),
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
