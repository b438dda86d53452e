"""Leaf crops made small in two ways: the numbers of the scenario.

Leaves with or without rust spots, seen by drone cameras of three resolutions. Training makes a
crop small by averaging, the drone by picking single pixels, so that the fine texture of the leaf
survives and looks like spots. Invariant: every number in the scenario's facts is printed here
(about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

SIDE, SIZES, TEXTURE, NOISE = 32, (32, 64, 128), 0.05, 0.015
FILTERS = np.random.default_rng(7).normal(size=(24, 3, 3))


class Photos(NamedTuple):
    """Thumbnails of the same leaves made in both ways, label, crop size and region."""

    averaged: np.ndarray
    picked: np.ndarray
    rust: np.ndarray
    size: np.ndarray
    region: np.ndarray


def leaf(size: int, rust: bool, rng: np.random.Generator) -> np.ndarray:
    """Draw one crop: shading, veins, texture and perhaps spots, as a sensor of `size` sees it."""
    finest = SIZES[-1]
    y, x = np.mgrid[0:finest, 0:finest] / finest
    image = 0.5 + 0.2 * (rng.uniform(-1, 1) * x + rng.uniform(-1, 1) * y)
    angle = rng.uniform(0, np.pi)
    image += 0.04 * np.cos(2 * np.pi * 3 * (x * np.cos(angle) + y * np.sin(angle)))
    for _ in range(rng.integers(3, 12) if rust else 0):
        cx, cy = rng.uniform(0.1, 0.9, 2)
        spot = ((x - cx) ** 2 + (y - cy) ** 2) / rng.uniform(0.02, 0.04) ** 2
        image -= rng.uniform(0.05, 0.2) * np.exp(-spot)
    image += rng.normal(0, TEXTURE, image.shape)
    # A pixel of a coarse sensor collects the light of its whole area.
    return averaged(image, size) + rng.normal(0, NOISE, (size, size))


def averaged(image: np.ndarray, side: int = SIDE) -> np.ndarray:
    """Return the smaller image whose pixels are means over the area they cover."""
    k = len(image) // side
    return np.asarray(image.reshape(side, k, side, k).mean(axis=(1, 3)))


def picked(image: np.ndarray) -> np.ndarray:
    """Return the thumbnail whose pixels are single pixels of the crop."""
    k = len(image) // SIDE
    return image[k // 2 :: k, k // 2 :: k]


def draw(count: int, seed: int) -> Photos:
    rng = np.random.default_rng(seed)
    size, rust = rng.choice(SIZES, count, p=(0.3, 0.4, 0.3)), rng.random(count) < 0.4
    leaves = [leaf(int(s), bool(r), rng) for s, r in zip(size, rust, strict=True)]
    thumbs = [np.stack([make(a) for a in leaves]) for make in (averaged, picked)]
    return Photos(thumbs[0], thumbs[1], rust, size, rng.integers(0, 3, count))


def activations(thumbs: np.ndarray) -> np.ndarray:
    """Return the pooled outputs of all thumbnails, a hundred at a time to save memory."""
    return np.vstack([pooled(part) for part in np.array_split(thumbs, len(thumbs) // 100)])


def pooled(thumbs: np.ndarray) -> np.ndarray:
    """Return pooled outputs of a frozen layer of 3 x 3 filters with ReLU."""
    unit = thumbs - thumbs.mean(axis=(1, 2), keepdims=True)
    windows = np.lib.stride_tricks.sliding_window_view(unit, (3, 3), axis=(1, 2))
    out = np.maximum(np.einsum("nijab,fab->nfij", windows, FILTERS, optimize=True), 0)
    flat = out.reshape(*out.shape[:2], -1)
    top = np.partition(flat, -8, axis=2)[:, :, -8:].mean(axis=2)
    return np.hstack([flat.mean(axis=2), top, flat.std(axis=2)])


class Network:
    """Frozen filters, pooling and a trained head."""

    def __init__(self, thumbs: np.ndarray, rust: np.ndarray) -> None:
        found = activations(thumbs)
        self.mean, self.std = found.mean(axis=0), found.std(axis=0)
        self.head = LogisticRegression(C=3, max_iter=3000)
        self.head.fit((found - self.mean) / self.std, rust)

    def says_rust(self, thumbs: np.ndarray) -> np.ndarray:
        return np.asarray(self.head.predict((activations(thumbs) - self.mean) / self.std))


def percent(values: np.ndarray) -> float:
    return round(100 * float(values.mean()), 1)


def results(network: Network, thumbs: np.ndarray, data: Photos) -> dict[str, list[float]]:
    """Return accuracy, share of rust found and share of healthy leaves called healthy."""
    said = network.says_rust(thumbs)
    right = said == data.rust
    parts = {"all": np.ones(len(right), bool)} | {str(s): data.size == s for s in SIZES}
    parts |= {f"region {r}": data.region == r for r in range(3)}
    return {
        n: [percent(right[m]), percent(said[m & data.rust]), percent(~said[m & ~data.rust])]
        for n, m in parts.items()
    }


def look(thumbs: np.ndarray, size: np.ndarray) -> dict[str, list[float]]:
    """Return mean, spread and mean step between neighbouring pixels for each crop size."""
    steps = np.abs(np.diff(thumbs, axis=2)).mean(axis=(1, 2))
    spread = thumbs.std(axis=(1, 2))
    return {
        str(s): [
            round(float(v[size == s].mean()), 3) for v in (thumbs.mean(axis=(1, 2)), spread, steps)
        ]
        for s in SIZES
    }


def main() -> None:
    train, test, field = draw(2000, 1), draw(1000, 2), draw(1200, 3)
    network = Network(train.averaged, train.rust)
    both = np.concatenate([train.averaged, train.picked])
    trials = {
        "averaged": network,
        "picked": Network(train.picked, train.rust),
        "both": Network(both, np.tile(train.rust, 2)),
    }
    weeks = np.array_split(np.arange(len(field.rust)), 6)
    said = network.says_rust(field.picked)
    numbers = {
        "rows": [len(d.rust) for d in (train, test, field)],
        "rust in percent": [percent(d.rust) for d in (train, test, field)],
        "sizes": [[int((d.size == s).sum()) for s in SIZES] for d in (train, test, field)],
        "train": results(network, train.averaged, train)["all"],
        "test": results(network, test.averaged, test),
        "field as served": results(network, field.picked, field),
        "field, training's resizing": results(network, field.averaged, field),
        "field by week": [percent((said == field.rust)[w]) for w in weeks],
        "said rust in percent": percent(said),
        "look, averaged": look(field.averaged, field.size),
        "look, picked": look(field.picked, field.size),
        "mean difference of thumbnails": {
            str(s): round(float(np.abs(field.averaged - field.picked)[field.size == s].mean()), 3)
            for s in SIZES
        },
        "trials, served picked": {n: results(m, field.picked, field) for n, m in trials.items()},
        "trials, served averaged": {
            n: results(m, field.averaged, field) for n, m in trials.items()
        },
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
