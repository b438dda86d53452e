"""Facts of the questions on recommenders, features, pipelines and experiments, worked out again.

Each test is named after its question, computes a figure or a property by itself and asserts that the
item says so.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import binomtest, norm
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.tree import DecisionTreeRegressor

from tests.bank_figures import bank, point, reference

Array = npt.NDArray[np.float64]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# Recommenders


def test_two_tower_negatives() -> None:
    scores = rng().normal(size=50)
    clicks = 1 / np.arange(1, 51)
    drawn = clicks / clicks.sum()  # how likely each item is as somebody else's click
    full = np.exp(scores) / np.exp(scores).sum()
    plain = drawn * np.exp(scores)  # what many in-batch negatives push down, and how much
    corrected = drawn * np.exp(scores - np.log(drawn))
    assert plain[0] / plain.sum() > 5 * full[0]  # the bestseller
    assert corrected / corrected.sum() == pytest.approx(full)
    text = reference("two_tower_negatives")
    assert "subtracting the log of the sampling probability from each logit" in text
    assert "popular ones are pushed down too much" in text


def test_pointwise_pairwise_listwise() -> None:
    gain = np.zeros(100)
    gain[[0, 89]] = 1.0
    discount = 1 / np.log2(np.arange(2, 102))

    def loss_of_swap(first: int) -> float:
        swapped = gain.copy()
        swapped[[first, first + 1]] = swapped[[first + 1, first]]
        return float((gain - swapped) @ discount)

    assert loss_of_swap(0) > 100 * loss_of_swap(89)  # to the pairwise loss both are one pair
    assert "a swap at ranks 1 and 2 like one at ranks 90 and 91" in reference(
        "pointwise_pairwise_listwise"
    )
    s = rng().normal(size=5)

    def softmax_loss(scores: Array) -> float:
        return float(np.log(np.exp(scores).sum()) - scores[2])

    assert softmax_loss(s + 3) == pytest.approx(softmax_loss(s))
    assert "invariant to adding a constant" in point(
        "pointwise_pairwise_listwise", "calibration_needs_pointwise"
    )


def test_second_head_hurts_clicks() -> None:
    gradients = rng().normal(size=(200, 2, 3))  # step, task, weight

    def adam(weights: Array) -> Array:
        m, v = np.zeros(3), np.zeros(3)
        for g in weights @ gradients:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        step: Array = m / np.sqrt(v)
        return step

    even = adam(np.array([1.0, 1.0]))
    assert adam(np.array([10.0, 10.0])) == pytest.approx(even)  # a common factor cancels
    assert not np.allclose(adam(np.array([10.0, 1.0])), even, rtol=0.1)  # their ratio does not
    assert "the loss weights must be tuned" in point("second_head_hurts_clicks", "loss_weights")


def test_matrix_factorisation_clicks() -> None:
    draw = rng()
    users, items, k = 30, 20, 4
    y = draw.normal(size=(items, k))
    clicks = draw.poisson(0.4, size=(users, items)).astype(float)
    liked, trust = (clicks > 0).astype(float), 1 + 40 * clicks
    shared = y.T @ y  # the same for all users
    for u in range(users):
        row = clicks[u] > 0
        quick = shared + (y[row].T * (trust[u, row] - 1)) @ y[row]
        assert quick == pytest.approx((y.T * trust[u]) @ y)
        fitted = Ridge(alpha=0.1, fit_intercept=False).fit(y, liked[u], sample_weight=trust[u])
        solved = np.linalg.solve(quick + 0.1 * np.eye(k), y.T @ (trust[u] * liked[u]))
        assert solved == pytest.approx(fitted.coef_)
    text = reference("matrix_factorisation_clicks")
    assert "a small ridge regression" in text
    assert "computed once for all users" in text
    stars = draw.integers(3, 6, size=(users, items)) * (draw.random((users, items)) < 0.1)
    left, sizes, right = np.linalg.svd(stars.astype(float), full_matrices=False)
    guessed = (left[:, :3] * sizes[:3]) @ right[:3]
    assert guessed[stars == 0].mean() < 1  # zeros in the gaps are taken for very bad ratings
    misconception = bank().questions["matrix_factorisation_clicks"].misconceptions[0]
    assert "very bad ratings" in misconception.correction


def test_why_rank_in_stages() -> None:
    whole = 10_000_000 * 20e-6
    assert whole == pytest.approx(200)
    assert whole / 0.1 == pytest.approx(2000)
    claim = point("why_rank_in_stages", "full_scoring_too_slow")
    assert "200 seconds" in claim
    assert "2,000 times" in claim
    few = 500 * 20e-6
    assert few == pytest.approx(0.010)
    assert "About 500 candidates cost 10 milliseconds" in point(
        "why_rank_in_stages", "few_hundred_fit"
    )


# Embeddings


def test_embedding_table_memory() -> None:
    weights = 500_000_000 * 64
    assert weights == 32e9
    table = weights * 4 / 1e9
    text = reference("embedding_table_memory")
    assert f"{table:.0f} GB, so it does not fit" in text
    assert f"{3 * table:.0f} GB" in text  # with both of Adam's moments
    assert 500_000_000 * 4 / 1e9 == 2
    assert "only 2 GB more" in text
    assert 50_000_000 * 64 * 4 / 1e9 == 12.8
    assert "with 50 million buckets it is 12.8 GB" in text
    held = np.bincount(rng().integers(0, 5_000, size=50_000), minlength=5_000)
    assert held.mean() == 10
    assert (held == 1).sum() / 50_000 < 0.001  # hardly anybody has a row alone
    assert "ten ids share a row on average" in text


def test_negative_sampling_optimum() -> None:
    seen, k, by_chance = 100.0, 5, 10.0
    x = np.linspace(-5, 5, 200_001)
    log_sigmoid = -np.logaddexp(0, -x)
    objective = seen * log_sigmoid + k * by_chance * -np.logaddexp(0, x)
    best = x[objective.argmax()]
    assert best == pytest.approx(math.log(seen / by_chance) - math.log(k), abs=1e-4)
    assert best == pytest.approx(0.69, abs=0.005)
    assert math.log(10) == pytest.approx(2.30, abs=0.005)
    assert "has a PMI of log 10, 2.30, and with five negatives x is log 2, 0.69" in reference(
        "negative_sampling_optimum"
    )
    counts = np.array([1000.0, 100.0, 10.0])
    flat = counts**0.75 / (counts**0.75).sum()
    assert flat[2] > counts[2] / counts.sum()
    assert "picks rare words more often" in point(
        "negative_sampling_optimum", "three_quarters_power"
    )


def test_nearest_neighbour_index_choice() -> None:
    n = 50_000_000
    raw = n * 128 * 4 / 1e9
    text = reference("nearest_neighbour_index_choice")
    assert raw == 25.6
    assert f"{raw} GB" in text
    assert raw / 50 / 0.010 == pytest.approx(50, rel=0.05)
    assert "fifty times too slow" in text
    links = n * 32 * 4 / 1e9
    assert links == 6.4
    assert raw + links == 32
    assert "6.4 GB more, so 32 GB" in text
    assert n / 8192 == pytest.approx(6100, rel=0.01)
    assert round(100 * 32 / 8192, 1) == 0.4
    assert "8,192 lists of some 6,100 vectors and 32 probes it looks at 0.4%" in text
    assert n * 16 / 1e9 == 0.8
    assert "16 one-byte codes, 0.8 GB" in text


def test_retrained_vectors_break_ranker() -> None:
    draw = rng()
    old = draw.normal(size=(500, 8)) * np.linspace(1, 3, 8)
    turn, _ = np.linalg.qr(draw.normal(size=(8, 8)))
    new = old @ turn
    assert np.allclose(new @ new.T, old @ old.T)  # its own tests see no difference
    price = old @ draw.normal(size=8)
    ranker = LinearRegression().fit(old, price)
    assert ranker.score(old, price) == pytest.approx(1)
    assert ranker.score(new, price) < 0.5
    assert np.abs((new - old) / old.std(axis=0)).mean() > 0.5
    left, _, right = np.linalg.svd(new[:100].T @ old[:100])  # Procrustes on the common items
    aligned = new @ (left @ right)
    assert ranker.score(aligned, price) == pytest.approx(1)
    assert np.allclose(aligned @ aligned.T, new @ new.T)
    assert "(Procrustes), which keeps dot products" in reference("retrained_vectors_break_ranker")


# Feature engineering


def test_which_models_need_scaling() -> None:
    draw = rng()
    x = draw.normal(size=(200, 3))
    y = x @ np.array([1.0, -2.0, 0.5]) + draw.normal(size=200)
    big = x * np.array([1000.0, 1.0, 1.0])

    def same(model: LinearRegression | Ridge | DecisionTreeRegressor | KNeighborsRegressor) -> bool:
        before = model.fit(x, y).predict(x)
        return bool(np.allclose(before, model.fit(big, y).predict(big), rtol=1e-6))

    assert same(LinearRegression())
    assert same(DecisionTreeRegressor(max_depth=4, random_state=0))
    assert not same(Ridge(alpha=10))
    assert not same(KNeighborsRegressor(3))
    assert np.linalg.cond(big.T @ big) > 1e5 * np.linalg.cond(x.T @ x)
    text = reference("which_models_need_scaling")
    assert "Plain least squares without a penalty gives the same predictions either way" in text
    skewed = draw.exponential(size=10_000)
    z = (skewed - skewed.mean()) / skewed.std()
    assert (z**3).mean() > 1.5  # as skewed as before
    assert "keeps the shape" in (
        bank().questions["which_models_need_scaling"].misconceptions[1].correction
    )


def test_encoding_many_categories() -> None:
    draw = rng()
    merchant = draw.integers(0, 3000, size=3000)
    label = draw.integers(0, 2, size=3000).astype(float)  # pure chance
    n = np.bincount(merchant, minlength=3000)
    total = np.bincount(merchant, weights=label, minlength=3000)
    naive = (total / np.maximum(n, 1))[merchant]
    once = n[merchant] == 1
    assert (naive[once] == label[once]).all()
    assert np.corrcoef(naive, label)[0, 1] > 0.6  # a column that fails on new data
    fold = draw.integers(0, 5, size=3000)
    out = np.empty(3000)
    for f in range(5):
        rest = fold != f
        count = np.bincount(merchant[rest], minlength=3000)
        summed = np.bincount(merchant[rest], weights=label[rest], minlength=3000)
        mean = label[rest].mean()
        out[fold == f] = ((summed + 10 * mean) / (count + 10))[merchant[fold == f]]
    assert abs(np.corrcoef(out, label)[0, 1]) < 0.1
    text = reference("encoding_many_categories")
    assert "for a merchant seen once it equals the label exactly" in text
    assert r"$(n\bar{y} + m\mu)/(n+m)$" in text


def test_income_missing_in_a_third() -> None:
    draw = rng()
    age = draw.normal(size=200_000)
    income = 0.6 * age + 0.8 * draw.normal(size=200_000)
    gone = draw.random(200_000) < 0.3
    filled = np.where(gone, income[~gone].mean(), income)
    assert filled.var() / income.var() == pytest.approx(0.7, abs=0.01)
    linked = np.corrcoef(age, filled)[0, 1]
    assert linked == pytest.approx(0.6 * math.sqrt(0.7), abs=0.01)
    claim = point("income_missing_in_a_third", "constant_fill_distorts")
    assert "shrinks the spread" in claim
    assert "weakens its correlation" in claim


def test_hourly_demand_time_features() -> None:
    angle = 2 * np.pi * np.arange(24) / 24
    clock = np.column_stack([np.sin(angle), np.cos(angle)])
    apart = np.linalg.norm(clock - clock[0], axis=1)
    assert apart[23] == pytest.approx(apart[1])
    assert apart[1:].min() == pytest.approx(apart[1])
    assert len(np.unique(np.round(np.sin(angle), 9))) == 13  # the sine alone mixes hours up
    assert "put 23 and 0 next to each other" in point(
        "hourly_demand_time_features", "sine_and_cosine"
    )
    assert 7 * 24 == 168
    assert "lag 168" in point("hourly_demand_time_features", "seasonal_lags")
    day = np.arange(100.0)[:, None]
    tree = DecisionTreeRegressor(random_state=0).fit(day, 2 * day[:, 0])
    assert tree.predict([[500.0]])[0] == 198  # the last value it saw
    assert "no extrapolation" in point("hourly_demand_time_features", "trees_do_not_extrapolate")


def test_crosses_and_factorisation_machines() -> None:
    draw = rng()
    vectors, x = draw.normal(size=(12, 4)), draw.normal(size=12)
    pairs = sum(float(vectors[i] @ vectors[j]) * x[i] * x[j] for i, j in combinations(range(12), 2))
    weighted = vectors * x[:, None]
    quick = 0.5 * float((weighted.sum(axis=0) ** 2 - (weighted**2).sum(axis=0)).sum())
    assert quick == pytest.approx(pairs)
    text = reference("crosses_and_factorisation_machines")
    assert "half the difference between the square of the sum and the sum of the squares" in text
    assert 1000 * 7 * 24 == 168_000
    assert "168,000 columns" in text
    assert math.comb(1_000_000, 2) == pytest.approx(5e11, rel=1e-5)
    assert r"$5\cdot 10^{11}$ pairs" in text
    assert "With 16 numbers per column that is 16 million parameters" in text


# Data pipelines


def test_streaming_count_per_card() -> None:
    cards = rng().integers(0, 5, size=1000)

    def run(crashes_at: int | None, with_offset: bool) -> npt.NDArray[np.int64]:
        state = np.zeros(5, dtype=np.int64)
        saved, offset, at = state.copy(), 0, 0
        while at < len(cards):
            if at == crashes_at:
                crashes_at, state = None, saved.copy()
                at = offset if with_offset else at
                continue
            state[cards[at]] += 1
            at += 1
            if at % 100 == 0:
                saved, offset = state.copy(), at
        return state

    assert (run(450, with_offset=True) == np.bincount(cards)).all()
    assert run(450, with_offset=False).sum() == 950  # the state alone loses fifty payments
    assert "together with the input offsets" in point(
        "streaming_count_per_card", "checkpoint_state_and_offsets"
    )


def test_amount_changes_unit() -> None:
    cents = np.round(np.exp(rng().normal(7.6, 1, size=10_000)))
    euros = cents / 100
    assert np.median(cents) == pytest.approx(2000, rel=0.05)
    assert np.median(euros) == pytest.approx(20, rel=0.05)
    assert "from two thousand to twenty" in point(
        "amount_changes_unit", "distribution_check_catches"
    )
    stored = (cents.mean(), cents.std())  # the scaler of the old unit
    assert ((euros - stored[0]) / stored[1]).std() < 0.02
    wrong = np.where(np.concatenate([cents, euros]) > 1000, "cents", "euros")
    assert (
        wrong[:10_000] == "euros"
    ).mean() > 0.1  # small payments in cents, guessed from the size
    assert "inference from magnitude fails" in point("amount_changes_unit", "history_in_one_unit")


def test_checks_before_training() -> None:
    n, shift = 5_000_000, 0.005  # half a hundredth of a standard deviation
    z = shift / math.sqrt(2 / n)
    assert 2 * norm.sf(z) < 1e-10
    assert 2 * norm.sf(shift / math.sqrt(2 / 1000)) > 0.9
    assert "with millions of rows every harmless difference is significant" in reference(
        "checks_before_training"
    )
    orders, customers = np.array([1, 1, 2, 3]), np.array([1, 2, 2, 3])  # a lookup with double keys
    joined = sum(max(1, int((customers == key).sum())) for key in orders)
    assert joined == 5 > len(orders)
    assert "fan-out silently reweights" in point("checks_before_training", "labels_and_joins")


# Experimentation


def test_ab_test_peeking() -> None:
    walk = rng().normal(size=(50_000, 14)).cumsum(axis=1)
    z = walk / np.sqrt(np.arange(1, 15))
    stopped = float((np.abs(z) > 1.96).any(axis=1).mean())
    assert stopped == pytest.approx(0.219, abs=0.006)
    assert "above 20%, not 5%" in reference("ab_test_peeking")
    assert "over 20% with fourteen daily looks" in point(
        "ab_test_peeking", "inflated_false_positives"
    )
    harmed = (z[:, :-1] < -1.96).any(axis=1)
    won = float((~harmed & (z[:, -1] > 1.96)).mean())
    assert won == pytest.approx(0.025, abs=0.003)
    assert any("2.5%" in source for source in bank().questions["ab_test_peeking"].sources)
    rows = np.arange(len(z))
    shifted = walk + 0.3 * np.arange(1, 15)  # a true effect of 0.3 a day
    early = (shifted / np.sqrt(np.arange(1, 15)) > 1.96).argmax(axis=1)
    estimate = shifted[rows, early] / (early + 1)
    assert estimate[estimate * np.sqrt(early + 1) > 1.96].mean() > 1.5 * 0.3
    assert "exaggerated" in point("ab_test_peeking", "exaggerated_effects")


def test_sample_size_for_small_lift() -> None:
    factor = 2 * (norm.isf(0.025) + norm.isf(0.2)) ** 2
    assert factor == pytest.approx(16, rel=0.02)
    rule = 16 * 0.04 * 0.96 / 0.002**2
    assert rule == pytest.approx(154_000, rel=0.005)
    text = reference("sample_size_for_small_lift")
    assert "about 154,000 users per group" in text
    exact = factor / 2 * (0.04 * 0.96 + 0.042 * 0.958) / 0.002**2
    assert exact == pytest.approx(rule, rel=0.01)
    assert 15 < 2 * rule / 20_000 < 16
    assert "15 or 16 days" in text
    more = ((norm.isf(0.025) + norm.isf(0.1)) / (norm.isf(0.025) + norm.isf(0.2))) ** 2
    assert more == pytest.approx(1.33, abs=0.01)
    assert "from 80% to 90% costs about a third more" in text
    uneven = 1 / (4 * 0.1 * 0.9)
    assert uneven == pytest.approx(2.8, abs=0.03)
    assert "grows 2.8 times" in text
    rarer = (0.996 / 0.004) / (0.96 / 0.04)
    assert rarer == pytest.approx(10, rel=0.05)
    assert "about ten times" in (
        bank().questions["sample_size_for_small_lift"].misconceptions[0].correction
    )


def test_bandit_or_fixed_test() -> None:
    draw = rng()
    shown, clicked = np.ones((4000, 2)) * 5, np.zeros((4000, 2))
    clicked += draw.binomial(5, 0.3, size=(4000, 2))  # five readers each to begin with
    rows = np.arange(4000)
    for _ in range(100):  # Thompson sampling on two headlines of the same rate
        arm = draw.beta(clicked + 1, shown - clicked + 1).argmax(axis=1)
        shown[rows, arm] += 1
        clicked[rows, arm] += draw.random(4000) < 0.3
    average = clicked / shown
    assert average.mean() < 0.29
    assert average[rows, shown.argmin(axis=1)].mean() < average[rows, shown.argmax(axis=1)].mean()
    assert "biased downwards" in point("bandit_or_fixed_test", "adaptive_means_biased")


def test_interleaving_two_rankers() -> None:
    draw = rng()

    def merged(coin: bool) -> list[int]:
        """Return who supplied each of the first ten results of two partly equal rankings."""
        lists = [list(first[:20]), list(second[:20])]
        taken: set[int] = set()
        teams: list[int] = []
        while len(teams) < 10:
            start = int(draw.integers(2)) if coin else 0
            for team in (start, 1 - start):
                best = next(d for d in lists[team] if d not in taken)
                taken.add(best)
                teams.append(team)
        return teams

    examine = 1 / np.arange(1, 11)  # clicks by position alone
    fair, unfair = [], []
    for _ in range(1000):
        first, second = draw.permutation(30), draw.permutation(30)
        fair.append((np.array(merged(True)) * examine).sum() / examine.sum())
        unfair.append((np.array(merged(False)) * examine).sum() / examine.sum())
    assert np.mean(fair) == pytest.approx(0.5, abs=0.02)
    assert np.mean(unfair) < 0.42  # without the coin the first ranker wins on position
    assert "both rankers get the top slots equally often" in reference("interleaving_two_rankers")


def test_cuped_derivation() -> None:
    draw = rng()
    n, rho = 200_000, 0.7
    x = 3 * draw.normal(size=n) + 10
    y = 2 * (rho * (x - 10) / 3 + math.sqrt(1 - rho**2) * draw.normal(size=n))
    theta = np.cov(x, y)[0, 1] / x.var()
    left = {t: (y - t * (x - x.mean())).var() / y.var() for t in (theta, 0.9 * theta, 1.1 * theta)}
    assert min(left, key=left.__getitem__) == theta
    assert left[theta] == pytest.approx(1 - rho**2, abs=0.01)
    text = reference("cuped_derivation")
    assert f"with 0.7 the variance falls to {100 * (1 - rho**2):.0f}%" in text
    assert 1 - 0.5**2 == 0.75
    assert "with 0.5 I save just a quarter" in text
    treated = draw.random(n) < 0.5
    adjusted = y + 0.1 * treated - theta * (x - x.mean())
    effect = adjusted[treated].mean() - adjusted[~treated].mean()
    assert effect == pytest.approx(0.1, abs=0.03)


# Serving and judging language models


def wrong(question: str, key_point: str) -> str:
    (found,) = [p for p in bank().questions[question].key_points if p.id == key_point]
    return " ".join(found.wrong)


def test_model_as_judge_interval_of_the_win_rate() -> None:
    error = math.sqrt(0.25 / 300)
    text, claim = reference("model_as_judge"), point("model_as_judge", "win_rate_interval")
    assert f"standard error of {100 * error:.1f} points" in text
    assert f"about {100 * error:.1f} points" in claim
    low, high = (0.55 + side * norm.ppf(0.975) * error for side in (-1, 1))
    assert f"from {100 * low:.0f} to {100 * high:.0f}" in text
    assert f"about {100 * low:.0f} to {100 * high:.0f}%" in claim
    assert round(300 * 0.55) == 165
    assert "165 out of 300" in claim
    assert 0.05 < binomtest(165, 300).pvalue < 0.15, "a fair coin, now and then"
    assert 5.5 < 100 * norm.ppf(0.975) * error < 6, "nearly six points"


def test_model_as_judge_more_pairs_shrink_the_error_but_not_the_bias() -> None:
    shares = {n: rng().binomial(n, 0.5 + 0.04, size=2000) / n for n in (300, 3000)}
    assert shares[3000].std() < 0.4 * shares[300].std()
    for share in shares.values():  # equal models, and a judge that leans to the longer text
        assert share.mean() - 0.5 == pytest.approx(0.04, abs=0.003)
    assert "more pairs don't remove its bias" in reference("model_as_judge")


def test_model_as_judge_both_orders_cancel_the_liking_for_a_place() -> None:
    draw, better, likes_first = rng(), 0.3, 0.8
    first, second = (
        better + place * likes_first + draw.normal(size=20_000) > 0 for place in (1, -1)
    )
    agree = first == second
    assert first.mean() - norm.cdf(better) > 0.2, "the new model is always shown first"
    wins, losses = (first & agree).mean(), (~first & agree).mean()
    assert 0 < wins - losses < first.mean() - (~first).mean()
    assert "count a win only if the verdicts agree" in reference("model_as_judge")
    assert math.comb(10, 2) == 45, "pairs of ten models"
    assert "ten models there are just ten pairs" in wrong(
        "model_as_judge", "pairs_separate_close_models"
    )


WEIGHTS, PROMPT, PEAK, BANDWIDTH = 8e9, 8000, 4e14, 2e12


def test_first_token_and_the_rest_prefill() -> None:
    flops = 2 * WEIGHTS * PROMPT
    text = reference("first_token_and_the_rest")
    assert f"{flops:.1e}" == "1.3e+14"
    assert r"about $1.3 \cdot 10^{14}$ operations" in text
    assert f"{flops / PEAK:.2f} s at peak" in text
    causal = 32 * 4 * 4096 * PROMPT**2 / 2  # two products a layer, half of the pairs masked
    assert f"some {100 * causal / flops:.0f}%" in text
    assert f"I'd expect {(flops + causal) / PEAK / 0.5:.1f} s" in text
    claim = point("first_token_and_the_rest", "prefill_time_estimate")
    assert f"{flops / 1e14:.2f}e14" in claim
    slips = wrong("first_token_and_the_rest", "prefill_time_estimate")
    assert f"{1000 * 2 * WEIGHTS / PEAK:.2f} milliseconds" in slips
    assert 60 < PROMPT * 2 * WEIGHTS / BANDWIDTH < 70, "over a minute"
    assert 18 < WEIGHTS * PROMPT**2 / PEAK / 60 < 22, "about twenty minutes"


def test_first_token_and_the_rest_decoding() -> None:
    text = reference("first_token_and_the_rest")
    read = 2 * WEIGHTS / BANDWIDTH
    assert (
        f"must read {2 * WEIGHTS / 1e9:.0f} GB of weights each time, {1000 * read:.0f} ms" in text
    )
    assert f"200 tokens take {200 * read:.1f} s" in text
    assert f"{PEAK / BANDWIDTH:.0f} operations for each byte" in text
    assert (
        f"four-bit weights bring the bound down to {1000 * WEIGHTS / 2 / BANDWIDTH:.0f} ms" in text
    )
    slips = wrong("first_token_and_the_rest", "decode_time_estimate")
    assert f"{1000 * 2 * WEIGHTS / PEAK:.2f} ms, so generation lasts {200 * 0.04:.0f} ms" in slips


def test_first_token_and_the_rest_cache() -> None:
    token = 2 * 32 * 8 * 128 * 2  # keys and values, layers, heads, width, bytes
    claim = point("first_token_and_the_rest", "context_cache_read")
    assert f"{token / 1000:.0f} kB a token" in claim
    assert f"{PROMPT * token / 1e9:.2f} GB" in claim
    assert 1000 * PROMPT * token / BANDWIDTH == pytest.approx(0.5, abs=0.05)
    assert "about 1 GB or half a millisecond" in reference("first_token_and_the_rest")
