"""The scorecard and its words: failures never become numbers, what was left out always does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.content import content_hash, load_bank
from interviewer.report.drill import verdict_markdown
from interviewer.report.markdown import headline, scorecard_markdown
from interviewer.report.scorecard import make_scorecard
from interviewer.report.standing import missed_points
from interviewer.report.why import worth_words
from interviewer.schema import (
    Decided,
    Grade,
    Graded,
    GraderStamp,
    GradingFailure,
    MisconceptionReading,
    MisconceptionSeen,
    NotAssessed,
    OtherValid,
    PointVerdict,
    Prompting,
    Question,
    Quote,
    Scorecard,
    Seniority,
    Snapshot,
    Unanswered,
    Verdict,
)
from tests.interviewed import CHARGE, SECOND, Finished, ScriptedReader, about

BANK = load_bank()
RUBRIC = BANK.rubrics["ml_fundamentals"]
QUESTIONS = tuple(BANK.of_round("ml_fundamentals")[:4])
SNAPSHOT = Snapshot(questions=QUESTIONS, rubric=RUBRIC, hash=content_hash(RUBRIC, *QUESTIONS))
STAMP = GraderStamp(name="offline", version="1")
QUOTE = Quote(turn_id=2, start=0, end=22, text="what the candidate said")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def graded(question: Question, verdict: Verdict = Verdict.MET) -> Graded:
    evidence = None if verdict is Verdict.NOT_MET else QUOTE
    verdicts = tuple(
        PointVerdict(key_point_id=p.id, verdict=verdict, evidence=evidence, reason="So it is.")
        for p in question.key_points
    )
    score = 1.0 if verdict is Verdict.MET else 0.0
    return Graded(
        question_id=question.id,
        question_hash="x",
        rubric_version=1,
        grader=STAMP,
        verdicts=verdicts,
        criteria={p.criterion: score for p in question.key_points},
        score=score,
    )


def failed(question: Question) -> GradingFailure:
    return GradingFailure(question_id=question.id, grader=STAMP, reason="The model was down.")


def not_assessed(question: Question) -> NotAssessed:
    return NotAssessed(question_id=question.id, grader=STAMP, reason="Not in English.")


def skipped(question: Question) -> Unanswered:
    return Unanswered(question_id=question.id, reason="skipped")


def card_of(*grades: Grade) -> Scorecard:
    by_id = {g.question_id: g for g in grades}
    return make_scorecard("s1", SNAPSHOT, Seniority.MID, by_id, STAMP, NOW)


def test_everything_met_is_a_strong_hire() -> None:
    card = card_of(*map(graded, QUESTIONS))
    assert (card.overall, card.recommendation) == (100, "Strong Hire")


def test_what_was_skipped_earns_nothing() -> None:
    card = card_of(*map(graded, QUESTIONS[:2]), *map(skipped, QUESTIONS[2:]))
    assert card.overall == 50


def test_a_failure_is_left_out_and_counted() -> None:
    card = card_of(*map(graded, QUESTIONS[:3]), failed(QUESTIONS[3]))
    assert card.overall == 100
    assert card.graded_share == 0.75


@pytest.mark.parametrize("make", [failed, not_assessed])
def test_the_overall_is_withheld_when_too_little_was_graded(make: type) -> None:
    card = card_of(*map(graded, QUESTIONS[:2]), *map(make, QUESTIONS[2:]))
    assert card.overall is None
    assert card.recommendation is None
    assert "50%" in str(card.withheld_because)
    assert "No overall score" in headline(card)


def test_a_skipped_core_caps_the_recommendation() -> None:
    card = card_of(*map(skipped, QUESTIONS))
    assert (card.overall, card.recommendation) == (0, "Strong No Hire")
    assert {c.level for c in card.criteria} == {1}


def test_missed_points_come_core_first() -> None:
    tiers = [p.tier.value for p in missed_points(QUESTIONS[0], skipped(QUESTIONS[0]))]
    assert tiers == sorted(tiers, key=["core", "strong", "exceptional"].index)
    assert missed_points(QUESTIONS[0], graded(QUESTIONS[0])) == []
    assert missed_points(QUESTIONS[0], failed(QUESTIONS[0])) == []


def test_the_markdown_quotes_and_says_verdicts_in_words() -> None:
    text = scorecard_markdown(card_of(*map(graded, QUESTIONS)), SNAPSHOT)
    assert "✓ made" in text
    assert f"“{QUOTE.text}”" in text
    assert QUESTIONS[0].reference in text


def test_the_better_answer_of_a_design_says_what_a_staff_engineer_adds() -> None:
    rubric, question = BANK.rubrics["system_design"], BANK.questions["fraud_detection"]
    question = question.model_copy(update={"staff": "Who owns the cost of a wrong block?"})
    snapshot = Snapshot(questions=(question,), rubric=rubric, hash="h")
    by_id: dict[str, Grade] = {question.id: graded(question)}
    card = make_scorecard("s1", snapshot, Seniority.SENIOR, by_id, STAMP, NOW)
    told = "What a staff engineer adds:\n\n> Who owns the cost of a wrong block?"
    assert told in scorecard_markdown(card, snapshot)
    assert "staff engineer" not in scorecard_markdown(card_of(*map(graded, QUESTIONS)), SNAPSHOT)


@pytest.mark.parametrize(
    ("verdict", "prompting", "words"),
    [
        (Verdict.MET, Prompting.UNPROMPTED, "Worth 1 of 1 point of {}."),
        (Verdict.MET, Prompting.PROBED, "Worth 0.85 of 1 point of {} (×0.85 after a follow-up)."),
        (
            Verdict.PARTLY,
            Prompting.HINTED,
            "Worth 0.25 of 1 point of {} (×0.5 partly made, ×0.5 after a hint).",
        ),
        (Verdict.NOT_MET, Prompting.UNPROMPTED, "Worth 0 of 1 point of {}."),
        (
            Verdict.CONTRADICTED,
            Prompting.UNPROMPTED,
            "Worth 0 and costs 0.25 of a point of {}.",
        ),
    ],
)
def test_a_point_says_what_it_was_worth(verdict: Verdict, prompting: Prompting, words: str) -> None:
    question = QUESTIONS[0]
    point = question.key_points[0]
    given = PointVerdict(
        key_point_id=point.id,
        verdict=verdict,
        evidence=None if verdict is Verdict.NOT_MET else QUOTE,
        reason="So it is.",
        prompting=prompting,
    )
    name = RUBRIC.criterion(point.criterion).name
    assert worth_words(given, question, RUBRIC) == words.format(name)


def test_a_misconception_and_an_unlisted_idea_say_what_they_were_worth() -> None:
    question = QUESTIONS[0]
    wrong = question.misconceptions[0]
    seen = MisconceptionSeen(misconception_id=wrong.id, evidence=QUOTE, reason="You said so")
    other = OtherValid(claim="Something right.", evidence=QUOTE)
    grade = graded(question).model_copy(update={"misconceptions": (seen,), "other_valid": (other,)})
    text = scorecard_markdown(card_of(grade, *map(graded, QUESTIONS[1:])), SNAPSHOT)
    assert re.search(r"Why:\* You said so\. Costs 15% of \w+\. Graded by offline 1\.", text)
    assert re.search(r"Worth 0\.25 of 1 point of \w+\. Graded by offline 1\.", text)


def test_the_markdown_says_why_both_views_own_rating_and_gains(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    finished.opinions.rate(finished.id, 30)
    finished.grade_book.scorecard(finished.id)
    card = finished.contests.add(finished.id, about("exact_zeros"), SECOND, "Look again.")
    text = scorecard_markdown(card, finished.store.session(finished.id).snapshot)
    assert "You expected 30: 30 points above the score." in text
    assert "What would have moved you up:\n\n- +" in text
    assert "*Why:* So the script says. Worth 0 of 1 point of Concept. Graded by scripted 1." in text
    assert f"  - *Contested. You:* “{SECOND}” Look again.\n" in text
    assert "  - *Contested. First view, scripted 1:* ○ not made: So the script says.\n" in text
    assert "  - *Contested. Second view:* No model is configured" in text


def test_the_markdown_shows_a_charged_and_a_lifted_misconception(tmp_path: Path) -> None:
    reading = MisconceptionReading(misconception_id=CHARGE.id, stands=False, reason="L1 is meant.")
    stamp = GraderStamp(name="second reader", version="1", model="m")
    reader = ScriptedReader(Decided(verdict=reading, grader=stamp))
    finished = Finished(tmp_path, reader=reader, charges=True)
    card = finished.grade_book.scorecard(finished.id)
    snapshot = finished.store.session(finished.id).snapshot
    text = scorecard_markdown(card, snapshot)
    taken_for = "taken for: L2 regularisation produces sparse models. Rather: L2 shrinks weights"
    assert f"- ✗ misconception: “{SECOND}” {taken_for}" in text
    assert (
        "*Why:* So it sounds. Costs 15% of Concept. Graded by scripted 1. Listed misconceptions are what"
        in text
    )
    after = finished.contests.add(finished.id, CHARGE, SECOND)
    text = scorecard_markdown(after, snapshot)
    assert f"- ○ misconception, lifted: “{SECOND}” {taken_for}" in text
    assert "which counts:* ✓ lifted: L1 is meant." in text
    assert "Costs 15%" not in text


def test_a_drill_verdict_says_why_there_is_no_number() -> None:
    assert "not graded yet: The model was down." in verdict_markdown(
        QUESTIONS[0], failed(QUESTIONS[0])
    )
    assert "0% (skipped)" in verdict_markdown(QUESTIONS[0], skipped(QUESTIONS[0]))


makers = st.lists(st.sampled_from([graded, failed, not_assessed, skipped]), min_size=4, max_size=4)


@settings(deadline=None)  # the machine may be busy
@given(makers)
def test_numbers_come_from_graded_and_unanswered_alone(chosen: list[type]) -> None:
    grades: list[Grade] = [make(q) for make, q in zip(chosen, QUESTIONS, strict=True)]
    card = card_of(*grades)
    counted = [g for g in grades if isinstance(g, Graded | Unanswered)]
    assert card.graded_share == len(counted) / 4
    if card.overall is not None:
        share = sum(isinstance(g, Graded) for g in counted) / len(counted)
        assert card.overall == pytest.approx(100 * share)
    for criterion in card.criteria:
        assert (criterion.score is None) == (not counted)
