"""Facts of the questions on papers and of their contemporaries, worked out again from scratch.

Each test computes a figure or a property by itself and then asserts that the item says so.
"""

from __future__ import annotations

import math
from itertools import pairwise
from math import comb

import numpy as np
import numpy.typing as npt
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsRegressor

from tests.bank_figures import bank, point, reference

Array = npt.NDArray[np.float64]


def wrong(question: str, key_point: str) -> str:
    (found,) = [p for p in bank().questions[question].key_points if p.id == key_point]
    return " ".join(found.wrong)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def softmax(scores: Array) -> Array:
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    total: Array = shifted.sum(axis=-1, keepdims=True)
    return np.asarray(shifted / total)


def standard_error(share: float, n: int) -> float:
    return math.sqrt(share * (1 - share) / n)


# papers


def test_transformer_results_table() -> None:
    question = "transformer_results_table"
    p100 = 9.5e12  # the sustained operations per second that the paper's footnote assumes
    base, big = (hours * 3600 * 8 * p100 for hours in (12, 3.5 * 24))
    assert base == pytest.approx(3.3e18, rel=0.01)
    assert big == pytest.approx(2.3e19, rel=0.01)
    assert "27.3 for 3.3e18 operations" in reference(question)
    assert round(7.7e19 / 3.3e18) == 23
    assert "a twenty-third" in reference(question)
    german, french = 28.4 - 26.36, 41.8 - 41.29
    assert german > 2.0
    assert "28.4" in point(question, "beats_ensembles_on_german")
    assert french == pytest.approx(0.5, abs=0.02)
    (gap,) = [
        m for m in bank().questions[question].misconceptions if m.id == "french_gain_as_large"
    ]
    assert "about half a point" in gap.correction


def test_self_attention_cost_table() -> None:
    def attention(n: int, d: int) -> int:
        return n * n * d

    def recurrence(n: int, d: int) -> int:
        return n * d * d

    assert attention(50, 512) < recurrence(50, 512)
    assert attention(512, 512) == recurrence(512, 512)
    assert attention(8_000, 512) > 15 * recurrence(8_000, 512)
    right = point("self_attention_cost_table", "cheaper_while_n_below_d")
    assert "n is below d" in right
    assert "fifty tokens and a width of 512" in right


def test_self_attention_cost_table_one_convolution_sees_only_neighbours() -> None:
    n, seen = 31, np.zeros(31)
    seen[0] = 1
    layers = 0
    while seen[-1] == 0:
        seen, layers = np.convolve(seen, np.ones(3), mode="same"), layers + 1
    assert layers == n - 1  # each contiguous layer of width three reaches one position further
    reach, dilation, dilated = 1, 1, 0
    while reach < n:
        reach, dilation, dilated = reach + 2 * dilation, 3 * dilation, dilated + 1
    assert dilated == math.ceil(math.log(n, 3))
    assert "a logarithmic number when dilated" in reference("self_attention_cost_table")


def test_transformer_parts_replaced_rotary_scores_depend_on_the_distance() -> None:
    def rotate(vector: Array, place: int) -> Array:
        turned = (vector[::2] + 1j * vector[1::2]) * np.exp(1j * place * 0.1 ** np.arange(4))
        return np.stack([turned.real, turned.imag], axis=1).ravel()

    q, k = rng().normal(size=(2, 8))
    near = rotate(q, 5) @ rotate(k, 2)
    assert near == pytest.approx(rotate(q, 105) @ rotate(k, 102))
    assert near != pytest.approx(rotate(q, 6) @ rotate(k, 2))
    assert "distance between tokens" in point("transformer_parts_replaced", "rotary_for_sinusoids")


def test_transformer_parts_replaced_blockwise_attention_is_exact() -> None:
    q, k, v = rng().normal(size=(3, 12, 4))
    top, total, out = np.full(12, -np.inf), np.zeros(12), np.zeros((12, 4))
    for block in (slice(0, 6), slice(6, 12)):  # only half of the scores exist at a time
        scores = q @ k[block].T
        new = np.maximum(top, scores.max(axis=1))
        kept, part = np.exp(top - new), np.exp(scores - new[:, None])
        total, out = total * kept + part.sum(axis=1), out * kept[:, None] + part @ v[block]
        top = new
    assert out / total[:, None] == pytest.approx(softmax(q @ k.T) @ v)
    assert "the same exact function" in reference("transformer_parts_replaced")


def test_resnet_identity_shortcuts() -> None:
    blocks = (110 - 2) // 2
    assert blocks == 54
    assert 0.5**50 < 1e-15
    assert 0.9**blocks < 0.005
    assert 1.1**blocks > 100
    branches = rng().normal(0, 0.01, size=(blocks, 6, 6))
    plain, halved = np.eye(6), np.eye(6)
    for branch in branches:
        plain, halved = plain @ (np.eye(6) + branch), halved @ (0.5 * np.eye(6) + branch)
    assert np.trace(plain) / 6 == pytest.approx(1, abs=0.3)  # the additive one survives
    assert np.abs(halved).max() < 1e-12
    text = point("resnet_identity_shortcuts", "factors_multiply_over_blocks")
    assert "after fifty blocks practically nothing" in text
    assert 12.2 - 6.61 > 5
    assert "five points or more" in point("resnet_identity_shortcuts", "all_alternatives_worse")
    gains = {152: 21.3 - 21.1, 200: 21.8 - 20.7}
    assert list(gains.values()) == pytest.approx([0.2, 1.1])
    assert "0.2 points at 152 layers but 1.1 at 200" in reference("resnet_identity_shortcuts")


def test_later_explanations_of_residuals() -> None:
    a, b, c = rng().normal(0, 0.3, size=(3, 5, 5))
    one = np.eye(5)
    paths = [one, a, b, c, b @ a, c @ a, c @ b, c @ b @ a]
    assert len(paths) == 2**3
    assert (one + c) @ (one + b) @ (one + a) == pytest.approx(np.sum(paths, axis=0))
    assert [comb(3, length) for length in range(4)] == [1, 3, 3, 1]
    assert "2^n" in point("later_explanations_of_residuals", "collection_of_paths")


def neighbours_correlate(depth: int, shortcut: int, width: int = 60) -> float:
    """Return how alike the input gradients of neighbouring points on a line are, at random weights."""
    found = []
    for seed in range(9):
        draw, line = rng(seed), np.linspace(-2, 2, 65)
        first = draw.normal(size=width)
        h, slope = np.outer(line, first), np.tile(first, (65, 1))
        for _ in range(depth):
            w = draw.normal(0, math.sqrt(2 / width), size=(width, width))
            pre = h @ w + draw.normal(0, 0.1, size=width)
            on, scale = pre > 0, math.sqrt(1 + shortcut)
            slope = (shortcut * slope + np.where(on, slope @ w, 0)) / scale
            h = (shortcut * h + np.where(on, pre, 0)) / scale
        out = slope @ draw.normal(size=width)
        found.append(np.corrcoef(out[:-1], out[1:])[0, 1])
    return float(np.median(found))


def test_later_explanations_of_residuals_plain_gradients_lose_their_correlation() -> None:
    plain = [neighbours_correlate(depth, shortcut=0) for depth in (10, 50)]
    assert plain[1] < 0.6 < 0.8 < plain[0]
    assert neighbours_correlate(50, shortcut=1) > 0.95
    text = reference("later_explanations_of_residuals")
    assert "decorrelate exponentially with depth" in text
    assert "with shortcuts the decay is much slower" in text


def test_old_baseline_in_a_table() -> None:
    gain = 80.4 - 76
    assert gain > 3
    assert round(gain) == 4
    assert "some four points better" in point("old_baseline_in_a_table", "recipe_lifts_old_network")
    assert standard_error(0.78, 50_000) * 100 == pytest.approx(0.19, abs=0.01)
    assert "a few tenths" in point("old_baseline_in_a_table", "several_seeds_for_tenths")


def test_life_without_batch_norm() -> None:
    draw = rng()
    plain = normed = draw.normal(size=(150, 200))
    shares = []
    for block in range(1, 11):
        w, v = draw.normal(0, math.sqrt(2 / 200), size=(2, 200, 200))
        plain = plain + np.maximum(np.maximum(plain, 0) @ w, 0) @ v
        assert plain.var() ** (1 / block) == pytest.approx(2, rel=0.1)
        branch = np.maximum(np.maximum(normed, 0) @ w, 0) @ v
        branch = (branch - branch.mean(axis=0)) / branch.std(axis=0)
        normed = normed + branch
        shares.append(1 / normed.var())
    assert shares[-1] == pytest.approx(1 / 11, rel=0.1)  # the skip path grows linearly
    assert "roughly doubles per block" in reference("life_without_batch_norm")
    assert "one part in l" in reference("life_without_batch_norm")


def test_life_without_batch_norm_a_gain_of_zero_can_be_learned() -> None:
    x, target, branch = rng().normal(size=(3, 50))
    gain = 0.0
    slope = float((x + gain * branch - target) @ branch)
    assert abs(slope) > 0.1
    assert "its own gradient is zero for ever" in wrong(
        "life_without_batch_norm", "zero_initialised_scalar"
    )


def test_better_than_human_claim() -> None:
    error = 100 * standard_error(0.051, 1_500)
    assert error == pytest.approx(0.57, abs=0.01)
    assert "near 0.57 points" in point("better_than_human_claim", "lead_within_noise")
    lead, averaging = 5.1 - 4.8, 7.8 - 4.9
    assert lead < error
    assert averaging == pytest.approx(2.9)
    assert "almost three points" in reference("better_than_human_claim")


# bias and variance


def test_nearest_neighbours_and_k() -> None:
    x, draw = np.linspace(0, 1, 101)[:, None], rng()
    truth = (x.ravel() - 0.5) ** 2 * 8
    samples = truth[:, None] + draw.normal(size=(101, 2_000))  # noise of variance one
    variance, bias = {}, {}
    for k in (1, 10, 101):
        model = KNeighborsRegressor(k)
        variance[k] = np.var(model.fit(x, samples).predict(x[50:51]))
        bias[k] = model.fit(x, truth).predict(x[50:51])[0] - truth[50]
    assert [variance[k] * k for k in variance] == pytest.approx([1, 1, 1], rel=0.1)
    assert 0 == bias[1] < bias[10] < bias[101]
    assert "drops to a tenth" in point("nearest_neighbours_and_k", "variance_sigma_over_k")
    one = KNeighborsRegressor(1).fit(x, samples[:, 0])
    assert one.predict(x) == pytest.approx(samples[:, 0])


def random_feature_error(width: int, rows: int, ridge: float = 0.0, noise: float = 0.5) -> float:
    """Return the mean test error of (ridge or minimum-norm) regression on random ReLU features."""
    errors = []
    for seed in range(8):
        draw = rng(seed)
        weights, signal = draw.normal(size=(8, width)) / 3, draw.normal(size=8) / 3
        x, new = draw.normal(size=(rows, 8)), draw.normal(size=(200, 8))
        y = x @ signal + draw.normal(0, noise, rows)
        a, b = np.maximum(x @ weights, 0), np.maximum(new @ weights, 0)
        gram = a.T @ a + ridge * np.eye(width)
        beta = np.linalg.solve(gram, a.T @ y) if ridge else np.linalg.lstsq(a, y)[0]
        errors.append(np.mean((b @ beta - new @ signal) ** 2))
    return float(np.median(errors))


def test_second_descent_of_test_error() -> None:
    small, peak, large = (random_feature_error(width, 60) for width in (15, 60, 400))
    assert peak > 5 * max(small, large)
    assert random_feature_error(60, 60, noise=0.1) < peak / 2
    assert random_feature_error(60, 60, ridge=3) < peak / 5
    assert random_feature_error(90, 90) > random_feature_error(90, 45)  # more rows, larger error
    text = reference("second_descent_of_test_error")
    assert "for least squares that is where parameters equal examples" in text
    assert "more data moves the threshold to the right" in text


def test_model_for_three_hundred_rows() -> None:
    assert 100 * standard_error(0.8, 60) == pytest.approx(5.2, abs=0.05)
    assert "about five points" in point("model_for_three_hundred_rows", "small_holdout_is_noisy")


# recommenders


def test_position_bias_in_clicks() -> None:
    draw, examined = rng(), np.array([1.0, 0.5, 0.1, 0.02])
    clicks = (draw.random((400_000, 4)) < examined) & (draw.random((400_000, 4)) < 0.3)
    assert clicks.mean(axis=0)[0] > 9 * clicks.mean(axis=0)[2]  # equally relevant items
    weighted = clicks / examined
    assert weighted.mean(axis=0) == pytest.approx(np.full(4, 0.3), rel=0.05)
    assert (np.diff(weighted.var(axis=0)) > 0).all()
    assert 1 / examined[-1] == 50
    assert "2% counts fifty-fold" in reference("position_bias_in_clicks")


def hit_among_sampled(true_rank: int, catalogue: int = 100_000) -> float:
    above, others = true_rank - 1, catalogue - 1
    ways = sum(comb(above, i) * comb(others - above, 100 - i) for i in range(10))
    return ways / comb(others, 100)


def test_rank_among_sampled_negatives() -> None:
    question = "rank_among_sampled_negatives"
    expected_above = 100 * 999 / 99_999
    assert expected_above == pytest.approx(1, abs=0.002)
    assert 1 - hit_among_sampled(1_000) < 1e-6
    assert round(hit_among_sampled(5_000), 2) == 0.97
    assert "about 97% probability" in reference(question)
    top_or_lost = (hit_among_sampled(1) + hit_among_sampled(50_000)) / 2
    assert top_or_lost < 0.51 < hit_among_sampled(500)  # yet only the first has real hits
    assert "the sampled metric prefers the second" in reference(question)


# features and pipelines


def test_two_thousand_candidate_features() -> None:
    assert sum(2_000 - i for i in range(50)) == 98_775
    assert "98,775 fits" in point("two_thousand_candidate_features", "forward_selection_cost")
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    label = x[:, 0] ^ x[:, 1]
    assert [label[x[:, j] == v].mean() for j in (0, 1) for v in (0, 1)] == [0.5] * 4
    assert "XOR" in point("two_thousand_candidate_features", "joint_effects_missed")


def test_ticket_text_for_linear_model() -> None:
    share = -math.expm1(-100_000 / 2**20)
    assert round(share, 2) == 0.09
    assert round(1 / share) == 11
    text = point("ticket_text_for_linear_model", "collision_share")
    assert "about 9%" in text
    assert "one word in eleven" in text
    slots = rng().integers(0, 2**20, 100_000)
    assert (np.bincount(slots)[slots] > 1).mean() == pytest.approx(share, abs=0.003)
    tickets = ["hello refund", "hello parcel", "hello login", "hello refund parcel"]
    words = TfidfVectorizer().fit(tickets)
    weight = dict(zip(words.get_feature_names_out(), words.idf_, strict=True))
    assert weight["hello"] == min(weight.values()) < weight["login"]


def test_aggregates_that_know_the_future() -> None:
    draw = rng()
    for size in (1, 10):
        labels = draw.integers(0, 2, (20_000, size))  # nothing can be predicted from the group
        auc = roc_auc_score(labels.ravel(), np.repeat(labels.mean(axis=1), size))
        assert auc == 1 if size == 1 else 0.55 < auc < 0.75
        flipped = labels.copy()
        flipped[:, 0] = 1 - flipped[:, 0]
        moved = np.abs(flipped.mean(axis=1) - labels.mean(axis=1))
        assert moved == pytest.approx(np.full(20_000, 1 / size))
    assert "a tenth of its fraud rate" in point(
        "aggregates_that_know_the_future", "own_label_in_group"
    )


def test_exactly_once_end_to_end() -> None:
    def run(commit_first: bool) -> list[int]:
        done: list[int] = []
        offset, crashed = 0, False
        while offset < 3:
            record, after = offset, offset + 1
            offset = after if commit_first else offset
            if record == 1 and not crashed and commit_first:
                crashed = True
                continue  # the crash comes after the commit and before the work
            done.append(record)
            if record == 1 and not crashed:
                crashed = True
                continue  # the crash comes after the work and before the commit
            offset = after
        return done

    assert run(commit_first=True) == [0, 2]
    assert run(commit_first=False) == [0, 1, 1, 2]
    assert "prior to processing yields at-most-once" in point(
        "exactly_once_end_to_end", "offset_before_or_after"
    )


def test_backfill_two_years() -> None:
    hours = 730 * 20 / 60
    assert round(hours) == 243
    assert round(hours / 24) == 10
    assert round(hours / 8) == 30
    text = reference("backfill_two_years")
    assert "243 hours in a row, ten days; with eight at a time about 30 hours" in text
    assert 730 * 3 == 2_190
    assert "about 2,190 hours" in wrong("backfill_two_years", "backfill_duration")


# serving


def slowest_request(arrivals: Array, delay: float = 5, batch: int = 16) -> float:
    """Return the longest stay in a server that gathers for `delay` once it is free, in ms."""
    free, slowest, at = 0.0, 0.0, 0
    while at < len(arrivals):
        opens = max(free, arrivals[at])
        upto = min(at + batch, len(arrivals))
        full = arrivals[upto - 1] if upto - at == batch else math.inf
        starts = max(opens, min(opens + delay, full))
        taken = min(upto, int(np.searchsorted(arrivals, starts, side="right")))
        free = starts + 10 + 10 * (taken - at - 1) / (batch - 1)
        slowest, at = max(slowest, free - arrivals[at]), taken
    return slowest


def test_dynamic_batching_server() -> None:
    assert (16 / 0.020, 1 / 0.010) == (800, 100)
    text = reference("dynamic_batching_server")
    assert "eight times the throughput, 800 a second against 100" in text
    assert 5 + 20 + 20 == 45
    steady = np.arange(0, 2_000, 2.0)  # 500 a second
    assert slowest_request(steady) <= 45
    just_missed = np.concatenate([np.zeros(16), [0.01], np.full(14, 24.0)])
    assert 43 < slowest_request(just_missed) <= 45
    burst = np.zeros(40)
    assert slowest_request(burst) > 50
    assert "a burst can take longer" in text
    too_many = np.arange(0, 4_000, 1.0)  # 1,000 a second
    assert slowest_request(too_many) > slowest_request(too_many[:2_000]) + 100


def test_distil_or_prune() -> None:
    student, teacher = rng().normal(size=(2, 5)) * 0.2
    sizes = []
    for t in (10.0, 20.0):
        sizes.append(np.abs((softmax(student / t) - softmax(teacher / t)) / t).sum())
    assert sizes[0] / sizes[1] == pytest.approx(4, rel=0.05)  # the gradient shrinks as 1/T^2
    assert "multiplied by the temperature squared" in reference("distil_or_prune")
    sure = np.array([8.0, 1.0, 0.0])
    assert softmax(sure)[1] < 0.01 < softmax(sure / 4)[1]
    weights = rng().normal(size=(40, 40))
    pruned = np.where(rng(1).random((40, 40)) < 0.8, 0, weights)
    assert pruned.shape == weights.shape  # a dense kernel has as much to do as before


def test_caching_predictions() -> None:
    hit = rng().random(100_000) < 0.6
    stay = np.where(hit, 1, 41)
    mean = 0.6 * 1 + 0.4 * 41
    assert stay.mean() == pytest.approx(mean, rel=0.01)
    assert mean == pytest.approx(17)
    assert "17 ms instead of 40 ms" in point("caching_predictions", "mean_falls_to_seventeen")
    assert np.percentile(stay, 99) == 41
    assert "about 41 ms" in point("caching_predictions", "tail_is_made_of_misses")
    assert 1 / 0.4 == 2.5
    assert "2.5 times" in point("caching_predictions", "cold_cache_load")


# linear models


def poisson_fit(x: Array, years: Array, counts: Array) -> tuple[Array, Array]:
    """Return coefficients and claimed standard errors, with log(years) as an offset."""
    beta = np.zeros(x.shape[1])
    for _ in range(12):  # Newton's method
        mean = years * np.exp(x @ beta)
        information = x.T @ (mean[:, None] * x)
        beta = beta + np.linalg.solve(information, x.T @ (counts - mean))
    return beta, np.sqrt(np.diag(np.linalg.inv(information)))


def test_claims_per_policy() -> None:
    assert math.exp(0.2) == pytest.approx(1.22, abs=0.005)
    assert "about 1.22" in point("claims_per_policy", "coefficient_as_factor")
    draw, slopes, claimed = rng(), [], []
    for _ in range(100):
        x, years = draw.normal(size=800), draw.uniform(0.2, 2, 800)
        unseen = draw.gamma(0.5, 2, 800)  # mean one, variance two
        counts = draw.poisson(years * np.exp(-1 + 0.2 * x) * unseen).astype(float)
        beta, errors = poisson_fit(np.column_stack([np.ones(800), x]), years, counts)
        slopes.append(beta[1])
        claimed.append(errors[1])
    assert np.mean(slopes) == pytest.approx(0.2, abs=0.03)  # consistent all the same
    assert np.std(slopes) > 1.2 * np.mean(claimed)
    assert "standard errors are too small" in point(
        "claims_per_policy", "standard_errors_too_small"
    )


def test_thinned_negatives() -> None:
    question, draw = "thinned_negatives", rng()
    x = draw.normal(size=200_000)
    click = draw.random(200_000) < 1 / (1 + np.exp(3.5 - x))
    kept = click | (draw.random(200_000) < 0.1)
    full, thin = (
        LogisticRegression(C=1e6).fit(x[rows, None], click[rows])
        for rows in (np.ones(200_000, bool), kept)
    )
    assert thin.intercept_[0] - full.intercept_[0] == pytest.approx(math.log(10), abs=0.05)
    assert thin.coef_[0, 0] == pytest.approx(full.coef_[0, 0], abs=0.05)
    assert "ln 10, about 2.3" in point(question, "only_intercept_moves")
    honest = 0.5 / (0.5 + 0.5 / 0.1)
    assert honest == pytest.approx(1 / 11)
    assert "A prediction of 0.5 becomes 0.091" in reference(question)
    q = np.linspace(0.001, 0.999, 99)
    p = q / (q + (1 - q) / 0.1)
    assert (np.diff(p) > 0).all()
    assert (q / p).max() < 10
    rows_at_one_per_cent = 0.01 + 0.1 * 0.99
    assert 9 < 1 / rows_at_one_per_cent < 10
    assert "almost tenfold" in reference(question)


# neural networks


def test_output_layer_and_loss() -> None:
    floor = math.log(1 + 9 / math.e)
    assert floor == pytest.approx(1.46, abs=0.005)
    assert "about 1.46" in point("output_layer_and_loss", "softmax_twice")
    assert round(100 * math.exp(-floor)) == 23
    assert math.log(10) == pytest.approx(2.30, abs=0.005)
    assert math.log(np.finfo(np.float32).max) == pytest.approx(88.7, abs=0.05)
    logits, target, step = rng().normal(size=10), np.eye(10)[3], 1e-6
    slopes = [
        (np.log(softmax(logits - e))[3] - np.log(softmax(logits + e))[3]) / (2 * step)
        for e in step * np.eye(10)
    ]
    assert slopes == pytest.approx(softmax(logits) - target, abs=1e-6)
    assert "prediction minus target" in reference("output_layer_and_loss")


def test_layer_norm_or_batch_norm() -> None:
    def layer_norm(h: Array) -> Array:
        return np.asarray((h - h.mean(axis=-1, keepdims=True)) / h.std(axis=-1, keepdims=True))

    h = rng().normal(2, 3, size=(4, 7, 16))  # sentences, tokens, features
    other = h.copy()
    other[1:], other[0, 1:] = 0.1 * rng(1).normal(size=(3, 7, 16)), 9 * rng(2).normal(size=(6, 16))
    assert layer_norm(other)[0, 0] == pytest.approx(layer_norm(h)[0, 0])  # its own features only
    centred = h - h.mean(axis=-1, keepdims=True)
    rms = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True))
    assert rms == pytest.approx(layer_norm(h))  # all that RMSNorm leaves out is the mean
    assert "without subtracting the mean" in point(
        "layer_norm_or_batch_norm", "rms_norm_drops_mean"
    )
    x, w = rng(3).normal(size=(50, 5)), rng(4).normal(size=(5, 3))
    mean, spread, gain, shift = 0.3, 1.7, 2.0, -1.0
    normed = (x @ w - mean) / spread * gain + shift
    assert x @ (w * gain / spread) + (shift - mean * gain / spread) == pytest.approx(normed)
    assert "folded into the convolution" in point("layer_norm_or_batch_norm", "folding_is_free")


# clustering


def test_agglomerative_linkages() -> None:
    patch = np.array([[i, j] for i in range(6) for j in range(6)]) * 0.2
    bridge = np.column_stack([np.arange(1.2, 6, 0.2), np.full(24, 0.4)])
    x = np.concatenate([patch, patch + np.array([6, 0]), bridge])
    assert linkage(x[:72], "single")[-1, 2] == pytest.approx(5)  # far apart without the bridge
    assert linkage(x, "single")[-1, 2] == pytest.approx(0.2)  # and joined by stepping stones
    for method in ("complete", "ward"):
        found = fcluster(linkage(x, method), 2, "maxclust")
        assert found[0] != found[36]
    assert "chain" in point("agglomerative_linkages", "single_linkage_chains")
    heights = linkage(rng(1).random((200, 2)), "ward")[:, 2]
    assert len(heights) == 199  # n - 1 merges, a tree even for evenly scattered points
    assert all(a <= b for a, b in pairwise(heights))


def test_agglomerative_linkages_ward_cost_and_memory() -> None:
    a, b = rng().normal(size=(7, 3)), rng(1).normal(2, 1, size=(12, 3))
    within = [float(((g - g.mean(axis=0)) ** 2).sum()) for g in (np.concatenate([a, b]), a, b)]
    apart = float(((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum())
    assert within[0] - within[1] - within[2] == pytest.approx(7 * 12 / 19 * apart)
    pairs = 100_000 * 99_999 / 2
    assert pairs == pytest.approx(5e9, rel=0.001)
    assert pairs * 8 / 1e9 == pytest.approx(40, rel=0.001)
    assert "5 billion distances, 40 GB in double precision" in reference("agglomerative_linkages")
