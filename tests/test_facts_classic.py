"""Facts of the questions on classic machine learning, worked out again and held against their text.

Each test computes a figure or a property by itself and then asserts that the item says so. A change
to the bank that makes a number false, or drops it, shows up here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsRegressor
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests.bank_figures import bank, point, reference

Array = npt.NDArray[np.float64]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def slope(f: Callable[[Array], float], at: Array) -> Array:
    """Return the gradient of f by central differences."""
    step = 1e-6
    return np.array([(f(at + step * e) - f(at - step * e)) / (2 * step) for e in np.eye(len(at))])


# Trees and forests


def test_forest_variance() -> None:
    rho, trees = 0.3, 50
    cov = np.full((trees, trees), rho) + (1 - rho) * np.eye(trees)
    assert cov.mean() == pytest.approx(rho + (1 - rho) / trees)
    assert r"\rho\sigma^2 + (1-\rho)\sigma^2/B" in reference("forest_variance")
    never_drawn = (1 - 1 / 10_000) ** 10_000
    assert never_drawn == pytest.approx(0.368, abs=1e-3)
    assert "37%" in point("forest_variance", "out_of_bag_error")


def test_tree_split_criteria() -> None:
    def gini(*counts: int) -> float:
        return 1 - sum((c / sum(counts)) ** 2 for c in counts)

    def error(*counts: int) -> float:
        return 1 - max(counts) / sum(counts)

    def split(measure: Callable[..., float], *children: tuple[int, int]) -> float:
        return sum(sum(c) * measure(*c) for c in children) / sum(map(sum, children))

    a, b = ((300, 100), (100, 300)), ((200, 400), (200, 0))
    assert [split(error, *a), split(error, *b)] == pytest.approx([0.25, 0.25])
    assert "Both have 25% errors" in reference("tree_split_criteria")
    assert f"{split(gini, *a):.3f} for A against {split(gini, *b):.3f} for B" in reference(
        "tree_split_criteria"
    )


def test_tree_split_criteria_takes_only_the_order() -> None:
    x, noise = rng().random((300, 3)), rng(1).normal(size=300)
    y = (x[:, 0] + x[:, 1] + 0.3 * noise > 1).astype(int)
    plain = DecisionTreeClassifier(max_depth=4, random_state=0).fit(x, y)
    bent = DecisionTreeClassifier(max_depth=4, random_state=0).fit(np.exp(3 * x), y)
    assert (plain.predict(x) == bent.predict(np.exp(3 * x))).all()
    assert "monotone" in point("tree_split_criteria", "only_order_matters")


def test_pruning_an_overgrown_tree() -> None:
    text = reference("pruning_an_overgrown_tree")
    assert "30 leaves make 8% errors and 12 leaves 10%" in text
    assert f"they cost {0.08 + 0.002 * 30:.3f} and {0.10 + 0.002 * 12:.3f}" in text
    x, y = rng().random((200, 2)), rng(1).integers(0, 2, 200)
    assert DecisionTreeClassifier(random_state=0).fit(x, y).score(x, y) == 1.0  # random labels
    path = DecisionTreeClassifier(random_state=0).cost_complexity_pruning_path(x, y)
    assert (np.diff(path.ccp_alphas) >= 0).all()


def test_pruning_an_overgrown_tree_exclusive_or_gains_nothing_at_the_root() -> None:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = x[:, 0] ^ x[:, 1]
    for column in x.T:
        assert y[column == 0].mean() == y[column == 1].mean() == y.mean()
    assert DecisionTreeClassifier(random_state=0).fit(x, y).score(x, y) == 1.0
    assert "XOR" in point("pruning_an_overgrown_tree", "early_stop_short_sighted")


def test_importance_impurity_or_permutation() -> None:
    draw = rng()
    useful = draw.integers(0, 2, 600)
    y = np.where(draw.random(600) < 0.8, useful, 1 - useful)
    account = draw.permutation(600)
    x = np.column_stack([useful, account]).astype(float)
    forest = RandomForestClassifier(30, random_state=0).fit(x[:300], y[:300])
    shuffled = permutation_importance(forest, x[300:], y[300:], n_repeats=10, random_state=0)
    assert forest.feature_importances_[1] > forest.feature_importances_[0]
    assert shuffled.importances_mean[1] < 0.1 < shuffled.importances_mean[0]
    assert "inflated" in point("importance_impurity_or_permutation", "impurity_favours_many_values")


def test_forest_size_and_latency() -> None:
    text = reference("forest_size_and_latency")
    rows = 1_000_000 * (1 - 1 / math.e)
    nodes = 2 * rows - 1
    assert round(rows, -3) == 632_000
    assert "632,000" in text
    assert f"{nodes / 1e6:.2f} million" in text
    assert f"{nodes * 64 / 1e6:.0f} MB a tree" in text
    assert f"{nodes * 64 * 500 / 1e9:.0f} GB for 500" in text
    assert math.ceil(math.log2(rows)) == 20
    assert 500 * 30 == 15_000
    assert round(rows / 50, -2) == 12_600
    assert f"{(2 * rows / 50 - 1) * 64 / 1e6:.1f} MB a tree" in text
    assert f"{1000 * 61 * 64 / 1e6:.0f} MB" in text
    spread = {trees: 0.3 + 0.7 / trees for trees in (100, 500)}
    assert spread[100] / spread[500] == pytest.approx(1.02, abs=0.002)
    x, y = rng().random((500, 3)), rng(1).random(500)
    tree = DecisionTreeRegressor(random_state=0).fit(x, y).tree_
    assert (tree.n_leaves, tree.node_count) == (500, 999)
    assert tree.__getstate__()["nodes"].dtype.itemsize == 64


# Boosting


def test_bagging_versus_boosting() -> None:
    margin = np.array([-20.0, -10.0])
    steep = -np.diff(np.log1p(np.exp(-margin))) / 10
    assert steep[0] == pytest.approx(1, abs=1e-4)
    assert "linearly" in point("bagging_versus_boosting", "log_loss_milder")
    assert math.exp(20) / math.exp(10) > 20_000  # exponential loss on the same two rows


def test_xgboost_split_gain() -> None:
    g, h, lam = rng().normal(size=9), rng(1).random(9), 1.5

    def best(rows: slice) -> float:
        values = np.linspace(-5, 5, 100_001)
        cost = g[rows].sum() * values + 0.5 * (h[rows].sum() + lam) * values**2
        assert values[cost.argmin()] == pytest.approx(
            -g[rows].sum() / (h[rows].sum() + lam), abs=1e-4
        )
        return float(cost.min())

    def score(rows: slice) -> float:
        return float(g[rows].sum() ** 2 / (h[rows].sum() + lam))

    left, right, both = slice(0, 4), slice(4, 9), slice(0, 9)
    gain = 0.5 * (score(left) + score(right) - score(both))
    assert best(both) - best(left) - best(right) == pytest.approx(gain, abs=1e-6)
    assert r"$-G/(H+\lambda)$" in reference("xgboost_split_gain")
    assert r"$-\frac{1}{2} G^2/(H+\lambda)$" in reference("xgboost_split_gain")


def test_adaboost_one_round() -> None:
    text = reference("adaboost_one_round")
    error = 0.3
    alpha = 0.5 * math.log((1 - error) / error)
    assert f"about {alpha:.2f}" in text
    assert f"about {math.exp(alpha):.2f}" in text
    assert f"about {math.exp(-alpha):.2f}" in text
    weights = np.full(10, 0.1) * np.exp(alpha * np.where(np.arange(10) < 3, 1, -1))
    bound = weights.sum()
    weights /= bound
    assert f"to {weights[0]:.3f} each" in text
    assert f"to {weights[9]:.3f}" in text
    assert weights[:3].sum() == pytest.approx(0.5)
    assert bound == pytest.approx(2 * math.sqrt(error * (1 - error)))
    assert f"here {bound:.3f}" in text
    grid = np.linspace(-1, 2, 30_001)
    cost = (1 - error) * np.exp(-grid) + error * np.exp(grid)
    assert grid[cost.argmin()] == pytest.approx(alpha, abs=1e-4)


def test_stacking_out_of_fold() -> None:
    x, y = rng().random((200, 3)), rng(1).normal(size=200)  # nothing to learn
    nearest = KNeighborsRegressor(1).fit(x[:100], y[:100])
    assert nearest.score(x[:100], y[:100]) == 1.0
    assert nearest.score(x[100:], y[100:]) < 0
    assert "overfits most" in point("stacking_out_of_fold", "overfitter_gets_trusted")


def test_lightgbm_versus_xgboost() -> None:
    text = reference("lightgbm_versus_xgboost")
    assert "A full tree of depth 8 has 256 leaves" in text
    assert 2**8 == 256
    top, rest = 0.2, 0.1
    assert f"weight {(1 - top) / rest:.0f}," in text
    gradients = np.sort(np.abs(rng().normal(size=10_000)))[::-1] * rng(1).choice([-1, 1], 10_000)
    small = gradients[2000:]
    sums = [8 * rng(s).choice(small, 1000, replace=False).sum() for s in range(200)]
    spread = np.std(sums) / math.sqrt(200)
    assert np.mean(sums) == pytest.approx(small.sum(), abs=4 * spread)


def test_lightgbm_versus_xgboost_best_first_fits_closer() -> None:
    x = rng().random((1000, 5))
    y = np.sin(12 * x[:, 0]) * (x[:, 1] > 0.7) + 0.2 * rng(1).normal(size=1000)
    level = DecisionTreeRegressor(max_depth=4, random_state=0).fit(x, y)
    leaf = DecisionTreeRegressor(max_leaf_nodes=level.get_n_leaves(), random_state=0).fit(x, y)
    assert leaf.get_n_leaves() == level.get_n_leaves()
    assert leaf.score(x, y) > level.score(x, y)
    assert leaf.get_depth() > level.get_depth()
    assert HistGradientBoostingRegressor().max_bins == 255
    assert "255 bins" in reference("lightgbm_versus_xgboost")


# Support vector machines


def test_soft_margin_and_kernels() -> None:
    x = np.vstack([rng().normal(-2, 1, (40, 2)), rng(1).normal(2, 1, (40, 2))])
    y = np.repeat([-1, 1], 40)
    machine = SVC(kernel="linear", C=1.0, tol=1e-8).fit(x, y)
    margins = y * machine.decision_function(x)
    outside = np.setdiff1d(np.arange(80), machine.support_)
    assert (margins[outside] >= 1 - 1e-3).all()
    assert (margins[machine.support_] <= 1 + 1e-3).all()
    again = SVC(kernel="linear", C=1.0, tol=1e-8).fit(x[machine.support_], y[machine.support_])
    assert np.allclose(again.coef_, machine.coef_, atol=1e-4)
    widths = [2 / np.linalg.norm(SVC(kernel="linear", C=c).fit(x, y).coef_) for c in (0.01, 100)]
    assert widths[0] > widths[1]
    assert "large C" in point("soft_margin_and_kernels", "large_c_narrow_margin")


def test_svm_or_logistic_regression() -> None:
    x = np.linspace(-1, 1, 20)[:, None]
    y = (x[:, 0] > 0).astype(int)
    norms = [
        float(np.abs(LogisticRegression(C=c, max_iter=2000).fit(x, y).coef_).max())
        for c in (1.0, 1e2, 1e4)
    ]
    assert norms[0] < norms[1] < norms[2]
    assert "without bound" in point("svm_or_logistic_regression", "separable_weights_diverge")
    hard = [np.abs(SVC(kernel="linear", C=c).fit(x, y).coef_).max() for c in (1e4, 1e6)]
    assert hard[0] == pytest.approx(hard[1], rel=1e-3)


def test_linear_or_rbf_kernel() -> None:
    text = reference("linear_or_rbf_kernel")
    assert 5000**2 == 25_000_000
    assert "25 million entries" in text
    assert f"{5000**2 * 8 / 1e6:.0f} MB" in text
    x = rng().normal(size=(150, 4))
    y = (x @ [1, -2, 0.5, 0] + 0.5 * rng(1).normal(size=150) > 0).astype(int)
    gamma, soft = 1e-6, 0.1
    line = SVC(kernel="linear", C=soft, tol=1e-8).fit(x, y).decision_function(x)
    near = SVC(kernel="rbf", gamma=gamma, C=soft / (2 * gamma), tol=1e-8).fit(x, y)
    assert np.allclose(near.decision_function(x), line, atol=1e-2)
    assert "1/gamma" in point("linear_or_rbf_kernel", "small_gamma_nearly_linear")


def test_rbf_svm_at_scale() -> None:
    text = reference("rbf_svm_at_scale")
    rows, columns, features = 200_000, 100, 2000
    assert f"{rows**2 / 1e9:.0f} billion entries" in text
    assert f"{rows**2 * 8 / 1e9:.0f} GB in double" in text
    kept = int(rows * 2 * 0.1)
    assert f"{kept:,} times 100" in text
    assert kept * columns == 4_000_000
    assert f"{kept * columns * 5000 / 1e9:.0f} billion multiply-adds" in text
    assert f"about {1 / math.sqrt(features):.0%}" in text
    assert f"{rows * features * 4 / 1e9:.1f} GB" in text
    assert f"{features * columns:,} multiply-adds plus 2,000 cosines" in text
    assert kept * columns // (features * columns) == 20


def test_rbf_svm_at_scale_random_features_come_near_the_kernel() -> None:
    x, gamma, features = rng().normal(size=(60, 5)), 0.1, 2000
    exact = np.exp(-gamma * ((x[:, None] - x[None]) ** 2).sum(-1))
    waves = rng(1).normal(scale=math.sqrt(2 * gamma), size=(5, features))
    mapped = math.sqrt(2 / features) * np.cos(x @ waves + rng(2).uniform(0, 2 * np.pi, features))
    error = np.sqrt(np.mean((mapped @ mapped.T - exact) ** 2))
    assert 0.005 < error < 0.03  # of the order of one over the root of 2,000
    assert "cosines" in point("rbf_svm_at_scale", "random_fourier_features")


def test_rbf_svm_at_scale_support_vectors_are_a_share_of_the_rows() -> None:
    shares = []
    for rows in (200, 800):
        x = rng().random((rows, 2))
        flipped = rng(1).random(rows) < 0.1
        y = (x[:, 0] > 0.5) ^ flipped
        shares.append(len(SVC(kernel="rbf", gamma=2, C=10).fit(x, y).support_) / rows)
    assert min(shares) > 0.18  # about twice the error that no classifier can avoid
    assert "twice the Bayes error" in point("rbf_svm_at_scale", "support_vectors_grow_with_rows")


# Clustering


def test_choosing_k_for_k_means() -> None:
    x = rng().random((60, 2))
    misfit = [KMeans(k, n_init=5, random_state=0).fit(x).inertia_ for k in (1, 2, 4, 8, 60)]
    assert all(a > b for a, b in pairwise(misfit))
    assert misfit[-1] == pytest.approx(0, abs=1e-12)
    assert "falls" in point("choosing_k_for_k_means", "inertia_always_falls")


def test_k_means_steps() -> None:
    x, centres = rng().random((300, 2)), rng(1).random((6, 2))
    costs = []
    for _ in range(50):
        squared = ((x[:, None] - centres) ** 2).sum(-1)
        nearest = squared.argmin(1)
        costs.append(squared.min(1).sum())
        centres = np.array([x[nearest == k].mean(0) for k in range(6)])
        costs.append(((x - centres[nearest]) ** 2).sum())
    assert (np.diff(costs) <= 1e-12).all()
    assert costs[-1] == pytest.approx(costs[-3])  # it has stopped
    text = reference("k_means_steps")
    assert f"{1_000_000 * 100 * 50 // 10**9} billion multiply-adds" in text


def test_dbscan_or_k_means() -> None:
    def metres(lat: float, d_lat: float, d_lon: float) -> float:
        a, b = math.radians(lat), math.radians(lat + d_lat)
        half = math.sin((b - a) / 2) ** 2
        half += math.cos(a) * math.cos(b) * math.sin(math.radians(d_lon) / 2) ** 2
        return 2 * 6_371_000 * math.asin(math.sqrt(half))

    east = [metres(lat, 0, 1) for lat in (10, 40, 60, 80)]
    assert east == sorted(east, reverse=True)
    assert metres(52, 0, 1) < 0.65 * metres(52, 1, 0)
    claim = point("dbscan_or_k_means", "metres_not_degrees")
    assert "away from the equator a degree of longitude is shorter" in claim


def test_k_means_as_limit_of_em() -> None:
    text = reference("k_means_as_limit_of_em")

    def share(sigma: float) -> float:
        near, far = (math.exp(-((1.5 - m) ** 2) / (2 * sigma**2)) for m in (0, 4))
        return near / (near + far)

    assert f"with {share(1):.2f} at" in text
    assert f"with {share(0.5):.4f} at 0.5" in text
    assert share(0.1) == pytest.approx(1)
    assert f"{50 * 51 // 2:,} parameters" in text
    x = np.concatenate([rng().normal(0, 1, 60), rng(1).normal(3, 2, 40)])
    weight, mean, spread = np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([1.0, 1.0])
    likelihoods = []
    for _ in range(100):
        density = weight * np.exp(-((x[:, None] - mean) ** 2) / (2 * spread**2)) / spread
        likelihoods.append(np.log(density.sum(1)).sum())
        shares = density / density.sum(1, keepdims=True)
        weight = shares.mean(0)
        mean = (shares * x[:, None]).sum(0) / shares.sum(0)
        spread = np.sqrt((shares * (x[:, None] - mean) ** 2).sum(0) / shares.sum(0))
    assert (np.diff(likelihoods) >= -1e-9).all()
    assert "lower the likelihood" in point("k_means_as_limit_of_em", "likelihood_never_falls")


# Dimensionality reduction


def test_what_pca_keeps() -> None:
    x = rng().normal(size=(100, 6)) @ rng(1).normal(size=(6, 6))
    centred = x - x.mean(0)
    found = PCA(2).fit(x)
    values, vectors = np.linalg.eigh(np.cov(centred.T))
    assert np.allclose(found.explained_variance_, values[::-1][:2])
    assert np.allclose(np.abs(found.components_ @ vectors[:, ::-1][:, :2]), np.eye(2), atol=1e-8)
    lost = ((centred - found.transform(x) @ found.components_) ** 2).sum()
    for seed in range(20):
        other, _ = np.linalg.qr(rng(seed).normal(size=(6, 2)))
        assert ((centred - centred @ other @ other.T) ** 2).sum() >= lost
    assert "eigenvectors" in point("what_pca_keeps", "directions_of_largest_variance")


def test_curse_of_dimensionality() -> None:
    text = reference("curse_of_dimensionality")
    assert f"edges of {0.01**0.1:.2f}" in text
    assert "ten billion for ten" in text
    assert 10**10 == 10_000_000_000
    contrasts = []
    for seed in range(20):
        draw = rng(seed)
        x, query = draw.random((1000, 1000)), draw.random(1000)
        far = np.sqrt((x**2).sum(1) - 2 * x @ query + query @ query)
        contrasts.append(far.max() / far.min() - 1)
    assert f"about {np.mean(contrasts):.0%} further off" in text


def test_reading_a_tsne_map() -> None:
    near, far = 0.2, 0.001

    def cost(p: float, q: float) -> float:
        return p * math.log(p / q) - p + q  # the term of one pair, with its mass term

    assert cost(near, far) > 3 * cost(far, near)
    assert "tearing neighbours apart" in point("reading_a_tsne_map", "asymmetric_kl_cost")


def test_shrinking_an_embedding_store() -> None:
    text = reference("shrinking_an_embedding_store")
    n, d = 10_000_000, 768
    assert f"10 million {n * d * 4 / 1e9:.1f} GB" in text
    assert 5 < n * d * 4 / 6e9 < 5.2
    assert f"{n * 128 * 4 / 1e9:.1f} GB, or {n * 128 * 2 / 1e9:.1f} GB" in text
    assert d * d * 8 < 5e6
    assert round(n * d**2 / 1e12) == 6
    assert f"{100_000 * d**2 / 1e9:.0f} billion" in text
    assert f"Int8 alone gives {n * d / 1e9:.1f} GB" in text
    assert f"384 dimensions {n * 384 / 1e9:.1f} GB" in text
    assert f"takes {n * 96 / 1e9:.2f} GB" in text
    needed = 4 * math.log(n) / (0.1**2 / 2 - 0.1**3 / 3)
    assert round(needed, -3) == 14_000
    assert round(needed, -2) == 13_800
    assert "13,800" in point("shrinking_an_embedding_store", "random_projection_bound_useless")


# Linear models


def test_squared_versus_absolute_error() -> None:
    prices = np.array([1, 1, 1, 1, 6])
    grid = np.linspace(0, 7, 7001)
    squared = ((prices[:, None] - grid) ** 2).sum(0)
    absolute = np.abs(prices[:, None] - grid).sum(0)
    assert grid[squared.argmin()] == pytest.approx(prices.mean())
    assert grid[absolute.argmin()] == pytest.approx(np.median(prices))
    assert "conditional median" in point("squared_versus_absolute_error", "mean_versus_median")


def test_log_loss_for_logistic_regression() -> None:
    x, y, w = np.array([0.5, -1.2, 2.0]), 1.0, np.array([-1.0, 0.3, -0.7])

    def p(weights: Array) -> float:
        return float(1 / (1 + np.exp(-weights @ x)))

    log_loss = slope(lambda v: -y * math.log(p(v)) - (1 - y) * math.log(1 - p(v)), w)
    squared = slope(lambda v: 0.5 * (p(v) - y) ** 2, w)
    assert np.allclose(log_loss, (p(w) - y) * x, atol=1e-6)
    assert np.allclose(squared, (p(w) - y) * p(w) * (1 - p(w)) * x, atol=1e-6)
    text = reference("log_loss_for_logistic_regression")
    assert r"$(p - y)\,x$" in text
    assert r"$(p - y)\,p(1-p)\,x$" in text
    scores = np.linspace(-6, 6, 601)
    bends = np.diff((1 - 1 / (1 + np.exp(-scores))) ** 2, 2)
    assert bends.min() < 0 < bends.max()  # squared error through the sigmoid is not convex
    assert np.diff(np.log1p(np.exp(-scores)), 2).min() > 0


def test_collinear_inputs() -> None:
    factor = 1 / (1 - 0.95**2)
    assert round(factor, 1) == 10.3
    assert "10.3" in point("collinear_inputs", "inflation_factor")
    assert f"about {math.sqrt(factor):.1f} times" in reference("collinear_inputs")
    correlation = np.array([[1, 0.95], [0.95, 1]])
    assert np.linalg.inv(correlation)[0, 0] == pytest.approx(factor)


def test_logistic_weight_meaning() -> None:
    text = reference("logistic_weight_meaning")

    def after(probability: float) -> float:
        odds = probability / (1 - probability) * math.exp(0.7)
        return odds / (1 + odds)

    odds = math.exp(0.7) / 9
    assert f"{odds:.3f} / {1 + odds:.3f}" in text
    assert f"about {after(0.10):.0%}" in text
    assert f"about {after(0.50):.0%}" in text
    assert f"about {after(0.01):.0%}" in text
    assert "2.01" in point("logistic_weight_meaning", "odds_multiplied_by_two")


def test_logistic_weight_meaning_shrinks_when_a_covariate_is_left_out() -> None:
    coupon, other = np.array([0, 1]), np.array([-2.0, 2.0])
    chance = 1 / (1 + np.exp(-(0.9 * coupon[:, None] + other)))  # an even, independent covariate
    averaged = chance.mean(1)
    marginal = np.diff(np.log(averaged / (1 - averaged)))[0]
    assert 0 < marginal < 0.9
    assert "towards zero" in point("logistic_weight_meaning", "other_predictors_change_it")


def test_closed_form_or_descent() -> None:
    text = reference("closed_form_or_descent")
    assert f"{100_000**2 * 8 / 1e9:.0f} GB" in text
    x = rng().normal(size=(50, 4)) * [1, 1, 1, 0.01]
    y = rng(1).normal(size=50)
    assert np.linalg.cond(x.T @ x) == pytest.approx(np.linalg.cond(x) ** 2, rel=1e-6)
    x[:, 3] *= 100
    w = np.zeros(4)
    for _ in range(2000):
        w -= 0.5 * x.T @ (x @ w - y) / len(y)
    assert np.allclose(w, np.linalg.solve(x.T @ x, x.T @ y))
    assert "same minimum" in point("closed_form_or_descent", "same_minimum")


# Gradient descent


def test_larger_batch_size() -> None:
    assert 2048 // 256 == 8
    assert f"factor of about {math.sqrt(8):.1f}" in reference("larger_batch_size")
    gradients = rng().normal(size=(4000, 2048))
    ratio = gradients[:, :256].mean(1).std() / gradients.mean(1).std()
    assert ratio == pytest.approx(math.sqrt(8), rel=0.06)


def test_adam_and_decoupled_decay() -> None:
    def run(scale: float, inside: bool) -> float:
        """Return what a decay of 0.1 takes off a weight of one in twenty steps of Adam."""
        ends = []
        for decay in (0.0, 0.1):
            w, m, v = 1.0, 0.0, 0.0
            for step in range(1, 21):
                slope_now = scale * (-1) ** step + (decay * w if inside else 0)
                m, v = 0.9 * m + 0.1 * slope_now, 0.999 * v + 0.001 * slope_now**2
                move = (m / (1 - 0.9**step)) / (math.sqrt(v / (1 - 0.999**step)) + 1e-8)
                w -= 0.01 * move + (0 if inside else 0.01 * decay * w)
            ends.append(w)
        return ends[0] - ends[1]

    assert run(100.0, inside=True) < 0.2 * run(1.0, inside=True)
    assert run(100.0, inside=False) == pytest.approx(run(1.0, inside=False), rel=0.01)
    claim = point("adam_and_decoupled_decay", "penalty_gets_rescaled")
    assert "weights with large gradients are decayed less" in claim


def test_conditioning_limits_descent() -> None:
    text = reference("conditioning_limits_descent")
    curvature = np.array([100.0, 1.0])

    def after(rate: float, steps: int) -> float:
        return float(np.abs((1 - rate * curvature) ** steps).max())

    assert after(0.0199, 3000) < 1e-3
    assert after(0.0201, 3000) > 1e3
    grid = np.linspace(0.001, 0.0199, 2000)
    best = grid[np.argmin([after(rate, 1) for rate in grid])]
    assert best == pytest.approx(2 / 101, abs=1e-5)
    assert f"about {2 / 101:.4f}" in text
    assert f"about {99 / 101:.2f}" in text
    assert f"about {math.log(1000) / -math.log(99 / 101):.0f} steps" in text
    assert f"9/11 or {9 / 11:.2f} and some {math.log(1000) / -math.log(9 / 11):.0f} steps" in text


def test_conditioning_limits_descent_heavy_ball() -> None:
    top, low = 100.0, 1.0
    rate = (2 / (math.sqrt(top) + math.sqrt(low))) ** 2
    memory = ((math.sqrt(top) - 1) / (math.sqrt(top) + 1)) ** 2
    for curvature in (top, 30.0, low):
        step = np.array([[1 + memory - rate * curvature, -memory], [1.0, 0.0]])
        assert np.abs(np.linalg.eigvals(step)).max() == pytest.approx(9 / 11, abs=1e-6)
    assert "0.82" in point("conditioning_limits_descent", "momentum_square_root")


def test_full_batch_against_mini_batch() -> None:
    x, w = rng().normal(size=(512, 3)), np.zeros(3)
    y = x @ [1.0, -2.0, 0.5] + 0.1 * rng(1).normal(size=512)

    def gradient(rows: npt.NDArray[np.int64], at: Array) -> Array:
        return np.asarray(x[rows].T @ (x[rows] @ at - y[rows]) / len(rows))

    everything = np.arange(512)
    pieces = rng(2).permutation(512).reshape(16, 32)
    assert np.allclose(np.mean([gradient(p, w) for p in pieces], axis=0), gradient(everything, w))
    many = w.copy()
    for rows in pieces:
        many = many - 0.1 * gradient(rows, many)
    one = w - 0.1 * gradient(everything, w)

    def loss(at: Array) -> float:
        return float(np.mean((x @ at - y) ** 2))

    assert loss(many) < 0.2 * loss(one)
    assert "unbiased" in point("full_batch_against_mini_batch", "unbiased_but_noisy")


def test_choosing_learning_rate_schedule() -> None:
    def excess(rates: Array) -> float:
        """Return the mean excess loss at the end of many noisy runs on a parabola."""
        w = np.ones(2000)
        draw = rng()
        for rate in rates:
            w = w - rate * (w + draw.normal(size=2000))
        return float(np.mean(w**2) / 2)

    def cosine(steps: int) -> Array:
        return np.asarray(0.25 * (1 + np.cos(np.pi * np.arange(steps) / steps)))

    assert excess(cosine(200)[:100]) > 2 * excess(cosine(100))
    assert excess(np.full(200, 0.5)) == pytest.approx(0.5 * 0.5 / (2 - 0.5), rel=0.1)  # noise floor
    claim = point("choosing_learning_rate_schedule", "end_decay_with_budget")
    assert "stopped midway is worse than one planned shorter" in claim


# Bias and variance


def test_derive_error_decomposition() -> None:
    draw, at, noise = rng(), 0.8, 0.3

    def truth(x: Array) -> Array:
        return np.sin(3 * x)

    x = draw.random((20_000, 12))
    y = truth(x) + noise * draw.normal(size=x.shape)
    tilt = ((x - x.mean(1, keepdims=True)) * y).sum(1) / x.var(1) / 12
    guess = y.mean(1) + tilt * (at - x.mean(1))
    target = float(truth(np.array(at)))
    fresh = target + noise * draw.normal(size=guess.shape)
    parts = noise**2 + (guess.mean() - target) ** 2 + guess.var()
    assert np.mean((fresh - guess) ** 2) == pytest.approx(parts, rel=0.03)
    assert "plus squared bias plus variance" in point(
        "derive_error_decomposition", "three_part_sum"
    )


def test_derive_error_decomposition_variance_can_help_decisions() -> None:
    def wrong(spread: float) -> float:
        """Return how often a score with mean -0.5 falls on the wrong side, the right one being > 0."""
        return 0.5 * (1 + math.erf(0.5 / (spread * math.sqrt(2))))

    assert wrong(2.0) < wrong(1.0) < wrong(0.1)
    claim = point("derive_error_decomposition", "not_for_zero_one_loss")
    assert "variance can even reduce the error" in claim


def test_high_error_on_both_sets() -> None:
    question = bank().questions["high_error_on_both_sets"]
    assert "both about 18%" in question.prompt
    assert "8% errors" in question.prompt
    assert 18 - 8 == 10
    assert "ten points above" in question.reference
    x = rng().random((4000, 1))
    y = ((x[:, 0] > 0.3) & (x[:, 0] < 0.7)).astype(int)  # no single threshold can do this
    fits = [LinearSVC(dual=False).fit(x[:n], y[:n]) for n in (500, 2000)]
    scores = [(m.score(x[:500], y[:500]), m.score(x[2000:], y[2000:])) for m in fits]
    assert np.ptp(scores) < 0.12
    assert np.max(scores) < 0.75
