"""The card that ships says what was measured, and the page shows it with its limits."""

from __future__ import annotations

from interviewer.grading.offline_rows import VERSION
from interviewer.report.grader_card import load_grader_card
from interviewer.schema import GraderStamp
from interviewer.ui.grader_card_html import grader_card_html

CARD = load_grader_card()
OFFLINE = GraderStamp(name="offline", version=VERSION)


def test_the_card_is_of_the_grader_that_ships() -> None:
    assert CARD.grader == f"offline:{VERSION}"


def test_the_card_shows_the_grader_beside_a_rater_and_the_baselines() -> None:
    names = [way.name for way in CARD.ways]
    assert {"second rater", "bank", "points", "reference", "cosine", "length"} <= set(names)
    bank = next(way for way in CARD.ways if way.name == "bank")
    html = grader_card_html(CARD, OFFLINE)
    assert f"{bank.pearson:.2f} ({bank.low:.2f} to {bank.high:.2f})" in html
    assert "labels were written by AI" in html
    assert "--model" not in html


def test_the_card_says_first_that_listed_misconceptions_are_least_sure() -> None:
    found = next(way for way in CARD.ways if way.name == "bank").misconceptions
    assert found is not None
    html = grader_card_html(CARD, OFFLINE)
    limits = html.split("before you trust it:")[1]
    assert limits.startswith("</p><ul><li>Listed misconceptions are its least sure part")
    assert f"of {found.found} that it charged, {found.rightly} were really stated" in limits


def test_a_models_grades_are_said_to_be_another_graders() -> None:
    stamp = GraderStamp(name="model", version="1", model="openai:gpt")
    assert "graded by model 1 (openai:gpt), of which this says nothing" in grader_card_html(
        CARD, stamp
    )
