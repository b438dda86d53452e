"""What the cross-encoder learns from: pairs whose words do not tell the label."""

from __future__ import annotations

import random

from evals.entailment_pairs import DENIED, SAID, UNSAID, Passage, pairs_of, passage_pairs
from evals.tuning_data import Claim

RIGHT = ("Dropout switches random units off while training.", "Some units sit out each step.")
WRONG = ("Dropout deletes the weakest weights for good.", "Units are switched off only in serving.")
CLAIM = Claim("point", "t", "q", "q/a", "Dropout zeroes random activations.", RIGHT, WRONG)
OTHER = Claim("point", "t", "q", "q/b", "It acts like an ensemble.", ("Many nets.",), ("One net.",))


def test_plain_pairs_are_all_wordings_of_a_claim_as_they_stand() -> None:
    pairs = [
        p for p in pairs_of([CLAIM, OTHER], random.Random(1), plain=True) if p.claim == CLAIM.text
    ]
    assert {p.text for p in pairs if p.label == SAID} == set(RIGHT)
    assert {p.text for p in pairs if p.label == DENIED} == set(WRONG)
    assert {p.text for p in pairs if p.label == UNSAID} == {"Many nets.", "One net."}


def test_both_sides_are_drawn_from_right_and_from_wrong_wordings() -> None:
    pairs = [p for seed in range(30) for p in pairs_of([CLAIM, OTHER], random.Random(seed))]
    false_as_claim = [p for p in pairs if p.claim in WRONG]
    assert {p.label for p in false_as_claim} == {SAID, DENIED, UNSAID}
    assert {p.label for p in pairs if p.claim == CLAIM.text} == {SAID, DENIED, UNSAID}


def test_the_claims_own_words_are_said_and_with_a_turn_in_them_denied() -> None:
    claim = CLAIM._replace(text="Dropout is used while training.")
    pairs = [p for seed in range(60) for p in pairs_of([claim], random.Random(seed))]
    own = {p.label for p in pairs if p.claim == claim.text and "is used while training" in p.text}
    turned = {p.label for p in pairs if p.claim == claim.text and "is not used" in p.text}
    assert own == {SAID}
    assert turned == {DENIED}


def test_the_same_seed_draws_the_same_pairs() -> None:
    first, again = (list(pairs_of([CLAIM, OTHER], random.Random(3))) for _ in range(2))
    assert first == again


def test_a_passage_is_held_against_its_claim_and_says_nothing_of_another() -> None:
    said = Passage("q/a", "In training a random part of the units is silent.", "said")
    elsewhere = Passage("held_out/a", "This one's claim is kept for measuring.", "said")
    pairs = [
        p
        for seed in range(20)
        for p in passage_pairs([said, elsewhere], [CLAIM, OTHER], random.Random(seed))
    ]
    labels = {p.claim: p.label for p in pairs}
    assert labels[CLAIM.text] == labels[RIGHT[0]] == SAID
    assert labels[WRONG[0]] == DENIED
    assert labels[OTHER.text] == UNSAID
    assert all("silent" in p.text for p in pairs)
