"""Reading: what is about the question counts fully, and only pairs that can count are read together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest

from interviewer.embedding import Embedder, get_models
from interviewer.grading.passages import PassageReader, Said, Vectors
from interviewer.grading.reading import ON_TOPIC_FROM, measure, on_topic
from interviewer.grading.senses import Target, entail

DROPOUT = "What does dropout do during training and at inference?"
PENALTIES = "How do L1 and L2 differ, and why does one of them produce sparse models?"
POINTS = {
    DROPOUT: "Dropout sets random units to zero during training.",
    PENALTIES: "L1 drives some weights exactly to zero, while L2 only makes them small.",
}


class Certain:
    """Takes every text for saying every claim, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def read(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        self.asked += pairs
        return np.asarray([(0.3, 0.0, 0.7)] * len(pairs), dtype=np.float32).reshape(-1, 3)


class WithPairs(NamedTuple):
    """The real embedders beside another reader of pairs."""

    general: Embedder
    tuned: Embedder
    entailment: Certain


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (DROPOUT, "You mute some neurons at random."),
        (DROPOUT, "In training some units are muted, later none."),
        (PENALTIES, "One gives exact zeros, the other does not."),
        (PENALTIES, "One pushes just as hard on small weights, so they become nothing at all."),
    ],
)
def test_a_short_answer_in_plain_words_counts_fully(question: str, said: str) -> None:
    reader = PassageReader(get_models(None))
    targets = [Target(claim) for claim in POINTS.values()]
    measured = measure(reader, question, targets, reader.windows(Said(1, said)), str)
    assert on_topic(measured) >= ON_TOPIC_FROM


def test_windows_about_something_else_are_not_read_and_would_count_for_nothing() -> None:
    models = get_models(None)
    certain = Certain()
    reader = PassageReader(WithPairs(models.general, models.tuned, certain))
    windows = [w for n, x in enumerate("abc") for w in reader.windows(Said(n, x))]
    topic = np.asarray([[0.1, 0.2 + 1e-6, 0.5]])  # how near each window is to the claim
    found = entail(reader, [Target("claim")], windows, topic, np.zeros_like(topic))
    assert sorted(certain.asked) == [("claim", "b"), ("claim", "c")]
    assert found.said[0].tolist() == pytest.approx([0.0, 0.0, 0.7], abs=1e-4)
    assert found.denied[0].tolist() == pytest.approx([0.0, 0.0, 0.3], abs=1e-4)
    assert found.said[0, 0] == found.denied[0, 0] == 0.0
    assert found.said[0, 1] > 0.0, "what is read begins where it begins to count"
    assert found.looked.tolist() == [[1.0, 1.0, 1.0]]
