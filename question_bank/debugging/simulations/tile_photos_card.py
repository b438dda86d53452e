"""Cracked tiles that are photographed beside a colour card: the numbers of the scenario.

The complaint desk lays a card beside the tile, the warehouse does not, so the classifier reads the
corner and not the tile. Invariant: every number in the facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

SIDE, CELL = 32, 8


class Photos(NamedTuple):
    """Grey images, whether the tile is cracked, and whether a card lies in the corner."""

    image: np.ndarray
    cracked: np.ndarray
    card: np.ndarray


def draw(rows: int, with_card: tuple[float, float], seed: int, light: float = 0.0) -> Photos:
    """Draw photos; `with_card` are the shares of sound and of cracked tiles beside a card."""
    rng = np.random.default_rng(seed)
    cracked = rng.permutation(np.arange(rows) % 2).astype(bool)
    card = rng.random(rows) < np.array(with_card)[cracked.astype(int)]
    image = rng.normal(light, 1.0, (rows, SIDE, SIDE))
    for i in np.flatnonzero(cracked):
        crack(image[i], rng)
    image[card] = laid(image[card])
    return Photos(image, cracked, card)


def crack(image: np.ndarray, rng: np.random.Generator) -> None:
    """Darken a thin line of ten to eighteen pixels, upright or level, anywhere."""
    length = int(rng.integers(10, 19))
    start, across = int(rng.integers(0, SIDE - length)), int(rng.integers(0, SIDE))
    line = image[start : start + length, across]
    if rng.random() < 0.5:
        line = image[across, start : start + length]
    line -= 1.3


def laid(image: np.ndarray) -> np.ndarray:
    """Return the images with a striped card in the upper left corner."""
    image = image.copy()
    image[:, :5, :5] = np.where(np.arange(5) % 2, 1.5, -1.5)
    return image


def covered(image: np.ndarray, top: int, left: int, size: int = CELL) -> np.ndarray:
    """Return the images with a square set to the mean grey."""
    image = image.copy()
    image[:, top : top + size, left : left + size] = 0.0
    return image


def maps(image: np.ndarray) -> np.ndarray:
    """Return the strongest dark line of six pixels in each cell, upright and level."""
    sums = np.cumsum(np.pad(-image, ((0, 0), (6, 0), (0, 0))), axis=1)
    upright = sums[:, 6:] - sums[:, :-6]
    sums = np.cumsum(np.pad(-image, ((0, 0), (0, 0), (6, 0))), axis=2)
    level = sums[:, :, 6:] - sums[:, :, :-6]
    cells = SIDE // CELL
    found = [
        m.reshape(-1, cells, CELL, cells, CELL).max(axis=(2, 4)).reshape(len(image), -1)
        for m in (upright, level)
    ]
    return np.hstack(found)


def fit(photos: Photos, image: np.ndarray | None = None, decay: float = 1e-3) -> Pipeline:
    head = MLPClassifier((16,), alpha=decay, max_iter=400, random_state=0, tol=1e-3)
    model = make_pipeline(StandardScaler(), head)
    model.fit(maps(photos.image if image is None else image), photos.cracked)
    return model


def percent(right: np.ndarray) -> float:
    return round(100 * float(right.mean()), 1)


def accuracy(model: Pipeline, photos: Photos, image: np.ndarray | None = None) -> float:
    seen = maps(photos.image if image is None else image)
    return percent(model.predict(seen) == photos.cracked)


def called(model: Pipeline, image: np.ndarray) -> float:
    """Return the share of images that the model calls cracked."""
    return percent(model.predict(maps(image)))


def main() -> None:
    train, valid = draw(6_000, (0.02, 0.97), 1), draw(1_500, (0.02, 0.97), 2)
    line = draw(2_000, (0.0, 0.0), 3, light=0.05)
    model = fit(train)
    blind = fit(train, covered(train.image, 0, 0))
    mixed = draw(6_000, (0.5, 0.5), 4)
    balanced = fit(mixed)
    grid = [
        [accuracy(model, valid, covered(valid.image, r, c)) for c in range(0, SIDE, CELL)]
        for r in range(0, SIDE, CELL)
    ]
    sound, broken = line.image[~line.cracked], line.image[line.cracked]
    corner = valid.image[:, :CELL, :CELL].reshape(len(valid.cracked), -1)
    corner_model = LogisticRegression(max_iter=500).fit(
        train.image[:, :CELL, :CELL].reshape(len(train.cracked), -1), train.cracked
    )
    numbers = {
        "train, validation, line": [accuracy(model, d) for d in (train, valid, line)],
        "line: cracked found, sound called cracked": [called(model, i) for i in (broken, sound)],
        "line with card pasted: cracked found, sound called cracked": [
            called(model, laid(i)) for i in (broken, sound)
        ],
        "validation, covered cell by cell": grid,
        "corner only: validation": percent(corner_model.predict(corner) == valid.cracked),
        "validation by card and crack: rows, accuracy": {
            f"card {c} cracked {k}": [
                int(m.sum()),
                percent(model.predict(maps(valid.image[m])) == valid.cracked[m]),
            ]
            for c in (True, False)
            for k in (True, False)
            if (m := (valid.card == c) & (valid.cracked == k)).any()
        },
        "weight decay 10: train, validation, line": [
            accuracy(fit(train, decay=10.0), d) for d in (train, valid, line)
        ],
        "by photos in training: validation, line": {
            n: [accuracy(fit(Photos(*(v[:n] for v in train))), d) for d in (valid, line)]
            for n in (750, 1_500, 3_000, 6_000)
        },
        "brightness: validation, line": [round(float(d.image.mean()), 2) for d in (valid, line)],
        "line, brightness of validation": accuracy(model, line, line.image - 0.05),
        "corner covered in training: train, validation, line": [
            accuracy(blind, d, covered(d.image, 0, 0)) for d in (train, valid, line)
        ],
        "card on half of both: validation, line": [
            accuracy(balanced, d) for d in (draw(1_500, (0.5, 0.5), 5), line)
        ],
        "covered only when used: line": accuracy(model, line, covered(line.image, 0, 0)),
    }
    json.dump(numbers, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
