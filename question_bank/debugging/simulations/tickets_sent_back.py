"""Ticket router trained on the labels of two agencies: the numbers of the scenario.

Since April one agency works with a sheet that has lost a rule: it puts late parcels whose customers
want their money back under refund instead of delivery. Invariant: every number in the scenario's
facts is printed here (about ten seconds).
"""

from __future__ import annotations

import json
import sys
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

CLASSES = ["delivery", "refund", "return", "payment", "account", "product"]
SHARES = np.array([0.26, 0.16, 0.16, 0.14, 0.14, 0.14])
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May"]
DELIVERY, REFUND = 0, 1
WORDS, OWN, MONTHLY = 180, 18, 6_000
MONEY_BACK, SLIPS = 0.4, 0.03  # share of late parcels that ask for money; careless labels


class Tickets(NamedTuple):
    """Word counts, right class, agency (0 North, 1 South), both labels, late and money wanted."""

    x: np.ndarray
    right: np.ndarray
    agency: np.ndarray
    labels: np.ndarray  # column per agency; only the assigned one is paid for
    late_money: np.ndarray


def topics() -> np.ndarray:
    """Return the word distribution of each class; own words stand out of a common base."""
    base = np.random.default_rng(0).gamma(0.6, 1.0, WORDS)
    rows = []
    for c in range(len(CLASSES)):
        own = np.zeros(WORDS)
        own[c * OWN : (c + 1) * OWN] = base[c * OWN : (c + 1) * OWN] + 0.2
        rows.append(0.72 * base / base.sum() + 0.28 * own / own.sum())
    return np.array(rows)


def draw_month(month: int, rows: int = MONTHLY) -> Tickets:
    """Draw the tickets of a month; each goes to one agency by lot."""
    rng = np.random.default_rng(100 + month)
    right = rng.choice(len(CLASSES), rows, p=SHARES)
    late_money = (right == DELIVERY) & (rng.random(rows) < MONEY_BACK)
    share = topics()[right]
    share[late_money] = (topics()[DELIVERY] + topics()[REFUND]) / 2
    x = np.array(
        [rng.multinomial(n, p) for n, p in zip(rng.poisson(24, rows) + 4, share, strict=True)]
    )
    labels = np.column_stack([right, right])
    if month >= MONTHS.index("Apr"):
        labels[late_money, 1] = REFUND
    slip = rng.random(labels.shape) < SLIPS
    labels = np.where(slip, rng.integers(0, len(CLASSES), labels.shape), labels)
    return Tickets(x, right, rng.integers(0, 2, rows), labels, late_money)


def joined(parts: list[Tickets]) -> Tickets:
    return Tickets(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def given(data: Tickets) -> np.ndarray:
    """Return the label of the agency that got the ticket."""
    return np.asarray(data.labels[np.arange(len(data.right)), data.agency])


def seen(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.log1p(x), dtype=np.float32)


def fit(x: np.ndarray, y: np.ndarray, strength: float = 0.1) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=60, tol=1e-3).fit(seen(x), y)


def share_right(model: LogisticRegression, x: np.ndarray, y: np.ndarray) -> float:
    return round(100 * float((model.predict(seen(x)) == y).mean()), 1)


def recalls(model: LogisticRegression, data: Tickets) -> list[float]:
    """Return the share of each class that is routed right, in percent of the right class."""
    return [
        share_right(model, data.x[data.right == c], np.full(int((data.right == c).sum()), c))
        for c in range(len(CLASSES))
    ]


def confusion(model: LogisticRegression, data: Tickets, y: np.ndarray) -> dict[str, list[int]]:
    """Return counts for delivery, refund and the rest; row is the label, column the prediction."""
    fold = [0, 1, 2, 2, 2, 2]
    a, b = np.take(fold, y), np.take(fold, model.predict(seen(data.x)))
    names = ["delivery", "refund", "other"]
    return {n: [int(((a == i) & (b == j)).sum()) for j in range(3)] for i, n in enumerate(names)}


def main() -> None:
    months = [draw_month(m) for m in range(len(MONTHS))]
    gold, june = draw_month(6, 600), draw_month(7)
    twice = [draw_month(-1, 800), draw_month(8, 800)]
    old_data, new_data = joined(months[:3]), joined(months[3:])
    cut_old, cut_new = 15_000, 10_000
    old = fit(old_data.x[:cut_old], given(old_data)[:cut_old])
    new = fit(new_data.x[:cut_new], given(new_data)[:cut_new])
    test = Tickets(*(part[cut_new:] for part in new_data))
    old_test = Tickets(*(part[cut_old:] for part in old_data))
    train_x, train_y = new_data.x[:cut_new], given(new_data)[:cut_new]
    north = new_data.agency[:cut_new] == 0
    mended = np.where(north, train_y, new_data.labels[:cut_new, 0])
    by_agency = [test.agency == a for a in (0, 1)]
    both = [t.labels for t in twice]
    differ = [d[d[:, 0] != d[:, 1]] for d in both]
    trials = {
        "as in June": new,
        "North only": fit(train_x[north], train_y[north]),
        "South only": fit(train_x[~north], train_y[~north]),
        "half of the tickets, both agencies": fit(train_x[: cut_new // 2], train_y[: cut_new // 2]),
        "South's labels replaced": fit(train_x, mended),
        "ten times weaker regularisation": fit(train_x, train_y, 1.0),
        "spring model": old,
    }
    numbers = {
        "rows old, new, test": [cut_old, cut_new, len(test.right)],
        "test accuracy spring, june": [
            share_right(old, old_test.x, given(old_test)),
            share_right(new, test.x, given(test)),
        ],
        "train accuracy june": share_right(new, train_x, train_y),
        "test by agency, spring": [
            share_right(
                old, old_test.x[old_test.agency == a], given(old_test)[old_test.agency == a]
            )
            for a in (0, 1)
        ],
        "test by agency, june": [share_right(new, test.x[m], given(test)[m]) for m in by_agency],
        "confusion of the test": confusion(new, test, given(test)),
        "confusion by agency": [
            confusion(new, Tickets(*(p[m] for p in test)), given(test)[m]) for m in by_agency
        ],
        "june tickets routed right by class, spring, june": [
            recalls(old, june),
            recalls(new, june),
        ],
        "june delivery tickets routed right: money wanted, other (spring, june)": [
            [share_right(m, june.x[rows], june.right[rows]) for m in (old, new)]
            for rows in (june.late_money, (june.right == DELIVERY) & ~june.late_money)
        ],
        "june delivery tickets: money wanted, other": [
            int(june.late_money.sum()),
            int(((june.right == DELIVERY) & ~june.late_money).sum()),
        ],
        "june tickets sent back by refund": [
            int(((m.predict(seen(june.x)) == REFUND) & (june.right != REFUND)).sum())
            for m in (old, new)
        ],
        "june tickets routed to refund": [
            int((m.predict(seen(june.x)) == REFUND).sum()) for m in (old, new)
        ],
        "june tickets right": [share_right(m, june.x, june.right) for m in (old, new)],
        "refund labels by month, north, south": [
            [round(100 * float((given(m)[m.agency == a] == REFUND).mean()), 1) for m in months]
            for a in (0, 1)
        ],
        "delivery labels by month, north, south": [
            [round(100 * float((given(m)[m.agency == a] == DELIVERY).mean()), 1) for m in months]
            for a in (0, 1)
        ],
        "labelled twice: number, agree, north delivery south refund": [
            [len(b), len(b) - len(d), int(((d[:, 0] == DELIVERY) & (d[:, 1] == REFUND)).sum())]
            for b, d in zip(both, differ, strict=True)
        ],
        "team leads agree with north, south, of": [
            *(int((gold.labels[:, a] == gold.right).sum()) for a in (0, 1)),
            len(gold.right),
        ],
        "trials on team leads' 600": {
            n: share_right(m, gold.x, gold.right) for n, m in trials.items()
        },
        "trials on june": {n: share_right(m, june.x, june.right) for n, m in trials.items()},
        "delivery, refund in percent of spring, june": [
            [round(100 * float((d.right == c).mean()), 1) for c in (DELIVERY, REFUND)]
            for d in (old_data, june)
        ],
        "shares by agency": [round(float((new_data.agency == a).mean()), 3) for a in (0, 1)],
        "words per ticket by agency": [
            round(float(new_data.x[new_data.agency == a].sum(axis=1).mean()), 1) for a in (0, 1)
        ],
        "words per ticket, spring": round(float(old_data.x.sum(axis=1).mean()), 1),
    }
    json.dump(numbers, sys.stdout)


if __name__ == "__main__":
    main()
