"""Fits how surely a clause asks for a fact, on the dev split of the labelled utterances.

Prints the weights for `interviewer/retrieval/facts.py`. A message that asks for several things does
not say which clause asks for which, so each clause is given the likeliest of its message's facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from scipy.optimize import minimize

from evals.dialogue import load_utterances
from interviewer.agent.understand import understand
from interviewer.content import load_bank
from interviewer.embedding import Embedder
from interviewer.retrieval.clauses import bare, clauses
from interviewer.retrieval.facts import fact_measures
from interviewer.synonyms import load_synonyms

_Floats = NDArray[np.float64]
# Keeps the weights of measures that say nearly the same from running apart.
_RIDGE = 0.0004
# Clauses are given to facts anew under the weights found before; it settles after two.
_ROUNDS = 4


class Row(NamedTuple):
    """One clause: its measures, a row per fact, and the facts that its message asks for."""

    measures: _Floats
    wanted: tuple[int, ...]


def main() -> None:
    """Print the fitted weights and how likely they make the labels."""
    rows = _rows()
    power = np.append(np.full(rows[0].measures.shape[1], 3.0), 4.0)
    for _ in range(_ROUNDS):
        power, loss = _fit(rows, power)
    console = Console()
    console.print(f"{len(rows)} clauses, mean negative log-likelihood {loss:.3f}")
    console.print(f"_WEIGHTS = {tuple(power[:-1].round(2).tolist())}")
    console.print(f"_NONE = {power[-1]:.2f}")


def _rows() -> list[Row]:
    questions, embedder, synonyms = load_bank().questions, Embedder(), load_synonyms()
    rows = []
    for utterance in load_utterances():
        question = questions[utterance.question_id]
        if utterance.split != "dev" or not question.facts:
            continue
        wanted = tuple(i for i, f in enumerate(question.facts) if f.id in utterance.facts)
        heard = understand(utterance.text, may_inspect=question.diagnosis is not None)
        for text in (*heard.asks, *heard.checks):
            for clause in clauses(text, asks=True):
                measures = fact_measures(question, bare(clause.text), embedder, synonyms)
                rows.append(Row(measures.astype(np.float64), wanted))
    return rows


def _fit(rows: Sequence[Row], start: _Floats) -> tuple[_Floats, float]:
    targets = [_target(row, start) for row in rows]

    def loss(power: _Floats) -> tuple[float, _Floats]:
        total, slope = 0.0, np.zeros_like(power)
        for row, target in zip(rows, targets, strict=True):
            likely = _likelihoods(row, power)
            total -= float(np.log(likely[target]))
            likely[target] -= 1.0
            slope += np.append(row.measures.T @ likely[:-1], likely[-1])
        inner = np.append(power[:-1], 0.0)
        ridge = _RIDGE * float(inner @ inner)
        return total / len(rows) + ridge, slope / len(rows) + 2 * _RIDGE * inner

    bounds = [(0.0, None)] * (len(start) - 1) + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return found.x, float(found.fun)


def _target(row: Row, power: _Floats) -> int:
    likely = _likelihoods(row, power)
    return max(row.wanted, key=lambda i: likely[i], default=len(row.measures))


def _likelihoods(row: Row, power: _Floats) -> _Floats:
    """Return the softmax over the facts and, last, none of them; `power` ends with the bar to reach."""
    powers = np.append(row.measures @ power[:-1] - power[-1], 0.0)
    exponentials = np.exp(powers - powers.max())
    return np.asarray(exponentials / exponentials.sum(), dtype=np.float64)


if __name__ == "__main__":
    main()
