"""Figures of agreement between scores and labels: pure functions over answers and results.

What was not assessed counts as the training mean in every correlation, so that a grader gains nothing
by refusing the hard ones. Orderings count ties as wrong. Intervals resample questions, not answers,
because answers to one question fail together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import cohen_kappa_score

from evals.answers import Answer, Result
from interviewer.schema import Verdict

Scores = npt.NDArray[np.float64]
# Labels closer than this are no pair: two raters would not agree on their order.
CLEAR_DIFFERENCE = 0.15
# A score above this for an answer that says nothing true is money for nothing.
TOO_MUCH = 0.40
EARNS_NOTHING = frozenset(
    {"keyword_list", "parroted", "manipulation", "off_topic", "dont_know", "confident_wrong"}
)
_KIND_PAIRS = (
    ("good", "confident_wrong"),
    ("paraphrase", "confident_wrong"),
    ("partial", "keyword_list"),
    ("weak", "off_topic"),
)
_RESAMPLES = 1000


class Graded(NamedTuple):
    """Answers with their results, in the same order, and the score of what was not assessed."""

    answers: Sequence[Answer]
    results: Sequence[Result]
    training_mean: float

    @property
    def scores(self) -> Scores:
        """Return a score for every answer."""
        return np.asarray(
            [self.training_mean if r.score is None else r.score for r in self.results]
        )

    @property
    def levels(self) -> Scores:
        """Return the labels."""
        return np.asarray([a.level for a in self.answers])

    @property
    def groups(self) -> dict[str, list[int]]:
        """Return the places of the answers of each question."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, answer in enumerate(self.answers):
            found[answer.group].append(place)
        return dict(found)


def figures(graded: Graded) -> dict[str, Any]:
    """Return every figure that the labels allow: agreement, orderings, kinds, verdicts."""
    answers, scores, levels = graded.answers, graded.scores, graded.levels
    pairs = [p for places in graded.groups.values() for p in _clear_pairs(graded, places)]
    found: dict[str, Any] = {
        "n": len(answers),
        "questions": len(graded.groups),
        "coverage": _mean(r.score is not None for r in graded.results),
        "pearson": _pearson(scores, levels),
        "pearson_within": _within(graded),
        "spearman": _rank_correlation(scores, levels),
        "qwk": _kappa(_fifths(levels), _fifths(scores)),
        "rmse": float(np.sqrt(np.mean((scores - levels) ** 2))),
        "length_slope": _length_slope(graded),
        "ordering": _mean(right for right, _ in pairs),
        "ordering_not_by_length": _mean(right for right, shorter in pairs if shorter),
    }
    found |= {
        f"{better} > {worse}": _mean(_above(graded, better, worse)) for better, worse in _KIND_PAIRS
    }
    empty = [s for s, a in zip(scores, answers, strict=True) if a.kind in EARNS_NOTHING]
    found["nothing_said_above_0.40"] = _mean(s > TOO_MUCH for s in empty)
    found["mean_by_kind"] = _means(graded)
    found["verdicts"] = verdict_figures(answers, graded.results)
    if found["verdicts"]:
        found["misconceptions"] = misconception_figures(answers, graded.results)
    return _rounded(found)


def intervals(graded: Graded) -> dict[str, list[float] | None]:
    """Return 95% intervals of `pearson`, `pearson_within`, `ordering` by bootstrap over questions."""
    scores, levels = graded.scores, graded.levels
    groups = [np.asarray(places) for places in graded.groups.values()]
    within = np.asarray([_pearson(scores[p], levels[p]) for p in groups])
    pairs = [[right for right, _ in _clear_pairs(graded, p)] for p in graded.groups.values()]
    right, of = (np.asarray([f(p) for p in pairs], dtype=float) for f in (sum, len))
    chance = np.random.default_rng(7)
    seen: dict[str, list[float]] = {"pearson": [], "pearson_within": [], "ordering": []}
    for _ in range(_RESAMPLES if len(groups) > 1 else 0):
        drawn = chance.integers(0, len(groups), len(groups))
        places = np.concatenate([groups[i] for i in drawn])
        seen["pearson"].append(_pearson(scores[places], levels[places]))
        seen["pearson_within"].append(float(within[drawn].mean()))
        seen["ordering"].append(float(right[drawn].sum() / max(of[drawn].sum(), 1)))
    return {
        name: [round(float(np.percentile(v, q)), 3) for q in (2.5, 97.5)] if v else None
        for name, v in seen.items()
    }


def verdict_figures(answers: Sequence[Answer], results: Sequence[Result]) -> dict[str, Any]:
    """Return precision, recall and F1 of each verdict over all points of all answers."""
    said = [
        (answer.points[point], verdict.value)
        for answer, result in zip(answers, results, strict=True)
        for point, verdict in result.verdicts.items()
        if point in answer.points
    ]
    return {v.value: _f1(said, v.value) for v in Verdict} if said else {}


def misconception_figures(answers: Sequence[Answer], results: Sequence[Result]) -> dict[str, int]:
    """Return how many listed misconceptions are stated, how many were found, and how many rightly."""
    pairs = list(zip(answers, results, strict=True))
    return {
        "stated": sum(len(a.misconceptions) for a, _ in pairs),
        "found": sum(len(r.misconceptions) for _, r in pairs),
        "rightly": sum(len(a.misconceptions & r.misconceptions) for a, r in pairs),
    }


def _f1(said: Sequence[tuple[str, str]], verdict: str) -> dict[str, float]:
    true = sum(label == given == verdict for label, given in said)
    given, labelled = (sum(pair[i] == verdict for pair in said) for i in (1, 0))
    precision = true / given if given else 0.0
    recall = true / labelled if labelled else 0.0
    both = 2 * precision * recall / (precision + recall) if true else 0.0
    return _rounded({"precision": precision, "recall": recall, "f1": both, "n": labelled})


def _clear_pairs(graded: Graded, places: Sequence[int]) -> Iterator[tuple[bool, bool]]:
    """Yield (ordered rightly, the better one is not longer) of the answers to one question."""
    scores = graded.scores
    for i, j in combinations(places, 2):
        a, b = graded.answers[i], graded.answers[j]
        if abs(a.level - b.level) >= CLEAR_DIFFERENCE:
            better, worse = (i, j) if a.level > b.level else (j, i)
            shorter = graded.answers[better].words <= graded.answers[worse].words
            yield bool(scores[better] > scores[worse]), shorter


def _above(graded: Graded, better: str, worse: str) -> Iterator[bool]:
    scores = graded.scores
    for places in graded.groups.values():
        high, low = ([i for i in places if graded.answers[i].kind == k] for k in (better, worse))
        yield from (bool(scores[i] > scores[j]) for i in high for j in low)


def _within(graded: Graded) -> float:
    """Return the mean of the correlations of each question; a constant score has none: 0."""
    scores, levels = graded.scores, graded.levels
    return _mean(
        _pearson(scores[places], levels[places])
        for places in graded.groups.values()
        if len(places) > 2 and np.ptp(levels[places]) > 0
    )


def _length_slope(graded: Graded) -> float:
    """Return what 100 more words add to the score at the same label."""
    words = np.asarray([a.words for a in graded.answers]) / 100.0
    design = np.column_stack([np.ones(len(words)), graded.levels, words])
    return float(np.linalg.lstsq(design, graded.scores, rcond=None)[0][2])


def _means(graded: Graded) -> dict[str, float]:
    kinds: dict[str, list[float]] = defaultdict(list)
    for answer, score in zip(graded.answers, graded.scores, strict=True):
        if answer.kind:
            kinds[answer.kind].append(float(score))
    return {kind: float(np.mean(kinds[kind])) for kind in sorted(kinds)}


def _fifths(values: Scores) -> npt.NDArray[np.int64]:
    return np.rint(np.clip(values, 0, 1) * 4).astype(np.int64)


def _pearson(a: Scores, b: Scores) -> float:
    return 0.0 if np.ptp(a) == 0 or np.ptp(b) == 0 else float(pearsonr(a, b)[0])


def _rank_correlation(a: Scores, b: Scores) -> float:
    return 0.0 if np.ptp(a) == 0 or np.ptp(b) == 0 else float(spearmanr(a, b)[0])


def _kappa(labels: npt.NDArray[np.int64], scores: npt.NDArray[np.int64]) -> float:
    """Return the quadratic weighted kappa on five levels; nothing to agree about is no figure."""
    if not np.ptp(np.concatenate([labels, scores])):
        return float("nan")
    return float(cohen_kappa_score(labels, scores, weights="quadratic", labels=range(5)))


def _mean(values: Iterable[float]) -> float:
    kept = list(values)
    return float(np.mean(kept)) if kept else float("nan")


def _rounded(found: dict[str, Any]) -> dict[str, Any]:
    """Round to three digits; what could not be measured is None, not a number."""
    return {name: _round(value) for name, value in found.items()}


def _round(value: Any) -> Any:
    if isinstance(value, dict):
        return _rounded(value)
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 3)
    return value
