"""Texts that a candidate gets before answering and that give a key point away, by words or by meaning.

By words: a probe or early hint holds most of the words that tell a claim apart from what was asked
anyway. By meaning: a text is near the claim and holds some of these words; neither alone will do, since
an honest question is near to its answer too. Measured on tests/leaks.yaml, see the tests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from interviewer.bank_check.vectors import Vectors
from interviewer.schema import KeyPoint, Misconception, Question
from interviewer.synonyms import stems

# Share of a claim's telling words that a probe or an early hint may hold. In the first bank the
# worst honest probe holds half of them and almost all hold none; a probe made from its claim by
# putting a question word in front holds nearly all.
_LEAK_SHARE = 0.5
_LEAST_TELLING_WORDS = 3
# A word in this many of a question's claims is its subject, not an answer.
_SUBJECT_CLAIMS = 3

# By meaning a text leaks if its cosine to the claim and the share of telling words that it holds add up
# to more than the limit. Of the probes written so that they tell (tests/leaks.yaml, without stories)
# three quarters are found, by words alone two fifths; of the bank's 1,673 probes one lay above it, and was
# mended. At 0.9 it would be ten. Nine in ten of the texts that state or presuppose the claim are found, but
# hardly a third of those that say it wholly in other words or in part; these are left to readers (the
# tests hold both shares). The embedding
# tuned on right and wrong wordings adds little to the general one (59 of 84 texts instead of 56, for
# nine honest texts instead of five), and a cross-encoder that reads answers hardly tells questions
# apart (area under the curve 0.72, the embedding 0.95).
_LIMIT = 1.0
# Another wording of the prompt must name what it is about; the two that told lay at 1.50 and 1.56, the
# honest ones up to 1.29.
_RECALL_LIMIT = 1.35
# A fact states figures of the very thing that a point concludes on: honest ones lie up to 1.14, 17 of 21
# that state the conclusion lie above 1.2. What a point concludes in quite other words stays unseen.
_FACT_LIMIT = 1.2
# Below it a text is about something else and shares common words only.
_NEAR = 0.5

_COMMON = frozenset(
    stems(
        "a an the and or but of in on at to for from by with without is are was were be been "
        "being it its this that these those as so if then than not no nor only also both each "
        "every any some one two which who what when where why how can could may might must "
        "shall should will would do does did has have had their they them he she you your we "
        "our i there here more most less least much many few very just into over under "
        "between because while since until after before about against during such same other "
        "another own again once "
    )
)


class Shown(NamedTuple):
    """A text that a candidate may get before making a point; `given` are stems known anyway.

    `limit` is for the leak by meaning; `by_words` says whether the words alone may convict it.
    """

    point: KeyPoint
    name: str
    text: str
    given: frozenset[str]
    limit: float = _LIMIT
    by_words: bool = False


def leaks(question: Question, vectors: Vectors | None = None) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for each text that tells a claim; without vectors by words alone."""
    for shown in _shown(question):
        telling = _stems(shown.point.claim) - _COMMON - shown.given
        held = telling & _stems(shown.text)
        share = len(held) / max(len(telling), _LEAST_TELLING_WORDS)
        told = shown.by_words and len(telling) >= _LEAST_TELLING_WORDS and share > _LEAK_SHARE
        if told or (vectors and _tells(vectors, shown, share)):
            words = f" ({', '.join(sorted(held))})" if held else ""
            yield (
                f"{question.id}.key_points[{shown.point.id}]",
                f"its {shown.name} gives the claim away{words}; say less, or in other words",
            )


def shown_texts(question: Question) -> Iterator[str]:
    """Yield each text that `leaks` holds against claims by its vector; it needs the claims' too."""
    yield from (shown.text for shown in _shown(question))


def giveaway(vectors: Vectors, shown: Shown, share: float) -> float:
    """Return how much a text tells of a claim, 0..2: its nearness and the telling words it holds."""
    return float(vectors[shown.text] @ vectors[shown.point.claim]) + share


def _tells(vectors: Vectors, shown: Shown, share: float) -> bool:
    told = giveaway(vectors, shown, share)
    return told > shown.limit and told - share >= _NEAR


def _shown(question: Question) -> Iterator[Shown]:
    """Yield each text with each point that it must not tell."""
    asked = _asked(question)
    given = asked | {s for brief in question.stages for s in _stems(brief.opening)}
    for point in question.key_points:
        yield Shown(point, "probe", point.probe, given, by_words=True)
        for number, hint in enumerate(question.hints_of(point.stage)[:-1], 1):
            yield Shown(point, f"hint {number}", hint, given, by_words=True)
        for brief in question.stages:
            if brief.id == point.stage:
                yield Shown(point, f"opening of {brief.id}", brief.opening, asked)
        for number, recall in enumerate(question.recall, 1):
            yield Shown(point, f"recall {number}", recall, given, _RECALL_LIMIT)
        for false in question.misconceptions:
            if false.key_point == point.id:
                yield Shown(point, f"challenge of {false.id}", false.challenge, _said(false, given))
        for fact in question.facts:
            if fact.credits != point.id:
                yield Shown(point, f"fact {fact.id}", fact.text, given, _FACT_LIMIT)


def _said(false: Misconception, given: frozenset[str]) -> frozenset[str]:
    """Add the words of whoever stated the misconception."""
    return given | _stems(false.claim)


def _asked(question: Question) -> frozenset[str]:
    """Return the stems of title and prompt and those of the question's theme."""
    claims = Counter(s for p in question.key_points for s in _stems(p.claim))
    theme = {s for s, n in claims.items() if n >= _SUBJECT_CLAIMS}
    return _stems(f"{question.title} {question.prompt}") | theme


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stems(text))
