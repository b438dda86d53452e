"""The best of four hundred prompts on sixty questions: the numbers of the scenario.

The prompts hardly differ, and the best of many noisy measurements is mostly noise. Invariant: every
number in the scenario's facts is printed here (about two seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np

PROMPTS, DEV, FRESH, LARGE = 400, 60, 1_000, 600
TRIED = (1, 10, 25, 50, 100, 200, 400)


class Answers(NamedTuple):
    """Whether each prompt (row) answers each question (column) rightly."""

    dev: np.ndarray
    fresh: np.ndarray
    large: np.ndarray


def ask() -> Answers:
    """Let all prompts answer all questions; a prompt shifts the odds of a question a little."""
    rng = np.random.default_rng(39)
    skill = rng.normal(1.55, 0.07, (PROMPTS, 1))
    skill[0] = 1.55
    kinds = []
    for count in (DEV, FRESH, LARGE):
        hard = rng.normal(0, 1.2, (1, count))
        taste = rng.normal(0, 1.6, (PROMPTS, count))
        kinds.append(skill + hard + taste > 0)
    return Answers(*kinds)


def percent(right: np.ndarray) -> float:
    return round(100 * float(right.mean()), 1)


def best(right: np.ndarray) -> int:
    """Return the first prompt with the most right answers."""
    return int(right.sum(axis=1).argmax())


def interval(share: float, count: int) -> list[float]:
    """Return the Wilson interval of a share in percent."""
    z = 1.96
    centre = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z * (share * (1 - share) / count + z**2 / (4 * count**2)) ** 0.5 / (1 + z**2 / count)
    return [round(100 * (centre - half), 1), round(100 * (centre + half), 1)]


def halves(a: Answers, seeds: range) -> list[float]:
    """Return the mean score of the winner on the half that chose it and on the other half."""
    found = []
    for seed in seeds:
        order = np.random.default_rng(seed).permutation(DEV)
        one, two = a.dev[:, order[: DEV // 2]], a.dev[:, order[DEV // 2 :]]
        found.append([percent(one[best(one)]), percent(two[best(one)])])
    return [round(float(v), 1) for v in np.mean(found, axis=0)]


def main() -> None:
    a = ask()
    dev, fresh = 100 * a.dev.mean(axis=1), 100 * a.fresh.mean(axis=1)
    winner, careful = best(a.dev), best(a.large)
    top = np.argsort(-dev, kind="stable")[:5]
    numbers = {
        "winner": winner,
        "winner: right of 60, dev, fresh": [
            int(a.dev[winner].sum()),
            percent(a.dev[winner]),
            percent(a.fresh[winner]),
        ],
        "first prompt: right of 60, dev, fresh": [
            int(a.dev[0].sum()),
            percent(a.dev[0]),
            percent(a.fresh[0]),
        ],
        "by prompts tried: winner's dev, fresh": {
            n: [percent(a.dev[best(a.dev[:n])]), percent(a.fresh[best(a.dev[:n])])] for n in TRIED
        },
        "top five: right, dev, fresh": [
            [int(t), int(a.dev[t].sum()), percent(a.dev[t]), percent(a.fresh[t])] for t in top
        ],
        "all prompts, dev and fresh: mean, spread, least, most": [
            [round(float(f(v)), 1) for f in (np.mean, np.std, np.min, np.max)] for v in (dev, fresh)
        ],
        "noise of one score: dev, fresh, large": [
            round(100 * (0.776 * 0.224 / n) ** 0.5, 1) for n in (DEV, FRESH, LARGE)
        ],
        "correlation of dev and fresh": round(float(np.corrcoef(dev, fresh)[0, 1]), 2),
        "interval of the winner, as if it were the only one": interval(
            float(a.dev[winner].mean()), DEV
        ),
        "interval of the winner on fresh": interval(float(a.fresh[winner].mean()), FRESH),
        "halves: chosen on, other": halves(a, range(200)),
        "chosen on 600: there, fresh": [percent(a.large[careful]), percent(a.fresh[careful])],
        "winner on 600": percent(a.large[winner]),
        "first prompt on 600": percent(a.large[0]),
        "right by both, winner only, first only, none on fresh": [
            int((x & y).sum())
            for x, y in (
                (a.fresh[winner], a.fresh[0]),
                (a.fresh[winner], ~a.fresh[0]),
                (~a.fresh[winner], a.fresh[0]),
                (~a.fresh[winner], ~a.fresh[0]),
            )
        ],
        "best possible on fresh": percent(a.fresh[best(a.fresh)]),
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
