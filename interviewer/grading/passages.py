"""An answer cut into windows of one or two sentences, with vectors: what claims are held against.

Invariant: every word of the answer is in some window (nothing is cut off), and each window knows
where in which turn it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from interviewer.grading.lexicon import Word, read_words
from interviewer.text import Span, sentences

Vectors = npt.NDArray[np.float32]

_LONGEST = 34
_PAIR_LONGEST = 56
_SOFT_BREAK = re.compile(
    r",\s+|\s+(?=(?:and|but|so|because|then|which|while|whereas|or)\s)|:\s+|\s+-\s+"
)


class TokenVectors(Protocol):
    """Token vectors with the characters each stands for."""

    @property
    def starts(self) -> Sequence[int]: ...
    @property
    def ends(self) -> Sequence[int]: ...
    @property
    def vectors(self) -> Vectors: ...


class Embedder(Protocol):
    """What this floor needs of an embedder."""

    def vectors(self, texts: Sequence[str]) -> Vectors: ...
    def prepare_tokens(self, texts: Sequence[str]) -> None: ...
    def tokens(self, text: str) -> TokenVectors: ...


class Entailment(Protocol):
    """What this floor needs of a reader of pairs: (claim, text) -> denied, unsaid, said."""

    def read(self, pairs: Sequence[tuple[str, str]]) -> Vectors: ...


class Models(Protocol):
    """The models that the offline grader reads with."""

    @property
    def general(self) -> Embedder: ...
    @property
    def tuned(self) -> Embedder: ...
    @property
    def entailment(self) -> Entailment: ...


class Passage:
    """A text with its words; vectors are computed when they are first asked for.

    `word_vectors` has a row per word and `vector` is of the whole, by the general embedding; `sense`
    is of the whole by the one tuned to tell right wordings from wrong ones. All of length 1.
    """

    def __init__(self, text: str, general: Embedder, tuned: Embedder) -> None:
        self.text = text
        self.words = tuple(read_words(text))
        self._general = general
        self._tuned = tuned

    @cached_property
    def word_vectors(self) -> Vectors:
        return _word_vectors(self.words, self._general.tokens(self.text))

    @cached_property
    def vector(self) -> Vectors:
        return np.asarray(self._general.vectors([self.text])[0])

    @cached_property
    def sense(self) -> Vectors:
        return np.asarray(self._tuned.vectors([self.text])[0])


class Said(NamedTuple):
    """One turn's text. `asks` are its clarifying sentences, which answer nothing."""

    turn_id: int
    text: str
    asks: tuple[str, ...] = ()


class Window(NamedTuple):
    """One or two neighbouring sentences of a turn; `number` counts them over the exchange."""

    turn_id: int
    start: int
    end: int
    number: int
    passage: Passage


def overlap(one: Window, other: Window) -> bool:
    """Return whether two windows share characters of the same turn."""
    return one.turn_id == other.turn_id and one.start < other.end and one.end > other.start


def within(inner: Window, outer: Window) -> bool:
    """Return whether all of one window stands in another."""
    return inner.turn_id == outer.turn_id and outer.start <= inner.start and inner.end <= outer.end


class PassageReader:
    """Turns texts into passages; keeps the recent ones, since key points come again and again."""

    def __init__(self, models: Models, kept: int = 4096) -> None:
        self._models = models
        self.read = lru_cache(maxsize=kept)(self._read)

    def _read(self, text: str) -> Passage:
        return Passage(text, self._models.general, self._models.tuned)

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed many texts side by side, so that reading the `sense` of each is quick."""
        self._models.tuned.vectors(texts)

    def prepare_words(self, texts: Sequence[str]) -> None:
        """Read many texts side by side, so that `vector` and `word_vectors` of each are quick."""
        self._models.general.prepare_tokens(texts)
        self._models.general.vectors(texts)

    def prepare_vectors(self, texts: Sequence[str]) -> None:
        """Embed many texts side by side, so that reading the `vector` of each is quick."""
        self._models.general.vectors(texts)

    def entail(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return pairs x 3 for (claim, text): probabilities of denied, unsaid, said."""
        return self._models.entailment.read(pairs)

    def windows(self, said: Said, first_number: int = 0) -> list[Window]:
        """Return each segment of a text, and each pair of neighbours that is not too long."""
        spans = segments(said.text)
        found = [self._window(said, s.start, s.end, first_number + i) for i, s in enumerate(spans)]
        for i, (left, right) in enumerate(pairwise(spans)):
            if len(said.text[left.start : right.end].split()) <= _PAIR_LONGEST:
                found.append(self._window(said, left.start, right.end, first_number + i + 1))
        return found

    def _window(self, said: Said, start: int, end: int, number: int) -> Window:
        return Window(said.turn_id, start, end, number, self.read(said.text[start:end]))


def segments(text: str) -> list[Span]:
    """Split into sentences, and run-on speech further at commas and joining words."""
    return [piece for sentence in sentences(text) for piece in _cut(sentence)]


def _cut(span: Span) -> list[Span]:
    if len(span.text.split()) <= _LONGEST:
        return [span]
    half = len(span.text) // 2
    blanks = [m.end() for m in re.finditer(r"\s+", span.text)]
    soft = [m.end() for m in _SOFT_BREAK.finditer(span.text)]
    least = len(span.text) // 6
    inner = [b for b in soft if least <= b <= len(span.text) - least] or blanks
    at = min(inner, key=lambda b: abs(b - half))
    left, right = span.text[:at], span.text[at:]
    return _cut(_trim(span.start, left)) + _cut(_trim(span.start + at, right))


def _trim(start: int, text: str) -> Span:
    lead = len(text) - len(text.lstrip())
    body = text.strip()
    return Span(start + lead, start + lead + len(body), body)


def _word_vectors(words: Sequence[Word], tokens: TokenVectors) -> Vectors:
    """Average the token vectors under each word; a word past the model's reach gets zeros."""
    found = np.zeros((len(words), 384), dtype=np.float32)
    starts, ends = np.asarray(tokens.starts), np.asarray(tokens.ends)
    for i, word in enumerate(words):
        inside = (starts < word.end) & (ends > word.start) & (ends > starts)
        if inside.any():
            mean = np.asarray(tokens.vectors)[inside].mean(axis=0)
            found[i] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return found
