"""Deep residual network whose warm-up is eight times too short: the numbers of the scenario.

Twelve residual blocks, SGD with momentum, 64 classes, trained from scratch in NumPy, with half
precision imitated by rounding to float16 under dynamic loss scaling. Averaging over eight
micro-batches of 16 equals one batch of 128, so only the scheduler differs between the runs.
Invariant: every number in the scenario's facts is printed here (about a minute).
"""

from __future__ import annotations

import json
import sys
from math import sqrt
from typing import NamedTuple

import numpy as np

INPUT, WIDTH, HIDDEN, CLASSES, DEPTH, BATCH = 32, 64, 128, 64, 12, 128
PEAK, WARM_UP, MOMENTUM = 0.025, 400, 0.9
Weights = dict[str, np.ndarray]


class Setting(NamedTuple):
    """One run; `ticks` is how often the scheduler advances per update."""

    ticks: int = 1
    updates: int = 600
    peak: float = PEAK
    half: bool = True
    seed: int = 0
    data_seed: int = 100
    clip: float | None = None


class Log(NamedTuple):
    """What is recorded at one update."""

    loss: float
    gradient_norm: float
    rate: float
    scale: float


def learning_rate(tick: int, peak: float) -> float:
    """Return linear warm-up, then inverse square root."""
    return peak * min(tick / WARM_UP, sqrt(WARM_UP / tick))


def rounded(x: np.ndarray, half: bool) -> np.ndarray:
    return x.astype(np.float16).astype(np.float32) if half else x


def init(seed: int) -> Weights:
    rng = np.random.default_rng(seed)
    shapes = {"in": (INPUT, WIDTH, 1.0), "out": (WIDTH, CLASSES, 0.1)}
    for block in range(DEPTH):
        shapes |= {f"a{block}": (WIDTH, HIDDEN, 2**0.5), f"b{block}": (HIDDEN, WIDTH, 0.3 * 2**0.5)}
    return {
        k: (gain * rng.normal(size=(n, m)) / n**0.5).astype(np.float32)
        for k, (n, m, gain) in shapes.items()
    }


def draw_batch(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw sentence vectors around one fixed centre per class."""
    centres = np.random.default_rng(7).normal(size=(CLASSES, INPUT))
    y = rng.integers(0, CLASSES, BATCH)
    return (centres[y] + 0.8 * rng.normal(size=(BATCH, INPUT))).astype(np.float32), y


def forward(
    w: Weights, x: np.ndarray, half: bool
) -> tuple[list[tuple[np.ndarray, np.ndarray]], np.ndarray]:
    """Return each block's input and hidden layer, ending with the last state, and probabilities."""
    state, kept = rounded(x @ w["in"], half), []
    for block in range(DEPTH):
        hidden = rounded(np.maximum(state @ w[f"a{block}"], 0), half)
        kept.append((state, hidden))
        state = rounded(state + hidden @ w[f"b{block}"], half)
    kept.append((state, state))
    logits = state @ w["out"]
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return kept, odds / odds.sum(axis=1, keepdims=True)


def backward(
    w: Weights,
    x: np.ndarray,
    y: np.ndarray,
    kept: list[tuple[np.ndarray, np.ndarray]],
    p: np.ndarray,
    scale: float,
    half: bool,
) -> Weights:
    """Return the gradients of the mean cross-entropy times `scale`."""
    error = p.copy()
    error[np.arange(BATCH), y] -= 1
    error *= scale / BATCH
    grads = {"out": kept[-1][0].T @ error}
    flow = error @ w["out"].T
    for block in reversed(range(DEPTH)):
        state, hidden = kept[block]
        flow = rounded(flow, half)
        inner = (flow @ w[f"b{block}"].T) * (hidden > 0)
        grads |= {f"b{block}": hidden.T @ flow, f"a{block}": state.T @ inner}
        flow = flow + inner @ w[f"a{block}"].T
    grads["in"] = x.T @ flow
    return {k: rounded(g, half) for k, g in grads.items()}


def run(setting: Setting) -> list[Log]:
    """Train and return the log, one entry per update; overflowing half-precision steps are skipped."""
    w, rng = init(setting.seed), np.random.default_rng(setting.data_seed)
    velocity, logs = {k: np.zeros_like(v) for k, v in w.items()}, list[Log]()
    scale, good = (2.0**12 if setting.half else 1.0), 0
    for update in range(1, setting.updates + 1):
        x, y = draw_batch(rng)
        kept, p = forward(w, x, setting.half)
        grads = backward(w, x, y, kept, p, scale, setting.half)
        norm = sqrt(sum(float((g.astype(np.float64) ** 2).sum()) for g in grads.values())) / scale
        rate = learning_rate(update * setting.ticks, setting.peak)
        loss = -float(np.log(p[np.arange(BATCH), y] + 1e-30).mean())
        logs.append(Log(loss, norm, rate, scale))
        if setting.half and not np.isfinite(norm):
            scale, good = max(scale / 2, 1.0), 0
            continue
        shrink = min(1.0, setting.clip / norm) if setting.clip else 1.0
        for k, g in grads.items():
            velocity[k] = MOMENTUM * velocity[k] + g * (shrink / scale)
            w[k] = w[k] - rate * velocity[k]
        good += 1
        scale *= 2 if setting.half and good % 200 == 0 else 1
    return logs


def near(logs: list[Log], update: int) -> tuple[float, float]:
    """Return mean loss and gradient norm of the five updates that end at `update`."""
    window = logs[max(0, update - 5) : update]
    loss, norm = (float(np.mean([row[i] for row in window])) for i in (0, 1))
    return round(loss, 2), round(norm, 1)


def first_bad(logs: list[Log]) -> int | None:
    """Return the first update whose loss is above 1.5 times the loss at the start."""
    return next((i + 1 for i, row in enumerate(logs) if not row.loss <= 1.5 * logs[0].loss), None)


def variants() -> dict[str, Setting]:
    """Return the runs that test one suspect each, all with the short warm-up but the last."""
    return {
        "float32": Setting(ticks=8, half=False, updates=120),
        "shuffled again": Setting(ticks=8, data_seed=200, updates=120),
        "shuffled a third time": Setting(ticks=8, data_seed=300, updates=120),
        "other initial weights": Setting(ticks=8, seed=1, updates=120),
        "half the peak": Setting(ticks=8, peak=PEAK / 2),
        "clipped at 1": Setting(ticks=8, clip=1.0),
        "one tick per update": Setting(seed=1),
    }


def main() -> None:
    np.seterr(all="ignore")  # the point of the bad runs is that they overflow
    at = range(5, 60, 5)
    good, bad = run(Setting()), run(Setting(ticks=8, updates=120))
    logs = {name: run(setting) for name, setting in variants().items()}
    numbers = {
        "updates": list(at),
        "loss": {
            "last month": [near(good, t)[0] for t in at],
            "now": [near(bad, t)[0] for t in at],
        },
        "norm": {
            "last month": [near(good, t)[1] for t in at],
            "now": [near(bad, t)[1] for t in at],
        },
        "rate": {
            "last month": [round(good[t - 1].rate, 4) for t in at],
            "now": [round(bad[t - 1].rate, 4) for t in at],
        },
        "later, last month": {
            t: (*near(good, t), round(good[t - 1].rate, 4)) for t in (100, 200, 400, 600)
        },
        "highest loss after 100, last month": round(max(row.loss for row in good[100:]), 2),
        "first norms": [[round(row.gradient_norm, 2) for row in log[:3]] for log in (good, bad)],
        "losses 44 to 60 now": [round(row.loss, 2) for row in bad[43:60]],
        "loss scale 44 to 70 now": [row.scale for row in bad[43:70]],
        "first bad update": {"now": first_bad(bad), "last month": first_bad(good)}
        | {n: first_bad(v) for n, v in logs.items()},
        "final loss": {n: near(v, len(v))[0] for n, v in logs.items()}
        | {"last month": near(good, 600)[0]},
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
