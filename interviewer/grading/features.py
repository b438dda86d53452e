"""What can be measured of every claim against every window of an answer.

Each feature is a matrix, claims x windows, in about 0..1. What merely repeats the question counts
little on both sides. Knows no weights and no verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from interviewer.grading.alignment import Matrix, Stack, pairs, recall, similarity
from interviewer.grading.lexicon import is_number, read_words
from interviewer.grading.passages import Passage
from interviewer.grading.polarity import Conflict, find_conflict
from interviewer.grading.screening import is_list

_NOVEL_ENOUGH = 0.3
_LIST_WORTH = 0.35

COVERAGE = ("align", "exact", "cosine", "residual", "precision", "numbers")


class Coverage(NamedTuple):
    """Matrices claims x windows; see `measure`."""

    align: Matrix
    exact: Matrix
    cosine: Matrix
    residual: Matrix
    precision: Matrix
    numbers: Matrix

    def at(self, claim: int, window: int) -> list[float]:
        """Return the features of one pair, in the order of `COVERAGE`."""
        return [float(matrix[claim, window]) for matrix in self]


def measure(
    claims: Sequence[Passage],
    windows: Sequence[Passage],
    question: Passage,
    canonical: Callable[[str], str] = str,
) -> Coverage:
    """Return how much of each claim each window says, several ways.

    align: soft word recall; exact: recall of stems, synonyms folded; cosine: of whole sentences;
    residual: the same with the question's direction taken out; precision: how much of the window is
    about the claim; numbers: share of the claim's numbers and O(...) terms found (1 without any).
    """
    known = frozenset(w.stem for w in question.words)
    ours, theirs = Stack(claims, known), Stack(windows, known)
    similar = similarity(ours, theirs)
    align, exact = recall(ours, theirs, similar)
    precision, _ = recall(theirs, ours, similar.T)
    folded = _stem_recall(claims, windows, known, canonical)
    a = np.stack([c.vector for c in claims]).astype(np.float64)
    b = np.stack([w.vector for w in windows]).astype(np.float64)
    about = question.vector.astype(np.float64)
    return Coverage(
        align,
        np.maximum(exact, folded),
        np.clip(a @ b.T, 0.0, 1.0),
        np.clip(_without(a, about) @ _without(b, about).T, 0.0, 1.0),
        precision.T,
        _number_recall(claims, windows, known),
    )


def shared(
    claims: Sequence[Passage],
    windows: Sequence[Passage],
    question: Passage,
    canonical: Callable[[str], str] = str,
) -> Matrix:
    """Return how much of each claim's own words each window uses, synonyms folded: claims x windows."""
    known = frozenset(w.stem for w in question.words)
    return _stem_recall(claims, windows, known, canonical)


def standing(claims: Sequence[Passage], windows: Sequence[Passage], question: Passage) -> Matrix:
    """Return how far each window may count for each claim at all, claims x windows, 0..1.

    A window that only repeats the question counts for nothing; a string of terms counts little for
    a claim that makes a statement.
    """
    known = frozenset(w.stem for w in question.words)
    novel = np.asarray([min(1.0, _novelty(w, known) / _NOVEL_ENOUGH) for w in windows])
    listed = np.asarray([is_list(w.text, w.words) for w in windows])
    claim_is_list = np.asarray([is_list(c.text, c.words, strict=True) for c in claims])
    worth = np.where(listed[None, :] & ~claim_is_list[:, None], _LIST_WORTH, 1.0)
    return np.asarray(worth * novel[None, :])


def conflict(claim: Passage, said: Passage) -> Conflict:
    """Return whether the sentence contradicts the claim in its own words."""
    return find_conflict((claim.text, claim.words), (said.text, said.words), pairs(claim, said))


def _novelty(window: Passage, known: frozenset[str]) -> float:
    total = sum(w.idf for w in window.words)
    return sum(w.idf for w in window.words if w.stem not in known) / total if total else 0.0


def _without(vectors: Matrix, direction: Matrix) -> Matrix:
    left = vectors - 0.8 * (vectors @ direction)[:, None] * direction[None, :]
    return np.asarray(left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 0.3))


def _stem_recall(
    claims: Sequence[Passage],
    windows: Sequence[Passage],
    known: frozenset[str],
    canonical: Callable[[str], str],
) -> Matrix:
    """Return recall of rarity-weighted stems after synonyms are folded into one name."""
    said = [{w.stem for w in read_words(canonical(p.text))} for p in windows]
    rows: list[list[float]] = []
    for claim in claims:
        words = {
            w.stem: w.idf * (0.3 if w.stem in known else 1)
            for w in read_words(canonical(claim.text))
        }
        total = sum(words.values()) or 1.0
        rows.append([sum(v for s, v in words.items() if s in stems) / total for stems in said])
    return np.asarray(rows)


def _number_recall(
    claims: Sequence[Passage], windows: Sequence[Passage], known: frozenset[str]
) -> Matrix:
    said = [{w.text for w in p.words if is_number(w.text)} for p in windows]
    wanted = [
        {w.text for w in c.words if is_number(w.text) and w.text not in known} for c in claims
    ]
    return np.asarray([[len(n & s) / len(n) if n else 1.0 for s in said] for n in wanted])
