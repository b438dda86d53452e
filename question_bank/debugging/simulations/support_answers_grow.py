"""A judge that likes long answers: the numbers of the scenario.

A support assistant was tuned towards what a language model judges the better answer. The judge
sees correctness, but it also likes length; customers stop reading long answers. Invariant: every
number in the scenario's facts is printed here (a few seconds).
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from typing import NamedTuple

import numpy as np

BINS = (0, 50, 100, 150, 200, 300, 10**9)


class Answers(NamedTuple):
    """Length in words, whether it is correct, read to the end, on a phone, and solved."""

    words: np.ndarray
    correct: np.ndarray
    read: np.ndarray
    phone: np.ndarray
    solved: np.ndarray


class Version(NamedTuple):
    """Median length and share of correct answers to a question of middling difficulty."""

    words: float
    skill: float


VERSIONS = {
    "old": Version(60, 1.25),
    "new": Version(168, 1.25),
    "new, judged at equal length": Version(64, 1.45),
}


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


def answer(version: Version, hard: np.ndarray, phone: np.ndarray, seed: int) -> Answers:
    """Draw one answer to each question; hard questions get somewhat longer answers."""
    rng = np.random.default_rng(seed)
    count = len(hard)
    words = version.words * np.exp(0.15 * hard + rng.normal(0, 0.4, count))
    correct = rng.random(count) < sigmoid(version.skill - 1.1 * hard)
    read = rng.random(count) < sigmoid(3.1 - np.where(phone, 0.0135, 0.0075) * words)
    gone = rng.random(count)
    # Who is not told to the end may still find the solution in the first lines.
    solved = correct & np.where(read, gone < 0.92, gone < 0.5) | ~correct & (gone < 0.12)
    return Answers(words, correct, read, phone, solved)


def judge(a: Answers, b: Answers, seed: int, taste: float = 1.35) -> np.ndarray:
    """Return whether the judge prefers b; `taste` is its liking for length."""
    rng = np.random.default_rng(seed)
    gain = 1.7 * (b.correct.astype(float) - a.correct) + taste * np.log(b.words / a.words)
    return np.asarray(gain + rng.logistic(0, 1, len(gain)) > 0)


def expert(a: Answers, b: Answers, seed: int) -> np.ndarray:
    """Return whether an expert who asks which one helps the customer prefers b."""
    rng = np.random.default_rng(seed)
    gain = 2.6 * (b.correct.astype(float) - a.correct) - 0.35 * np.log(b.words / a.words)
    return np.asarray(gain + rng.logistic(0, 1, len(gain)) > 0)


def percent(values: np.ndarray) -> float:
    return round(100 * float(values.mean()), 1)


def change(old: np.ndarray, new: np.ndarray) -> list[float]:
    """Return the difference in points and half the width of its 95% interval."""
    spread = np.sqrt(old.var() / len(old) + new.var() / len(new))
    return [round(100 * float(new.mean() - old.mean()), 1), round(196 * float(spread), 1)]


def padded(data: Answers) -> Answers:
    """Return the same answers with two polite paragraphs of 45 words each that say nothing."""
    return data._replace(words=data.words + 90)


def main() -> None:
    rng = np.random.default_rng(0)
    hard, phone = rng.normal(0, 1, 5_000), rng.random(5_000) < 0.6
    a, b, c = (answer(v, hard, phone, 10 + i) for i, v in enumerate(VERSIONS.values()))
    wins, ratio = judge(a, b, 20), b.words / a.words
    parts = {"up to 1.25": (0, 1.25), "1.25 to 2": (1.25, 2), "2 to 4": (2, 4), "over 4": (4, 99)}
    live_hard, live_phone = rng.normal(0, 1, (3, 30_000)), rng.random((3, 30_000)) < 0.6
    live = [answer(v, live_hard[i], live_phone[i], 30 + i) for i, v in enumerate(VERSIONS.values())]
    everyone = Answers(
        *(np.concatenate([getattr(d, f) for d in live[:2]]) for f in Answers._fields)
    )
    inside = [(everyone.words >= lo) & (everyone.words < hi) for lo, hi in pairwise(BINS)]
    rated = np.arange(400)
    few = [Answers(*(v[rated] for v in d)) for d in (a, b, c)]
    days = np.array_split(np.arange(30_000), 10)
    numbers = {
        "judge prefers new": percent(wins),
        "judge by length ratio": {
            n: [percent((ratio >= lo) & (ratio < hi)), percent(wins[(ratio >= lo) & (ratio < hi)])]
            for n, (lo, hi) in parts.items()
        },
        "judge prefers padded to plain": percent(judge(a, padded(a), 21)),
        "judge prefers second of two old answers": percent(
            judge(a, answer(VERSIONS["old"], hard, phone, 13), 22)
        ),
        "expert prefers new": percent(expert(few[0], few[1], 23)),
        "judge on these": percent(wins[rated]),
        "judge prefers the correct one": percent((wins == b.correct)[a.correct != b.correct]),
        "correct, longer wins": percent((wins == (ratio > 1))[a.correct == b.correct]),
        "correct": [percent(d.correct) for d in (a, b, c)],
        "words: median": [round(float(np.median(d.words))) for d in (a, b, c)],
        "words: 90th percentile": [round(float(np.quantile(d.words, 0.9))) for d in (a, b, c)],
        "judge, third against old": percent(judge(a, c, 24)),
        "expert, third against old": percent(expert(few[0], few[2], 25)),
        "live: solved": [percent(d.solved) for d in live],
        "live: change": [change(live[0].solved, d.solved) for d in live[1:]],
        "live: read to the end": [percent(d.read) for d in live],
        "live: words": [round(float(np.median(d.words))) for d in live],
        "live: phone, desk solved": [
            [percent(d.solved[m]) for m in (d.phone, ~d.phone)] for d in live
        ],
        "live: phone, desk read": [[percent(d.read[m]) for m in (d.phone, ~d.phone)] for d in live],
        "live: phone share": [percent(d.phone) for d in live],
        "live: correct": [percent(d.correct) for d in live],
        "by length: read, solved if correct": [
            [
                percent(everyone.read[m]),
                percent(everyone.solved[m & everyone.correct]),
                int(m.sum()),
            ]
            for m in inside
        ],
        "live: solved by day": [[percent(d.solved[i]) for i in days] for d in live[:2]],
        "correct and read: solved": [percent(d.solved[d.correct & d.read]) for d in live[:2]],
        "correct, not read: solved": [percent(d.solved[d.correct & ~d.read]) for d in live[:2]],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
