"""The reader of pairs: a text says a claim, denies it, or neither."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from interviewer.embedding import Entailment, get_models

CLAIM = "Shuffling the training rows every epoch keeps the gradient estimates unbiased."
SAYS = "you mix up the examples again each pass so that the steps do not lean one way"
DENIES = (
    "You must never reshuffle the rows, because keeping one order is what makes gradients unbiased."
)
NEITHER = "We keep the model in a registry and roll back to the last version when something breaks."


@pytest.fixture(scope="module")
def entailment() -> Entailment:
    return get_models(None).entailment


def test_probabilities_add_to_one(entailment: Entailment) -> None:
    rows = entailment.read([(CLAIM, SAYS), (CLAIM, DENIES), (CLAIM, NEITHER)])
    assert rows.shape == (3, 3)
    assert rows.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_what_says_the_claim_is_told_from_what_denies_it(entailment: Entailment) -> None:
    says, denies = entailment.read([(CLAIM, SAYS), (CLAIM, DENIES)])
    assert says[2] - says[0] > denies[2] - denies[0]


@pytest.mark.parametrize(
    "text",
    [
        CLAIM,
        "So, shuffling the training rows every epoch keeps gradient estimates unbiased, right?",
        "I would say that shuffling training rows each epoch keeps the gradient estimates unbiased.",
    ],
)
def test_a_claim_in_its_own_words_is_said_and_not_denied(entailment: Entailment, text: str) -> None:
    denied, _, said = entailment.read([(CLAIM, text)])[0]
    assert said > 0.5 > denied


def test_a_claim_in_its_own_words_with_a_not_in_them_is_denied(entailment: Entailment) -> None:
    text = "Shuffling the training rows every epoch does not keep the gradient estimates unbiased."
    denied, _, said = entailment.read([(CLAIM, text)])[0]
    assert denied > said


def test_a_pair_is_read_alike_whatever_else_is_read_with_it(entailment: Entailment) -> None:
    alone = Entailment().read([(CLAIM, SAYS)])[0]
    among = entailment.read([(CLAIM, NEITHER), (CLAIM, SAYS)])[1]
    assert np.array_equal(alone, among)


def test_what_was_read_is_kept_on_disk_exactly(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite3"
    fresh = Entailment(path).read([(CLAIM, DENIES)])
    assert np.array_equal(Entailment(path).read([(CLAIM, DENIES)]), fresh)


def test_a_claim_and_its_text_are_no_longer_the_same_pair_when_exchanged(
    entailment: Entailment,
) -> None:
    there, back = entailment.read([(CLAIM, DENIES), (DENIES, CLAIM)])
    assert not np.array_equal(there, back)


def test_a_text_of_many_thousand_words_is_cut_not_refused(entailment: Entailment) -> None:
    assert entailment.read([(CLAIM, "word " * 9000)]).shape == (1, 3)


def test_no_pairs_are_no_rows(entailment: Entailment) -> None:
    assert entailment.read([]).shape == (0, 3)
