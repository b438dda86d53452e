"""Which facts of a question a candidate asks for: none rather than a wrong one.

A revealed fact cannot be taken back, while "I have no data on that" costs one assumption, so every
part of the message must point clearly at one fact. Must not know sessions or what was told before.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from interviewer.embedding import Embedder, FloatArray
from interviewer.retrieval.clauses import Clause, clauses
from interviewer.retrieval.lexical import STOP_WORDS
from interviewer.schema import Fact, Question
from interviewer.synonyms import Synonyms, stem
from interviewer.text import words

if TYPE_CHECKING:
    from interviewer.embedding import TokenVectors

# Tuned by a grid search on the asks of four scenarios, each held out against its fact's others, and
# on 55 asks besides, half of them about what no fact holds. The best settings weighed the three
# signals (nearest ask, the fact's text, words aligned) about alike, and stems in common near zero.
# From 0.34 to 0.40 little changes (0.40 misses two more of the 55): `_CLEARLY_BEST` decides.
_THRESHOLD = 0.38
# The second best must be this many times as far from 1 as the best: at 1.20 two of the 55 asks were
# told a wrong fact, at 1.25 none. A plain difference would refuse an authored wording for having a
# close neighbour, and let two vague matches pass.
_CLEARLY_BEST = 1.25
# Statements mention what facts are about without asking ("the labels arrive late, so ..."): only
# near repetition of an authored ask counts. List items have lost their sentence.
_STATEMENT_EXTRA = 0.35
_ITEM_EXTRA = 0.10
# As good as an authored wording ("clicks, orders and returns over time" is one thing, not three).
_CERTAIN = 0.75


class FactMatch(NamedTuple):
    """A fact that is asked for, the words that ask for it, and how surely (0..1)."""

    fact_id: str
    score: float
    asked: str


class _Words(NamedTuple):
    """The telling words of texts: stems, and row by row what they mean there."""

    stems: tuple[str, ...]
    vectors: FloatArray


class _Profile(NamedTuple):
    """What a clause is held against for one fact."""

    fact_id: str
    asks: FloatArray
    text: FloatArray
    words: _Words


def facts_asked(
    question: Question, message: str, embedder: Embedder, synonyms: Synonyms
) -> list[FactMatch]:
    """Return the facts that a message asks for, best first; [] if none is clearly meant."""
    if not question.facts:
        return []
    found: dict[str, FactMatch] = {}
    settled = False  # the sentence as a whole is understood: its list items ask for nothing more
    for clause in clauses(message):
        if clause.fragment and settled:
            continue
        match = _best(clause, question, embedder, synonyms)
        if not clause.fragment:
            settled = match is not None and match.score >= _CERTAIN
        if match and match.score >= found.get(match.fact_id, match).score:
            found[match.fact_id] = match
    return sorted(found.values(), key=lambda match: -match.score)


def _best(
    clause: Clause, question: Question, embedder: Embedder, synonyms: Synonyms
) -> FactMatch | None:
    scores = fact_scores(question, clause.text, embedder, synonyms)
    (fact_id, best), second = scores[0], scores[1][1] if len(scores) > 1 else 0.0
    least = _THRESHOLD + _ITEM_EXTRA * clause.fragment + _STATEMENT_EXTRA * (not clause.asking)
    if best < least or 1.0 - second < _CLEARLY_BEST * (1.0 - best):
        return None
    return FactMatch(fact_id, best, clause.text)


def fact_scores(
    question: Question, clause: str, embedder: Embedder, synonyms: Synonyms
) -> list[tuple[str, float]]:
    """Return (fact id, 0..1) for every fact of the question, best first."""
    text = synonyms.canonical(clause)
    vector = embedder.vectors([text])[0]
    said = _telling_words([text], embedder)
    profiles = _profiles(question, embedder, synonyms)
    weights = _weights(said.stems, profiles)
    scored = [(p.fact_id, _score(vector, said, weights, p)) for p in profiles]
    return sorted(scored, key=lambda item: -item[1])


def _score(vector: FloatArray, said: _Words, weights: Sequence[float], profile: _Profile) -> float:
    nearest_ask = float((profile.asks @ vector).max())
    fact_itself = float(profile.text @ vector)
    cosines = (said.vectors @ profile.words.vectors.T).max(axis=1, initial=0.0)
    aligned = _mean([float(cosine) for cosine in cosines], weights)
    return min(max((nearest_ask + fact_itself + aligned) / 3.0, 0.0), 1.0)


def _weights(stems: Iterable[str], profiles: Sequence[_Profile]) -> list[float]:
    """Weigh words by how few of the facts use them; a word that none uses weighs most."""
    uses = Counter(word for profile in profiles for word in set(profile.words.stems))
    return [math.log((len(profiles) + 1) / (uses[word] + 0.5)) for word in stems]


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total if total > 0 else 0.0


@lru_cache(maxsize=16)
def _profiles(question: Question, embedder: Embedder, synonyms: Synonyms) -> tuple[_Profile, ...]:
    return tuple(_profile(fact, embedder, synonyms) for fact in question.facts)


def _profile(fact: Fact, embedder: Embedder, synonyms: Synonyms) -> _Profile:
    asks = [synonyms.canonical(ask) for ask in fact.asks]
    shown = synonyms.canonical(" ".join([fact.text, *_labels(fact)]))
    vectors = embedder.vectors([*asks, synonyms.canonical(fact.text)])
    return _Profile(fact.id, vectors[:-1], vectors[-1], _telling_words([*asks, shown], embedder))


def _labels(fact: Fact) -> tuple[str, ...]:
    if fact.table:
        return fact.table.columns
    if fact.series:
        return (fact.series.x_label, fact.series.y_label, *(ln.name for ln in fact.series.lines))
    return ()


def _telling_words(texts: Sequence[str], embedder: Embedder) -> _Words:
    """Read words that are no stop words; a word of several tokens is their mean."""
    import numpy as np

    from interviewer.embedding import DIMENSIONS

    stems: list[str] = []
    rows: list[FloatArray] = []
    for text in texts:
        tokens = embedder.tokens(text)
        for start, end in _word_groups(tokens):
            spelled = words(text[tokens.starts[start] : tokens.ends[end - 1]])
            if spelled and spelled[0] not in STOP_WORDS:
                row = tokens.vectors[start:end].mean(axis=0)
                stems.append(stem(spelled[0]))
                rows.append(row / max(float(np.linalg.norm(row)), 1e-12))
    matrix = np.stack(rows) if rows else np.zeros((0, DIMENSIONS), dtype=np.float32)
    return _Words(tuple(stems), matrix)


def _word_groups(tokens: TokenVectors) -> list[tuple[int, int]]:
    """Return the ranges of tokens that make one word each (`drop`, `##out`)."""
    begins = [i for i, token in enumerate(tokens.tokens) if not token.startswith("##")]
    return list(zip(begins, [*begins[1:], len(tokens.tokens)], strict=True))
