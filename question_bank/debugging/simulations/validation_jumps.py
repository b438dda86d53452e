"""Network with batch normalisation fed one scanner after another: the numbers of the scenario.

Handwritten digits (scikit-learn) as seen by four scanners that differ in brightness and contrast.
Batches of one scanner at a time train well but leave the running statistics of the scanner that
came last. Invariant: every number in the scenario's facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

# Brightness and contrast of each scanner.
SCANNERS = {"A": (0.0, 1.0), "B": (2.5, 1.0), "C": (-0.5, 3.0), "D": (1.0, 0.3)}
HIDDEN, CLASSES, BATCH, MOMENTUM, TINY = 96, 10, 64, 0.1, 1e-5
Weights = dict[str, np.ndarray]


class Images(NamedTuple):
    """Pixels, digits and the index of the scanner of each row."""

    x: np.ndarray
    y: np.ndarray
    scanner: np.ndarray


class Setting(NamedTuple):
    """One run; `mixed` shuffles all scanners together."""

    mixed: bool = False
    epochs: int = 20
    rate: float = 0.05
    seed: int = 0
    decay: float = 0.0


class Epoch(NamedTuple):
    """What is recorded after one epoch; accuracies in percent."""

    loss: float
    norm: float
    last: int
    valid: float
    by_scanner: list[float]


def load_images() -> tuple[Images, Images]:
    """Return training and validation images; every sheet is scanned by all scanners."""
    x, y = load_digits(return_X_y=True)
    rng = np.random.default_rng(0)
    order, parts = rng.permutation(len(y)), []
    for rows in (order[:1200], order[1200:]):
        base = x[rows] / 8 - 0.6
        noise = rng.normal(0, 0.25, (len(SCANNERS), *base.shape))
        seen = [g * (base + n) + b for (b, g), n in zip(SCANNERS.values(), noise, strict=True)]
        which = np.repeat(np.arange(len(SCANNERS)), len(rows))
        parts.append(Images(np.vstack(seen), np.tile(y[rows], len(SCANNERS)), which))
    return parts[0], parts[1]


def init(seed: int) -> Weights:
    rng, sizes = np.random.default_rng(seed), (64, HIDDEN, HIDDEN, CLASSES)
    w: Weights = {}
    for i in range(3):
        w[f"w{i}"] = rng.normal(size=(sizes[i], sizes[i + 1])) * (2 / sizes[i]) ** 0.5
        if i < 2:
            w[f"gain{i}"], w[f"shift{i}"] = np.ones(HIDDEN), np.zeros(HIDDEN)
    w["bias"] = np.zeros(CLASSES)
    return w


def start_statistics() -> Weights:
    """Return the running mean and variance before training."""
    names = [f"{kind}{i}" for i in range(2) for kind in ("mean", "var")]
    return {n: (np.zeros if n.startswith("mean") else np.ones)(HIDDEN) for n in names}


def forward(
    w: Weights, x: np.ndarray, run: Weights, training: bool, momentum: float = MOMENTUM
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray, np.ndarray]], np.ndarray]:
    """Return probabilities, what backward needs per layer, and the last hidden layer.

    In training the batch's own statistics normalise and the running ones are updated in place.
    """
    kept = []
    for i in range(2):
        z = x @ w[f"w{i}"]
        mean, var = (
            (z.mean(axis=0), z.var(axis=0)) if training else (run[f"mean{i}"], run[f"var{i}"])
        )
        if training:
            run[f"mean{i}"] = (1 - momentum) * run[f"mean{i}"] + momentum * mean
            run[f"var{i}"] = (1 - momentum) * run[f"var{i}"] + momentum * var
        spread = np.sqrt(var + TINY)
        unit = (z - mean) / spread
        kept.append((x, unit, spread))
        x = np.maximum(w[f"gain{i}"] * unit + w[f"shift{i}"], 0)
    logits = x @ w["w2"] + w["bias"]
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True), kept, x


def gradients(w: Weights, x: np.ndarray, y: np.ndarray, run: Weights) -> tuple[Weights, float]:
    """Return the gradients of the mean cross-entropy and the loss."""
    p, kept, last = forward(w, x, run, training=True)
    loss = -float(np.log(p[np.arange(len(y)), y] + 1e-12).mean())
    error = (p - np.eye(CLASSES)[y]) / len(y)
    grads = {"w2": last.T @ error, "bias": error.sum(axis=0)}
    flow = error @ w["w2"].T
    for i in (1, 0):
        before, unit, spread = kept[i]
        flow = flow * (w[f"gain{i}"] * unit + w[f"shift{i}"] > 0)
        grads |= {f"gain{i}": (flow * unit).sum(axis=0), f"shift{i}": flow.sum(axis=0)}
        flow = flow * w[f"gain{i}"]
        flow = (flow - flow.mean(axis=0) - unit * (flow * unit).mean(axis=0)) / spread
        grads[f"w{i}"] = before.T @ flow
        flow = flow @ w[f"w{i}"].T
    return grads, loss


def batches(train: Images, mixed: bool, rng: np.random.Generator) -> tuple[list[np.ndarray], int]:
    """Return the batches of one epoch and the scanner of the last one."""
    if mixed:
        order = rng.permutation(len(train.y))
        return [order[i : i + BATCH] for i in range(0, len(order), BATCH)], -1
    result, shards = list[np.ndarray](), rng.permutation(len(SCANNERS))
    for shard in shards:
        order = rng.permutation(np.flatnonzero(train.scanner == shard))
        result += [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    return result, int(shards[-1])


def accuracy(w: Weights, run: Weights, data: Images, rows: np.ndarray | None = None) -> float:
    """Return the accuracy in percent in evaluation mode."""
    rows = np.arange(len(data.y)) if rows is None else rows
    p = forward(w, data.x[rows], run, training=False)[0]
    return round(100 * float((p.argmax(axis=1) == data.y[rows]).mean()), 1)


def batch_accuracy(w: Weights, run: Weights, data: Images) -> float:
    """Return the accuracy when each batch of one scanner is normalised by its own statistics."""
    right = 0
    for scanner in range(len(SCANNERS)):
        rows = np.flatnonzero(data.scanner == scanner)
        p = forward(w, data.x[rows], dict(run), training=True)[0]
        right += int((p.argmax(axis=1) == data.y[rows]).sum())
    return round(100 * right / len(data.y), 1)


def train_network(
    setting: Setting, train: Images, valid: Images
) -> tuple[list[Epoch], Weights, Weights]:
    """Train with momentum; return the log, the weights and the running statistics."""
    w, run, rng = init(setting.seed), start_statistics(), np.random.default_rng(50 + setting.seed)
    velocity, log = {k: np.zeros_like(v) for k, v in w.items()}, list[Epoch]()
    for _ in range(setting.epochs):
        losses, norms = list[float](), list[float]()
        rows, last = batches(train, setting.mixed, rng)
        for batch in rows:
            grads, loss = gradients(w, train.x[batch], train.y[batch], run)
            losses.append(loss)
            norms.append(float(np.sqrt(sum((g**2).sum() for g in grads.values()))))
            for k, g in grads.items():
                velocity[k] = 0.9 * velocity[k] + g + setting.decay * w[k]
                w[k] = w[k] - setting.rate * velocity[k]
        each = [accuracy(w, run, valid, np.flatnonzero(valid.scanner == s)) for s in range(4)]
        log.append(
            Epoch(
                round(float(np.mean(losses)), 3),
                round(float(np.mean(norms)), 2),
                last,
                accuracy(w, run, valid),
                each,
            )
        )
    return log, w, run


def recomputed(w: Weights, train: Images) -> Weights:
    """Return running statistics of the whole training set for fixed weights."""
    run = start_statistics()
    forward(w, train.x, run, training=True, momentum=1.0)
    return run


def main() -> None:
    train, valid = load_images()
    log, w, run = train_network(Setting(), train, valid)
    mixed, mixed_w, mixed_run = train_network(Setting(mixed=True), train, valid)
    numbers = {
        "train loss": [e.loss for e in log],
        "validation": [e.valid for e in log],
        "gradient norm": [e.norm for e in log],
        "last scanner": ["ABCD"[e.last] for e in log],
        "by scanner": [e.by_scanner for e in log],
        "mixed: train loss, validation": [[e.loss for e in mixed], [e.valid for e in mixed]],
        "mixed by scanner": mixed[-1].by_scanner,
        "evaluation mode: train, validation": [accuracy(w, run, d) for d in (train, valid)],
        "batch statistics: train, validation": [batch_accuracy(w, run, d) for d in (train, valid)],
        "mixed: evaluation mode, train": accuracy(mixed_w, mixed_run, train),
        "recomputed statistics, validation": accuracy(w, recomputed(w, train), valid),
        "running mean, variance of the first layer": {
            "running": [round(float(run[k].mean()), 2) for k in ("mean0", "var0")],
            "all": [round(float(recomputed(w, train)[k].mean()), 2) for k in ("mean0", "var0")],
        },
        "pixels by scanner": {
            n: [
                round(float(v), 2)
                for v in (train.x[train.scanner == i].mean(), train.x[train.scanner == i].std())
            ]
            for i, n in enumerate(SCANNERS)
        },
        "lower rate": [
            e.valid for e in train_network(Setting(rate=0.005, epochs=10), train, valid)[0]
        ],
        "other seed": [e.valid for e in train_network(Setting(seed=1, epochs=10), train, valid)[0]],
        "weight decay": [
            e.valid for e in train_network(Setting(decay=1e-3, epochs=10), train, valid)[0]
        ],
        "rows": [len(train.y), len(valid.y)],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
