"""Figures of the questions on evaluation, validation, regularisation, drift and serving, worked out again.

Each test is named after its question, computes the fact and then looks for the figure in the bank's own
text, so a change that makes a number false, or drops it, shows up here.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import Lasso, LogisticRegression, Ridge
from sklearn.metrics import average_precision_score, f1_score, ndcg_score, roc_auc_score
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.tree import DecisionTreeClassifier

from tests.bank_figures import point, reference

Array = NDArray[np.float64]
Rows = NDArray[np.intp]
NORMAL = NormalDist()


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def sigmoid(x: Array) -> Array:
    out: Array = 1 / (1 + np.exp(-x))
    return out


def ks_limit(rows: int, alpha: float) -> float:
    """Return the largest gap of two samples of `rows` at which a Kolmogorov-Smirnov test stays silent."""
    return math.sqrt(-math.log(alpha / 2) / 2) * math.sqrt(2 / rows)


# drift and monitoring


def test_prevalence_from_flag_rate() -> None:
    catch, alarm = 0.8, 0.05
    before, now = ((q - alarm) / (catch - alarm) for q in (0.125, 0.2))
    assert (before, now) == pytest.approx((0.1, 0.2))
    precision = [catch * p / q for p, q in ((before, 0.125), (now, 0.2))]
    assert precision == pytest.approx([0.64, 0.8])
    rival = (0.2 - catch * 0.1) / 0.9
    assert rival == pytest.approx(0.1333, abs=1e-4)
    assert 0.1 * catch / 0.2 == pytest.approx(0.4)
    odds = (now / (1 - now)) / (before / (1 - before))
    assert odds == pytest.approx(2.25)
    text = reference("prevalence_from_flag_rate")
    for figure in ("64%", "80%", "13.3%", "40%", "2.25", "0.75"):
        assert figure in text
    # A hundred inspected parts: the two stories lie more than five standard errors apart.
    assert (0.8 - 0.4) / math.sqrt((0.8 * 0.2 + 0.4 * 0.6) / 2 / 100) > 5


def test_prevalence_from_flag_rate_weak_classifier() -> None:
    def spread(catch: float, alarm: float) -> float:
        share = catch * 0.1 + alarm * 0.9
        flags = rng().binomial(1_000, share, 20_000) / 1_000
        return float(np.std((flags - alarm) / (catch - alarm)))

    share = 0.15 * 0.1 + 0.05 * 0.9
    assert spread(0.15, 0.05) == pytest.approx(
        math.sqrt(share * (1 - share) / 1_000) / 0.1, rel=0.03
    )
    assert spread(0.15, 0.05) > 5 * spread(0.8, 0.05)
    assert "squared difference" in point("prevalence_from_flag_rate", "weak_classifier_amplifies")


def test_three_kinds_of_shift_rescaled_odds() -> None:
    # Two Gaussian classes: the posterior under a new prior is the old odds times the ratio of priors.
    x = np.linspace(-3, 4, 50)
    likelihood = np.exp(-((x - 1) ** 2) / 2) / np.exp(-(x**2) / 2)
    old, new = 0.1, 0.3
    odds = likelihood * old / (1 - old)
    rescaled = odds * (new / (1 - new)) / (old / (1 - old))
    truth = likelihood * new / (likelihood * new + 1 - new)
    np.testing.assert_allclose(rescaled / (1 + rescaled), truth)
    # Scaling the probabilities themselves would not do.
    assert np.max(odds / (1 + odds) * new / old) > 1
    assert "odds" in point("three_kinds_of_shift", "rescale_odds")


def test_three_kinds_of_shift_importance_weights() -> None:
    x = rng().normal(0, 1, 400_000)
    loss = np.sin(x) + x**2
    weights = np.exp(-((x - 0.5) ** 2) / 2 + x**2 / 2)  # new over old density
    moved = rng(1).normal(0.5, 1, 400_000)
    new = np.mean(np.sin(moved) + moved**2)
    assert np.mean(weights * loss) == pytest.approx(new, abs=0.02)
    assert abs(np.mean(loss) - new) > 0.3
    assert "p_new(x) over p_old(x)" in point("three_kinds_of_shift", "reweight_for_covariates")


def test_too_many_drift_alerts() -> None:
    assert f"{ks_limit(1_000_000, 0.01):.4f}" == "0.0023"
    assert "0.0023" in reference("too_many_drift_alerts")
    assert "0.0023" in point("too_many_drift_alerts", "significance_is_not_size")
    p = rng().random((5_000, 200))
    assert np.mean(np.sum(p < 0.01, axis=1)) == pytest.approx(2, abs=0.1)
    assert "about two false alarms a day" in point("too_many_drift_alerts", "multiple_tests_daily")
    # A correction for 200 tests leaves the limit far too low to matter still.
    assert ks_limit(1_000_000, 0.01 / 200) < 0.004


def test_monitoring_with_late_labels() -> None:
    # Concept drift leaves the scores alone: same inputs, another rule.
    x = rng().normal(0, 1, (20_000, 2))
    y_old = x[:, 0] + rng(1).normal(0, 0.5, len(x)) > 0
    model = LogisticRegression().fit(x[:10_000], y_old[:10_000])
    fresh = x[10_000:]
    flipped = fresh[:, 1] + rng(2).normal(0, 0.5, len(fresh)) > 0
    assert model.score(fresh, y_old[10_000:]) > 0.8
    assert model.score(fresh, flipped) < 0.6
    seen, now = (np.sort(model.decision_function(part)) for part in (x[:10_000], fresh))
    grid = np.concatenate([seen, now])
    gap = np.abs(np.searchsorted(seen, grid) - np.searchsorted(now, grid)).max() / 10_000
    assert gap < ks_limit(10_000, 0.001)
    text = point("monitoring_with_late_labels", "concept_drift_invisible")
    assert "leaves feature and score distributions untouched" in text


# serving


def test_shadow_versus_canary() -> None:
    # What a canary could see: 1% of 100,000 requests in an hour at a conversion of 5%.
    rows, rate = 1_000, 0.05
    smallest = (NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(0.8)) * math.sqrt(
        2 * rate * (1 - rate) / rows
    )
    assert smallest / rate > 0.5
    assert "too small to prove an improvement" in reference("shadow_versus_canary")


# regularisation


def test_l1_versus_l2() -> None:
    x = rng().normal(size=(200, 10))
    y = x[:, 0] * 3 + x[:, 1] + rng(1).normal(size=200)
    lasso, ridge = Lasso(alpha=0.3).fit(x, y), Ridge(alpha=200).fit(x, y)
    assert np.sum(lasso.coef_ == 0) >= 6
    assert np.all(ridge.coef_ != 0)
    # Two near copies: ridge shares, lasso keeps one of them.
    twins = np.column_stack([x[:, 0], x[:, 0] + 0.01 * x[:, 2]])
    kept, shared = Lasso(alpha=0.3).fit(twins, y).coef_, Ridge(alpha=10).fit(twins, y).coef_
    assert kept.min() < kept.max() / 1_000
    assert shared[0] == pytest.approx(shared[1], rel=0.1)
    assert "non-zero" in reference("l1_versus_l2")


def test_dropout_and_early_stopping() -> None:
    # Inverted dropout keeps the expected activation.
    p = 0.3
    mask = rng().random(500_000) >= p
    assert np.mean(2.0 * mask / (1 - p)) == pytest.approx(2.0, abs=0.01)
    assert "divided by 1 - p" in reference("dropout_and_early_stopping")
    # Gradient descent from zero on a quadratic: steps times rate act like one over the L2 strength.
    curvature = np.geomspace(1e-4, 1e-2, 9)
    rate, steps = 0.1, 100
    stopped = 1 - (1 - rate * curvature) ** steps
    shrunk = curvature / (curvature + 1 / (rate * steps))
    np.testing.assert_allclose(stopped, shrunk, rtol=0.06)
    assert np.all(stopped > 0)
    text = point("dropout_and_early_stopping", "weights_stay_near_start")
    assert "iterations times learning rate act like an inverse weight decay strength" in text


def test_ridge_as_gaussian_prior() -> None:
    sigma, tau = 0.7, 0.4
    x = rng().normal(size=(60, 4))
    y = x @ rng(1).normal(0, tau, 4) + rng(2).normal(0, sigma, 60)
    # The mean of the Gaussian posterior, which is its peak.
    mode = np.linalg.solve(x.T @ x / sigma**2 + np.eye(4) / tau**2, x.T @ y / sigma**2)
    strength = sigma**2 / tau**2
    np.testing.assert_allclose(Ridge(alpha=strength, fit_intercept=False).fit(x, y).coef_, mode)
    # With the loss averaged over rows the same prior needs the strength divided by n.
    averaged = np.linalg.solve(x.T @ x / 60 + np.eye(4) * strength / 60, x.T @ y / 60)
    np.testing.assert_allclose(averaged, mode)
    assert "sigma squared over tau squared" in reference("ridge_as_gaussian_prior")
    assert "lambda = sigma^2 / tau^2" in point(
        "ridge_as_gaussian_prior", "strength_is_variance_ratio"
    )
    # The pull fades with rows.
    many = np.tile(x, (50, 1))
    plain = np.linalg.lstsq(x, y, rcond=None)[0]
    long = Ridge(alpha=strength, fit_intercept=False).fit(many, np.tile(y, 50)).coef_
    assert np.linalg.norm(long - plain) < np.linalg.norm(mode - plain) / 20


def test_label_smoothing_effect() -> None:
    classes, smoothing = 10, 0.1
    target = np.full(classes, smoothing / classes)
    target[0] += 1 - smoothing
    assert (target[0], target[1]) == pytest.approx((0.91, 0.01))
    gaps = np.linspace(0, 12, 12_001)
    log_z = np.log(np.exp(gaps) + classes - 1)
    loss = log_z - target[0] * gaps
    best = gaps[np.argmin(loss)]
    assert best == pytest.approx(math.log(91), abs=1e-3)
    floor = float(-np.sum(target * np.log(target)))
    assert loss.min() == pytest.approx(floor, abs=1e-6)
    assert f"{floor:.2f}" == "0.50"
    hard = log_z - gaps
    assert np.all(np.diff(hard) < 0)
    text = reference("label_smoothing_effect")
    for figure in ("0.91", "0.01", "ln 91, about 4.5", "0.50 nats"):
        assert figure in text


def test_weight_decay_under_batch_norm() -> None:
    x, y = rng().normal(size=(64, 5)), rng(1).normal(size=64)

    def loss(w: Array) -> float:
        out = x @ w
        return float(np.mean(((out - out.mean()) / out.std() - y) ** 2))

    def gradient(w: Array) -> Array:
        step = 1e-6 * np.linalg.norm(w)
        return np.array([(loss(w + step * e) - loss(w - step * e)) / (2 * step) for e in np.eye(5)])

    w = rng(2).normal(size=5)
    assert loss(3 * w) == pytest.approx(loss(w))
    np.testing.assert_allclose(gradient(3 * w), gradient(w) / 3, rtol=1e-5, atol=1e-8)
    assert abs(gradient(w) @ w) < 1e-6
    # Without decay a step only lengthens the weights.
    assert np.linalg.norm(w - 0.5 * gradient(w)) > np.linalg.norm(w)


def test_weight_decay_under_batch_norm_equilibrium() -> None:
    rate, decay, draw = 0.1, 0.0005, rng()
    w = draw.normal(size=100) / 10
    turned = []
    for step in range(25_000):
        noise = draw.normal(size=100)
        # Orthogonal to w and inversely proportional to its norm, as scale invariance has it.
        noise -= w * (noise @ w) / (w @ w)
        moved = (1 - rate * decay) * w - rate * 0.05 * noise / np.linalg.norm(w)
        if step > 20_000:
            turned.append(math.acos(moved @ w / np.linalg.norm(moved) / np.linalg.norm(w)))
        w = moved
    assert np.mean(turned) == pytest.approx(math.sqrt(2 * rate * decay), rel=0.05)
    assert f"{math.sqrt(2 * rate * decay):.2f}" == "0.01"
    assert "that is 0.01" in reference("weight_decay_under_batch_norm")


# validation


def test_is_one_point_real() -> None:
    a, b, rows = 0.90, 0.91, 1_000
    error = math.sqrt(a * (1 - a) / rows)
    assert 100 * error == pytest.approx(0.95, abs=0.005)
    assert 196 * error == pytest.approx(1.9, abs=0.05)
    apart = math.sqrt((a * (1 - a) + b * (1 - b)) / rows)
    assert 100 * apart == pytest.approx(1.3, abs=0.05)
    assert (30 - 20) / math.sqrt(30 + 20) == pytest.approx(1.4, abs=0.02)
    assert (15 - 5) / math.sqrt(15 + 5) > 1.96
    exact = 2 * sum(math.comb(20, k) for k in range(6)) / 2**20
    assert exact < 0.05
    power = (NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(0.8)) ** 2
    separate = power * (a * (1 - a) + b * (1 - b)) / 0.01**2
    shared = power * (0.05 - 0.01**2) / 0.01**2
    assert (round(separate, -2), round(shared, -2)) == (13_500, 3_900)
    text = reference("is_one_point_real")
    for figure in ("0.95 points", "1.9 points", "1.3 points", "13,500", "3,900", "1.4 standard"):
        assert figure in text


def test_features_selected_before_folds() -> None:
    def strengths(x: Array, y: Array) -> Array:
        centred, labels = x - x.mean(axis=0), y - y.mean()
        out: Array = np.abs(labels @ centred)
        out /= np.sqrt(np.einsum("ij,ij->j", centred, centred) * (labels @ labels))
        return out

    def errors(x: Array, y: Array, train: Rows, test: Rows) -> float:
        """Return the error of the nearest neighbour."""
        gaps = np.sum((x[test][:, None] - x[train][None]) ** 2, axis=2)
        return float(np.mean(y[train][gaps.argmin(axis=1)] != y[test]))

    limits, leaky, honest = [], [], []
    for seed in range(4):
        x = rng(seed).normal(size=(50, 5_000))
        y = rng(100 + seed).permutation(np.repeat([0.0, 1.0], 25))
        strength = strengths(x, y)
        best = np.argsort(strength)[-100:]
        limits.append(strength[best].min())
        for train, test in KFold(5).split(x):
            leaky.append(errors(x[:, best], y, train, test))
            inside = np.argsort(strengths(x[train], y[train]))[-100:]
            honest.append(errors(x[:, inside], y, train, test))
    assert np.mean(limits) == pytest.approx(0.33, abs=0.01)
    assert np.mean(leaky) < 0.06
    assert 0.4 < np.mean(honest) < 0.65
    assert 1 / math.sqrt(50) == pytest.approx(0.14, abs=0.002)
    text = reference("features_selected_before_folds")
    for figure in ("0.14", "0.33", "a few per cent", "true error is 50%"):
        assert figure in text


def test_why_nested_cross_validation() -> None:
    fits, outer, inner, settings = 0, 5, 5, 20
    for _ in range(outer):
        fits += inner * settings
    assert fits == 500
    assert "500 trainings, plus five refits" in reference("why_nested_cross_validation")
    # Twenty settings that are all pure guesses: the best of their scores is well above one half.
    scores = rng().binomial(100, 0.5, (5_000, settings)) / 100
    assert scores.max(axis=1).mean() > 0.58
    # On labels without signal the winner looks better than the nested estimate.
    grid = {"max_depth": [1, 2, 3, None]}
    best, nested = [], []
    for seed in range(3):
        x, y = rng(seed).normal(size=(40, 5)), rng(50 + seed).permutation(np.repeat([0, 1], 20))
        search = GridSearchCV(DecisionTreeClassifier(random_state=0), grid, cv=3)
        nested.append(cross_val_score(search, x, y, cv=3).mean())
        best.append(search.fit(x, y).best_score_)
    assert np.mean(best) > np.mean(nested)


def test_why_k_fold() -> None:
    rows = np.arange(20)
    held_out = np.concatenate([test for _, test in KFold(5).split(rows)])
    assert sorted(held_out) == list(rows)
    assert all(len(train) == 16 for train, _ in KFold(5).split(rows))
    assert "(k - 1)/k" in point("why_k_fold", "smaller_training_set_pessimistic")
    assert "used for validation exactly once" in reference("why_k_fold")


# metrics


def test_metric_for_rare_positives() -> None:
    y = (rng().random(200_000) < 0.01).astype(int)
    assert np.mean(y == 0) == pytest.approx(0.99, abs=0.001)
    guess = rng(1).random(len(y))
    assert average_precision_score(y, guess) == pytest.approx(0.01, abs=0.002)
    assert roc_auc_score(y, guess) == pytest.approx(0.5, abs=0.02)
    precision = 1 / (1 + 0.01 * 99)  # at full recall and a false positive rate of 1%
    assert precision == pytest.approx(0.5, abs=0.01)
    assert "a random ranking gets about 0.01" in reference("metric_for_rare_positives")


def test_precision_from_base_rate() -> None:
    bots, humans = 1_000, 999_000
    hits, alarms = 0.9 * bots, 0.01 * humans
    assert (hits, alarms) == pytest.approx((900, 9_990))
    assert hits / (hits + alarms) == pytest.approx(0.083, abs=0.0005)
    assert bots / (bots + alarms) == pytest.approx(0.09, abs=0.002)
    assert hits / (hits + alarms / 10) == pytest.approx(0.47, abs=0.005)
    assert bots / humans * 90 == pytest.approx(1 / 11, abs=0.001)
    assert bots / humans * 90 * 90 == pytest.approx(8, abs=0.2)
    text = reference("precision_from_base_rate")
    for figure in ("9,990", "10,890", "about 8%", "about 9%", "about 47%", "eight to one"):
        assert figure in text


def test_roc_and_pr_disagree() -> None:
    positives, negatives = 100, 9_900
    hits, alarms = 0.8 * positives, 0.01 * negatives
    assert (hits, alarms) == pytest.approx((80, 99))
    assert hits / (hits + alarms) == pytest.approx(0.45, abs=0.005)
    assert "about 45%" in reference("roc_and_pr_disagree")
    # B puts half of the positives first and the rest at random; A has all of them in the top fifth.
    y = np.repeat([1, 0], [positives, negatives])
    a, b = rng().random(len(y)), rng(1).random(len(y))
    a[:positives] = 0.8 + 0.2 * a[:positives]
    b[:50] += 1
    assert roc_auc_score(y, a) > roc_auc_score(y, b)
    assert average_precision_score(y, b) > average_precision_score(y, a)
    # ROC-AUC is the share of pairs in the right order, and dropping negatives leaves it alone.
    pairs = np.mean(a[:positives, None] > a[None, positives:])
    assert roc_auc_score(y, a) == pytest.approx(pairs)
    fewer = slice(0, positives + negatives // 10)
    assert roc_auc_score(y[fewer], a[fewer]) == pytest.approx(pairs, abs=0.02)
    assert average_precision_score(y[fewer], a[fewer]) > 3 * average_precision_score(y, a)


@pytest.mark.parametrize("shape", [(1.0, 3.0), (0.5, 2.0), (2.0, 5.0)])
def test_threshold_that_maximises_f1(shape: tuple[float, float]) -> None:
    p = np.sort(rng().beta(*shape, 200_000))[::-1]  # calibrated: p is the chance itself
    flagged = np.arange(1, len(p) + 1)
    f1 = 2 * np.cumsum(p) / (flagged + p.sum())
    best = int(np.argmax(f1))
    assert p[best] == pytest.approx(f1[best] / 2, abs=1e-3)
    assert p[best] < 0.5
    assert "half of the best F1" in reference("threshold_that_maximises_f1")


def test_threshold_that_maximises_f1_useless_scores() -> None:
    share = 0.2
    # With equal scores for all, flagging a share s gives precision 0.2 and recall s.
    s = np.linspace(0.01, 1, 100)
    f1 = 2 * share * s / (share + s)
    assert np.argmax(f1) == 99
    assert f1[-1] == pytest.approx(2 * share / (1 + share))
    labels = np.repeat([1, 0], [20, 80])
    assert f1_score(labels, np.ones(100, int)) == pytest.approx(f1[-1])
    assert share > f1[-1] / 2
    assert "2 pi / (1 + pi)" in point("threshold_that_maximises_f1", "useless_scores_flag_all")
    # Costs: with a miss nine times as dear the cut is at one tenth.
    assert 1 / (1 + 9) == 0.1
    assert "ten per cent chance" in point("threshold_that_maximises_f1", "costs_beat_f1")


def test_good_auc_poor_calibration() -> None:
    odds = 0.02 / 0.98 / 0.5
    assert odds / (1 + odds) == pytest.approx(0.04, abs=0.001)
    assert "turns 2% into about 4%" in reference("good_auc_poor_calibration")
    x = rng().normal(-4.3, 1, 200_000)
    truth = sigmoid(x)
    y = (rng(1).random(len(x)) < truth).astype(int)
    q = truth / (truth + (1 - truth) * 0.5)  # what training on half of the negatives gives
    assert roc_auc_score(y, q) == pytest.approx(roc_auc_score(y, truth))
    assert q.mean() / y.mean() == pytest.approx(2, abs=0.15)
    np.testing.assert_allclose(q / (q + (1 - q) / 0.5), truth)
    np.testing.assert_allclose(q / (1 - q) * 0.5, truth / (1 - truth))
    assert "q / (q + (1 - q) / s)" in point("good_auc_poor_calibration", "odds_correction")


def test_recall_mrr_ndcg() -> None:
    third, first = np.eye(10)[2], np.eye(10)[0]
    scores = np.arange(10, 0, -1.0)
    assert ndcg_score([third], [scores]) == pytest.approx(0.5)
    assert ndcg_score([first], [scores]) == pytest.approx(1)
    assert [1 / (1 + int(np.argmax(hits))) for hits in (third, first)] == [1 / 3, 1]
    assert third[:10].sum() == first[:10].sum()
    text = reference("recall_mrr_ndcg")
    assert "the reciprocal rank goes from a third to 1, and NDCG from 0.5 to 1" in text
    # Five hundred relevant documents, ten perfect results: NDCG at ten is 1 and recall 2%.
    relevant = np.repeat([1.0, 0.0], [500, 500])
    assert ndcg_score([relevant], [np.arange(1_000, 0, -1.0)], k=10) == pytest.approx(1)
    assert relevant[:10].sum() / relevant.sum() == 0.02


def test_proper_scoring_rules() -> None:
    p, q = 0.7, np.linspace(0.001, 0.999, 999)
    log_loss = -p * np.log(q) - (1 - p) * np.log(1 - q)
    brier = p * (1 - q) ** 2 + (1 - p) * q**2
    absolute = p * (1 - q) + (1 - p) * q
    assert (q[np.argmin(log_loss)], q[np.argmin(brier)]) == pytest.approx((p, p))
    assert np.argmin(absolute) == len(q) - 1
    np.testing.assert_allclose(np.diff(absolute), absolute[1] - absolute[0])
    np.testing.assert_allclose(np.gradient(brier, q)[1:-1], 2 * (q - p)[1:-1], atol=1e-9)
    slope = (-p / q + (1 - p) / (1 - q))[100:-100]
    np.testing.assert_allclose(np.gradient(log_loss, q)[100:-100], slope, atol=1e-3)
    floors = f"{log_loss.min():.3f}", f"{brier.min():.2f}"
    assert floors == ("0.611", "0.21")
    text = reference("proper_scoring_rules")
    assert all(floor in text for floor in floors)
    assert "-p/q + (1-p)/(1-q)" in point("proper_scoring_rules", "log_loss_derivative")
