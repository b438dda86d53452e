"""Fit what turns nearness into the probability that a point is made: `python -m evals.fit_points`.

Uses the development answers that no model was tuned on, labelled point by point, through the grader's
own features. Weights are >= 0 but the bias. Each answer counts by the window that speaks for the point
best (or against it most), found in turn with the weights. Two models need more than these 210 answers
tell: no reference denies its own points, and the reference of another question is not about this one.
Questions of test answers are left out. Writes the models of `_MODELS`, `on_topic` and `misconception`
into weights.json; the report card is of answers not seen here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from evals import gradability
from evals.answers import Answer, development_answers, interview_answers
from evals.ways import CACHE
from interviewer.content import load_bank
from interviewer.embedding import get_models
from interviewer.grading import weights
from interviewer.grading.misconceptions import STATED_BY, likeness
from interviewer.grading.passages import PassageReader, Said
from interviewer.grading.reading import (
    CLAIMED,
    ON_TOPIC,
    UNPAIRED,
    WORDED,
    WORDED_DENIAL,
    Measured,
    measure,
    usable_windows,
)
from interviewer.grading.senses import Target
from interviewer.synonyms import load_synonyms

Array = npt.NDArray[np.float64]
WEIGHTS = Path(weights.__file__).with_name("weights.json")
_WORTH = {"met": 1.0, "partly": 0.5}
_AGAINST = {"contradicted": 1.0}
_MODELS = (
    ("worded", True, WORDED, _WORTH),
    ("worded_denial", True, WORDED_DENIAL, _AGAINST),
    ("claimed", False, CLAIMED, _WORTH),
    ("unpaired", False, UNPAIRED, _WORTH),
)
_L2 = 2.0
_ROUNDS = 4
# What one point of a reference counts, beside one of an answer. At 0, 0.4, 0.7 and 1 ordering of development
# answers, held out in turn, is 0.898, 0.905, 0.908, 0.909; F1 of contradicted 0.558, 0.600, 0.594, 0.578.
_OWN_REFERENCE = 0.7
# An answer off its topic counts as much as these on it; references of the rounds whose questions share
# most (the same latency, the same trade-off) count less.
_OFF_TOPIC, _BORROWED, _BORROWED_SHARED = 3.0, 0.3, 0.1
_SHARE_MUCH = frozenset({"system_design", "behavioral"})
_SAYS_NOTHING_OF_IT = frozenset({"keyword_list", "parroted", "manipulation", "dont_know"})


class Labelled(NamedTuple):
    """One point of one answer: features by window (windows x features), standing, and its label."""

    x: Array
    standing: Array
    worth: float
    share: float = 1.0


def collect(
    reader: PassageReader, chosen: Sequence[Answer], worded: bool
) -> list[tuple[Measured, int, str]]:
    """Return the points of the answers that say anything: features, the point's row, its verdict."""
    found: list[tuple[Measured, int, str]] = []
    for row in chosen:
        points = [p for p in row.question.key_points if p.signal is None] if row.question else []
        windows = usable_windows(reader, [Said(1, row.text)])
        if not windows or not points:
            continue
        targets = [Target(p.claim, p.right, p.wrong) if worded else Target(p.claim) for p in points]
        measured = measure(reader, row.prompt, targets, windows, load_synonyms().canonical)
        found += [(measured, k, row.points.get(point.id, "")) for k, point in enumerate(points)]
    return found


def labelled(
    collected: Sequence[tuple[Measured, int, str]],
    names: Sequence[str],
    worth: Mapping[str, float],
    share: float = 1.0,
) -> list[Labelled]:
    """Return the points for one model: its features, and what their verdicts are worth to it."""
    return [
        Labelled(
            np.stack([measured.features[name][k] for name in names], axis=1),
            measured.standing[k],
            worth.get(verdict, 0.0),
            share,
        )
        for measured, k, verdict in collected
    ]


def own_references() -> list[Answer]:
    """Return the reference of each question that no test answer answers; it denies no point."""
    tested = _tested()
    return [
        _as_answer(case, dict.fromkeys((p.id for p in case.question.key_points), "met"))
        for case in gradability.own_references(load_bank())
        if case.question.id not in tested
    ]


def about(
    reader: PassageReader, chosen: Sequence[Answer], worth: float, share: float
) -> list[Labelled]:
    """Return answers as wholes, for whether they are about their question."""
    found: list[Labelled] = []
    for row in chosen:
        measured = collect(reader, [row], worded=False)
        if measured:
            x = np.asarray([[measured[0][0].features[name][0, 0] for name in ON_TOPIC]])
            found.append(Labelled(x, np.ones(1), worth, share))
    return found


def on_topic(reader: PassageReader, chosen: Sequence[Answer]) -> list[Labelled]:
    """Return what is about its question and what is not: labelled answers, and borrowed references."""
    tested = _tested()
    cases = gradability.references_elsewhere(load_bank())
    borrowed = [_as_answer(c, {}) for c in cases if c.question.id not in tested]
    off = [a for a in chosen if a.kind == "off_topic"]
    on = [a for a in chosen if a not in off and a.kind not in _SAYS_NOTHING_OF_IT]
    alike = [a for a in borrowed if a.question and a.question.round in _SHARE_MUCH]
    unlike = [a for a in borrowed if a not in alike]
    return [
        *about(reader, on, 1.0, 1.0),
        *about(reader, off, 0.0, _OFF_TOPIC),
        *about(reader, unlike, 0.0, _BORROWED),
        *about(reader, alike, 0.0, _BORROWED_SHARED),
    ]


def _tested() -> set[str]:
    return {a.question.id for a in interview_answers("test") if a.question}


def _as_answer(case: gradability.Case, points: Mapping[str, str]) -> Answer:
    q = case.question
    return Answer(
        f"{q.id}/{case.source}", q.id, q.prompt, q.reference, case.text, 1.0, "", points, q
    )


def misconceptions(reader: PassageReader, chosen: Sequence[Answer]) -> list[Labelled]:
    """Return each listed misconception of each answer that says anything, with whether it is stated."""
    found: list[Labelled] = []
    for row in chosen:
        windows = usable_windows(reader, [Said(1, row.text)])
        for listed in row.question.misconceptions if row.question and windows else ():
            features = likeness(reader, listed, windows).features
            x = np.stack([features[name] for name in STATED_BY], axis=1)
            found.append(Labelled(x, np.ones(len(x)), float(listed.id in row.misconceptions)))
    return found


def fit(labelled: Sequence[Labelled], names: Sequence[str]) -> dict[str, float]:
    """Return name -> weight and the bias, by a logistic with weights >= 0 over the best windows."""
    worth = np.asarray([item.worth for item in labelled])
    share = np.asarray([item.share for item in labelled])
    theta = np.zeros(len(names) + 1)
    theta[1:] = 1.0
    for _ in range(_ROUNDS):
        best = np.stack([_best(item, theta) for item in labelled])
        theta = _logistic(best, worth, share)
    return {"bias": round(float(theta[0]), 4)} | {
        name: round(float(w), 4) for name, w in zip(names, theta[1:], strict=True)
    }


def _best(item: Labelled, theta: Array) -> Array:
    probability = 1 / (1 + np.exp(-(theta[0] + item.x @ theta[1:])))
    return np.asarray(item.x[int((probability * item.standing).argmax())])


def _logistic(x: Array, y: Array, share: Array) -> Array:
    scale = x.std(axis=0) + 1e-6

    def loss(theta: Array) -> tuple[float, Array]:
        z = theta[0] + (x / scale) @ theta[1:]
        p = 1 / (1 + np.exp(-z))
        error = share * (p - y)
        value = float(np.sum(share * (np.logaddexp(0, z) - y * z)) + _L2 * np.sum(theta[1:] ** 2))
        grad = np.concatenate([[np.sum(error)], (x / scale).T @ error + 2 * _L2 * theta[1:]])
        return value, grad

    bounds = [(None, None)] + [(0.0, None)] * x.shape[1]
    start = np.concatenate([[-1.0], np.full(x.shape[1], 0.1)])
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return np.concatenate([[found[0]], found[1:] / scale])


def main() -> None:
    """Fit the models on development answers and write them."""
    reader = PassageReader(get_models(CACHE), kept=60_000)
    chosen = development_answers("fit")
    content = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    collected = {worded: collect(reader, chosen, worded) for worded in (True, False)}
    references = collect(reader, own_references(), worded=True)
    models = {
        name: fit(
            [
                *labelled(collected[worded], names, worth),
                *labelled(references if worth is _AGAINST else (), names, worth, _OWN_REFERENCE),
            ],
            names,
        )
        for name, worded, names, worth in _MODELS
    }
    models["on_topic"] = fit(on_topic(reader, chosen), ON_TOPIC)
    # What the reader of pairs was tuned on labels points, not misconceptions: all answers may be used.
    models["misconception"] = fit(misconceptions(reader, interview_answers("dev")), STATED_BY)
    content["models"] |= models
    print(json.dumps(models, indent=1))
    WEIGHTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
