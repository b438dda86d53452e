"""Hazard classifier taught by a keyword rule: the numbers of the scenario.

Reviews are marked as reporting a danger if they hold one of a few words, and the model may read
those words. It learns the rule and not the danger. Invariant: every number in the scenario's facts
is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

KEYWORDS = ["fire", "smoke", "burn", "injured", "shock"]
SIGNS = ["melted", "blister", "sparks", "too hot", "hospital", "fuse", "smell", "scorched"]
PLAIN, DANGER = 400, 0.04  # other words; share of reviews that report a danger
WORDS = len(KEYWORDS) + len(SIGNS) + PLAIN


class Reviews(NamedTuple):
    """Which words occur, whether a danger is reported, and what the rule says."""

    x: csr_matrix
    danger: np.ndarray
    rule: np.ndarray


def draw(rows: int, seed: int) -> Reviews:
    rng = np.random.default_rng(seed)
    danger = rng.random(rows) < DANGER
    named = danger & (rng.random(rows) < 0.45)  # dangers told with a keyword
    usual = np.random.default_rng(0).gamma(0.5, 0.05, PLAIN).clip(0, 0.5)
    common = rng.random((rows, PLAIN)) < usual
    sign = rng.random((rows, len(SIGNS))) < np.where(danger[:, None], 0.22, 0.012)
    word = np.zeros((rows, len(KEYWORDS)), dtype=bool)
    chosen = rng.integers(0, len(KEYWORDS), rows)
    loose = ~danger & (rng.random(rows) < 0.009)  # "sells like fire", "smoke-grey"
    word[np.arange(rows), chosen] = named | loose
    x = csr_matrix(np.hstack([word, sign, common]).astype(np.float32))
    return Reviews(x, np.asarray(danger), np.asarray(word.any(axis=1)))


def hidden(x: csr_matrix) -> csr_matrix:
    """Return the reviews without the keywords."""
    return x[:, len(KEYWORDS) :]


def fit(x: csr_matrix, y: np.ndarray, strength: float = 1.0) -> LogisticRegression:
    return LogisticRegression(l1_ratio=1.0, solver="liblinear", C=strength, random_state=0).fit(
        x, y
    )


def score(model: LogisticRegression, x: csr_matrix) -> np.ndarray:
    return np.asarray(model.decision_function(x))


def percent(mask: np.ndarray) -> float:
    return round(100 * float(mask.mean()), 1)


def top(scores: np.ndarray, share: float) -> np.ndarray:
    """Return which rows are among the given share of highest scores."""
    return np.asarray(scores >= np.quantile(scores, 1 - share))


def judged(flags: np.ndarray, data: Reviews) -> dict[str, float]:
    """Return what the flags are worth, in percent, by the reading of people."""
    return {
        "caught": percent(flags[data.danger]),
        "with keyword": percent(flags[data.danger & data.rule]),
        "without": percent(flags[data.danger & ~data.rule]),
        "precision": percent(data.danger[flags]),
    }


def main() -> None:
    train, test, live = draw(60_000, 1), draw(20_000, 2), draw(40_000, 3)
    model = fit(train.x, train.rule)
    flags = {n: np.asarray(model.predict(d.x)) for n, d in (("test", test), ("live", live))}
    load = float(flags["live"].mean())
    stronger = fit(train.x, train.rule, 0.01)
    masked = fit(hidden(train.x), train.rule)
    rows = np.random.default_rng(5).permutation(60_000)
    read = np.concatenate([np.flatnonzero(train.rule)[:1000], rows[~train.rule[rows]][:5000]])
    people = fit(train.x[read], train.danger[read])
    few = fit(train.x[:6_000], train.rule[:6_000])
    weights = model.coef_[0]
    masked_scores, people_scores = score(masked, hidden(live.x)), score(people, live.x)
    either = live.rule | top(np.where(live.rule, -np.inf, masked_scores), 0.03)
    numbers = {
        "rows": [60_000, 20_000, 40_000],
        "rule marks, people would mark": [
            [percent(d.rule), percent(d.danger)] for d in (train, live)
        ],
        "test against the rule: precision, recall, auc": [
            percent(test.rule[flags["test"]]),
            percent(flags["test"][test.rule]),
            round(float(roc_auc_score(test.rule, score(model, test.x))), 3),
        ],
        "train against the rule: recall": percent(np.asarray(model.predict(train.x))[train.rule]),
        "live flags share, of them with keyword, rule also": [
            percent(flags["live"]),
            percent(live.rule[flags["live"]]),
        ],
        "live flags judged by people": judged(flags["live"], live),
        "test flags judged by people": judged(flags["test"], test),
        "people would mark, live: number, of them with keyword": [
            int(live.danger.sum()),
            int((live.danger & live.rule).sum()),
            int(live.rule.sum()),
        ],
        "rule judged by people": judged(live.rule, live),
        "dangers with a keyword": percent(live.rule[live.danger]),
        "live auc by people, without keyword": round(
            float(roc_auc_score(live.danger[~live.rule], score(model, live.x)[~live.rule])), 3
        ),
        "masked auc by people, without keyword": round(
            float(roc_auc_score(live.danger[~live.rule], masked_scores[~live.rule])), 3
        ),
        "weights": {
            n: round(float(w), 1)
            for n, w in zip([*KEYWORDS, *SIGNS], weights[: len(KEYWORDS) + len(SIGNS)], strict=True)
        },
        "masked weights": [round(float(w), 1) for w in masked.coef_[0][: len(SIGNS)]],
        "keyword deleted: flagged before, after": [
            percent(flags["live"][live.rule & live.danger]),
            percent(np.asarray(model.predict(zeroed(live.x)))[live.rule & live.danger]),
        ],
        "words with a weight, different scores without keyword": [
            int((weights != 0).sum()),
            len(np.unique(score(model, live.x)[~live.rule].round(6))),
        ],
        "stronger regularisation, same load": judged(top(score(stronger, live.x), load), live),
        "a tenth of the rows, same load": judged(top(score(few, live.x), load), live),
        "keywords hidden, same load": judged(top(masked_scores, load), live),
        "keywords hidden, 5%": judged(top(masked_scores, 0.05), live),
        "rule and 3% of masked": judged(either, live),
        "rule and 3% of masked, load": percent(either),
        "read by people, number, same load, 5%": [
            len(read),
            judged(top(people_scores, load), live),
            judged(top(people_scores, 0.05), live),
        ],
        "signs in dangers with and without keyword": [
            percent(live.x[live.danger & k][:, 5:13].toarray().any(axis=1))
            for k in (live.rule, ~live.rule)
        ],
    }
    json.dump(numbers, sys.stdout)


def zeroed(x: csr_matrix) -> csr_matrix:
    """Return the reviews with the keywords deleted and the columns kept."""
    kept = np.ones(WORDS, dtype=np.float32)
    kept[: len(KEYWORDS)] = 0
    return csr_matrix(x.multiply(kept))


if __name__ == "__main__":
    main()
