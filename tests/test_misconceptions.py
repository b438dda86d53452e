"""Misconceptions: only windows that could be taken for one are read, and none that could is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from interviewer.content import load_bank
from interviewer.embedding import Embedder, get_models
from interviewer.grading.misconceptions import likeness, stated
from interviewer.grading.passages import PassageReader, Said, Vectors
from interviewer.grading.weights import STATED, load_weights, probability

(WRONG,) = load_bank().questions["l1_versus_l2"].misconceptions
# From what states it to what is about something else.
SAID = [
    "Ridge sets unimportant coefficients to exactly zero.",
    "The squared penalty is what gives feature selection.",
    "L2 makes models simple.",
    "Ridge is a penalty on the weights of a linear model.",
    "Lasso drives some weights exactly to zero.",
    "Fewer features are quicker to serve.",
    "Dropout silences units at random while the network trains.",
    "We keep the model in a registry and roll back when something breaks.",
    "My team has five people and a product manager.",
]


class Extreme:
    """Takes every pair for all that could speak for the misconception; counts them."""

    def __init__(self) -> None:
        self.pairs = 0

    def read(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        self.pairs += len(pairs)
        most = [float(claim != WRONG.correction) for claim, _ in pairs]
        return np.tile(np.asarray(most, dtype=np.float32)[:, None], 3)


class WithPairs(NamedTuple):
    """The real embedders beside another reader of pairs."""

    general: Embedder
    tuned: Embedder
    entailment: Extreme


def test_what_is_not_read_could_not_have_been_taken_for_it() -> None:
    models = get_models(None)
    extreme = Extreme()
    reader = PassageReader(WithPairs(models.general, models.tuned, extreme))
    outcomes = set()
    for text in SAID:
        windows = reader.windows(Said(1, text))
        read_all = likeness(reader, WRONG, windows)
        (likely,) = probability(load_weights()["misconception"], read_all.features)
        extreme.pairs = 0
        found = stated(reader, WRONG, windows)
        assert (found is not None) == (likely >= STATED)
        assert (extreme.pairs > 0) == (likely >= STATED), "read where it can count, and only there"
        outcomes.add(found is not None)
    assert outcomes == {True, False}, "the sentences lie on both sides"


def test_what_clearly_makes_a_point_is_no_misconception() -> None:
    reader = PassageReader(get_models(None))
    windows = reader.windows(Said(1, SAID[0]))
    assert stated(reader, WRONG, windows) is not None
    assert stated(reader, WRONG, windows, right=windows) is None


class Agreeing(Extreme):
    """Takes every text for saying everything, the correction too."""

    def read(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        return np.ones((len(pairs), 3), dtype=np.float32)


def test_what_says_the_correction_is_no_misconception() -> None:
    models = get_models(None)
    for pairs, is_held in ((Extreme(), True), (Agreeing(), False)):
        reader = PassageReader(WithPairs(models.general, models.tuned, pairs))
        found = stated(reader, WRONG, reader.windows(Said(1, SAID[0])))
        assert (found is not None) == is_held
