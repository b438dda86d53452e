"""Which facts a message gets: a check is granted where the case has it, and never answered in vain."""

from __future__ import annotations

import pytest

from interviewer.agent.asked import Asked, find_facts
from interviewer.agent.understand import understand
from interviewer.content import load_bank
from interviewer.embedding import Embedder
from interviewer.synonyms import load_synonyms

CASE = load_bank().questions["auc_drop_after_retraining"]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


def asked(text: str, embedder: Embedder) -> Asked:
    return find_facts(CASE, understand(text, may_inspect=True), embedder, load_synonyms())


@pytest.mark.parametrize(
    ("text", "fact_id"),
    [
        ("Was the training code changed between the two runs?", "training_changes"),
        ("I'd plot the zeros of orders_90d by day, to see when it began.", "zeros_by_day"),
        ("I would look at the AUC of each slice.", "by_segment"),
    ],
)
def test_a_question_and_a_check_are_granted(embedder: Embedder, text: str, fact_id: str) -> None:
    assert asked(text, embedder).fact_ids == (fact_id,)


def test_a_question_without_an_answer_in_the_case_is_told_so(embedder: Embedder) -> None:
    text = "Which cloud provider do we use?"
    assert asked(text, embedder) == Asked((), (), (text,))


def test_a_plan_within_a_diagnosis_is_never_told_that_the_case_has_nothing(
    embedder: Embedder,
) -> None:
    diagnosis = (
        "The join finds no orders for app customers, because one side writes their ids without "
        "the zeros in front, and the gaps are filled with zero. I would inspect the colour of the "
        "dashboard, then write the ids alike on both sides, fill the table again and retrain. "
        "That explains why only the app has lost and why no check has turned red."
    )
    found = asked(diagnosis, embedder)
    assert (found.likely_fact_ids, found.unknown) == ((), ())


def test_a_question_about_the_question_is_none_about_the_case(embedder: Embedder) -> None:
    assert asked("Could you repeat the question?", embedder) == Asked((), (), ())
