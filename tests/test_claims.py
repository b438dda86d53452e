"""References into claims."""

from __future__ import annotations

from interviewer.grading.claims import split_claims


def texts(reference: str) -> list[str]:
    return [claim.text for claim in split_claims(reference)]


def test_sentences_are_claims() -> None:
    assert texts("Bias is one error. Variance is another.") == [
        "Bias is one error.",
        "Variance is another.",
    ]


def test_headings_and_bullets_are_dropped() -> None:
    reference = "Possible differences:\n- UDP has a short header\n2.i) TCP has a long header"
    assert texts(reference) == ["UDP has a short header", "TCP has a long header"]


def test_marking_instructions_make_no_claim() -> None:
    reference = "Dropout disables units at random. 6.5 points for naming the rate."
    assert texts(reference) == ["Dropout disables units at random."]


def test_a_long_coordinated_sentence_is_cut_into_clauses() -> None:
    reference = (
        "The forest averages many deep trees grown on bootstrap samples, which lowers the variance"
        " of the prediction, whereas boosting fits each small tree to the residuals left so far."
    )
    assert len(texts(reference)) >= 2
    assert any(text.startswith("boosting fits") for text in texts(reference))


def test_a_short_reference_is_one_claim() -> None:
    assert texts("BCA") == ["BCA"]


def test_an_empty_reference_makes_none() -> None:
    assert texts("  \n") == []
