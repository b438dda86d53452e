"""The sentence classifier of the story reader: what part of a story each sentence tells.

Multinomial logistic regression over the vectors of a sentence and its neighbours, its place, and its
words, smoothed over the message by which part follows which. Fitted by `evals/fit_stories.py`,
shipped as `story_weights.json`. Knows nothing of scores.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from interviewer.grading.lexicon import read_words
from interviewer.grading.screening import is_command, is_list
from interviewer.text import Span, sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from interviewer.embedding import Embedder

    Array = NDArray[np.float64]

LABELS = ("situation", "task", "action", "result", "reflection", "other")
OTHER = "other"
WEIGHTS = Path(__file__).with_name("story_weights.json")

# Below this many sentences (an answer to a probe) the place of a sentence says nothing.
_PLACED_FROM = 4
_NEIGHBOUR = 0.5
# Speech without full stops: a longer sentence is cut where the speaker goes on with "and then I ...".
_LONG_WORDS = 40
_LEAST_WORDS = 6
_GOES_ON = re.compile(
    r",?\s+(?=(?:and|so|but|then)\s+(?:then|i|we|he|she|they|it|the|after)\b)", re.I
)
_TERM = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d")


class Reading(NamedTuple):
    """What the classifier says of one sentence: a probability per label, and of a weighed choice."""

    span: Span
    probabilities: dict[str, float]
    choice: float


def pieces(text: str) -> list[Span]:
    """Split into sentences, and sentences without an end where the speaker goes on."""
    found: list[Span] = []
    for sentence in sentences(text):
        found.extend(_cut(sentence))
    return found


def terms(text: str) -> list[str]:
    """Return the distinct words and word pairs of a sentence; every digit is `0`."""
    words = [_plain(word) for word in _TERM.findall(text.lower())]
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    return sorted({*words, *pairs})


def context_features(vectors: Array) -> Array:
    """Return (n, 1157): own, previous and next vector, then the place; from (n, 384)."""
    import numpy as np

    count = len(vectors)
    before, after = np.zeros_like(vectors), np.zeros_like(vectors)
    before[1:], after[:-1] = vectors[:-1], vectors[1:]
    place = np.zeros((count, 5))
    if count >= _PLACED_FROM:
        share = np.arange(count) / (count - 1)
        place[:, 0], place[:, 1] = share, share**2
        place[0, 2] = place[-1, 3] = 1.0
    else:
        place[:, 4] = 1.0
    return np.hstack([vectors, _NEIGHBOUR * before, _NEIGHBOUR * after, place])


def word_features(text: str, vocabulary: dict[str, int]) -> Array:
    """Return (len(vocabulary),): which known terms a sentence has, of length 1."""
    import numpy as np

    row = np.zeros(len(vocabulary))
    known = [vocabulary[term] for term in terms(text) if term in vocabulary]
    if known:
        row[known] = 1.0 / len(known) ** 0.5
    return row


def smooth(rows: Array, steps: Array) -> Array:
    """Return the probabilities of a chain of labels, forward-backward.

    `rows` (n, 6) are each sentence's own probabilities; `steps` (6, 6) is how much likelier a label
    is after another than it is anywhere, as a logarithm.
    """
    import numpy as np

    likelier = np.exp(steps)
    forward, backward = np.empty_like(rows), np.ones_like(rows)
    forward[0] = rows[0]
    for i in range(1, len(rows)):
        forward[i] = rows[i] * (forward[i - 1] @ likelier)
        forward[i] /= forward[i].sum()
    for i in range(len(rows) - 2, -1, -1):
        backward[i] = likelier @ (rows[i + 1] * backward[i + 1])
        backward[i] /= backward[i].sum()
    both = forward * backward
    return np.asarray(both / both.sum(axis=1, keepdims=True))


class SentenceClassifier:
    """Reads the sentences of one message. Same text, same reading."""

    def __init__(self, embedder: Embedder, weights: Path = WEIGHTS) -> None:
        self._embedder = embedder
        self._weights = weights

    def thresholds(self) -> dict[str, float]:
        """Return per part (and `choice`) the probability from which it counts as told."""
        return dict(_load(self._weights).thresholds)

    def read(self, text: str) -> list[Reading]:
        """Read every sentence of a message, in order."""
        import numpy as np

        spans = pieces(text)
        if not spans:
            return []
        model = _load(self._weights)
        vectors = self._embedder.vectors([span.text for span in spans]).astype(np.float64)
        words = np.stack([word_features(span.text, model.vocabulary) for span in spans])
        logits = context_features(vectors) @ model.context.T + words @ model.words.T + model.bias
        choices = _sigmoid(
            vectors @ model.choice_vector + words @ model.choice_words + model.choice_bias
        )
        rows = smooth(_softmax(logits), model.steps)
        bare_list = is_list(text, read_words(text))
        return [
            _no_story(span) if bare_list or is_command(span.text) else _reading(span, row, choice)
            for span, row, choice in zip(spans, rows, choices, strict=True)
        ]


class _Model(NamedTuple):
    vocabulary: dict[str, int]
    context: Array
    words: Array
    bias: Array
    steps: Array
    choice_vector: Array
    choice_words: Array
    choice_bias: float
    thresholds: dict[str, float]


@cache
def _load(path: Path) -> _Model:
    import numpy as np

    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    scale = data["scale"]
    return _Model(
        vocabulary={term: i for i, term in enumerate(data["terms"])},
        context=np.array(data["context"]) / scale,
        words=np.array(data["words"]) / scale,
        bias=np.array(data["bias"]) / scale,
        steps=np.array(data["steps"]) / scale,
        choice_vector=np.array(data["choice_vector"]) / scale,
        choice_words=np.array(data["choice_words"]) / scale,
        choice_bias=data["choice_bias"] / scale,
        thresholds=data["thresholds"],
    )


def _reading(span: Span, row: Array, choice: float) -> Reading:
    return Reading(span, dict(zip(LABELS, map(float, row), strict=True)), float(choice))


def _no_story(span: Span) -> Reading:
    # Talk to the grader and a bare list of terms are no story, whatever their words are.
    return Reading(span, {label: float(label == OTHER) for label in LABELS}, 0.0)


def _cut(sentence: Span) -> list[Span]:
    if len(sentence.text.split()) <= _LONG_WORDS:
        return [sentence]
    cuts, start = [], 0
    for match in _GOES_ON.finditer(sentence.text):
        here, rest = sentence.text[start : match.start()], sentence.text[match.end() :]
        if min(len(here.split()), len(rest.split())) >= _LEAST_WORDS:
            cuts.append((start, match.start()))
            start = match.end()
    cuts.append((start, len(sentence.text)))
    at = sentence.start
    return [Span(at + left, at + right, sentence.text[left:right]) for left, right in cuts]


def _plain(word: str) -> str:
    return "0" if word.isdigit() else word.replace("’", "'")


def _softmax(logits: Array) -> Array:
    import numpy as np

    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _sigmoid(logits: Array) -> Array:
    import numpy as np

    return np.asarray(1.0 / (1.0 + np.exp(-logits)))
