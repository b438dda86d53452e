"""Click model that learns where things were put: the numbers of the scenario.

While the log was written, three own-brand items were pinned on top of every page, and visitors
mostly look at the top, so own brand was clicked without being liked. The pins end before the
test. Invariant: every number in the scenario's facts is printed here (about twenty seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

LISTED, PINNED, OWN_SHARE = 16, 3, 0.25
SEEN = 0.8 ** np.arange(LISTED)
MATCH, RATING, PRICE, OWN = range(4)


class Pages(NamedTuple):
    """Pages x candidates x features, and the chance of a click when an item is looked at."""

    x: np.ndarray
    likes: np.ndarray

    def rows(self, own: bool) -> np.ndarray:
        """Return one row per candidate; without `own`, the old model's columns."""
        return self.x.reshape(-1, 4)[:, : 4 if own else 3]


def draw_pages(count: int, seed: int) -> Pages:
    rng = np.random.default_rng(seed)
    shape = (count, LISTED)
    own = rng.random(shape) < OWN_SHARE
    match, rating, price = rng.normal(size=shape), rng.normal(4, 0.4, shape), rng.normal(size=shape)
    logit = -2.0 + 0.6 * match + 0.6 * (rating - 4) - 0.2 * price - 0.3 * own
    return Pages(np.stack([match, rating, price, own], axis=-1), 1 / (1 + np.exp(-logit)))


def show(
    pages: Pages, scores: np.ndarray, seed: int, pins: int = PINNED
) -> tuple[np.ndarray, np.ndarray]:
    """Show each page in order of score below its pins; return place and click of every item."""
    rng = np.random.default_rng(seed)
    own = pages.x[:, :, OWN] > 0
    turn = np.where(own, rng.random(own.shape), -1.0)  # merchandisers do not look at the score
    among_own = np.argsort(np.argsort(-turn, axis=1), axis=1)
    lifted = scores + 1e3 * (own & (among_own < pins))
    place = np.argsort(np.argsort(-lifted, axis=1), axis=1)
    return place, rng.random(place.shape) < SEEN[place] * pages.likes


def fit(x: np.ndarray, clicks: np.ndarray) -> HistGradientBoostingClassifier:
    model = HistGradientBoostingClassifier(max_iter=50, max_leaf_nodes=15, random_state=0)
    return model.fit(x, clicks.ravel())


def score(model: HistGradientBoostingClassifier, pages: Pages, own: bool) -> np.ndarray:
    return np.asarray(model.predict_proba(pages.rows(own))[:, 1]).reshape(-1, LISTED)


def auc(scores: np.ndarray, clicks: np.ndarray, weight: np.ndarray | None = None) -> float:
    flat = None if weight is None else weight.ravel()
    return round(float(roc_auc_score(clicks.ravel(), scores.ravel(), sample_weight=flat)), 3)


def change(b: np.ndarray, a: np.ndarray) -> list[float]:
    """Return the change of clicks per page in percent with its 95% interval."""
    a, b = a.sum(axis=1), b.sum(axis=1)
    ratio = b.mean() / a.mean()
    spread = (
        1.96
        * ratio
        * np.hypot(a.std() / a.mean() / len(a) ** 0.5, b.std() / b.mean() / len(b) ** 0.5)
    )
    return [round(100 * float(ratio - 1 + s), 1) for s in (0.0, -spread, spread)]


def by_place(place: np.ndarray, values: np.ndarray, rows: np.ndarray | None = None) -> list[float]:
    """Return the mean of `values` in percent at each of the first ten places."""
    chosen = np.ones(place.shape, bool) if rows is None else rows
    return [round(100 * float(values[(place == p) & chosen].mean()), 1) for p in range(10)]


def by_kind(place: np.ndarray, clicks: np.ndarray, own: np.ndarray) -> list[list[float]]:
    """Return click rate in percent and mean place of own-brand and other items."""
    return [
        [round(100 * float(clicks[m].mean()), 2), round(float(place[m].mean()) + 1, 1)]
        for m in (own, ~own)
    ]


def weights(place: np.ndarray, clicks: np.ndarray) -> np.ndarray:
    """Return one over the chance that the place of a click is looked at."""
    return np.asarray(np.where(clicks, 1 / SEEN[place], 1.0))


def main() -> None:
    early, log, test, mixed = (
        draw_pages(n, i) for i, n in enumerate((20_000, 30_000, 20_000, 20_000))
    )
    _, early_clicks = show(early, np.random.default_rng(9).random((20_000, LISTED)), 10, pins=0)
    old = fit(early.rows(False), early_clicks)
    log_place, log_clicks = show(log, score(old, log, False), 11)
    test_place, test_clicks = show(test, score(old, test, False), 12)
    mixed_place, mixed_clicks = show(
        mixed, np.random.default_rng(8).random((20_000, LISTED)), 13, pins=0
    )
    new, plain = fit(log.rows(True), log_clicks), fit(log.rows(False), log_clicks)
    model = HistGradientBoostingClassifier(max_iter=50, max_leaf_nodes=15, random_state=0)
    fair = model.fit(
        log.rows(True), log_clicks.ravel(), sample_weight=weights(log_place, log_clicks).ravel()
    )
    a, b = draw_pages(70_000, 20), draw_pages(70_000, 21)
    a_place, a_clicks = show(a, score(old, a, False), 22, pins=0)
    b_place, b_clicks = show(b, score(new, b, True), 23, pins=0)
    own = {n: p.x[:, :, OWN] > 0 for n, p in (("a", a), ("b", b), ("test", test), ("mixed", mixed))}
    arms = (
        (score(old, test, False), score(new, test, True)),
        (score(old, mixed, False), score(new, mixed, True)),
    )
    free = test_place >= PINNED
    numbers = {
        "log auc: old, new": [auc(s, test_clicks) for s in arms[0]],
        "log auc below the pins": [auc(s[free], test_clicks[free]) for s in arms[0]],
        "shuffled auc: old, new": [auc(s, mixed_clicks) for s in arms[1]],
        "weighted log auc: old, new": [
            auc(s, test_clicks, weights(test_place, test_clicks)) for s in arms[0]
        ],
        "train auc": auc(score(new, log, True), log_clicks),
        "weighted training: log, shuffled": [
            auc(score(fair, p, True), c) for p, c in ((test, test_clicks), (mixed, mixed_clicks))
        ],
        "same log without own_brand: log, shuffled": [
            auc(score(plain, p, False), c) for p, c in ((test, test_clicks), (mixed, mixed_clicks))
        ],
        "clicks per page": [round(float(c.sum(axis=1).mean()), 3) for c in (a_clicks, b_clicks)],
        "change": change(b_clicks, a_clicks),
        "change, weighted training": change(show(b, score(fair, b, True), 23, pins=0)[1], a_clicks),
        "change, without own_brand": change(
            show(b, score(plain, b, False), 23, pins=0)[1], a_clicks
        ),
        "change by day": [change(b_clicks[i::14], a_clicks[i::14])[0] for i in range(14)],
        "own share by place: control, treatment": [
            by_place(p, own[n]) for n, p in (("a", a_place), ("b", b_place))
        ],
        "click rate by place: log, shuffled": [
            by_place(p, c) for p, c in ((test_place, test_clicks), (mixed_place, mixed_clicks))
        ],
        "click rate by place: control, treatment": [
            by_place(p, c) for p, c in ((a_place, a_clicks), (b_place, b_clicks))
        ],
        "own, others in the log: click rate, mean place": by_kind(
            test_place, test_clicks, own["test"]
        ),
        "own, others shuffled": by_kind(mixed_place, mixed_clicks, own["mixed"]),
        "shuffled click rate by place: own, others": [
            by_place(mixed_place, mixed_clicks, m) for m in (own["mixed"], ~own["mixed"])
        ],
        "mean score own, others": [
            round(100 * float(arms[0][1][m].mean()), 1) for m in (own["test"], ~own["test"])
        ],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
