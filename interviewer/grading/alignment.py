"""Soft word alignment of many texts with many texts in one matrix product.

How much of text A does text B say? Each content word of A looks for its nearest word in B; near
enough counts, rarer words count more. Pure numpy; knows passages, not grading.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from interviewer.grading.lexicon import Word, is_number
from interviewer.grading.passages import Passage, Vectors

Matrix = npt.NDArray[np.float64]

_REPEATED = 0.6
_SAME = 0.6


class Aligned(Protocol):
    """Words with a vector each."""

    @property
    def words(self) -> Sequence[Word]: ...
    @property
    def word_vectors(self) -> Vectors: ...


class _Part(NamedTuple):
    words: Sequence[Word]
    word_vectors: Vectors


class Stack:
    """The content words of several passages in one matrix, with where each passage begins."""

    def __init__(self, passages: Sequence[Aligned], known: frozenset[str] = frozenset()) -> None:
        rows: list[Vectors] = []
        weights: list[float] = []
        stems: list[str] = []
        self.starts: list[int] = []
        for passage in passages:
            self.starts.append(len(weights))
            content = [i for i, word in enumerate(passage.words) if word.idf > 0]
            for i in content:
                word = passage.words[i]
                rows.append(passage.word_vectors[i])
                weights.append(word.idf * (_REPEATED if word.stem in known else 1.0))
                stems.append(word.stem)
            if not content:
                rows.append(np.zeros(384, dtype=np.float32))
                weights.append(1e-6)
                stems.append("")
        self.vectors = np.stack(rows)
        self.weights = np.asarray(weights)
        self.stems = np.asarray([_number_of(s) for s in stems])
        self.numbers = np.asarray([bool(s) and is_number(s) for s in stems])


def similarity(a: Stack, b: Stack) -> Matrix:
    """Return word similarities, (words of a) x (words of b); the same stem is 1, numbers are exact."""
    similar = (a.vectors @ b.vectors.T).astype(np.float64)
    same = a.stems[:, None] == b.stems[None, :]
    exact = a.numbers[:, None] | b.numbers[None, :]
    return np.where(same & (a.stems > 0)[:, None], 1.0, np.where(exact, 0.0, similar))


def recall(a: Stack, b: Stack, similar: Matrix) -> tuple[Matrix, Matrix]:
    """Return (soft recall, exact recall) of each passage of a in each of b, (n of a) x (n of b)."""
    best = np.maximum.reduceat(similar, b.starts, axis=1)
    soft = np.clip(best, 0.0, 1.0)
    total = np.add.reduceat(a.weights, a.starts)[:, None]

    def share(hit: Matrix) -> Matrix:
        summed = np.add.reduceat(hit * a.weights[:, None], a.starts, axis=0)
        return np.asarray(summed / total)

    return share(soft), share((best >= 0.999).astype(np.float64))


def pairs(claim: Passage, said: Passage) -> list[tuple[int, int]]:
    """Return (claim word, said word) for the content words that find a near match."""
    ours = [i for i, w in enumerate(claim.words) if w.idf > 0]
    theirs = [j for j, w in enumerate(said.words) if w.idf > 0]
    if not ours or not theirs:
        return []
    similar = similarity(_only(claim, ours), _only(said, theirs))
    best = similar.argmax(axis=1)
    nearest = zip(ours, best, similar.max(axis=1), strict=True)
    return [(i, theirs[int(j)]) for i, j, value in nearest if value >= _SAME]


_numbers: dict[str, int] = {"": 0}


def _number_of(stem: str) -> int:
    """Number stems, since comparing numbers is many times quicker than comparing strings."""
    return _numbers.setdefault(stem, len(_numbers))


def _only(passage: Passage, places: list[int]) -> Stack:
    words = tuple(passage.words[i] for i in places)
    return Stack([_Part(words, passage.word_vectors[places])])
