"""Columns chosen on all batches before cross-validation: the numbers of the scenario.

Few batches and thousands of columns: some columns fit the outcome by chance, and choosing them with
the validation batches in view carries the chance into the score. Invariant: every number in the
scenario's facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys

import numpy as np
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

BATCHES, NEW, COLUMNS, KEPT = 72, 150, 4_000, 20
FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)
Data = tuple[np.ndarray, np.ndarray]


def draw(rows: int, seed: int) -> Data:
    """Draw sensor summaries; eight columns tell a little about the batch, the others nothing."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(rows) % 2)
    x = rng.normal(size=(rows, COLUMNS))
    x[:, :8] += 0.2 * (2 * y[:, None] - 1)
    return x, y


def classifier(c: float = 1.0) -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=2000))


def inside(kept: int = KEPT) -> Pipeline:
    """Return a pipeline that chooses its columns from the rows it is fitted on."""
    return make_pipeline(SelectKBest(f_classif, k=kept), classifier())


def chosen(data: Data, kept: int = KEPT) -> np.ndarray:
    """Return the columns with the strongest relation to the outcome, best first."""
    return np.argsort(-f_classif(*data)[0])[:kept]


def cross_validated(model: Pipeline, data: Data) -> float:
    return 100 * float(cross_val_score(model, *data, cv=FOLDS).mean())


def outside(data: Data, kept: int = KEPT, c: float = 1.0) -> float:
    """Return the cross-validated accuracy when all rows chose the columns."""
    x, y = data
    return cross_validated(classifier(c), (x[:, chosen(data, kept)], y))


def percent(right: np.ndarray) -> float:
    return round(100 * float(right.mean()), 1)


def on_new(data: Data, new: Data, kept: int = KEPT, c: float = 1.0) -> list[float]:
    """Return accuracy on the fitted rows and on new ones."""
    keep = chosen(data, kept)
    model = classifier(c).fit(data[0][:, keep], data[1])
    return [percent(model.predict(x[:, keep]) == y) for x, y in (data, new)]


def shuffled(data: Data, seeds: range) -> list[Data]:
    return [(data[0], np.random.default_rng(s).permutation(data[1])) for s in seeds]


def overlap(data: Data) -> list[int]:
    """Return how many columns each fold's own choice shares with the choice from all rows."""
    x, y = data
    best = set(chosen(data))
    return [len(best & set(chosen((x[a], y[a])))) for a, _ in FOLDS.split(x, y)]


def strength(data: Data, columns: np.ndarray) -> list[float]:
    """Return the absolute correlation of columns with the outcome."""
    x, y = data
    return [round(abs(float(np.corrcoef(x[:, c], y)[0, 1])), 2) for c in columns]


def main() -> None:
    data, new = draw(BATCHES, 11), draw(NEW, 12)
    first, fakes = chosen(data), shuffled(data, range(20))
    fake_out = [outside(f) for f in fakes]
    fake_in = [cross_validated(inside(), f) for f in fakes]
    named = (data[0][:, :8], data[1])
    order = np.random.default_rng(4).permutation(COLUMNS)
    counts = (20, 100, 400, 1000, 4000)
    numbers = {
        "chosen on all: cv": round(outside(data), 1),
        "chosen on all: train, new": on_new(data, new),
        "new batches, first and second half": [
            on_new(data, (new[0][a], new[1][a]))[1] for a in (slice(0, 75), slice(75, 150))
        ],
        "chosen inside: cv": round(cross_validated(inside(), data), 1),
        "no choice, all columns: cv": round(cross_validated(classifier(0.001), data), 1),
        "shuffled, chosen on all: mean, least, most": [
            round(float(f), 1) for f in (np.mean(fake_out), min(fake_out), max(fake_out))
        ],
        "shuffled, chosen inside: mean, least, most": [
            round(float(f), 1) for f in (np.mean(fake_in), min(fake_in), max(fake_in))
        ],
        "by candidates: chosen on all, inside": {
            n: [
                round(outside((data[0][:, order[:n]], data[1])), 1),
                round(cross_validated(inside(), (data[0][:, order[:n]], data[1])), 1),
            ]
            for n in counts
        },
        "strongest correlations, then in new": [
            strength(data, first[:5]),
            strength(new, first[:5]),
        ],
        "mean correlation of the 20, then in new": [
            round(float(np.mean(strength(d, first))), 2) for d in (data, new)
        ],
        "strongest correlation after shuffling": round(
            float(np.mean([strength(f, chosen(f, 1))[0] for f in fakes])), 2
        ),
        "of the 20 in each fold's own choice": overlap(data),
        "regularisation: cv, train, new": {
            c: [round(outside(data, c=c), 1), *on_new(data, new, c=c)] for c in (1.0, 0.1, 0.01)
        },
        "kept columns: cv, train, new": {
            k: [round(outside(data, k), 1), *on_new(data, new, k)] for k in (10, 20, 50)
        },
        "eight columns named beforehand: cv, new": [
            round(cross_validated(classifier(0.01), named), 1),
            percent(classifier(0.01).fit(*named).predict(new[0][:, :8]) == new[1]),
        ],
        "mean, spread of all columns: old, new": [
            [round(float(d[0].mean()), 3), round(float(d[0].std()), 3)] for d in (data, new)
        ],
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
