"""Credit model taught only by loans that officers had granted: the numbers of the scenario.

Officers gave loans to people with arrears only after reading their bank statements, which no system
records. Among granted loans arrears look harmless, and the model acts on that. Invariant: every
number in the scenario's facts is printed here (about five seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

NAMES = ["income", "debt share", "years in job", "age", "loan size", "arrears"]
ARREARS, GRANTED = 5, 0.6  # column; share of applications that get a loan
QUARTERS = ["Q1", "Q2", "Q3", "Q4"]


class Applications(NamedTuple):
    """Recorded features, whether the loan would fail, and what the statements show."""

    x: np.ndarray
    fails: np.ndarray
    statements: np.ndarray


def draw(rows: int, seed: int) -> Applications:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 6))
    statements = rng.normal(size=rows)
    x[:, ARREARS] = rng.random(rows) < 0.18
    logit = -3.45 - 0.5 * x[:, 0] + 0.6 * x[:, 1] - 0.3 * x[:, 2] + 0.2 * x[:, 4]
    logit += 1.7 * x[:, ARREARS] - 1.1 * statements
    return Applications(x, rng.random(rows) < 1 / (1 + np.exp(-logit)), statements)


def by_officers(data: Applications, seed: int) -> np.ndarray:
    """Return which applications officers grant; for arrears they want good statements."""
    rng = np.random.default_rng(seed)
    liking = 0.5 * data.x[:, 0] - 0.6 * data.x[:, 1] + 0.3 * data.x[:, 2]
    liking = liking + rng.normal(0, 0.5, len(data.fails))
    plain = liking > np.quantile(liking, 0.34)
    return np.asarray(np.where(data.x[:, ARREARS] == 1, data.statements > 0.65, plain))


def part(data: Applications, rows: np.ndarray | slice) -> Applications:
    return Applications(*(v[rows] for v in data))


def fit(
    data: Applications, columns: int = 6, weight: np.ndarray | None = None
) -> LogisticRegression:
    return LogisticRegression().fit(data.x[:, :columns], data.fails, sample_weight=weight)


def risk(model: LogisticRegression, data: Applications) -> np.ndarray:
    return np.asarray(model.predict_proba(data.x[:, : model.n_features_in_])[:, 1])


def grants(scores: np.ndarray) -> np.ndarray:
    return np.asarray(scores <= np.quantile(scores, GRANTED))


def percent(mask: np.ndarray) -> float:
    return round(100 * float(mask.mean()), 1)


def auc(model: LogisticRegression, data: Applications) -> float:
    return round(float(roc_auc_score(data.fails, risk(model, data))), 3)


def outcome(granted: np.ndarray, data: Applications) -> dict[str, list[float]]:
    """Return grants and failures, all, without and with arrears, in percent."""
    bad = data.x[:, ARREARS] == 1
    groups = [np.ones(len(bad), dtype=bool), ~bad, bad]
    return {
        "granted": [percent(granted[g]) for g in groups],
        "failed": [percent(data.fails[g & granted]) for g in groups],
        "share of loans": [percent(g[granted]) for g in groups],
        "loans": [int((g & granted).sum()) for g in groups],
    }


def cut_in_half(data: Applications, column: int) -> list[Applications]:
    low = data.x[:, column] < np.median(data.x[:, column])
    return [part(data, low), part(data, ~low)]


def main() -> None:
    past = draw(100_000, 1)
    officers = by_officers(past, 2)
    history = part(past, officers)
    cut = int(0.8 * len(history.fails))
    train, test = part(history, slice(0, cut)), part(history, slice(cut, None))
    model = fit(train)
    quarters = [draw(25_000, 10 + i) for i in range(4)]
    live = quarters[2:]
    decided = [by_officers(q, 20 + i) for i, q in enumerate(quarters[:2])]
    decided += [grants(risk(model, q)) for q in live]
    after = Applications(*(np.concatenate(v) for v in zip(*live, strict=True)))
    after_grants = np.concatenate(decided[2:])
    study = draw(12_000, 30)  # all granted, for research
    pilot, judge = part(study, slice(0, 6_000)), part(study, slice(6_000, None))
    trees = HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8, random_state=0)
    trees = trees.fit(train.x, train.fails)
    both = Applications(*(np.concatenate(v) for v in zip(train, pilot, strict=True)))
    weight = np.ones(len(both.fails))
    weight[: len(train.fails)] = np.where(train.x[:, ARREARS] == 1, 0.0, 1.0)
    trials = {
        "model in use": risk(model, judge),
        "boosted trees": trees.predict_proba(judge.x)[:, 1],
        "without arrears": risk(fit(train, ARREARS), judge),
        "a quarter of the rows": risk(fit(part(train, slice(0, cut // 4))), judge),
        "first half of the pilot": risk(fit(pilot), judge),
        "granted without arrears, and half of the pilot": risk(fit(both, weight=weight), judge),
    }
    again = fit(part(after, after_grants))
    bad = history.x[:, ARREARS] == 1
    numbers = {
        "rows": [len(past.fails), len(history.fails), len(train.fails), len(test.fails)],
        "auc train, test": [auc(model, train), auc(model, test)],
        "auc after, granted": auc(model, part(after, after_grants)),
        "auc pilot: model in use, trained on half": [auc(model, judge), auc(fit(pilot), judge)],
        "auc test and pilot, without arrears": [
            auc(model, part(d, d.x[:, ARREARS] == 0)) for d in (test, judge)
        ],
        "officers": outcome(officers, past),
        "quarters": {n: outcome(g, q) for n, g, q in zip(QUARTERS, decided, quarters, strict=True)},
        "after": outcome(after_grants, after),
        "predicted after": [
            percent(risk(model, part(after, after_grants & m)))
            for m in (after.x[:, 0] < 99, after.x[:, ARREARS] == 0, after.x[:, ARREARS] == 1)
        ],
        "after: real minus predicted in the halves of the other features": {
            n: [round(float((g.fails.mean() - risk(model, g).mean()) * 100), 1) for g in halves]
            for n, halves in (
                (NAMES[i], cut_in_half(part(after, after_grants), i)) for i in range(5)
            )
        },
        "means of applicants, officers' quarters and model's": [
            [round(float(v), 2) for v in np.vstack([q.x for q in two]).mean(axis=0)]
            for two in (quarters[:2], live)
        ],
        "predicted, failed in the test": [percent(risk(model, test)), percent(test.fails)],
        "coefficients": dict(zip(NAMES, [round(float(c), 2) for c in model.coef_[0]], strict=True)),
        "coefficients of the pilot": [round(float(c), 2) for c in fit(pilot).coef_[0]],
        "coefficients trained on what the model granted": [
            round(float(c), 2) for c in again.coef_[0]
        ],
        "pilot": outcome(np.ones(12_000, dtype=bool), study),
        "history failed without, with arrears": [
            percent(history.fails[~bad]),
            percent(history.fails[bad]),
        ],
        "applicants with arrears by quarter": [percent(q.x[:, ARREARS] == 1) for q in quarters],
        "means of granted past, after": [
            [round(float(v), 2) for v in d.x.mean(axis=0)]
            for d in (part(past, officers), part(after, after_grants))
        ],
        "trials": {n: outcome(grants(s), judge) for n, s in trials.items()},
        "predicted, real in the pilot without, with arrears": [
            [percent(v[study.x[:, ARREARS] == a]) for v in (risk(model, study), study.fails)]
            for a in (0, 1)
        ],
        "officers, by arrears: mean of what the statements show, granted and declined": [
            [
                round(float(past.statements[(past.x[:, ARREARS] == a) & m].mean()), 2)
                for m in (officers, ~officers)
            ]
            for a in (0, 1)
        ],
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
