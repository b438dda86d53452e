"""An experiment whose bot filter drops the best users of one arm: the numbers of the scenario.

Users play podcasts for fourteen days under the old or the new recommender, which makes heavy
listeners play more. Whoever plays too much on a day is taken for a robot and left out, and that
happens more often under the new one. Invariant: every number in the scenario's facts is printed
here (about five seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np

DAYS, LIMIT, USERS = 14, 25, 300_000
ARMS = ("control", "treatment")
GROUPS = {
    "fewer than 14": (0, 14),
    "14 to 69": (14, 70),
    "70 to 199": (70, 200),
    "200 or more": (200, 10**9),
}


class Arm(NamedTuple):
    """Plays per user and day, plays of the fortnight before, robots and cutting users out."""

    plays: np.ndarray
    before: np.ndarray
    robot: np.ndarray


def draw(count: int, lift: float, seed: int) -> Arm:
    """Draw one arm; `lift` is the gain of the heaviest listeners, light ones gain nothing."""
    rng = np.random.default_rng(seed)
    taste = np.exp(rng.normal(0.3, 1.15, count))
    robot = rng.random(count) < 0.002
    taste[robot] = rng.uniform(60, 200, robot.sum())
    before = rng.poisson(taste * DAYS)
    gain = np.where(robot, 1.0, 1 + lift * np.clip((taste - 6) / 5, 0, 1))
    mood = rng.gamma(3, 1 / 3, (count, DAYS))
    plays = rng.poisson((taste * gain)[:, None] * np.where(robot[:, None], 1, mood))
    return Arm(plays.astype(np.int32), before, robot)


def kept(arm: Arm, days: int = DAYS) -> np.ndarray:
    """Return who has at no day more plays than the limit of the filter."""
    return np.asarray((arm.plays[:, :days] <= LIMIT).all(axis=1))


def compare(control: np.ndarray, treatment: np.ndarray) -> list[float]:
    """Return both means, the change in percent and half the width of its 95% interval."""
    a, b = control.mean(), treatment.mean()
    spread = (
        b
        / a
        * np.sqrt(control.var() / len(control) / a**2 + treatment.var() / len(treatment) / b**2)
    )
    return [round(float(v), 2) for v in (a, b, 100 * (b / a - 1), 196 * spread)]


def chi_square(a: int, b: int) -> float:
    """Return the statistic of the test for equal counts (one degree of freedom)."""
    return round((a - b) ** 2 / (a + b), 1)


def percent(values: np.ndarray) -> float:
    return round(100 * float(values.mean()), 2)


def hits(noise: float, seed: int) -> float:
    """Return how often the next play is among ten of 200 candidates; less noise is better."""
    rng = np.random.default_rng(seed)
    appeal = rng.gumbel(size=(20_000, 200)) + 1.6 * rng.normal(size=(20_000, 200))
    score = appeal + rng.normal(0, noise, appeal.shape)
    played = appeal.argmax(axis=1)
    own = score[np.arange(len(score)), played]
    return percent((score > own[:, None]).sum(axis=1) < 10)


def main() -> None:
    arms = [draw(USERS, lift, seed) for lift, seed in ((0.0, 1), (0.3, 2))]
    same = [draw(USERS, 0.0, seed) for seed in (3, 4)]
    keep = [kept(a) for a in arms]
    total = [a.plays.sum(axis=1) for a in arms]
    early = [a.before <= LIMIT * DAYS / 2 for a in arms]
    groups = {
        n: [(a.before >= lo) & (a.before < hi) for a in arms] for n, (lo, hi) in GROUPS.items()
    }
    left = [int(k.sum()) for k in keep]
    numbers = {
        "offline hit rate at ten: old, new": [hits(2.6, 5), hits(2.2, 5)],
        "assigned": [USERS, USERS],
        "kept": left,
        "chi square": chi_square(*left),
        "removed in percent": [percent(~k) for k in keep],
        "reported": compare(*(t[k] for t, k in zip(total, keep, strict=True))),
        "all users": compare(*total),
        "all users, a day counts up to the limit": compare(
            *(np.minimum(a.plays, LIMIT).sum(axis=1) for a in arms)
        ),
        "without robots, by hand": compare(
            *(t[~a.robot] for t, a in zip(total, arms, strict=True))
        ),
        "filter on the fortnight before": {
            "removed in percent": [percent(~e) for e in early],
            "kept": [int(e.sum()) for e in early],
            "chi square": chi_square(*(int(e.sum()) for e in early)),
            "change": compare(*(t[e] for t, e in zip(total, early, strict=True))),
        },
        "before, kept": compare(*(a.before[k] for a, k in zip(arms, keep, strict=True))),
        "before, all": compare(*(a.before for a in arms)),
        "groups": {
            n: {
                "users": [int(m.sum()) for m in ms],
                "removed": [percent(~k[m]) for k, m in zip(keep, ms, strict=True)],
                "reported": compare(*(t[k & m] for t, k, m in zip(total, keep, ms, strict=True))),
                "all": compare(*(t[m] for t, m in zip(total, ms, strict=True))),
            }
            for n, ms in groups.items()
        },
        "removed: robots in percent": [
            percent(a.robot[~k]) for a, k in zip(arms, keep, strict=True)
        ],
        "removed: users, robots": [
            [int((~k).sum()), int((~k & a.robot).sum())] for a, k in zip(arms, keep, strict=True)
        ],
        "removed: share of plays": [
            round(100 * float(t[~k].sum() / t.sum()), 1) for t, k in zip(total, keep, strict=True)
        ],
        "by day: change, all and kept": [
            [
                compare(*(a.plays[:, d] for a in arms))[2],
                compare(*(a.plays[k, d] for a, k in zip(arms, keep, strict=True)))[2],
            ]
            for d in range(DAYS)
        ],
        "kept by length of the test": [
            [int(kept(a, d).sum()) for a in arms] for d in (1, 2, 4, 7, 10, 14)
        ],
        "median plays": [
            [float(np.median(t)) for t in total],
            [float(np.median(t[k])) for t, k in zip(total, keep, strict=True)],
        ],
        "a/a: kept, chi square, change": [
            [int(kept(a).sum()) for a in same],
            chi_square(*(int(kept(a).sum()) for a in same)),
            compare(*(a.plays.sum(axis=1)[kept(a)] for a in same)),
        ],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
