"""Figures that the deep learning questions state -> worked out again here, from nothing but numpy.

Each test is named after its question, computes the fact and looks the figure up in the bank's own text.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.bank_figures import bank, reference

Array = NDArray[np.float64]


def claim(question: str, point: str) -> str:
    """Return the claim of one key point."""
    return next(p.claim for p in bank().questions[question].key_points if p.id == point)


def softmax(scores: Array) -> Array:
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    out: Array = weights / weights.sum(axis=-1, keepdims=True)
    return out


def slopes(f: Callable[[Array], float], at: Array, step: float = 1e-5) -> Array:
    """Return the central differences of `f`, one for each entry of `at`."""
    out = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        nudge = np.zeros_like(at)
        nudge[index] = step
        out[index] = (f(at + nudge) - f(at - nudge)) / (2 * step)
    return out


def convolve(image: Array, kernel: Array) -> Array:
    """Convolve (channels, h, w) with (out, channels, k, k), without padding, at stride one."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape[2:], axis=(1, 2))
    out: Array = np.einsum("chwij,ocij->ohw", windows, kernel)
    return out


# neural networks


def test_vanishing_gradients() -> None:
    x = np.linspace(-12, 12, 24_001)
    sigmoid = 1 / (1 + np.exp(-x))
    slope = sigmoid * (1 - sigmoid)
    assert slope.max() == pytest.approx(0.25)
    assert slope[0] < 1e-5
    assert slope.max() ** 10 == pytest.approx(1e-6, rel=0.05)
    text = reference("vanishing_gradients")
    assert "at most 0.25" in text
    assert "one in a million" in text


def test_zero_initialisation() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    w, v = np.full((3, 4), 0.5), np.full(4, 0.5)
    for _ in range(50):
        h = np.tanh(x @ w)
        error = (h @ v - y) / len(y)
        w, v = w - 0.1 * x.T @ (np.outer(error, v) * (1 - h**2)), v - 0.1 * h.T @ error
    assert np.ptp(w, axis=1).max() == pytest.approx(0)  # four copies of one unit
    assert not np.allclose(w, 0.5)
    zero = np.tanh(x @ np.zeros((3, 4)))
    assert not zero.any()  # so the output weights get no gradient, nor do those below
    assert "only the output bias learns" in reference("zero_initialisation")


def test_backprop_through_dense_layer() -> None:
    rng = np.random.default_rng(1)
    x, w, b, target = (rng.normal(size=s) for s in ((5, 3), (2, 3), (2,), (5, 2)))

    def loss(x: Array, w: Array, b: Array) -> float:
        return float((((x @ w.T + b) - target) ** 2).sum() / 2)

    g = x @ w.T + b - target
    assert slopes(lambda a: loss(x, a, b), w) == pytest.approx(g.T @ x, abs=1e-6)
    assert slopes(lambda a: loss(x, w, a), b) == pytest.approx(g.sum(axis=0), abs=1e-6)
    assert slopes(lambda a: loss(a, w, b), x) == pytest.approx(g @ w, abs=1e-6)
    text = reference("backprop_through_dense_layer")
    assert "$G^T X$ for W, the sum of the rows of G for b and $GW$ for X" in text


def test_network_without_activations() -> None:
    rng = np.random.default_rng(2)
    w1, b1, w2, b2, x = (rng.normal(size=s) for s in ((2, 6), (2,), (6, 2), (6,), (6, 9)))
    deep = w2 @ (w1 @ x + b1[:, None]) + b2[:, None]
    assert deep == pytest.approx((w2 @ w1) @ x + (w2 @ b1 + b2)[:, None])
    assert np.linalg.matrix_rank(w2 @ w1) == 2  # the narrowest layer
    corners = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
    fit = corners @ np.linalg.lstsq(corners, np.array([0.0, 1, 1, 0]))[0]
    assert fit == pytest.approx([0.5] * 4)  # the best affine map cannot tell XOR apart
    text = reference("network_without_activations")
    assert "$W_2(W_1 x + b_1) + b_2 = (W_2 W_1)x + (W_2 b_1 + b_2)$" in text


def test_dead_relu_units() -> None:
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=(200, 3)), rng.normal(size=3)
    z = x @ w - 50  # a bias thrown far down
    assert (z < 0).all()
    error = rng.normal(size=200)
    assert not (x.T @ (error * (z > 0))).any()
    assert (x.T @ (error * np.where(z > 0, 1, 0.01))).all()  # leaky: a way back
    assert "no gradient reaches their incoming weights" in reference("dead_relu_units")


def test_cost_of_one_gradient() -> None:
    n, m = 300, 200
    forward = 2 * n * m  # y = W x
    backward = 2 * n * m + 2 * n * m  # g x^T and W^T g
    assert (forward + backward) / forward == 3
    assert "three times" in claim("cost_of_one_gradient", "three_forward_passes")
    layers = 100  # checkpoints every k layers keep layers / k of them and k recomputed ones
    best = min(range(1, layers + 1), key=lambda k: layers / k + k)
    assert best == math.isqrt(layers)
    assert (forward + forward + backward) / (forward + backward) == pytest.approx(4 / 3)
    assert "a third more arithmetic" in reference("cost_of_one_gradient")


# convolutions


def test_convolution_versus_dense() -> None:
    assert (3 * 3 * 3 + 1) * 64 == 1792
    assert "1,792" in claim("convolution_versus_dense", "convolution_count")
    dense = (224 * 224 * 3) * (224 * 224 * 64)
    assert dense == pytest.approx(480e9, rel=0.01)
    assert "480 billion" in claim("convolution_versus_dense", "dense_count")
    work = 3 * 3 * 3 * 64 * 224 * 224
    assert work == pytest.approx(87e6, rel=0.01)
    assert "87 million" in claim("convolution_versus_dense", "compute_is_not_small")


def test_pooling_or_strided_convolution() -> None:
    rng = np.random.default_rng(4)
    pooled = rng.normal(size=(3, 4, 4)).reshape(3, 2, 2, 2, 2).max(axis=(2, 4))
    assert pooled.shape == (3, 2, 2)  # as many channels as before
    line = np.zeros(16)
    line[4] = 1
    before = line.reshape(8, 2).max(axis=1)
    inside, across = np.roll(line, 1), np.roll(line, 2)
    assert (inside.reshape(8, 2).max(axis=1) == before).all()  # still in the same window
    assert (across.reshape(8, 2).max(axis=1) != before).any()
    assert 224 * 224 / (112 * 112) == 4
    point = claim("pooling_or_strided_convolution", "cheaper_and_wider_view")
    assert "four times cheaper" in point


def test_three_small_kernels_or_one_large() -> None:
    rng = np.random.default_rng(5)
    small = [rng.uniform(1, 2, size=(1, 1, 3, 3)) for _ in range(3)]
    seen = np.zeros((9, 9))
    for index in np.ndindex(9, 9):
        image = np.zeros((1, 9, 9))
        image[0][index] = 1
        for kernel in small:
            image = convolve(image, kernel)
        seen[index] = image[0, 1, 1]  # the middle one of the 3 by 3 outputs
    rows, columns = np.nonzero(seen)
    assert [int(np.ptp(axis)) + 1 for axis in (rows, columns)] == [7, 7]
    stack, single = 3 * 9 * 256**2, 49 * 256**2
    assert (stack, single) == (1_769_472, 3_211_264)
    assert 1 - stack / single == pytest.approx(0.45, abs=0.005)
    text = reference("three_small_kernels_or_one_large")
    assert all(figure in text for figure in ("1.77 million", "3.21 million", "about 45%"))


def test_lenet_to_resnet() -> None:
    widths = [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]
    kernels = sum(9 * a * b + b for a, b in pairwise(widths))
    dense = [(7 * 7 * 512 + 1) * 4096, (4096 + 1) * 4096, (4096 + 1) * 1000]
    assert kernels + sum(dense) == 138_357_544
    assert dense[0] == pytest.approx(103e6, rel=0.01)
    assert dense[0] > (kernels + sum(dense)) / 2
    assert "138 million" in reference("lenet_to_resnet")
    convolutions = 6 * 26 + 1516 + 120 * (25 * 16 + 1)  # 1,516: the paper's sparse second one
    assert convolutions + 2 * 6 + 2 * 16 + 84 * 121 == 60_000  # subsampling, then the dense layer
    assert "about 60,000 parameters" in reference("lenet_to_resnet")


def test_resnet_parameters_in_lenet_to_resnet() -> None:
    def bottlenecks(blocks: tuple[int, ...]) -> int:
        """Count a ResNet with bottleneck blocks, batch norm's two vectors included."""
        count, width = 49 * 3 * 64 + 2 * 64, 64
        for stage, repeats in enumerate(blocks):
            inner = 64 * 2**stage
            for block in range(repeats):
                count += width * inner + 9 * inner**2 + inner * 4 * inner + 2 * 6 * inner
                if block == 0:
                    count += width * 4 * inner + 2 * 4 * inner
                width = 4 * inner
        return count + (width + 1) * 1000

    assert bottlenecks((3, 4, 6, 3)) == 25_557_032
    assert bottlenecks((3, 8, 36, 3)) == pytest.approx(60e6, rel=0.01)
    wrong = {m.id: m for m in bank().questions["lenet_to_resnet"].misconceptions}
    assert "about 26 million" in wrong["resnet_more_parameters_than_vgg"].correction


def test_folding_batch_norm() -> None:
    rng = np.random.default_rng(6)
    image, kernel, b = (rng.normal(size=s) for s in ((3, 8, 8), (4, 3, 3, 3), (4,)))
    gamma, beta, mu, variance = rng.normal(size=4), rng.normal(size=4), rng.normal(size=4), 2.0
    s = gamma / np.sqrt(variance + 1e-5)
    z = convolve(image, kernel) + b[:, None, None]
    two = s[:, None, None] * (z - mu[:, None, None]) + beta[:, None, None]
    folded = convolve(image, s[:, None, None, None] * kernel)
    assert folded + (beta + s * (b - mu))[:, None, None] == pytest.approx(two)
    centred = z - z.mean(axis=(1, 2), keepdims=True)
    shifted = z + 5
    assert shifted - shifted.mean(axis=(1, 2), keepdims=True) == pytest.approx(centred)
    assert r"$\beta + s(b - \mu)$" in reference("folding_batch_norm")


# sequences


def test_lstm_versus_rnn() -> None:
    inputs, hidden = 30, 50
    block = hidden * (inputs + hidden + 1)  # one gate or candidate
    assert 3 * block / (4 * block) == 0.75
    assert "about three quarters of the parameters" in reference("lstm_versus_rnn")
    gate = 1 / (1 + math.exp(-1))
    assert gate > 0.5  # a forget bias of one
    assert gate**20 > 1000 * 0.5**20  # and what is left of the cell after twenty steps


def test_model_for_sensor_stream() -> None:
    parameters = 3 * (64 * 6 + 64 * 64 + 64)
    assert parameters == pytest.approx(14_000, rel=0.03)
    text = reference("model_for_sensor_stream")
    assert "about 14,000 parameters" in text
    assert 10 * 100 == 1000
    assert "ten seconds are already 1,000 positions" in text
    fields = [1 + 2 * sum(2**i for i in range(layers)) for layers in range(4, 9)]
    assert all(b / a == pytest.approx(2, abs=0.05) for a, b in pairwise(fields))
    assert "about doubles with each layer" in text


def test_truncated_backprop_through_time() -> None:
    a, chunk = 0.9, 50
    u = np.random.default_rng(7).normal(size=200)
    states = [0.0]
    for value in u:
        states.append(a * states[-1] + value)
    whole = sum(a ** (199 - t) * states[t] for t in range(200))  # d h_200 / d a
    cut = sum(a ** (199 - t) * states[t] for t in range(200 - chunk, 200))
    assert slopes(lambda v: _last_state(v[0], u), np.array([a]))[0] == pytest.approx(whole)
    assert whole - cut == pytest.approx(sum(a ** (199 - t) * states[t] for t in range(150)))
    alone = _last_state(a, u[-chunk:])
    assert states[-1] != pytest.approx(alone)  # the carried value still tells of older inputs
    assert "the gradient stops at the seam" in reference("truncated_backprop_through_time")


def _last_state(a: float, u: Array) -> float:
    state = 0.0
    for value in u:
        state = a * state + float(value)
    return state


# papers


def test_batch_norm_paper() -> None:
    rng = np.random.default_rng(8)
    x = rng.normal(3, 2, size=(16, 4))
    normal = (x - x.mean(axis=0)) / x.std(axis=0)
    assert normal.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-12)
    assert x.std(axis=0) * normal + x.mean(axis=0) == pytest.approx(x)  # gamma, beta undo it
    spread = {n: rng.normal(size=(2000, n)).mean(axis=1).std() for n in (2, 32)}
    assert spread[2] > 3 * spread[32]
    assert "very small batches" in claim("batch_norm_paper", "small_batches_hurt")


def test_batch_norm_speedup_experiments() -> None:
    question = "batch_norm_speedup_experiments"
    steps = {"baseline": 31.0, "alone": 13.3, "x5": 2.1}  # in millions, to 72.2%
    assert steps["baseline"] / steps["alone"] == pytest.approx(2.3, abs=0.05)
    assert "about 2.3" in claim(question, "alone_about_two_times")
    assert 14 < steps["baseline"] / steps["x5"] < 15
    assert "almost 15" in reference(question)


def test_attention_paper_summary() -> None:
    rng = np.random.default_rng(9)
    q, k, v = (rng.normal(size=(6, 4)) for _ in range(3))
    weights = softmax(q @ k.T / 2)
    assert weights.sum(axis=1) == pytest.approx(np.ones(6))
    out = weights @ v
    assert (out.max(axis=0) <= v.max(axis=0)).all()  # an average of the values
    order = rng.permutation(6)
    assert softmax(q[order] @ k[order].T / 2) @ v[order] == pytest.approx(out[order])
    assert "ignores order" in claim("attention_paper_summary", "positions_added")


def test_transformer_paper_ablations() -> None:
    d, inner, vocabulary = 512, 2048, 37_000
    layer = 4 * d * d + 2 * d * inner
    count = 6 * layer + 6 * (layer + 4 * d * d) + vocabulary * d
    assert count == pytest.approx(65e6, rel=0.05)
    assert "65 million parameters" in reference("transformer_paper_ablations")
    bleu = {1: 24.9, 4: 25.5, 8: 25.8, 16: 25.8, 32: 25.4}  # by the number of heads
    assert max(bleu.values()) - bleu[1] == pytest.approx(0.9)
    assert "0.9 BLEU" in claim("transformer_paper_ablations", "heads_best_in_the_middle")


# attention


def test_scaled_dot_product() -> None:
    rng = np.random.default_rng(10)
    q, k = rng.normal(size=(500, 64)), rng.normal(size=(500, 128, 64))
    scores = np.einsum("nd,nkd->nk", q, k)
    assert scores.var() == pytest.approx(64, rel=0.05)
    assert (scores / 8).std() == pytest.approx(1, rel=0.03)
    largest = [softmax(scores / c).max(axis=1).mean() for c in (1, 8, 64)]
    assert largest == pytest.approx([0.78, 0.07, 0.01], abs=0.02)
    source = " ".join(bank().questions["scaled_dot_product"].sources)
    assert "0.78 unscaled, 0.07 with the root, 0.01 with the dimension" in source


def test_long_context_cost() -> None:
    per_token = 2 * 32 * 32 * 128 * 2
    assert per_token == 2**19
    assert per_token * 8_000 / 1e9 == pytest.approx(4.2, abs=0.05)
    assert per_token * 32_000 / 1e9 == pytest.approx(17, abs=0.3)
    assert "about 4 GB at 8,000 and 17 GB at 32,000" in reference("long_context_cost")
    assert "sixteen times" in claim("long_context_cost", "quadratic_attention")
    total = [24 * 4096**2 * n + 4 * n**2 * 4096 for n in (8_000, 32_000)]
    assert 4 < total[1] / total[0] < 16


def test_multi_head_attention() -> None:
    d = 512
    for heads in (1, 8, 64):
        weights = heads * 3 * d * (d // heads) + d * d
        assert weights == 4 * d * d
    assert "$4d^2$ weights whatever the number of heads" in reference("multi_head_attention")
    rng = np.random.default_rng(11)
    scores = rng.normal(size=(20, 3)) @ rng.normal(size=(3, 20))
    assert np.linalg.matrix_rank(scores) == 3  # a head of width 3


def test_positional_encoding_removed() -> None:
    rng = np.random.default_rng(12)
    q, k = rng.normal(size=2), rng.normal(size=2)

    def turn(vector: Array, place: int) -> Array:
        c, s = math.cos(0.3 * place), math.sin(0.3 * place)
        out: Array = np.array([[c, -s], [s, c]]) @ vector
        return out

    near, far = turn(q, 5) @ turn(k, 2), turn(q, 105) @ turn(k, 102)
    assert near == pytest.approx(far)
    assert near != pytest.approx(turn(q, 5) @ turn(k, 4))
    assert "difference of positions only" in reference("positional_encoding_removed")
    x = rng.normal(size=(5, 3))
    order = np.array([1, 0, 2, 3, 4])
    full = softmax(x @ x.T) @ x
    assert softmax(x[order] @ x[order].T) @ x[order] == pytest.approx(full[order])
    mask = np.where(np.tri(5) > 0, 0, -np.inf)
    causal = softmax(x @ x.T + mask) @ x
    assert softmax(x[order] @ x[order].T + mask) @ x[order] != pytest.approx(causal[order])


def test_encoder_decoder_attentions() -> None:
    rng = np.random.default_rng(13)
    scores = rng.normal(size=(4, 4))
    weights = softmax(scores + np.where(np.tri(4) > 0, 0, -np.inf))
    assert not weights[np.triu_indices(4, 1)].any()
    assert weights.sum(axis=1) == pytest.approx(np.ones(4))
    assert softmax(np.where(np.tri(4) > 0, scores, 0))[0, 1] > 0  # a score of zero hides nothing
    target, source = rng.normal(size=(3, 2)), rng.normal(size=(7, 2))
    assert (softmax(target @ source.T) @ source).shape == (3, 2)  # one output for each query
    assert "exactly zero" in claim("encoder_decoder_attentions", "mask_before_softmax")


def test_transformer_block_cost() -> None:
    d = 4096
    block = 4 * d * d + 2 * d * 4 * d
    assert block == 12 * d * d
    assert 32 * block == pytest.approx(6.4e9, rel=0.01)
    crossing = 2 * block / (4 * d)
    assert crossing == 6 * d == 24_576
    text = reference("transformer_block_cost")
    assert "6.4 billion weights" in text
    assert "about 25,000 tokens" in text
    assert 2 * block / (2 * d) == 12 * d == 49_152
    assert "about 49,000" in text


# large language models


def test_lora_fine_tuning() -> None:
    d, rank = 4096, 8
    trained = rank * (d + d)
    assert trained == 65_536
    assert trained / d**2 == pytest.approx(0.004, abs=0.0001)
    text = reference("lora_fine_tuning")
    assert "65,536 trainable numbers" in text
    assert "0.4%" in text
    rng = np.random.default_rng(14)
    w, b, a, x = (rng.normal(size=s) for s in ((6, 6), (6, 2), (2, 6), (6,)))
    assert (w + b @ a) @ x == pytest.approx(w @ x + b @ (a @ x))  # merged or beside it
    assert np.linalg.matrix_rank(b @ a) == 2


def test_dpo_versus_ppo() -> None:
    rng = np.random.default_rng(15)
    beta, reward, start = 0.5, rng.normal(size=6), softmax(rng.normal(size=6))
    best = start * np.exp(reward / beta)
    z = best.sum()
    best /= z
    assert beta * np.log(best / start) + beta * math.log(z) == pytest.approx(reward)
    gap = beta * (np.log(best[0] / start[0]) - np.log(best[1] / start[1]))
    assert gap == pytest.approx(reward[0] - reward[1])  # the normaliser is gone

    def objective(policy: Array) -> float:
        return float(policy @ reward - beta * policy @ np.log(policy / start))

    others = softmax(np.log(best) + rng.normal(scale=0.3, size=(200, 6)))
    assert max(objective(p) for p in others) < objective(best)
    assert r"\beta \log(\pi/\pi_{ref}) + \beta \log Z(x)" in reference("dpo_versus_ppo")


def test_rlhf_stages() -> None:
    def loss(scores: Array) -> float:
        return float(np.log1p(np.exp(-(scores[0] - scores[1]))))

    up, down = slopes(loss, np.array([0.2, 0.7]))
    assert up < 0 < down  # descent raises the winner and lowers the loser
    assert loss(np.array([3.2, 3.7])) == pytest.approx(loss(np.array([0.2, 0.7])))
    assert r"$-\log \sigma(r_w - r_l)$" in reference("rlhf_stages")


def test_subword_tokenisation() -> None:
    words = {tuple("lower"): 4, tuple("lowest"): 3, tuple("newer"): 6, tuple("wider"): 2}
    merges = []
    for _ in range(2):
        pairs: dict[tuple[str, str], int] = {}
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] = pairs.get(pair, 0) + count
        best = max(pairs, key=lambda p: pairs[p])
        merges.append(best)
        words = {_merge(word, best): count for word, count in words.items()}
    assert merges[0] in {("e", "r"), ("w", "e")}  # the most frequent neighbours come first
    assert all(len(word) < 6 for word in words)
    table = 128_000 * 4096
    assert table == pytest.approx(0.5e9, rel=0.05)
    assert "half a billion weights each" in reference("subword_tokenisation")


def _merge(word: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    out: list[str] = []
    for piece in word:
        if out and (out[-1], piece) == pair:
            out[-1] += piece
        else:
            out.append(piece)
    return tuple(out)


def test_soft_prompts_for_many_tasks() -> None:
    prompt = 20 * 8192
    assert prompt == 163_840
    assert 2 * prompt / 1e6 == pytest.approx(1 / 3, abs=0.01)
    adapter = 16 * (8192 + 8192) * 2 * 80
    assert adapter == pytest.approx(42e6, rel=0.01)
    text = reference("soft_prompts_for_many_tasks")
    assert "164,000 numbers" in text
    assert round(2 * adapter / 1e6) == 84
    assert round(200 * 2 * adapter / 1e9) == 17
    assert "84 MB in 16 bits, 17 GB for all" in text


# training on many cards


def test_data_versus_model_parallelism() -> None:
    stages, micro = 4, 12
    ends = np.zeros((micro + 1, stages + 1))  # when stage s has finished micro-batch m
    for m in range(1, micro + 1):
        for s in range(1, stages + 1):
            ends[m, s] = 1 + max(ends[m - 1, s], ends[m, s - 1])
    idle = 1 - stages * micro / (stages * ends[-1, -1])
    assert idle == pytest.approx((stages - 1) / (micro + stages - 1))
    assert "$(p-1)/(m+p-1)$" in reference("data_versus_model_parallelism")


def test_training_memory_estimate() -> None:
    per_parameter = 2 + 2 + 4 + 4 + 4
    assert per_parameter * 7 == 112
    assert "112 GB" in claim("training_memory_estimate", "sixteen_bytes")
    assert per_parameter * 7 / 8 == 14
    assert "14 GB each" in claim("training_memory_estimate", "sharding")


def test_gradient_accumulation_equivalence() -> None:
    rng = np.random.default_rng(16)
    x, y, w = rng.normal(size=(64, 5)), rng.normal(size=64), rng.normal(size=5)

    def gradient(rows: Array, targets: Array) -> Array:
        out: Array = rows.T @ (rows @ w - targets) / len(targets)
        return out

    parts = [gradient(x[i : i + 8], y[i : i + 8]) / 8 for i in range(0, 64, 8)]
    assert sum(parts) == pytest.approx(gradient(x, y))
    batch_means = [x[i : i + 8].var(axis=0).mean() for i in range(0, 64, 8)]
    assert np.mean(batch_means) != pytest.approx(x.var(axis=0).mean())  # batch norm differs
    lengths, losses = np.array([20, 2000]), np.array([4.0, 2.0])
    assert losses.mean() != pytest.approx((lengths * losses).sum() / lengths.sum())
    text = reference("gradient_accumulation_equivalence")
    assert "gives exactly the gradient of the batch of 64" in text


def test_fp16_versus_bf16() -> None:
    half = np.finfo(np.float16)
    assert (half.nexp, half.nmant, float(half.max)) == (5, 10, 65_504)
    tiny = float(half.smallest_subnormal)
    assert tiny == pytest.approx(6e-8, rel=0.01)
    assert np.float16(tiny / 4) == 0
    largest = (2 - 2.0**-7) * 2.0**127  # bf16, 8 exponent bits and 7 of the mantissa
    assert largest == pytest.approx(3e38, rel=0.15)
    assert round(1.001 / 2**-7) * 2**-7 == 1  # to the nearest bf16 above one
    assert round(0.999 / 2**-8) * 2**-8 == 1  # and below it
    text = reference("fp16_versus_bf16")
    assert all(figure in text for figure in ("65,504", r"6 \times 10^{-8}", "$2^{-7}$ apart"))


def test_zero_stages() -> None:
    n = 8
    stages = [16, 4 + 12 / n, 2 + 14 / n, 16 / n]
    assert [7 * s for s in stages] == [112, 38.5, 26.25, 14]
    assert "112 GB per card become 38.5, about 26 and 14 GB" in reference("zero_stages")
    assert (1 + 2) / (1 + 1) == 1.5  # a reduce-scatter and two gathers, against one
    assert "one and a half times" in claim("zero_stages", "communication_cost")


def test_all_reduce_time() -> None:
    n = 5
    values = np.random.default_rng(17).normal(size=(n, n))  # worker, piece
    buffers, sent = values.copy(), 0
    for step in range(n - 1):  # reduce-scatter: every worker passes one partial sum on
        moving = [(w, (w - step) % n, buffers[w, (w - step) % n]) for w in range(n)]
        for w, piece, value in moving:
            buffers[(w + 1) % n, piece] += value
        sent += 1
    for step in range(n - 1):  # all-gather: every worker passes one finished piece on
        moving = [(w, (w + 1 - step) % n, buffers[w, (w + 1 - step) % n]) for w in range(n)]
        for w, piece, value in moving:
            buffers[(w + 1) % n, piece] = value
        sent += 1
    assert buffers == pytest.approx(np.tile(values.sum(axis=0), (n, 1)))
    assert sent / n == 2 * (n - 1) / n  # of the data, for each worker
    seconds = {k: 2 * (k - 1) / k * 14 / 50 for k in (8, 64)}
    assert seconds == pytest.approx({8: 0.49, 64: 0.55}, abs=0.005)
    compute = [6 * 7e9 * tokens / 400e12 for tokens in (16_384, 2_048)]
    assert compute == pytest.approx([1.7, 0.2], abs=0.03)
    text = reference("all_reduce_time")
    assert all(f in text for f in ("27.6 GB", "0.55 seconds", "0.49", "1.7 seconds"))


# serving


def test_kv_cache_size() -> None:
    per_token = 2 * 32 * 4096 * 2
    assert f"{per_token:,}".replace(",", "{,}") in reference("kv_cache_size")
    each = per_token * 4000 / 1e9
    assert each == pytest.approx(2.1, abs=0.01)
    assert 60 / each == pytest.approx(30, abs=2)
    assert "about 30" in claim("kv_cache_size", "about_thirty")
    assert 4 * 60 / each == pytest.approx(120, abs=6)  # 8 key-value heads instead of 32
    assert (14 - 7 * 0.5) / each == pytest.approx(5, abs=0.1)  # weights in 4 bits


def test_continuous_batching() -> None:
    assert 16e9 / 2e12 == 0.008
    assert "at least 8 ms per pass" in reference("continuous_batching")
    lengths = np.random.default_rng(18).geometric(0.01, size=160)
    fixed = sum(int(lengths[i : i + 16].max()) for i in range(0, 160, 16))
    slots = np.zeros(16, dtype=int)
    for length in lengths:  # whoever is next takes the slot that is free first
        slots[slots.argmin()] += length
    assert slots.max() < 0.7 * fixed


def test_quantisation_or_speculation() -> None:
    accept, drafted = 0.8, 4
    closed = (1 - accept ** (drafted + 1)) / (1 - accept)
    exact = sum(
        accept**k * (1 - accept if k < drafted else 1) * (k + 1) for k in range(drafted + 1)
    )
    assert closed == pytest.approx(exact)
    assert closed == pytest.approx(3.4, abs=0.05)
    assert "about 3.4 tokens" in claim("quantisation_or_speculation", "expected_tokens")
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.7, 0.1])  # large model, draft
    kept = np.minimum(p, q)
    left = np.maximum(p - q, 0)
    assert kept + (1 - kept.sum()) * left / left.sum() == pytest.approx(p)
    assert "exactly" in claim("quantisation_or_speculation", "exact_distribution")
