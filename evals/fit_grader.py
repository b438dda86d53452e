"""Fit the offline grader's weights: `python -m evals.fit_grader [--report-only]`.

Weak supervision from SAF (one human score per answer) and strong from pairs (claim, wording) of the
bank and of own_technical. Every evidence weight is >= 0. Deterministic; writes weights.json.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.stats import pearsonr

from evals.grader_pairs import Pair, bank_pairs, own_pairs
from evals.ways import CACHE
from interviewer.embedding import get_models
from interviewer.grading import features
from interviewer.grading.claims import split_claims
from interviewer.grading.passages import PassageReader, Said
from interviewer.synonyms import load_synonyms

Array = npt.NDArray[np.float64]
DATASETS = Path(__file__).parent / "datasets"
WEIGHTS = Path(features.__file__).with_name("weights.json")
_SAF_WEIGHT = 4.0
_L2 = 0.0003
log = logging.getLogger("fit_grader")


class Answer(NamedTuple):
    """One SAF answer: features of the best window per claim, claim weights, human score."""

    question_id: str
    x: Array
    standing: Array
    weights: Array
    human: float


def read_saf(reader: PassageReader) -> list[Answer]:
    """Return the features of every SAF answer."""
    canonical = load_synonyms().canonical
    found: list[Answer] = []
    for line in (DATASETS / "saf" / "saf_dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        windows = [w.passage for w in reader.windows(Said(0, row["answer"]))]
        claims = split_claims(row["reference"])
        passages, asked = [reader.read(c.text) for c in claims], reader.read(row["question"])
        measured = features.measure(passages, windows, asked, canonical)
        standing = features.standing(passages, windows, asked)
        best = ((measured.align + measured.cosine) * standing).argmax(axis=1)
        places = list(enumerate(best))
        found.append(
            Answer(
                row["qid"],
                np.asarray([measured.at(k, int(j)) for k, j in places]),
                np.asarray([standing[k, j] for k, j in places]),
                np.asarray([c.weight for c in claims]),
                row["human"],
            )
        )
    return found


def fit_coverage(answers: Sequence[Answer], pairs: Sequence[Pair]) -> Array:
    """Return bias and weights of the probability that a window says a claim."""
    rows = np.vstack([a.x for a in answers])
    standing = np.concatenate([a.standing for a in answers])
    share = np.concatenate([a.weights / a.weights.sum() for a in answers])
    starts = np.cumsum([0, *(len(a.x) for a in answers[:-1])])
    human = np.asarray([a.human for a in answers])
    x = np.asarray([p.coverage for p in pairs])
    label = np.asarray([p.kind == "right" for p in pairs], dtype=float)
    balance = np.where(label == 1, 0.5 / label.sum(), 0.5 / (1 - label).sum())

    def loss(theta: Array) -> tuple[float, Array]:
        p = _sigmoid(theta[0] + rows @ theta[1:])
        error = np.add.reduceat(p * standing * share, starts) - human
        per_row = np.repeat(error, np.diff([*starts, len(rows)])) * share * standing * p * (1 - p)
        grad = 2 * _SAF_WEIGHT / len(human) * np.r_[per_row.sum(), per_row @ rows]
        q = _sigmoid(theta[0] + x @ theta[1:])
        residual = balance * (q - label)
        grad = grad + np.r_[residual.sum(), residual @ x] + np.r_[0, 2 * _L2 * theta[1:]]
        entropy = -(balance * (label * np.log(q + 1e-9) + (1 - label) * np.log(1 - q + 1e-9))).sum()
        return float(_SAF_WEIGHT * (error**2).mean() + entropy + _L2 * (theta[1:] ** 2).sum()), grad

    return _minimise(loss, rows.shape[1])


def fit_logistic(x: Array, label: Array) -> Array:
    """Return bias and non-negative weights of a class-balanced logistic regression."""
    balance = np.where(label == 1, 0.5 / label.sum(), 0.5 / (1 - label).sum())

    def loss(theta: Array) -> tuple[float, Array]:
        q = _sigmoid(theta[0] + x @ theta[1:])
        residual = balance * (q - label)
        grad = np.r_[residual.sum(), residual @ x] + np.r_[0, 2 * _L2 * theta[1:]]
        entropy = -(balance * (label * np.log(q + 1e-9) + (1 - label) * np.log(1 - q + 1e-9))).sum()
        return float(entropy + _L2 * (theta[1:] ** 2).sum()), grad

    return _minimise(loss, x.shape[1])


def predict(theta: Array, answer: Answer) -> float:
    """Return the score of one SAF answer: the weighted mean of its claims' probabilities."""
    p = _sigmoid(theta[0] + answer.x @ theta[1:]) * answer.standing
    return float((p * answer.weights).sum() / answer.weights.sum())


def report_saf(answers: Sequence[Answer], pairs: Sequence[Pair]) -> dict[str, float]:
    """Return agreement with each question held out from the fit in turn."""
    ids = np.asarray([a.question_id for a in answers])
    human = np.asarray([a.human for a in answers])
    said = np.zeros(len(answers))
    for question_id in sorted(set(ids)):
        theta = fit_coverage([a for a in answers if a.question_id != question_id], pairs)
        for i in np.flatnonzero(ids == question_id):
            said[i] = predict(theta, answers[int(i)])
    within = [pearsonr(said[ids == q], human[ids == q])[0] for q in sorted(set(ids))]
    return {
        "n": float(len(answers)),
        "pooled_r": float(pearsonr(said, human)[0]),
        "within_question_r": float(np.mean(within)),
        "rmse": float(np.sqrt(((said - human) ** 2).mean())),
    }


def fit_all(answers: Sequence[Answer], pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    """Return the two models as name -> weight, with the bias under "bias"."""
    coverage = fit_coverage(answers, [p for p in pairs if p.kind != "wrong"])
    own = [p for p in pairs if p.kind != "neutral"]
    wrong = np.asarray([p.kind == "wrong" for p in own], dtype=float)
    return {
        "coverage": _named(coverage, features.COVERAGE),
        "conflict": _named(
            fit_logistic(np.asarray([p.conflict for p in own]), wrong),
            ("opposite", "negation", "swap", "topic"),
        ),
    }


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report-only", action="store_true", help="do not write weights.json")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    reader = PassageReader(get_models(CACHE), kept=60_000)
    answers = read_saf(reader)
    train, held_out = _split([*bank_pairs(reader), *own_pairs(reader, DATASETS)])
    models = fit_all(answers, train)
    report: dict[str, Any] = {
        "saf_leave_one_question_out": report_saf(answers, [p for p in train if p.kind != "wrong"]),
        "pairs_held_out": report_pairs(models, held_out),
    }
    log.info(json.dumps({"models": models, "report": report}, indent=1))
    if not options.report_only:
        content = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        content = {"models": content["models"] | models, "report": report}
        WEIGHTS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def report_pairs(models: dict[str, dict[str, float]], pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return, per source, how often a right wording beats a wrong or neutral one of its claim."""
    value = _claim_score(models)
    report: dict[str, Any] = {}
    for source in sorted({p.source for p in pairs}):
        scored = [(p, value(p)) for p in pairs if p.source == source]
        shares = {other: _beats(scored, other) for other in ("wrong", "neutral")}
        report[source] = shares | {"claims": len({p.claim for p, _ in scored})}
    return report


def _claim_score(models: dict[str, dict[str, float]]) -> Callable[[Pair], float]:
    said, denied = _theta(models["coverage"]), _theta(models["conflict"])

    def score(pair: Pair) -> float:
        p = _sigmoid(said[0] + np.dot(said[1:], pair.coverage))
        clash = _sigmoid(denied[0] + np.dot(denied[1:], pair.conflict))
        return float(p * (1 - clash * (max(pair.conflict[:3]) > 0)))

    return score


def _beats(scored: Sequence[tuple[Pair, float]], other: str) -> float:
    wins = [
        a > b
        for p, a in scored
        if p.kind == "right"
        for o, b in scored
        if o.kind == other and o.claim == p.claim
    ]
    return float(np.mean(wins)) if wins else float("nan")


def _split(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Hold out a fifth of the topics: every fifth group in alphabetical order."""
    groups = sorted({p.group for p in pairs})
    held = set(groups[::5])
    return [p for p in pairs if p.group not in held], [p for p in pairs if p.group in held]


def _theta(model: dict[str, float]) -> Array:
    return np.asarray([model["bias"], *(v for k, v in model.items() if k != "bias")])


def _named(theta: Array, names: Sequence[str]) -> dict[str, float]:
    return {"bias": round(float(theta[0]), 4)} | {
        n: round(float(v), 4) for n, v in zip(names, theta[1:], strict=True)
    }


def _minimise(loss: Callable[[Array], tuple[float, Array]], n: int) -> Array:
    bounds = [(None, None)] + [(0.0, None)] * n
    result = minimize(loss, np.r_[-2.0, np.ones(n)], jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(result.x)


def _sigmoid(z: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-z))


if __name__ == "__main__":
    main()
