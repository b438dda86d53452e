"""The fitted numbers: features -> probability that a point is met, or contradicted.

`weights.json` is written by `python -m evals.fit_grader` (coverage, conflict) and then
`python -m evals.fit_points` (the others). Weights are >= 0 there, so more
evidence for a claim never lowers its probability. Thresholds live here, beside their use.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

Matrix = npt.NDArray[np.float64]
Linear = dict[str, float]

# Chosen on the development answers, questions held out in turn: MET and CONTRADICTED by F1, PARTLY by the
# order of answers.
MET = 0.45
PARTLY = 0.2
CONTRADICTED = 0.3
# Of a listed misconception, which costs: of 6 found so 5 were labelled so, of 13 at 0.3 nine, of 26 at 0.2
# eleven, of 39 in all.
STATED = 0.35


@cache
def load_weights() -> dict[str, Linear]:
    """Return the models by name (coverage, conflict, worded, claimed, ..._denial)."""
    path = Path(__file__).with_name("weights.json")
    models: dict[str, dict[str, float]] = json.loads(path.read_text(encoding="utf-8"))["models"]
    return TypeAdapter(dict[str, Linear]).validate_python(models)


def probability(model: Linear, features: Mapping[str, Matrix]) -> Matrix:
    """Return the logistic of the weighted features, elementwise over equal shapes."""
    total = np.asarray(sum(model[name] * matrix for name, matrix in features.items()))
    return np.asarray(1.0 / (1.0 + np.exp(-(total + model["bias"]))))
