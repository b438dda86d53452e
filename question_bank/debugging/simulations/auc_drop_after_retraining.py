"""Purchase model whose order history is lost for one platform: the numbers of the scenario.

Two worlds that differ in the join and, a little, in the share of new customers. The world "june"
fills the history of app customers with zeros, as a left join without a match followed by a fill
does. Invariant: every number in the scenario's facts is printed here (about half a minute).
"""

from __future__ import annotations

import json
import sys
from typing import Any, NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.inspection import permutation_importance
from sklearn.metrics import roc_auc_score

HISTORY = ["orders_90d", "spend_90d", "categories_90d", "avg_basket"]
OTHER = ["sessions_7d", "tenure_days", "newsletter", "discount_seen", "on_app"]
NAMES = HISTORY + OTHER
TRAIN_ROWS, TEST_ROWS = 60_000, 30_000


class Week(NamedTuple):
    """Rows of one period; `app`, `country` and `new` mark the slices."""

    x: np.ndarray
    y: np.ndarray
    app: np.ndarray
    country: np.ndarray
    new: np.ndarray


def draw_week(rows: int, seed: int, new_share: float, joined: bool) -> Week:
    """Draw customers, their features and whether they order within seven days."""
    rng = np.random.default_rng(seed)
    app = rng.random(rows) < 0.62
    new = rng.random(rows) < new_share
    loyalty = rng.normal(size=rows) - 0.5 * new
    orders = rng.poisson(np.exp(0.35 + 1.1 * loyalty))
    size = rng.normal(size=rows)
    basket = np.where(orders > 0, np.exp(3.4 + 0.5 * size), 0.0)
    sessions = rng.poisson(np.exp(0.9 + 0.1 * loyalty + 0.4 * rng.normal(size=rows)))
    tenure = np.where(new, rng.uniform(0, 60, rows), rng.uniform(60, 1500, rows))
    discount = rng.random(rows) < 0.3
    logit = -4.4 + 1.5 * np.log1p(orders) - 0.6 * size + 0.06 * sessions + 0.35 * discount
    logit += 0.3 * loyalty
    y = (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(int)
    history = np.column_stack([orders, orders * basket, np.ceil(0.6 * orders), basket])
    if not joined:
        history[app] = 0.0
    newsletter = rng.random(rows) < 1 / (1 + np.exp(0.5 - 0.4 * loyalty))
    other = np.column_stack([sessions, tenure, newsletter, discount, app])
    return Week(np.hstack([history, other]), y, app, rng.integers(0, 3, rows), new)


def fit(week: Week, learning_rate: float = 0.06) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(
        learning_rate=learning_rate, max_iter=150, max_leaf_nodes=15, random_state=0
    )
    return model.fit(week.x, week.y)


def auc(model: HistGradientBoostingClassifier, week: Week, rows: Any = slice(None)) -> float:
    scores = model.predict_proba(week.x[rows])[:, 1]
    return round(float(roc_auc_score(week.y[rows], scores)), 2)


def slices(model: HistGradientBoostingClassifier, week: Week) -> dict[str, list[float]]:
    """Return AUC and share of rows per slice."""
    masks = {"web": ~week.app, "app": week.app, "new": week.new, "known": ~week.new}
    masks |= {name: week.country == i for i, name in enumerate(("de", "fr", "uk"))}
    return {k: [auc(model, week, m), round(float(m.mean()), 2)] for k, m in masks.items()}


def feature_table(week: Week) -> dict[str, list[float]]:
    """Return mean and share of zeros per feature."""
    means, zeros = week.x.mean(axis=0), (week.x == 0).mean(axis=0)
    return {
        n: [round(float(m), 2), round(float(z), 2)]
        for n, m, z in zip(NAMES, means, zeros, strict=True)
    }


def importance(model: HistGradientBoostingClassifier, week: Week) -> dict[str, float]:
    """Return the AUC lost when one feature is shuffled."""
    lost = permutation_importance(
        model, week.x, week.y, scoring="roc_auc", n_repeats=2, random_state=0, max_samples=10_000
    ).importances_mean
    return {n: round(max(float(v), 0.0), 3) for n, v in zip(NAMES, lost, strict=True)}


def reweighted(model: HistGradientBoostingClassifier, may: Week, june: Week) -> float:
    """Return June's AUC with new and known customers weighted back to May's shares."""
    weight = np.where(
        june.new, may.new.mean() / june.new.mean(), (~may.new).mean() / (~june.new).mean()
    )
    scores = model.predict_proba(june.x)[:, 1]
    return round(float(roc_auc_score(june.y, scores, sample_weight=weight)), 2)


def top_decile(model: HistGradientBoostingClassifier, week: Week) -> float:
    """Return the share of orders among the tenth of customers with the highest scores."""
    top = np.argsort(-model.predict_proba(week.x)[:, 1])[: len(week.y) // 10]
    return round(float(week.y[top].mean()), 2)


def by_platform(week: Week) -> dict[str, list[float]]:
    """Return mean and share of zeros of orders_90d and sessions_7d on the web and in the app."""
    groups = {"web": week.x[~week.app], "app": week.x[week.app]}
    return {
        f"{name}, {NAMES[i]}": [
            round(float(x[:, i].mean()), 2),
            round(float((x[:, i] == 0).mean()), 2),
        ]
        for i in (0, 4)
        for name, x in groups.items()
    }


def daily_zeros() -> list[float]:
    """Return the share of customers with zero orders_90d on 14 days around the step."""
    return [
        round(float((draw_week(4_000, 100 + day, 0.12, joined=day < 7).x[:, 0] == 0).mean()), 2)
        for day in range(14)
    ]


def main() -> None:
    may_train, may = draw_week(TRAIN_ROWS, 1, 0.12, True), draw_week(TEST_ROWS, 2, 0.12, True)
    june_train, june = draw_week(TRAIN_ROWS, 3, 0.19, False), draw_week(TEST_ROWS, 4, 0.19, False)
    old, new = fit(may_train, 0.03), fit(june_train)
    runs = [
        auc(fit(draw_week(20_000, s, 0.12, True)), draw_week(10_000, s + 1, 0.12, True))
        for s in (10, 20, 30, 40, 50)
    ]
    numbers = {
        "earlier runs": runs,
        "old model": {"may": auc(old, may), "june": auc(old, june)},
        "new model": {"may": auc(new, may), "june": auc(new, june)},
        "train auc": {"may": auc(old, may_train), "june": auc(new, june_train)},
        "other learning rate": auc(fit(june_train, 0.03), june),
        "slices may": slices(old, may), "slices june": slices(new, june),
        "base rate": {
            n: [round(float(w.y[m].mean()), 3) for m in (slice(None), ~w.app, w.app)]
            for n, w in (("may", may), ("june", june))
        },
        "features may": feature_table(may), "features june": feature_table(june),
        "importance may": importance(old, may), "importance june": importance(new, june),
        "platforms may": by_platform(may), "platforms june": by_platform(june),
        "orders in top decile, old model": [top_decile(old, may), top_decile(old, june)],
        "june reweighted to may": reweighted(new, may, june),
        "daily zeros": daily_zeros(),
    }  # fmt: skip
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
