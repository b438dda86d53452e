"""Self-ratings before the score and their trend; notes on questions for the bank's author."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.content import content_hash
from interviewer.errors import NotAccepted, SessionNotFound
from interviewer.grading.quotes import find_words
from interviewer.programme.self_ratings import trends_of
from interviewer.report.wording import difference_words, self_rating_words
from interviewer.schema import (
    Decided,
    Format,
    Graded,
    GraderStamp,
    PointVerdict,
    Scorecard,
    SelfRating,
    Verdict,
)
from tests.interviewed import NOW, QUESTION, SECOND, STAMP, Finished, ScriptedReader, about, turns

HALF = {"penalty_terms": Verdict.MET, "exact_zeros": Verdict.MET}


def test_a_rating_before_the_score_stands_beside_it(tmp_path: Path) -> None:
    finished = Finished(tmp_path, HALF)
    assert finished.opinions.awaits_rating(finished.id)
    finished.opinions.rate(finished.id, 70)
    finished.opinions.rate(finished.id, 60.4)  # until the score is shown, a second thought counts
    card = finished.grade_book.scorecard(finished.id)
    assert card.self_rating == SelfRating(percent=60, rated_at=NOW)
    assert card.overall == pytest.approx(37)
    assert self_rating_words(card) == "You expected 60: 23 points above the score."
    assert finished.grade_book.regrade(finished.id, only_failed=False).self_rating


def test_nobody_rates_themselves_after_the_score_was_shown(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    finished.opinions.rate(finished.id, 70)
    finished.grade_book.scorecard(finished.id)
    assert not finished.opinions.awaits_rating(finished.id)
    with pytest.raises(NotAccepted, match="shown already"):
        finished.opinions.rate(finished.id, 5)
    rating = finished.store.opinions.self_rating(finished.id)
    assert rating is not None
    assert rating.percent == 70
    skipped = finished.another("s2")
    finished.grade_book.scorecard(skipped)
    with pytest.raises(NotAccepted, match="shown already"):
        finished.opinions.rate(skipped, 5)
    assert finished.store.opinions.self_rating(skipped) is None


@pytest.mark.parametrize("percent", [-1, 100.5, float("nan"), float("inf")])
def test_a_rating_is_a_percentage(tmp_path: Path, percent: float) -> None:
    finished = Finished(tmp_path)
    with pytest.raises(NotAccepted, match="0 to 100"):
        finished.opinions.rate(finished.id, percent)


@pytest.mark.parametrize("format", [Format.DRILL, Format.STORY])
def test_where_verdicts_are_told_on_the_way_nobody_is_asked(tmp_path: Path, format: Format) -> None:
    finished = Finished(tmp_path, format=format)
    assert not finished.opinions.awaits_rating(finished.id)
    with pytest.raises(NotAccepted, match="Only a finished interview"):
        finished.opinions.rate(finished.id, 50)


def rated(finished: Finished, session_id: str, percent: int) -> Scorecard:
    """Rate and reveal; each session a day after the one before."""
    days = timedelta(days=len(finished.opinions.rated_scorecards()))
    rating = SelfRating(percent=percent, rated_at=NOW + days)
    assert finished.store.opinions.save_self_rating(session_id, rating)
    return finished.grade_book.scorecard(session_id)


def test_a_trend_holds_one_grader_only(tmp_path: Path) -> None:
    finished = Finished(tmp_path, HALF)
    rated(finished, finished.id, 57)
    rated(finished, finished.another("s2"), 47)
    finished.grader.stamp = GraderStamp(name="scripted", version="1", prompt_hash="reworded")
    rated(finished, finished.another("s3"), 37)
    finished.grade_book.scorecard(finished.another("s4"))  # no rating, in no trend
    long, short = trends_of(finished.opinions.rated_scorecards())
    assert long.grader == STAMP
    assert [round(r.difference) for r in long.rated] == [20, 10]
    assert long.mean == pytest.approx(15)
    assert [r.session_id for r in short.rated] == ["s3"]


def test_a_card_by_two_graders_is_in_no_trend(tmp_path: Path) -> None:
    finished = Finished(tmp_path, HALF)
    card = rated(finished, finished.id, 50)
    grade = card.questions[0].grade
    assert isinstance(grade, Graded)
    other = grade.model_copy(update={"grader": GraderStamp(name="other", version="1")})
    second = card.questions[0].model_copy(update={"grade": other})
    mixed = card.model_copy(update={"questions": (*card.questions, second)})
    assert trends_of([mixed]) == []


def test_a_trend_takes_the_score_of_its_own_grader(tmp_path: Path) -> None:
    verdict = PointVerdict(
        key_point_id="constant_pull",
        verdict=Verdict.MET,
        evidence=find_words(SECOND, turns()),
        reason="Read anew.",
    )
    decided = Decided(verdict=verdict, grader=GraderStamp(name="second reader", version="1"))
    finished = Finished(tmp_path, HALF, ScriptedReader(decided))
    before = rated(finished, finished.id, 50)
    after = finished.contests.add(finished.id, about("constant_pull"), SECOND)
    (trend,) = trends_of(finished.opinions.rated_scorecards())
    assert after.overall != before.overall
    assert [r.score for r in trend.rated] == [before.overall]
    assert self_rating_words(before) == "You expected 50: 13 points above the score."
    assert self_rating_words(after) == "You expected 50: 13 points above the first score."


def test_differences_are_said_in_points() -> None:
    assert difference_words(9.2) == "9 points above the score"
    assert difference_words(-1) == "1 point below the score"
    assert difference_words(0.3) == "just what the score says"


def test_a_report_keeps_which_wording_of_the_question_it_means(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    finished.opinions.report(QUESTION.id, "  The probe gives it away.  ", finished.id)
    finished.opinions.report(QUESTION.id, "A second note.")
    first, second = finished.opinions.reports()
    assert (first.note, first.session_id) == ("The probe gives it away.", finished.id)
    assert (first.question_hash, first.made_at) == (content_hash(QUESTION), NOW)
    assert second.session_id is None


@pytest.mark.parametrize(
    ("question_id", "note", "problem"),
    [
        (QUESTION.id, "  ", "the note is empty"),
        (QUESTION.id, "x" * 2001, "2001 characters; 2000 are the most"),
        ("no_such", "A note.", "No question 'no_such'"),
    ],
)
def test_a_report_that_cannot_be_kept_says_why(
    tmp_path: Path, question_id: str, note: str, problem: str
) -> None:
    finished = Finished(tmp_path)
    for session_id in (None, finished.id):
        with pytest.raises(NotAccepted, match=problem):
            finished.opinions.report(question_id, note, session_id)
    assert finished.opinions.reports() == []


def test_a_deleted_session_takes_its_rating_and_leaves_its_reports(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    rated(finished, finished.id, 50)
    finished.opinions.report(QUESTION.id, "The probe gives it away.", finished.id)
    finished.store.delete_session(finished.id)
    assert finished.store.opinions.self_rating(finished.id) is None
    assert finished.opinions.rated_scorecards() == []
    assert [r.session_id for r in finished.opinions.reports()] == [None]
    with pytest.raises(SessionNotFound):
        finished.opinions.awaits_rating(finished.id)
