"""Restaurant ranking whose hour of day means another thing when serving: the numbers of the scenario.

Training reads the hour on the clock of the customer's city, serving the hour in UTC; the cities
differ in their offset. A visitor looks down the list and orders at most once. Invariant: every
number in the scenario's facts is printed here (about a minute).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

OFFSETS = {"London": 0, "Lisbon": 0, "Dubai": 4, "New York": -5, "Singapore": 8, "Sydney": 11}
SHARES = np.array([0.22, 0.08, 0.14, 0.26, 0.16, 0.14])
PEAKS = np.array([8.0, 12.5, 15.5, 19.0, 22.5])  # breakfast, lunch, cafe, dinner, late snack
HOURS = np.array([1, 1, 0, 0, 0, 1, 3, 6, 8, 7, 5, 9, 16, 14, 7, 6, 6, 9, 16, 20, 15, 9, 5, 2])
LISTED, EXAMINED = 10, 0.82


class Requests(NamedTuple):
    """Requests x listed restaurants; `hour` is local, `city` an index into OFFSETS."""

    hour: np.ndarray
    city: np.ndarray
    kind: np.ndarray
    rating: np.ndarray
    taste: np.ndarray
    minutes: np.ndarray
    appeal: np.ndarray

    def features(self, hour: np.ndarray | None) -> np.ndarray:
        """Return one row per listed restaurant; without `hour`, the old model's columns."""
        columns = [self.kind, self.rating, self.taste, self.minutes]
        if hour is not None:
            columns.append(np.repeat(hour[:, None], LISTED, axis=1))
        return np.column_stack([c.ravel() for c in columns])

    @property
    def utc_hour(self) -> np.ndarray:
        """Return the hour in UTC."""
        return np.asarray((self.hour - np.array(list(OFFSETS.values()))[self.city]) % 24)


def draw_requests(rows: int, seed: int) -> Requests:
    """Draw requests and how much each listed restaurant appeals."""
    rng = np.random.default_rng(seed)
    hour, city = (
        rng.choice(24, rows, p=HOURS / HOURS.sum()),
        rng.choice(len(SHARES), rows, p=SHARES),
    )
    kind = rng.integers(0, len(PEAKS), (rows, LISTED))
    rating, taste = rng.normal(4.1, 0.4, (rows, LISTED)), rng.normal(size=(rows, LISTED))
    minutes = rng.gamma(9, 3.5, (rows, LISTED))
    gap = np.abs(hour[:, None] - PEAKS[kind])
    fit = np.exp(-((np.minimum(gap, 24 - gap) / 2.5) ** 2))
    appeal = -4.1 + 0.7 * (rating - 4.1) + 0.85 * taste - 0.03 * (minutes - 31) + 2.2 * fit
    return Requests(hour, city, kind, rating, taste, minutes, appeal)


def serve(requests: Requests, scores: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Show the list in order of score; return whether a request ordered, and seen-and-ordered flags.

    A visitor looks at the next place with a fixed probability and stops at the first order. The
    second array is -1 for what was never seen.
    """
    rng = np.random.default_rng(seed)
    rows = len(requests.hour)
    order = np.argsort(-scores.reshape(rows, LISTED), axis=1)
    chance = np.take_along_axis(1 / (1 + np.exp(-requests.appeal)), order, axis=1)
    looks = np.cumprod(rng.random((rows, LISTED)) < EXAMINED, axis=1).astype(bool)
    wants = (rng.random((rows, LISTED)) < chance) & looks
    first = np.where(wants.any(axis=1), wants.argmax(axis=1), LISTED)
    seen = looks & (np.arange(LISTED)[None, :] <= first[:, None])
    shown = np.where(seen, wants & (np.arange(LISTED)[None, :] == first[:, None]), -1)
    log = np.empty_like(shown)
    np.put_along_axis(log, order, shown, axis=1)
    return first < LISTED, log


def fit(x: np.ndarray, log: np.ndarray) -> HistGradientBoostingClassifier:
    """Fit on what was seen."""
    seen = log.ravel() >= 0
    model = HistGradientBoostingClassifier(learning_rate=0.1, max_iter=150, random_state=0)
    return model.fit(x[seen], log.ravel()[seen])


def score(model: HistGradientBoostingClassifier, x: np.ndarray) -> np.ndarray:
    return np.asarray(model.predict_proba(x)[:, 1])


def auc(scores: np.ndarray, log: np.ndarray) -> float:
    seen = log.ravel() >= 0
    return round(float(roc_auc_score(log.ravel()[seen], scores[seen])), 3)


def lift(b: np.ndarray, a: np.ndarray) -> float:
    """Return the change of conversion of b over a in percent."""
    return round(100 * float(b.mean() / a.mean() - 1), 1)


def interval(b: np.ndarray, a: np.ndarray) -> list[float]:
    """Return the 95% interval of the relative change in percent (delta method)."""
    p, q = float(a.mean()), float(b.mean())
    spread = 1.96 * np.sqrt((1 - q) / (q * len(b)) + (1 - p) / (p * len(a))) * q / p
    return [round(100 * (q / p - 1 - spread), 1), round(100 * (q / p - 1 + spread), 1)]


def mean_by_block(hour: np.ndarray) -> list[float]:
    """Return the share of requests in each block of four hours."""
    return [round(float((hour // 4 == block).mean()), 2) for block in range(6)]


def by_city(
    arm: Requests, log: np.ndarray, live: np.ndarray, offline: np.ndarray
) -> dict[str, list[float]]:
    """Return the replay AUC per city: scores as served, scores with features recomputed."""
    places = {city: arm.city == i for i, city in enumerate(OFFSETS)}
    return {
        city: [auc(s.reshape(-1, LISTED)[m].ravel(), log[m]) for s in (live, offline)]
        for city, m in places.items()
    }


def main() -> None:
    history, test = draw_requests(150_000, 1), draw_requests(60_000, 3)
    _, log = serve(history, np.random.default_rng(9).random(150_000 * LISTED), 2)
    old, new = fit(history.features(None), log), fit(history.features(history.hour), log)
    _, test_log = serve(test, score(old, test.features(None)), 4)
    arm_a, arm_b = draw_requests(200_000, 5), draw_requests(200_000, 6)
    a, _ = serve(arm_a, score(old, arm_a.features(None)), 7)
    live, offline = (score(new, arm_b.features(h)) for h in (arm_b.utc_hour, arm_b.hour))
    b, b_log = serve(arm_b, live, 8)
    right, _ = serve(arm_b, offline, 8)
    numbers = {
        "offline auc, old": auc(score(old, test.features(None)), test_log),
        "offline auc, new": auc(score(new, test.features(test.hour)), test_log),
        "conversion a, b": [round(float(x.mean()), 4) for x in (a, b)],
        "change, interval": [lift(b, a), *interval(b, a)],
        "change if the hour were right": lift(right, a),
        "change by city": {
            c: lift(b[arm_b.city == i], a[arm_a.city == i]) for i, c in enumerate(OFFSETS)
        },
        "change by day": [lift(b[i::14], a[i::14]) for i in range(14)],
        "replay auc, as served, recomputed": [auc(live, b_log), auc(offline, b_log)],
        "replay auc by city": by_city(arm_b, b_log, live, offline),
        "hour equal": round(float((arm_b.hour == arm_b.utc_hour).mean()), 2),
        "hour means": [round(float(h.mean()), 1) for h in (arm_b.hour, arm_b.utc_hour)],
        "other means": {
            n: round(float(getattr(arm_b, n).mean()), 2) for n in ("rating", "taste", "minutes")
        },
        "hour shares": [mean_by_block(h) for h in (history.hour, arm_b.utc_hour)],
        "mean score": [
            round(float(s.mean()), 3) for s in (score(new, test.features(test.hour)), live)
        ],
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
