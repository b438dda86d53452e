"""Evidence: verdicts with quotes; each rule bites."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from evals.answers import interview_answers
from interviewer.content import load_bank
from interviewer.embedding import get_models
from interviewer.grading import features
from interviewer.grading.evidence import EvidenceReader, Reading, latest_contradiction
from interviewer.grading.passages import PassageReader, Said
from interviewer.grading.quotes import is_verbatim
from interviewer.grading.reading import Readings
from interviewer.grading.screening import is_foreign, is_list, is_non_answer
from interviewer.schema import Intent, Question, Steer, Turn, Verdict

WRONG = "Ridge is the one that performs feature selection because it yields a sparse solution."
RIGHT = "Lasso drives some weights exactly to zero, while ridge only makes them small."
ABOUT_COLLINEAR_INPUTS = (
    "The data hardly ever show one input moving while the other stands still, so the fit knows their"
    " combined effect well but cannot tell how to share it. The single coefficients therefore have a"
    " large variance. From sample to sample one may be large and positive and the other negative, and"
    " standard errors are wide. For two inputs the variance inflation factor is 1 / (1 - r squared),"
    " about 10 at a correlation of 0.95, so standard errors are about 3.2 times those of uncorrelated"
    " inputs."
)


@pytest.fixture(scope="module")
def reader() -> EvidenceReader:
    return EvidenceReader(get_models(None))


@pytest.fixture(scope="module")
def passages() -> PassageReader:
    return PassageReader(get_models(None))


@pytest.fixture(scope="module")
def question() -> Question:
    return load_bank().questions["l1_versus_l2"]


def turns(*texts: str, retracted: int = 0) -> list[Turn]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Turn(id=i, role="candidate", text=text, at=at, retracted=i == retracted)
        for i, text in enumerate(texts, start=1)
    ]


def read(reader: EvidenceReader, question: Question, said: list[Turn]) -> tuple[Reading, Verdict]:
    points = question.key_points
    reading = reader.read(question, said, points)
    zeros = next(v for v in reading.verdicts if v.key_point_id == "exact_zeros")
    return reading, zeros.verdict


def test_a_right_statement_is_met_with_a_verbatim_quote(
    reader: EvidenceReader, question: Question
) -> None:
    said = turns(RIGHT)
    reading, verdict = read(reader, question, said)
    assert verdict is Verdict.MET
    assert [v.key_point_id for v in reading.verdicts] == [p.id for p in question.key_points]
    assert all(is_verbatim(v.evidence, said) for v in reading.verdicts if v.evidence)


def test_a_foreseen_wrong_wording_is_contradicted(
    reader: EvidenceReader, question: Question
) -> None:
    assert read(reader, question, turns(WRONG))[1] is Verdict.CONTRADICTED


def test_a_later_correction_clears_a_contradiction(
    reader: EvidenceReader, question: Question
) -> None:
    assert read(reader, question, turns(WRONG, RIGHT))[1] is Verdict.MET


def test_a_right_claim_taken_back_is_void(reader: EvidenceReader, question: Question) -> None:
    assert read(reader, question, turns(RIGHT, WRONG))[1] is Verdict.CONTRADICTED


def test_a_retracted_turn_is_not_read(reader: EvidenceReader, question: Question) -> None:
    assert read(reader, question, turns(RIGHT, WRONG, retracted=2))[1] is Verdict.MET


def test_a_misconception_is_seen_with_its_words(reader: EvidenceReader, question: Question) -> None:
    reading, _ = read(
        reader, question, turns("Ridge sets unimportant coefficients to exactly zero.")
    )
    assert [m.misconception_id for m in reading.misconceptions] == ["l2_sparse"]


def test_no_misconception_in_the_right_answer(reader: EvidenceReader, question: Question) -> None:
    assert read(reader, question, turns(RIGHT))[0].misconceptions == ()


@pytest.mark.parametrize(
    "question_id",
    [
        "convolution_versus_dense",
        "scaled_dot_product",
        "ab_test_peeking",
        "encoding_many_categories",
    ],
)
def test_the_question_said_back_earns_nothing(reader: EvidenceReader, question_id: str) -> None:
    # These prompts use the words of their points: without the rule each earns two points or more.
    question = load_bank().questions[question_id]
    reading = reader.read(question, turns(question.prompt), question.key_points)
    assert all(v.verdict is Verdict.NOT_MET for v in reading.verdicts)


def test_a_list_of_terms_is_met_nowhere(reader: EvidenceReader, question: Question) -> None:
    terms = "L1 penalty, L2 penalty, absolute weights, squared weights, exactly zero, small weights"
    reading, _ = read(reader, question, turns(terms))
    assert all(v.verdict is not Verdict.MET for v in reading.verdicts)


def test_another_language_is_not_assessed(reader: EvidenceReader, question: Question) -> None:
    french = "La régularisation est une pénalité qui pousse les poids vers zéro dans le modèle."
    reading = reader.read(question, turns(french), question.key_points)
    assert reading.not_assessed
    assert reading.verdicts == ()


def test_nothing_said_misses_every_point(reader: EvidenceReader, question: Question) -> None:
    reading = reader.read(question, turns("I don't know, sorry."), question.key_points)
    assert all(v.verdict is Verdict.NOT_MET for v in reading.verdicts)


def test_reading_twice_gives_the_same(reader: EvidenceReader, question: Question) -> None:
    said = turns(RIGHT + " Scale the features first.")
    again = EvidenceReader(get_models(None)).read(question, said, question.key_points)
    assert reader.read(question, said, question.key_points) == again


@pytest.mark.parametrize(
    ("claim", "said", "kind"),
    [
        ("A penalty lowers the variance.", "A penalty raises the variance.", "opposite"),
        ("Dropout is active at inference.", "Dropout is not active at inference.", "negation"),
        ("Lasso zeroes weights, ridge shrinks them.", "Ridge zeroes weights, lasso shrinks them.", "swap"),
    ],
)  # fmt: skip
def test_the_claim_turned_round_is_a_conflict(
    passages: PassageReader, claim: str, said: str, kind: str
) -> None:
    found = features.conflict(passages.read(claim), passages.read(said))
    assert getattr(found, kind) > 0
    assert found.reason
    agreeing = features.conflict(passages.read(claim), passages.read(claim))
    assert max(agreeing[:3]) == 0


def test_a_double_negation_is_no_conflict(passages: PassageReader) -> None:
    claim = passages.read("The weights do not vanish.")
    assert features.conflict(claim, passages.read("The weights never vanish.")).negation == 0


def test_screening_tells_lists_and_non_answers_from_statements(passages: PassageReader) -> None:
    def listed(text: str) -> bool:
        return is_list(text, passages.read(text).words)

    assert listed("bagging, boosting, residuals, learning rate, variance, bias")
    assert not listed("Boosting fits residuals, which lowers bias.")
    assert not listed("w = w - lr * grad, loss, step")
    assert is_non_answer("Hmm, I have no idea.")
    assert not is_non_answer("I don't know the formula, but L1 gives sparse weights near zero.")
    assert not is_foreign("The die was cast and the model is in production on all servers.")


def told_in(reader: EvidenceReader, stage: str, text: str) -> dict[str, Verdict]:
    """Read a text told in one stage of a design, for the points of all stages."""
    design = load_bank().questions["marketplace_recommender"]
    at = datetime(2026, 1, 1, tzinfo=UTC)
    turn = Turn(id=1, role="candidate", text=text, at=at, stage=stage)
    verdicts = reader.read(design, [turn], design.key_points).verdicts
    stage_of = {p.id: p.stage for p in design.key_points}
    return {
        f"{stage_of[v.key_point_id]}/{v.key_point_id}": v.verdict
        for v in verdicts
        if v.verdict is not Verdict.NOT_MET
    }


def test_an_answer_to_one_stage_earns_little_in_the_others(reader: EvidenceReader) -> None:
    paraphrase = next(
        a for a in interview_answers("dev") if a.id == "marketplace_recommender-paraphrase"
    )
    found = told_in(reader, "data", paraphrase.text)
    inside = {name for name in found if name.startswith("data/")}
    assert len(inside) >= 3
    assert len(found) - len(inside) <= 2


def test_a_point_made_clearly_in_another_stage_counts(reader: EvidenceReader) -> None:
    design = load_bank().questions["marketplace_recommender"]
    point = next(p for p in design.key_points if p.stage == "data")
    assert f"data/{point.id}" in told_in(reader, "monitoring", point.right[0])


def test_a_point_once_made_stays_made_whatever_is_said_later(
    reader: EvidenceReader, question: Question
) -> None:
    later = "We once trained such a model at work, and my team liked it a lot."
    assert read(reader, question, turns(RIGHT, later))[1] is Verdict.MET


def test_a_point_denied_in_its_own_words_is_contradicted(
    reader: EvidenceReader, question: Question
) -> None:
    reading, _ = read(reader, question, turns("The pull of L1 fades near zero."))
    pull = next(v for v in reading.verdicts if v.key_point_id == "constant_pull")
    assert pull.verdict is Verdict.CONTRADICTED
    assert "negates" in pull.reason


def test_no_rule_on_single_words_overrules_the_reader_of_pairs(reader: EvidenceReader) -> None:
    # "Nor" stands where the point says "not"; read together with the point it says the same.
    question = load_bank().questions["better_than_human_claim"]
    said = (
        "Nor does it say much about batch norm, because an ensemble of modified Inceptions is compared"
        " with a person, not one network with and without it."
    )
    point = next(p for p in question.key_points if p.id == "says_little_about_normalisation")
    (verdict,) = reader.read(question, turns(said), [point]).verdicts
    assert verdict.verdict is not Verdict.CONTRADICTED


def test_a_misconception_taken_back_is_not_held_against_anyone(
    reader: EvidenceReader, question: Question
) -> None:
    wrong = "Ridge sets unimportant coefficients to exactly zero."
    back = "Sorry, ridge only shrinks them smoothly and none gets to zero, zeros come from lasso."
    assert read(reader, question, turns(wrong, back))[0].misconceptions == ()
    assert read(reader, question, turns(back, wrong))[0].misconceptions != ()


def test_what_one_does_not_know_is_not_claimed(reader: EvidenceReader, question: Question) -> None:
    unsure = (
        "I am not sure whether L1 drives some weights exactly to zero while L2 only makes them small."
        " Both are penalties on the weights that help against overfitting."
    )
    assert read(reader, question, turns(unsure))[1] is Verdict.NOT_MET


def test_what_is_asked_is_not_claimed(reader: EvidenceReader, question: Question) -> None:
    asks = "Is it that L1 drives some weights exactly to zero, while L2 only makes them small?"
    (turn,) = turns(asks, retracted=0)
    steer = Steer(intents=(Intent.ASK,), asks=(asks,))
    assert read(reader, question, [turn])[1] is Verdict.MET, "without an asking it is rhetorical"
    assert read(reader, question, [turn.model_copy(update={"steer": steer})])[1] is Verdict.NOT_MET


def test_one_sentence_makes_three_points_at_most(
    reader: EvidenceReader, question: Question
) -> None:
    everything = (
        "L1 penalises absolute weights and drives some exactly to zero with a pull that does not fade,"
        " which trades bias for variance and keeps one of the correlated features on the same scale."
    )
    reading, _ = read(reader, question, turns(everything))
    assert sum(v.verdict is Verdict.MET for v in reading.verdicts) == 3


def test_a_good_answer_to_another_question_makes_no_point(reader: EvidenceReader) -> None:
    # Both are about coefficients and their size: without the rule it makes three points.
    question = load_bank().questions["thinned_negatives"]
    reading = reader.read(question, turns(ABOUT_COLLINEAR_INPUTS), question.key_points)
    assert all(v.verdict is Verdict.NOT_MET for v in reading.verdicts)


def test_a_window_around_a_point_that_is_made_does_not_contradict_it(
    passages: PassageReader,
) -> None:
    windows = tuple(passages.windows(Said(1, "Lasso is sparse. Ridge never is.")))
    assert len(windows) == 3, "two sentences, and both together"
    said, contradicted = np.asarray([[0.9, 0.1, 0.1]]), np.asarray([[0.0, 0.0, 0.8]])
    made = Readings(windows, said, contradicted, {}, 1.0)
    assert latest_contradiction(made, 0) is None
    assert latest_contradiction(made._replace(said=said / 9), 0) == 2


@pytest.mark.parametrize(
    ("turned_round", "point"),
    [
        ("L1 does not drive weights exactly to zero.", "exact_zeros"),
        (
            "L2 drives some weights exactly to zero, while L1 only makes them small.",
            "exact_zeros",
        ),
        ("Both trade a little less bias for more variance.", "variance_for_bias"),
    ],
)
def test_a_claim_turned_round_in_its_own_words_is_contradicted(
    reader: EvidenceReader, question: Question, turned_round: str, point: str
) -> None:
    found = reader.read(question, turns(turned_round), question.key_points).verdicts
    assert next(v.verdict for v in found if v.key_point_id == point) is Verdict.CONTRADICTED
