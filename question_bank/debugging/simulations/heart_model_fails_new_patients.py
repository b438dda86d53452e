"""Heart recordings split by window and not by patient: the numbers of the scenario.

Every patient has a signature in all windows, so windows of known patients tell their diagnosis.
Invariant: every number in the scenario's facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

FEATURES, WINDOWS, STUDY, CLINIC = 40, 20, 150, 300


class Recordings(NamedTuple):
    """One row per window: features, diagnosis and patient."""

    x: np.ndarray
    y: np.ndarray
    patient: np.ndarray


def record(patients: int, first: int, seed: int) -> Recordings:
    """Draw patients, half of them ill, with a signature each and a weak sign of the illness."""
    rng = np.random.default_rng(seed)
    ill = rng.permutation(np.arange(patients) % 2)
    signature = rng.normal(size=(patients, FEATURES))
    signature[:, :6] += 0.44 * (2 * ill[:, None] - 1)
    noise = rng.normal(0, 0.75, (patients, WINDOWS, FEATURES))
    x = (signature[:, None, :] + noise).reshape(-1, FEATURES)
    return Recordings(x, np.repeat(ill, WINDOWS), np.repeat(np.arange(patients), WINDOWS) + first)


def rows(data: Recordings, mask: np.ndarray) -> Recordings:
    return Recordings(data.x[mask], data.y[mask], data.patient[mask])


def trees(leaf: int = 1) -> Pipeline:
    return make_pipeline(ExtraTreesClassifier(80, min_samples_leaf=leaf, random_state=0))


def accuracy(model: Pipeline, data: Recordings) -> float:
    """Return the accuracy per window in percent."""
    return round(100 * float((model.predict(data.x) == data.y).mean()), 1)


def by_window(data: Recordings, seed: int = 1) -> np.ndarray:
    """Return a random mask with a fifth of the windows."""
    return np.random.default_rng(seed).permutation(len(data.y)) < len(data.y) // 5


def validated(data: Recordings, held: np.ndarray, model: Pipeline) -> list[float]:
    """Return training and validation accuracy."""
    model.fit(data.x[~held], data.y[~held])
    return [accuracy(model, rows(data, m)) for m in (~held, held)]


def patient_folds(data: Recordings) -> list[np.ndarray]:
    """Return five masks, each with all windows of a fifth of the patients."""
    ids = np.random.default_rng(7).permutation(np.unique(data.patient))
    return [np.isin(data.patient, part) for part in np.array_split(ids, 5)]


def folds(data: Recordings, model: Pipeline) -> list[float]:
    """Return the validation accuracy of each of five folds of patients, then their mean."""
    found = [validated(data, held, model)[1] for held in patient_folds(data)]
    return [*found, round(float(np.mean(found)), 1)]


def known_windows(data: Recordings, count: int) -> float:
    """Return the accuracy on the last ten windows of patients whose first `count` are known."""
    rank, found = np.tile(np.arange(WINDOWS), len(data.y) // WINDOWS), list[float]()
    for held in patient_folds(data):
        seen = ~held | (rank < count)
        model = trees().fit(data.x[seen], data.y[seen])
        found.append(accuracy(model, rows(data, held & (rank >= 10))))
    return round(float(np.mean(found)), 1)


def made_up(data: Recordings) -> Recordings:
    """Deal the diagnoses out to the patients at random."""
    dealt = np.random.default_rng(6).permutation(data.y[::WINDOWS])
    return data._replace(y=np.repeat(dealt, WINDOWS))


def identified(data: Recordings) -> float:
    """Return how often trees name the patient of a held out window, in percent."""
    return validated(data._replace(y=data.patient), by_window(data), trees())[1]


def main() -> None:
    study, clinic = record(STUDY, 0, 1), record(CLINIC, 1000, 2)
    window = by_window(study)
    fake, whole = made_up(study), trees().fit(study.x, study.y)
    simple = make_pipeline(StandardScaler(), LogisticRegression(C=0.01))
    parts = {n: clinic.patient % 3 == i for i, n in enumerate(("A", "B", "C"))}
    few = {n: study.patient < n for n in (30, 60, 100, 150)}
    order = np.tile(np.arange(WINDOWS), STUDY)
    numbers = {
        "rows": [len(study.y), int((~window).sum()), int(window.sum())],
        "patients of validation who are in training": [
            len(np.unique(study.patient[window])),
            int(np.isin(np.unique(study.patient[window]), study.patient[~window]).sum()),
        ],
        "random split: train, validation": validated(study, window, trees()),
        "five folds by patient": folds(study, trees()),
        "clinic": accuracy(whole, clinic),
        "clinic by device": {n: accuracy(whole, rows(clinic, m)) for n, m in parts.items()},
        "ill, study and clinic": [float(study.y.mean()), float(clinic.y.mean())],
        "known windows 0 1 2 5 10": [known_windows(study, n) for n in (0, 1, 2, 5, 10)],
        "made up, random split": validated(fake, window, trees())[1],
        "made up, five folds by patient": folds(fake, trees()),
        "patient named": identified(study),
        "leaf of 20: random split, folds, clinic": [
            validated(study, window, trees(20))[1],
            folds(study, trees(20)),
            accuracy(trees(20).fit(study.x, study.y), clinic),
        ],
        "linear: random split, folds, clinic": [
            validated(study, window, simple)[1],
            folds(study, simple),
            accuracy(simple.fit(study.x, study.y), clinic),
        ],
        "clinic by number of patients": {
            n: accuracy(trees().fit(study.x[m], study.y[m]), clinic) for n, m in few.items()
        },
        "clinic by windows per patient": {
            n: accuracy(trees().fit(study.x[order < n], study.y[order < n]), clinic)
            for n in (2, 5, 10, 20)
        },
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
