"""Tuning data: whole topics are held back, and nothing held back is learned under another name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from evals.tuning_data import (
    FOLDS,
    Claim,
    Vectors,
    read_claims,
    topic_folds,
    turned_round,
    without_copies,
)
from evals.tuning_figures import OWN
from interviewer.content import content_root


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    return read_claims(content_root(), OWN)


def test_every_bank_topic_has_a_fold_and_our_own_claims_have_none(claims: list[Claim]) -> None:
    folds = topic_folds(claims)
    assert set(folds) == {c.topic for c in claims if c.kind != "own"}
    assert set(folds.values()) == set(range(FOLDS))


def test_a_correction_and_its_key_point_are_one_family(claims: list[Claim]) -> None:
    points = {c.family for c in claims if c.kind == "point"}
    assert all(c.family in points for c in claims if c.kind == "correction")


def test_a_misconception_is_false_and_its_correction_contradicts_it(claims: list[Claim]) -> None:
    turned = {c.text: c for c in claims if c.kind == "correction"}
    pairs = [(c, turned[c.wrong[0]]) for c in claims if c.wrong and c.wrong[0] in turned]
    assert pairs
    assert all(false.text in true.wrong for false, true in pairs if false.kind == "misconception")


def test_near_copies_of_what_is_held_out_are_not_trained_on() -> None:
    def claim(text: str) -> Claim:
        return Claim("point", "t", "q", text, text, ("r",), ("w",))

    def embed(texts: Sequence[str]) -> Vectors:
        return np.eye(2, dtype=np.float32)[[int("drop" in text) for text in texts]]

    kept = without_copies([claim("dropout"), claim("bagging")], [claim("drops units")], embed)
    assert [c.text for c in kept] == ["bagging"]


def test_a_sentence_turned_round_says_the_opposite() -> None:
    assert turned_round("Pruning lowers variance.") == "Pruning lowers bias."
    assert turned_round("The rate is higher before it.") == "The rate is higher after it."
    assert turned_round("Trees split on features.") is None
