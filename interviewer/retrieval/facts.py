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
from interviewer.retrieval.clauses import Clause, bare, clauses
from interviewer.retrieval.lexical import STOP_WORDS
from interviewer.schema import Fact, Question
from interviewer.synonyms import Synonyms, stem
from interviewer.text import sentences, words

if TYPE_CHECKING:
    from interviewer.embedding import TokenVectors

# How likely a clause asks for a fact, against all other facts of the question and against none: a
# softmax over these measures, each 0..1, fitted on the dev split of evals/datasets/dialogue by
# `python -m evals.fit_facts`.
_WEIGHTS = (7.71, 1.37, 3.92, 1.14, 2.57, 3.3)
_NONE = 7.69
# Told from this likelihood on: chosen on the dev split for wrong reveals in 1% of the messages.
_SURE = 0.83
# Statements mention what facts are about without asking ("the labels arrive late, so ..."): only
# near repetition of an authored ask counts.
_SURE_OF_STATEMENT = 0.995
# Not clear enough to be told, yet near enough to ask back.
_LIKELY = 0.3
# One item alone is a torn-off piece of a sentence ("make people click, buy, or ..."), not a list.
_LEAST_ITEMS = 2
# As good as an authored wording ("clicks, orders and returns over time" is one thing, not three).
_CERTAIN = 0.97


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
    """What a clause is held against for one fact: its asks, its text whole and by sentence, its
    words, and those of its id, which is what its author calls it.
    """

    fact_id: str
    asks: FloatArray
    told: FloatArray
    words: _Words
    name: _Words


class _Scenario(NamedTuple):
    """All facts of a question. `centre` is the mean of what they say: their common subject."""

    centre: FloatArray
    profiles: tuple[_Profile, ...]


def facts_asked(
    question: Question,
    message: str,
    embedder: Embedder,
    synonyms: Synonyms,
    *,
    asks: bool = False,
) -> list[FactMatch]:
    """Return the facts that a message asks for, best first; [] if none is clearly meant.

    `asks`: the message is known to be a request, however it is worded ("I'd slice it by city").
    """
    if not question.facts:
        return []
    found: dict[str, FactMatch] = {}
    for clause in clauses(message, asks=asks):
        for match in _matches(clause, question, embedder, synonyms):
            if match.score >= found.get(match.fact_id, match).score:
                found[match.fact_id] = match
    return sorted(found.values(), key=lambda match: -match.score)


def likely_fact(
    question: Question, message: str, embedder: Embedder, synonyms: Synonyms
) -> str | None:
    """Return the fact that a question not clear enough may mean; None if no fact is near."""
    asking = clauses(message, asks=True) if question.facts else ()
    best = [fact_scores(question, bare(c.text), embedder, synonyms)[0] for c in asking]
    fact_id, score = max(best, key=lambda item: item[1], default=("", 0.0))
    return fact_id if score >= _LIKELY else None


def get_facts_ready(question: Question, embedder: Embedder, synonyms: Synonyms) -> None:
    """Embed what questions about the facts are held against, so that the first is answered quickly."""
    if question.facts:
        _scenario(question, embedder, synonyms)


def _matches(
    clause: Clause, question: Question, embedder: Embedder, synonyms: Synonyms
) -> list[FactMatch]:
    """Return the match of the clause as a whole, and those of its list of things asked for."""

    def match(text: str, least: float) -> FactMatch | None:
        fact_id, likelihood = fact_scores(question, bare(text), embedder, synonyms)[0]
        return FactMatch(fact_id, likelihood, text) if likelihood >= least else None

    whole = match(clause.text, _SURE if clause.asking else _SURE_OF_STATEMENT)
    if whole and whole.score >= _CERTAIN:
        return [whole]  # the clause is one thing asked for
    items = [item for item in (match(text, _SURE) for text in clause.items) if item]
    if len({item.fact_id for item in items}) < _LEAST_ITEMS:
        items = []
    return [*items, whole] if whole else items


def fact_scores(
    question: Question, clause: str, embedder: Embedder, synonyms: Synonyms
) -> list[tuple[str, float]]:
    """Return (fact id, likelihood) for every fact of the question, best first.

    What is left to one is the likelihood that none of them is asked for.
    """
    import numpy as np

    measured = fact_measures(question, clause, embedder, synonyms)
    powers = np.exp(measured @ np.asarray(_WEIGHTS) - _NONE)
    likelihoods = (powers / (1.0 + powers.sum())).tolist()
    scored = zip((fact.id for fact in question.facts), likelihoods, strict=True)
    return sorted(scored, key=lambda item: -item[1])


def fact_measures(
    question: Question, clause: str, embedder: Embedder, synonyms: Synonyms
) -> FloatArray:
    """Return a row for every fact: how near the clause is to it by each of the six measures."""
    import numpy as np

    text = synonyms.canonical(clause)
    vector = embedder.vectors([text])[0]
    said = _telling_words([text], embedder)
    scenario = _scenario(question, embedder, synonyms)
    weights = _weights(said.stems, scenario.profiles)
    rows = [_measures(p, vector, scenario.centre, said, weights) for p in scenario.profiles]
    return np.asarray(rows, dtype=np.float32)


def _measures(
    profile: _Profile,
    vector: FloatArray,
    centre: FloatArray,
    said: _Words,
    weights: Sequence[float],
) -> tuple[float, ...]:
    nearest_ask = _nearest(profile.asks, vector, centre)
    fact_itself = _nearest(profile.told, vector, centre)
    return (nearest_ask, fact_itself, *_cover(said, weights, profile.words), _named(profile, said))


def _named(profile: _Profile, said: _Words) -> float:
    """Return how well the words of the fact's name are met by those said."""
    if not said.stems or not profile.name.stems:
        return 0.0
    return float((profile.name.vectors @ said.vectors.T).max(axis=1).mean())


def _nearest(rows: FloatArray, vector: FloatArray, centre: FloatArray) -> float:
    """Return the best cosine, half of it taken about the centre of all facts of the question.

    All facts of a scenario share its subject; about their centre, what sets them apart counts.
    """
    plain, about = rows @ vector, _unit(rows - centre) @ _unit(vector - centre)
    return float((plain.max() + about.max()) / 2)


def _cover(said: _Words, weights: Sequence[float], held: _Words) -> tuple[float, float, float]:
    """Return how the words said are met: on average, the worst of the telling half, and literally."""
    if not said.stems:
        return 0.0, 0.0, 0.0
    cosines = (said.vectors @ held.vectors.T).max(axis=1, initial=0.0).tolist()
    telling = sorted(weights)[len(weights) // 2]
    least = min(c for c, w in zip(cosines, weights, strict=True) if w >= telling)
    known = set(held.stems)
    return _mean(cosines, weights), least, _mean([float(s in known) for s in said.stems], weights)


def _weights(stems: Iterable[str], profiles: Sequence[_Profile]) -> list[float]:
    """Weigh words by how few of the facts use them; a word that none uses weighs most."""
    uses = Counter(word for profile in profiles for word in set(profile.words.stems))
    return [math.log((len(profiles) + 1) / (uses[word] + 0.5)) for word in stems]


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(v * w for v, w in zip(values, weights, strict=True)) / total if total > 0 else 0.0


@lru_cache(maxsize=16)
def _scenario(question: Question, embedder: Embedder, synonyms: Synonyms) -> _Scenario:
    import numpy as np

    profiles = tuple(_profile(fact, embedder, synonyms) for fact in question.facts)
    means = [np.vstack([p.asks, p.told]).mean(axis=0) for p in profiles]
    return _Scenario(np.mean(means, axis=0), profiles)


def _profile(fact: Fact, embedder: Embedder, synonyms: Synonyms) -> _Profile:
    asks = [synonyms.canonical(ask) for ask in fact.asks]
    told = [
        synonyms.canonical(text) for text in (fact.text, *(s.text for s in sentences(fact.text)))
    ]
    shown = synonyms.canonical(" ".join([fact.text, *_labels(fact)]))
    words_held = _telling_words([*asks, shown], embedder)
    name = _telling_words([synonyms.canonical(fact.id.replace("_", " "))], embedder)
    return _Profile(fact.id, embedder.vectors(asks), embedder.vectors(told), words_held, name)


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
                stems.append(stem(spelled[0]))
                rows.append(_unit(tokens.vectors[start:end].mean(axis=0)))
    matrix = np.stack(rows) if rows else np.zeros((0, DIMENSIONS), dtype=np.float32)
    return _Words(tuple(stems), matrix)


def _word_groups(tokens: TokenVectors) -> list[tuple[int, int]]:
    """Return the ranges of tokens that make one word each (`drop`, `##out`)."""
    begins = [i for i, token in enumerate(tokens.tokens) if not token.startswith("##")]
    return list(zip(begins, [*begins[1:], len(tokens.tokens)], strict=True))


def _unit(rows: FloatArray) -> FloatArray:
    import numpy as np

    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float32)
