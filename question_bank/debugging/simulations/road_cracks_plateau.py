"""Crack detector in half precision whose small gradients become zero: the numbers.

The loss is averaged over all pixels of a batch. With full-size images there are 256 times as many,
so in the lower layers most gradients fall below the smallest float16 and are rounded to zero.
Float16 is imitated by rounding the stored arrays; sums are kept in float32, as the hardware does.
A pixel in the sample stands for many like it. Invariant: every number in the scenario's facts is
printed here (about fifteen seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np

SIDE, HIDDEN, SAMPLE, UPDATES = 5, 24, 512, 400
CROPS, FULL = 16 * 64**2, 16 * 1024**2
LAYERS = 4
Weights = list[np.ndarray]


class Setting(NamedTuple):
    """One run: pixels per batch, stored precision, loss scale, learning rate and seed."""

    pixels: int = FULL
    half: bool = True
    scale: float = 1.0
    rate: float = 0.1
    seed: int = 0


class Pixels(NamedTuple):
    """Grey values around each pixel, and whether it lies on a crack."""

    x: np.ndarray
    y: np.ndarray


class Result(NamedTuple):
    loss: list[float]
    zeros: list[float]
    moved: list[float]
    skipped: int
    w: Weights


def draw(rows: int, seed: int) -> Pixels:
    """Draw patches of asphalt: cracks are thin dark lines, stains and joints are not."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(4, rows, p=[0.45, 0.2, 0.15, 0.2])  # plain, crack, stain, edge of a shadow
    grid = np.arange(SIDE) - SIDE // 2
    angle = rng.uniform(0, np.pi, rows)[:, None, None]
    across = grid[None, :, None] * np.cos(angle) + grid[None, None, :] * np.sin(angle)
    depth = rng.uniform(0.6, 1.6, rows)[:, None, None]
    dark = np.zeros((rows, SIDE, SIDE))
    dark[kind == 1] = (depth * (np.abs(across) < 0.8))[kind == 1]
    dark[kind == 2] = np.broadcast_to(depth, dark.shape)[kind == 2]
    dark[kind == 3] = (depth * (across > 0))[kind == 3]
    light = rng.normal(0, 0.4, rows)[:, None, None]
    x = light - dark + rng.normal(0, 0.45, dark.shape)
    return Pixels(x.reshape(rows, -1).astype(np.float32), (kind == 1).astype(np.float32))


def init(seed: int) -> Weights:
    rng, sizes = np.random.default_rng(seed), [SIDE**2 + 1] + [HIDDEN + 1] * (LAYERS - 1)
    outs = [HIDDEN] * (LAYERS - 1) + [1]
    return [
        (rng.normal(size=(a, b)) * (2 / a) ** 0.5).astype(np.float32)
        for a, b in zip(sizes, outs, strict=True)
    ]


def stored(values: np.ndarray, half: bool) -> np.ndarray:
    """Return the values as they are after storing them."""
    if not half:
        return values
    with np.errstate(over="ignore"):
        return values.astype(np.float16).astype(np.float32)


def forward(w: Weights, x: np.ndarray, half: bool) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the inputs of each layer, with a column of ones, and the probabilities."""
    kept = []
    for i, layer in enumerate(w):
        x = np.hstack([x, np.ones((len(x), 1), np.float32)])
        kept.append(stored(x, half))
        x = stored(kept[-1] @ stored(layer, half), half)
        x = np.maximum(x, 0) if i < LAYERS - 1 else x
    return kept, 1 / (1 + np.exp(-np.clip(x[:, 0], -30, 30)))


def backward(w: Weights, data: Pixels, setting: Setting) -> tuple[Weights, list[np.ndarray], float]:
    """Return the gradients of weights and of each layer's output, and the loss.

    Every pixel has the gradient it has among all pixels of the batch; the sums over the sample
    are blown up to the whole batch.
    """
    kept, p = forward(w, data.x, setting.half)
    loss = -float(np.log(np.where(data.y == 1, p, 1 - p) + 1e-9).mean())
    flow = stored((p - data.y)[:, None] * (setting.scale / setting.pixels), setting.half)
    grads, flows = list[np.ndarray](), list[np.ndarray]()
    for i in range(LAYERS - 1, -1, -1):
        flows.insert(0, flow)
        whole = kept[i].T @ flow * (setting.pixels / len(data.y))
        grads.insert(0, stored(whole, setting.half) / setting.scale)
        if i:
            flow = flow @ stored(w[i], setting.half)[:-1].T * (kept[i][:, :-1] > 0)
            flow = stored(flow, setting.half)
    return grads, flows, loss


def active_zeros(w: Weights, data: Pixels, flows: list[np.ndarray]) -> list[float]:
    """Return the share in percent of zero gradients among units that are switched on."""
    kept, _ = forward(w, data.x, half=False)
    on = [kept[i + 1][:, :-1] > 0 for i in range(LAYERS - 1)] + [np.ones((len(data.y), 1), bool)]
    return [round(100 * float((f[m] == 0).mean()), 1) for f, m in zip(flows, on, strict=True)]


def train(setting: Setting) -> Result:
    """Train with momentum; the weights themselves are kept in float32."""
    w, rng, pool = init(setting.seed), np.random.default_rng(50 + setting.seed), draw(60_000, 1)
    start, velocity = [layer.copy() for layer in w], [np.zeros_like(layer) for layer in w]
    losses, zeros, skipped = list[float](), list[float](), 0
    for update in range(UPDATES):
        rows = rng.choice(len(pool.y), SAMPLE, replace=False)
        data = Pixels(pool.x[rows], pool.y[rows])
        grads, flows, loss = backward(w, data, setting)
        losses.append(loss)
        if update == 20:
            zeros = active_zeros(w, data, flows)
        if not all(np.isfinite(g).all() for g in grads):
            skipped += 1
            continue
        for layer, v, g in zip(w, velocity, grads, strict=True):
            v *= 0.9
            v += g
            layer -= setting.rate * v
    moved = [
        round(100 * float(np.linalg.norm(a - b) / np.linalg.norm(b)), 2)
        for a, b in zip(w, start, strict=True)
    ]
    return Result(losses, zeros, moved, skipped, w)


def overlap(w: Weights, half: bool, data: Pixels) -> float:
    """Return intersection over union of predicted and real crack pixels in percent."""
    found = forward(w, data.x, half)[1] > 0.5
    real = data.y == 1
    return round(100 * float((found & real).sum() / (found | real).sum()), 1)


def blocks(values: list[float], size: int = 40) -> list[float]:
    return [round(float(np.mean(values[i : i + size])), 3) for i in range(0, len(values), size)]


def main() -> None:
    valid = draw(20_000, 2)
    runs = {
        "full, half": Setting(),
        "full, float32": Setting(half=False),
        "crops, half": Setting(pixels=CROPS),
        "crops, float32": Setting(pixels=CROPS, half=False),
        "one image, half": Setting(pixels=FULL // 16),
        "rate x 4": Setting(rate=0.4),
        "other seed": Setting(seed=1),
        **{f"scale 2^{k}": Setting(scale=2.0**k) for k in (4, 8, 12, 20)},
    }
    numbers: dict[str, object] = {}
    for name, setting in runs.items():
        r = train(setting)
        numbers[name] = {
            "loss": blocks(r.loss),
            "zeros": r.zeros,
            "moved": r.moved,
            "skipped": r.skipped,
            "overlap": overlap(r.w, setting.half, valid),
            "as float32": overlap(r.w, False, valid),
        }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
