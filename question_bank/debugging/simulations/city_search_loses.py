"""A ranker that answers too late in large cities: the numbers of the scenario.

Hotel searches with few or many candidates. The new ranker orders them better, but its time grows
with their number, and after 300 ms the page shows the list by popularity. Invariant: every number
in the scenario's facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np

LIMIT, SHOWN, DAYS = 300.0, 10, 14
# Weight of true appeal in the scores of each list; the rest is noise.
NOISE = {"popularity": 1.6, "old": 0.85, "new": 0.71}
BANDS = {
    "under 50": (0, 50),
    "50 to 99": (50, 100),
    "100 to 199": (100, 200),
    "200 or more": (200, 9999),
}


class Searches(NamedTuple):
    """For each search its candidates, day, latency, whether late, and booking."""

    candidates: np.ndarray
    day: np.ndarray
    latency: np.ndarray
    late: np.ndarray
    booked: np.ndarray


def latency(arm: str, candidates: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return milliseconds until the ranker has answered."""
    fixed, each = {"old": (38.0, 0.10), "new": (52.0, 1.05)}[arm]
    return np.asarray((fixed + each * candidates) * np.exp(rng.normal(0, 0.25, len(candidates))))


def one_list(
    appeal: np.ndarray, noise: float, rng: np.random.Generator, length: int = SHOWN
) -> np.ndarray:
    """Return the appeal of the best hotels by noisy scores, in order."""
    order = np.argsort(-(appeal + rng.normal(0, noise, len(appeal))))
    return np.asarray(appeal[order[:length]])


def quality(shown: np.ndarray, appeal: np.ndarray) -> float:
    """Return NDCG at ten with gains that grow with appeal."""
    best = np.sort(appeal)[::-1][:SHOWN]
    discount = 1 / np.log2(np.arange(2, 2 + len(best)))
    return float((np.exp(shown) * discount).sum() / (np.exp(best) * discount).sum())


def draw(
    arm: str,
    count: int,
    seed: int,
    limit: float = LIMIT,
    fallback: str = "popularity",
    first: int = 10**9,
) -> Searches:
    """Draw the searches of one arm; late lists are replaced by those of `fallback`.

    The old ranker keeps the `first` candidates for the arm's own one.
    """
    rng = np.random.default_rng(seed)
    candidates = np.clip(rng.lognormal(4.75, 0.85, count), 12, 600).astype(int)
    day = np.sort(rng.integers(0, DAYS, count))
    times = latency(arm, np.minimum(candidates, first), rng)
    if first < candidates.max():
        times += latency("old", candidates, rng)
    late = times > limit
    chance = np.zeros(count)
    for i, n in enumerate(candidates):
        appeal = rng.normal(0, 1, n)
        if n > first and not late[i]:
            appeal = one_list(appeal, NOISE["old"], rng, first)
        shown = one_list(appeal, NOISE[fallback if late[i] else arm], rng)
        seen = np.exp(shown) / np.arange(2, 2 + len(shown)) ** 0.7
        chance[i] = 1 - np.exp(-0.0075 * seen.sum())
    booked = rng.random(count) < chance
    return Searches(candidates, day, times, late, booked)


def offline(count: int, seed: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return candidates and the NDCG of each list; the last one is cut to 60 by the old ranker."""
    rng = np.random.default_rng(seed)
    candidates = np.clip(rng.lognormal(4.75, 0.85, count), 12, 600).astype(int)
    found = {name: np.zeros(count) for name in (*NOISE, "cut")}
    for i, n in enumerate(candidates):
        appeal = rng.normal(0, 1, n)
        lists = {name: one_list(appeal, noise, rng) for name, noise in NOISE.items()}
        best = one_list(appeal, NOISE["old"], rng, 60)
        lists["cut"] = one_list(best, NOISE["new"], rng)
        for name, shown in lists.items():
            found[name][i] = quality(shown, appeal)
    return candidates, found


def percent(values: np.ndarray) -> float:
    return round(100 * float(values.mean()), 2)


def band(candidates: np.ndarray, name: str) -> np.ndarray:
    low, high = BANDS[name]
    return np.asarray((candidates >= low) & (candidates < high))


def change(old: np.ndarray, new: np.ndarray) -> list[float]:
    """Return the relative change in percent and half the width of its 95% interval."""
    a, b = old.mean(), new.mean()
    spread = b / a * np.sqrt((1 - a) / old.sum() + (1 - b) / new.sum())
    return [round(100 * float(b / a - 1), 1), round(100 * 1.96 * float(spread), 1)]


def main() -> None:
    count, fewer = 150_000, 75_000
    old, new = draw("old", count, 1), draw("new", count, 2)
    candidates, ndcg = offline(15_000, 3)
    patient = draw("new", fewer, 4, limit=1e9)
    gentle = draw("new", fewer, 5, fallback="old")
    cut = draw("new", fewer, 6, first=60)
    masks = {n: (band(old.candidates, n), band(new.candidates, n)) for n in BANDS}
    numbers = {
        "searches": [len(old.booked), len(new.booked)],
        "searches with a booking": [int(d.booked.sum()) for d in (old, new)],
        "offline ndcg": {n: round(float(v.mean()), 3) for n, v in ndcg.items()},
        "offline ndcg by candidates": {
            b: [round(float(v[band(candidates, b)].mean()), 3) for v in ndcg.values()]
            for b in BANDS
        },
        "booked": [percent(old.booked), percent(new.booked), change(old.booked, new.booked)],
        "booked by candidates": {
            b: [
                percent(old.booked[m]),
                percent(new.booked[k]),
                change(old.booked[m], new.booked[k]),
                percent(k),
            ]
            for b, (m, k) in masks.items()
        },
        "late in percent": {
            "all": [percent(old.late), percent(new.late)],
            **{b: [percent(old.late[m]), percent(new.late[k])] for b, (m, k) in masks.items()},
        },
        "latency: median, p95, p99": [
            [round(float(q)) for q in np.quantile(d.latency, (0.5, 0.95, 0.99))] for d in (old, new)
        ],
        "latency by candidates: median, p95": {
            b: [round(float(q)) for q in np.quantile(new.latency[k], (0.5, 0.95))]
            for b, (_, k) in masks.items()
        },
        "answered in time, late: booked": [
            percent(new.booked[~new.late]),
            percent(new.booked[new.late]),
        ],
        "late, by candidates: in time, late": {
            b: [percent(new.booked[k & ~new.late]), percent(new.booked[k & new.late])]
            for b, (_, k) in masks.items()
            if (k & new.late).any()
        },
        "by day": [
            change(old.booked[old.day == d], new.booked[new.day == d])[0] for d in range(DAYS)
        ],
        "no limit": [percent(patient.booked), change(old.booked, patient.booked)],
        "no limit by candidates": {
            b: change(old.booked[masks[b][0]], patient.booked[band(patient.candidates, b)])
            for b in BANDS
        },
        "trials: booked, change, late": {
            n: [percent(d.booked), change(old.booked, d.booked), percent(d.late)]
            for n, d in (("patient", patient), ("fallback old", gentle), ("cut", cut))
        },
        "cut: median, p95": [round(float(q)) for q in np.quantile(cut.latency, (0.5, 0.95))],
        "candidates: median": [float(np.median(d.candidates)) for d in (old, new)],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
