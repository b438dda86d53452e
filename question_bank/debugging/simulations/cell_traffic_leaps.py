"""Recurrent traffic forecast with a few impossible targets: the numbers of the scenario.

Six of 19,200 windows end in the hour of a board swap in the base station, where the difference of
two unrelated counters is taken for traffic. Each of them makes one gigantic update. Invariant:
every number in the scenario's facts is printed here (about fifteen seconds).
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from typing import NamedTuple

import numpy as np

HOURS, HIDDEN, BATCH, RATE, EPOCHS = 24, 24, 64, 0.02, 3
Weights = dict[str, np.ndarray]


class Windows(NamedTuple):
    """Traffic of 24 hours and of the hour after (GB), and whether the board was swapped then."""

    x: np.ndarray
    y: np.ndarray
    swapped: np.ndarray


class Run(NamedTuple):
    """Loss and gradient norm of each update, the bad windows by update, and the weights."""

    loss: list[float]
    norm: list[float]
    bad: list[int]
    which: list[int]
    w: Weights
    grads: dict[int, dict[str, float]]


def draw(rows: int, swaps: int, seed: int) -> Windows:
    """Draw windows of cell traffic: daily rhythm, level of the cell, and autocorrelation.

    Windows with a swap among their inputs are dropped when they are cut, so it is in targets only.
    """
    rng = np.random.default_rng(seed)
    start, level = rng.integers(0, 24, rows), np.exp(rng.normal(-0.6, 0.4, rows))
    hours = start[:, None] + np.arange(HOURS + 1)
    rhythm = 1 + 0.6 * np.sin(2 * np.pi * (hours - 13) / 24) + 0.3 * np.sin(np.pi * hours / 6)
    noise, state = np.empty((rows, HOURS + 1)), rng.normal(0, 0.3, rows)
    for t in range(HOURS + 1):
        state = 0.8 * state + rng.normal(0, 0.18, rows)
        noise[:, t] = state
    traffic = np.maximum(level[:, None] * rhythm * np.exp(noise), 0.05)
    swapped = np.zeros(rows, dtype=bool)
    swapped[rng.choice(rows, swaps, replace=False)] = True
    traffic[swapped, HOURS] += np.round(rng.uniform(100, 1_000, swaps))
    return Windows(traffic[:, :HOURS], traffic[:, HOURS], swapped)


def init(seed: int) -> Weights:
    rng = np.random.default_rng(seed)
    return {
        "input": rng.normal(0, 0.3, (1, HIDDEN)),
        "recurrent": 0.9 * np.linalg.qr(rng.normal(size=(HIDDEN, HIDDEN)))[0],
        "hidden bias": np.zeros(HIDDEN),
        "output": rng.normal(0, 0.2, (HIDDEN, 1)),
        "output bias": np.zeros(1),
    }


def states(w: Weights, x: np.ndarray) -> list[np.ndarray]:
    """Return the hidden state before the first and after each hour."""
    h = [np.zeros((len(x), HIDDEN))]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t : t + 1] @ w["input"] + h[-1] @ w["recurrent"] + w["hidden bias"]))
    return h


def forecast(w: Weights, x: np.ndarray) -> np.ndarray:
    return np.asarray((states(w, x)[-1] @ w["output"] + w["output bias"])[:, 0])


def gradients(w: Weights, x: np.ndarray, y: np.ndarray) -> tuple[Weights, float]:
    """Return the gradients of the mean squared error, through time, and the loss."""
    h = states(w, x)
    error = (h[-1] @ w["output"] + w["output bias"])[:, 0] - y
    flow = 2 * error[:, None] / len(y)
    grads = {k: np.zeros_like(v) for k, v in w.items()}
    grads["output"], grads["output bias"] = h[-1].T @ flow, flow.sum(axis=0)
    back = flow @ w["output"].T
    for t in range(x.shape[1] - 1, -1, -1):
        back = back * (1 - h[t + 1] ** 2)
        grads["input"] += x[:, t : t + 1].T @ back
        grads["recurrent"] += h[t].T @ back
        grads["hidden bias"] += back.sum(axis=0)
        back = back @ w["recurrent"].T
    return grads, float((error**2).mean())


def norm(grads: Weights) -> float:
    return float(np.sqrt(sum((g**2).sum() for g in grads.values())))


def train(
    data: Windows, rate: float = RATE, clip: float = np.inf, order: int = 0, hours: int = HOURS
) -> Run:
    """Train with SGD; `hours` is how much of each window the network reads."""
    w, rng = init(0), np.random.default_rng(100 + order)
    run = Run([], [], [], [], w, {})
    for _ in range(EPOCHS):
        rows = rng.permutation(len(data.y))
        for i in range(0, len(rows), BATCH):
            batch = rows[i : i + BATCH]
            grads, loss = gradients(w, data.x[batch, HOURS - hours :], data.y[batch])
            size = norm(grads)
            if data.swapped[batch].any():
                run.bad.append(len(run.loss) + 1)
                run.which.append(int(data.swapped[: batch[data.swapped[batch]][0]].sum()) + 1)
                run.grads[len(run.loss) + 1] = {k: norm({k: g}) for k, g in grads.items()}
            for k, g in grads.items():
                w[k] -= rate * min(1.0, clip / size) * g
            run.loss.append(loss)
            run.norm.append(size)
    return run


def error(w: Weights, data: Windows, hours: int = HOURS) -> float:
    """Return the mean absolute error in GB."""
    return round(float(np.abs(forecast(w, data.x[:, HOURS - hours :]) - data.y).mean()), 3)


def leaps(run: Run) -> list[int]:
    """Return the updates whose loss is over fifty times that of the update before."""
    return [i + 1 for i, (a, b) in enumerate(pairwise([np.inf, *run.loss])) if b > 50 * a]


def saturated(w: Weights, data: Windows) -> float:
    """Return the percentage of last hidden states beyond 0.99."""
    return round(100 * float((np.abs(states(w, data.x)[-1]) > 0.99).mean()), 1)


def blocks(values: list[float], size: int = 50) -> list[float]:
    """Return the median of each block of updates."""
    return [round(float(np.median(values[i : i + size])), 3) for i in range(0, len(values), size)]


def main() -> None:
    data, test = draw(19_200, 6, 1), draw(4_000, 0, 2)
    clean = Windows(*(v[~data.swapped] for v in data))
    runs = {
        "as it is": train(data),
        "other order": train(data, order=1),
        "tenth of the rate": train(data, rate=RATE / 10),
        "clipped at 1": train(data, clip=1.0),
        "without the windows": train(clean),
        "without them, clipped": train(clean, clip=1.0),
    }
    short = train(data, hours=6)
    numbers = {
        **{
            n: {
                "leaps": leaps(r),
                "bad windows": list(zip(r.bad, r.which, strict=True)),
                "test error": error(r.w, test),
                "last loss": round(float(np.median(r.loss[-50:])), 3),
                "saturated": saturated(r.w, test),
                "largest norm": round(max(r.norm), 1),
                "median norm": round(float(np.median(r.norm)), 2),
            }
            for n, r in runs.items()
        },
        "loss by 50 updates": {n: blocks(r.loss) for n, r in runs.items()},
        "around the first leap": [
            [i, round(runs["as it is"].loss[i - 1], 3), round(runs["as it is"].norm[i - 1], 2)]
            for i in range(runs["as it is"].bad[0] - 3, runs["as it is"].bad[0] + 4)
        ],
        "norms by weights at the first leap": runs["as it is"].grads[runs["as it is"].bad[0]],
        "six hours": [leaps(short), error(short.w, test, 6)],
        "targets": [round(float(v), 2) for v in np.quantile(data.y, [0.5, 0.99, 0.999])],
        "largest targets": [round(float(v), 1) for v in np.sort(data.y)[::-1][:12]],
        "largest input": round(float(data.x.max()), 1),
        "swapped windows (last two hours, target)": [
            [round(float(v), 2) for v in (*data.x[i, -2:], data.y[i])]
            for i in np.flatnonzero(data.swapped)
        ],
        "mean target, all and clean": [round(float(d.y.mean()), 2) for d in (data, clean)],
        "guess the last hour": round(float(np.abs(test.x[:, -1] - test.y).mean()), 3),
        "guess the mean": round(float(np.abs(test.y.mean() - test.y).mean()), 3),
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
