"""Fit what turns nearness into the probability that a point is made: `python -m evals.fit_points`.

Uses the development part of evals/datasets/interview_answers, labelled point by point, through the
grader's own features. Weights are >= 0 but the bias. Each answer counts by the window that speaks
for the point best, found in turn with the weights. Writes the models `worded` and `claimed` into
weights.json; the report card is about answers that it has not seen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from evals.answers import Answer, interview_answers
from evals.ways import CACHE
from interviewer.embedding import get_embedder
from interviewer.grading import features, weights
from interviewer.grading.passages import PassageReader, Said
from interviewer.grading.reading import (
    CLAIMED,
    WORDED,
    measure_claimed,
    measure_worded,
    usable_windows,
)
from interviewer.grading.senses import Target, sense, spoken_of
from interviewer.synonyms import load_synonyms

Array = npt.NDArray[np.float64]
WEIGHTS = Path(weights.__file__).with_name("weights.json")
_WORTH = {"met": 1.0, "partly": 0.5, "not_met": 0.0, "contradicted": 0.0}
_L2 = 2.0
_ROUNDS = 4


class Labelled(NamedTuple):
    """One point of one answer: features by window (windows x features), standing, and its label."""

    x: Array
    standing: Array
    worth: float


def collect(reader: PassageReader, chosen: Sequence[Answer], worded: bool) -> list[Labelled]:
    """Return the labelled points of the answers that say anything."""
    canonical = load_synonyms().canonical
    names = WORDED if worded else CLAIMED
    found: list[Labelled] = []
    for row in chosen:
        points = [p for p in row.question.key_points if p.signal is None] if row.question else []
        windows = usable_windows(reader, [Said(1, row.text)])
        if not windows or not points:
            continue
        targets = [Target(p.claim, p.right, p.wrong) if worded else Target(p.claim) for p in points]
        claims = [reader.read(p.claim) for p in points]
        passages = [w.passage for w in windows]
        asked = reader.read(row.prompt)
        standing = features.standing(claims, passages, asked)
        senses = sense(reader, targets, windows, standing)
        if worded:
            standing = standing * spoken_of(senses.topic)
        measured = (
            measure_worded(senses)
            if worded
            else measure_claimed(senses, features.measure(claims, passages, asked, canonical))
        )
        for k, point in enumerate(points):
            x = np.stack([measured[name][k] for name in names], axis=1)
            found.append(Labelled(x, standing[k], _WORTH[row.points[point.id]]))
    return found


def fit(labelled: Sequence[Labelled], names: Sequence[str]) -> dict[str, float]:
    """Return name -> weight and the bias, by a logistic with weights >= 0 over the best windows."""
    worth = np.asarray([item.worth for item in labelled])
    theta = np.zeros(len(names) + 1)
    theta[1:] = 1.0
    for _ in range(_ROUNDS):
        best = np.stack([_best(item, theta) for item in labelled])
        theta = _logistic(best, worth)
    return {"bias": round(float(theta[0]), 4)} | {
        name: round(float(w), 4) for name, w in zip(names, theta[1:], strict=True)
    }


def _best(item: Labelled, theta: Array) -> Array:
    probability = 1 / (1 + np.exp(-(theta[0] + item.x @ theta[1:])))
    return np.asarray(item.x[int((probability * item.standing).argmax())])


def _logistic(x: Array, y: Array) -> Array:
    scale = x.std(axis=0) + 1e-6

    def loss(theta: Array) -> tuple[float, Array]:
        z = theta[0] + (x / scale) @ theta[1:]
        p = 1 / (1 + np.exp(-z))
        value = float(np.sum(np.logaddexp(0, z) - y * z) + _L2 * np.sum(theta[1:] ** 2))
        grad = np.concatenate([[np.sum(p - y)], (x / scale).T @ (p - y) + 2 * _L2 * theta[1:]])
        return value, grad

    bounds = [(None, None)] + [(0.0, None)] * x.shape[1]
    start = np.concatenate([[-1.0], np.full(x.shape[1], 0.1)])
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return np.concatenate([[found[0]], found[1:] / scale])


def main() -> None:
    """Fit both models on the development part and write them."""
    reader = PassageReader(get_embedder(CACHE), get_embedder(CACHE, "tuned"), kept=60_000)
    chosen = interview_answers("dev")
    content = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    ways: list[tuple[str, bool, Sequence[str]]] = [
        ("worded", True, WORDED),
        ("claimed", False, CLAIMED),
    ]
    for name, worded, names in ways:
        labelled = collect(reader, chosen, worded)
        content["models"][name] = fit(labelled, names)
        print(name, len(labelled), content["models"][name])
    WEIGHTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
