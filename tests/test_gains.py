"""What would have moved one up a level: the arithmetic run again with one point more."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.report.gains import MOST_GAINS, gains_of
from interviewer.report.standing import standing_of, with_verdict
from interviewer.report.wording import gain_words
from interviewer.schema import (
    Exchange,
    Gain,
    Grade,
    Graded,
    GraderStamp,
    GradingFailure,
    PointVerdict,
    Seniority,
    Snapshot,
    Unanswered,
    Verdict,
)
from tests.interviewed import QUESTION, RUBRIC, Finished, ScriptedGrader, turns

SNAPSHOT = Snapshot(questions=(QUESTION,), rubric=RUBRIC, hash="h")
ALL = [p.id for p in QUESTION.key_points]


def graded(**verdicts: Verdict) -> dict[str, Grade]:
    grader = ScriptedGrader(verdicts)
    return {QUESTION.id: grader.grade(Exchange(question=QUESTION, turns=turns()), RUBRIC)}


def gains(grades: dict[str, Grade], snapshot: Snapshot = SNAPSHOT) -> dict[str, Gain]:
    return {g.key_point_id: g for g in gains_of(snapshot, Seniority.MID, grades)}


def test_a_gain_is_what_the_arithmetic_says_with_the_point_made() -> None:
    grades = graded(constant_pull=Verdict.MET)
    found = gains(grades)
    grade = grades[QUESTION.id]
    assert isinstance(grade, Graded)
    quote = next(v.evidence for v in grade.verdicts if v.evidence)
    for gain in found.values():
        made = PointVerdict(
            key_point_id=gain.key_point_id, verdict=Verdict.MET, evidence=quote, reason="Said."
        )
        then = {QUESTION.id: with_verdict(grade, made, QUESTION, RUBRIC)}
        before, after = (standing_of(SNAPSHOT, Seniority.MID, g) for g in (grades, then))
        assert before.overall is not None
        assert after.overall is not None
        assert gain.overall == pytest.approx(after.overall - before.overall)


def test_a_raised_level_comes_before_a_higher_overall() -> None:
    first, second, _ = gains(graded(constant_pull=Verdict.MET)).values()
    assert (first.key_point_id, first.level, first.level_with_it) == ("variance_for_bias", 2, 4)
    assert (second.key_point_id, second.level, second.level_with_it) == ("penalty_terms", 1, 2)
    assert first.overall == pytest.approx(17.5)
    assert second.overall == pytest.approx(20)


def test_points_made_fully_gain_nothing_and_partly_made_ones_the_rest() -> None:
    everything = dict.fromkeys(ALL, Verdict.MET)
    assert gains(graded(**everything)) == {}
    by_id = gains(graded(**{**everything, ALL[0]: Verdict.PARTLY}))
    assert list(by_id) == [ALL[0]]
    half = by_id[ALL[0]].overall
    contradicted = gains(graded(**{**everything, ALL[0]: Verdict.CONTRADICTED}))[ALL[0]]
    assert contradicted.overall > half


def test_a_settled_group_gains_nothing() -> None:
    points = tuple(
        p.model_copy(update={"any_of": "zeros"}) if p.criterion == "concept" else p
        for p in QUESTION.key_points
    )
    grouped = QUESTION.model_copy(update={"key_points": points})
    found = gains(
        graded(penalty_terms=Verdict.MET), SNAPSHOT.model_copy(update={"questions": (grouped,)})
    )
    assert "exact_zeros" not in found


def test_what_was_left_out_could_have_gained() -> None:
    found = gains({QUESTION.id: Unanswered(question_id=QUESTION.id, reason="skipped")})
    assert len(found) == MOST_GAINS
    assert all(g.overall > 0 for g in found.values())


def test_nothing_is_promised_where_the_overall_is_withheld() -> None:
    other = QUESTION.model_copy(update={"id": "other"})
    both = SNAPSHOT.model_copy(update={"questions": (QUESTION, other)})
    down = GradingFailure(
        question_id="other", grader=GraderStamp(name="m", version="1"), reason="down"
    )
    assert gains({**graded(), "other": down}, both) == {}
    skipped = Unanswered(question_id="other", reason="skipped")
    assert gains({**graded(), "other": skipped}, both)


def test_the_words_name_the_gain_and_the_level(tmp_path: Path) -> None:
    finished = Finished(tmp_path, {"constant_pull": Verdict.MET})
    card = finished.grade_book.scorecard(finished.id)
    first, second, _ = card.gains
    claim = QUESTION.key_points[0].claim
    assert gain_words(first).endswith("It would lift Mechanism from 2 to 4.")
    assert gain_words(second) == f"+20 points: {claim} It would lift Concept from 1 to 2."
    flat = second.model_copy(update={"level_with_it": 1, "overall": 0.5})
    assert gain_words(flat) == f"+0.5 points: {claim}"
