"""Contests: own words only, both views kept, a score that moves only by a decided second reading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from interviewer.errors import NotAccepted
from interviewer.grading.quotes import find_words
from interviewer.schema import (
    Contest,
    Decided,
    Graded,
    GraderStamp,
    PointVerdict,
    Prompting,
    Question,
    Quote,
    Ruling,
    Scorecard,
    Undecided,
    Verdict,
)
from tests.interviewed import (
    FIRST,
    JOB,
    NOW,
    QUESTION,
    SECOND,
    STAMP,
    Finished,
    ScriptedReader,
    turns,
)

POINT = "exact_zeros"
SECOND_STAMP = GraderStamp(name="second reader", version="1", model="m", prompt_hash="p")
DOWN = Undecided(reason="Not decided yet: the model is down.", grader=SECOND_STAMP)


def decided(verdict: Verdict, point_id: str = POINT) -> Decided:
    quote = find_words(SECOND, turns()) if verdict is not Verdict.NOT_MET else None
    return Decided(
        verdict=PointVerdict(
            key_point_id=point_id,
            verdict=verdict,
            evidence=quote,
            reason="Read anew.",
            prompting=Prompting.PROBED if quote else Prompting.UNPROMPTED,
        ),
        grader=SECOND_STAMP,
    )


def contested(tmp_path: Path, *rulings: Ruling) -> tuple[Finished, Scorecard, Scorecard]:
    """Contest one point that was not met; return the scorecards before and after."""
    finished = Finished(tmp_path, reader=ScriptedReader(*rulings) if rulings else None)
    before = finished.grade_book.scorecard(finished.id)
    after = finished.contests.add(finished.id, QUESTION.id, POINT, SECOND, "It is what I said.")
    return finished, before, after


def verdict_in(card: Scorecard, point_id: str = POINT) -> Verdict:
    grade = card.questions[0].grade
    assert isinstance(grade, Graded)
    return next(v.verdict for v in grade.verdicts if v.key_point_id == point_id)


def test_offline_both_views_are_kept_and_the_score_stays(tmp_path: Path) -> None:
    _, before, after = contested(tmp_path)
    (contest,) = after.contests
    assert contest.quote.text == SECOND
    assert contest.comment == "It is what I said."
    assert contest.first.verdict is Verdict.NOT_MET
    assert isinstance(contest.ruling, Undecided)
    assert "the score stays" in contest.ruling.reason
    assert (after.overall, after.first_overall) == (before.overall, None)


def test_a_second_reading_decides_and_the_card_is_counted_anew(tmp_path: Path) -> None:
    finished, before, after = contested(tmp_path, decided(Verdict.MET))
    assert verdict_in(after) is Verdict.MET
    # One of two points of Concept (weight 0.4), after a probe: 0.85 / 2 * 0.4.
    assert before.overall == 0
    assert after.overall == pytest.approx(17)
    assert after.first_overall == after.grader_overall == 0
    first = finished.store.grades(finished.id)[QUESTION.id]
    assert first == before.questions[0].grade, "the first verdict stays stored"
    assert after.contests[0].first_grader == STAMP
    assert isinstance(after.contests[0].ruling, Decided)
    assert after.contests[0].ruling.grader == SECOND_STAMP


def test_a_second_reading_may_go_against_the_candidate(tmp_path: Path) -> None:
    finished = Finished(tmp_path, {POINT: Verdict.PARTLY}, ScriptedReader(decided(Verdict.NOT_MET)))
    before = finished.grade_book.scorecard(finished.id)
    after = finished.contests.add(finished.id, QUESTION.id, POINT, SECOND)
    assert before.overall is not None
    assert after.overall is not None
    assert after.overall < before.overall
    assert after.contests[0].first.verdict is Verdict.PARTLY


def test_a_failed_second_reading_leaves_the_score_and_can_be_tried_again(tmp_path: Path) -> None:
    finished, before, after = contested(tmp_path, DOWN, decided(Verdict.MET))
    assert after.contests[0].ruling == DOWN
    assert after.overall == before.overall
    assert finished.contests.may_decide_again(finished.id)
    again = finished.contests.decide_again(finished.id)
    assert verdict_in(again) is Verdict.MET
    assert len(again.contests) == 1
    assert not finished.contests.may_decide_again(finished.id)
    with pytest.raises(NotAccepted, match="open to a second reading"):
        finished.contests.decide_again(finished.id)


def test_the_reader_sees_the_point_and_the_whole_exchange(tmp_path: Path) -> None:
    finished, _, _ = contested(tmp_path, decided(Verdict.MET))
    assert finished.reader is not None
    (appeal,) = finished.reader.appeals
    assert appeal.point.id == POINT
    assert [t.text for t in appeal.exchange.turns] == [t.text for t in turns()[:6]]


def test_a_contest_is_stored_before_the_second_reader_is_asked(tmp_path: Path) -> None:
    finished = Finished(tmp_path, reader=ScriptedReader())  # dies of its empty script
    finished.grade_book.scorecard(finished.id)
    with pytest.raises(IndexError):
        finished.contests.add(finished.id, QUESTION.id, POINT, SECOND)
    (kept,) = finished.store.opinions.contests(finished.id).values()
    assert isinstance(kept.ruling, Undecided)
    assert kept.quote.text == SECOND


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "Point at words of your answer"),
        ("many weights end at exactly one", "not words of your answer"),
        ("MANY WEIGHTS END AT EXACTLY ZERO", "not words of your answer"),
        ("ny weights end at exactly zero", "not words of your answer"),
        ("many weights end at exactly ze", "not words of your answer"),
        ("And what becomes of the weights?", "not words of your answer"),
        ("squares. With the absolute ones", "not words of your answer"),
        ("All of the features are scaled", "took these words back"),
        ("exactly zero", "4 words at least"),
    ],
)  # fmt: skip
def test_only_own_words_can_be_pointed_at(tmp_path: Path, words: str, problem: str) -> None:
    finished = Finished(tmp_path)
    finished.grade_book.scorecard(finished.id)
    with pytest.raises(NotAccepted, match=problem):
        finished.contests.add(finished.id, QUESTION.id, POINT, words)
    assert finished.store.opinions.contests(finished.id) == {}


def test_words_are_found_whatever_white_space_and_quotation_marks_came_along(
    tmp_path: Path,
) -> None:
    finished = Finished(tmp_path)
    finished.grade_book.scorecard(finished.id)
    card = finished.contests.add(
        finished.id, QUESTION.id, POINT, " “many  weights end\n at exactly zero.” "
    )
    quote = card.contests[0].quote
    assert (quote.turn_id, SECOND[quote.start : quote.end]) == (4, quote.text)
    assert quote.text == "many weights end at exactly zero."


def test_what_is_met_already_or_decided_already_is_not_contested(tmp_path: Path) -> None:
    met = Finished(
        tmp_path, {"penalty_terms": Verdict.MET}, ScriptedReader(decided(Verdict.PARTLY))
    )
    with pytest.raises(NotAccepted, match="once the scorecard is made"):
        met.contests.add(met.id, QUESTION.id, POINT, SECOND)
    met.grade_book.scorecard(met.id)
    with pytest.raises(NotAccepted, match="credited already"):
        met.contests.add(met.id, QUESTION.id, "penalty_terms", SECOND)
    with pytest.raises(NotAccepted, match="no graded points"):
        met.contests.add(met.id, "no_such_question", POINT, SECOND)
    with pytest.raises(NotAccepted, match="Choose the point"):
        met.contests.add(met.id, QUESTION.id, "no_such_point", SECOND)
    with pytest.raises(NotAccepted, match="at most 600"):
        met.contests.add(met.id, QUESTION.id, POINT, SECOND, "because " * 100)
    met.contests.add(met.id, QUESTION.id, POINT, SECOND)
    with pytest.raises(NotAccepted, match="decided by a second reading"):
        met.contests.add(met.id, QUESTION.id, POINT, SECOND)


def test_an_undecided_point_may_be_contested_with_better_words(tmp_path: Path) -> None:
    finished, _, _ = contested(tmp_path)
    card = finished.contests.add(finished.id, QUESTION.id, POINT, FIRST)
    assert [c.quote.text for c in card.contests] == [FIRST]
    assert len(finished.store.opinions.contests(finished.id)) == 2


def test_grading_again_keeps_a_ruling_only_on_the_verdict_it_was_about(tmp_path: Path) -> None:
    finished, _, ruled = contested(tmp_path, decided(Verdict.PARTLY))
    same = finished.grade_book.regrade(finished.id, only_failed=False)
    assert (same.overall, verdict_in(same)) == (ruled.overall, Verdict.PARTLY)
    finished.grader.verdicts = {POINT: Verdict.MET}
    other = finished.grade_book.regrade(finished.id, only_failed=False)
    assert verdict_in(other) is Verdict.MET
    assert other.contests == ()
    finished.grader.verdicts = {}
    finished.grader.stamp = GraderStamp(name="scripted", version="2")
    assert finished.grade_book.regrade(finished.id, only_failed=False).contests == ()


def test_all_who_show_grades_show_the_decided_verdict(tmp_path: Path) -> None:
    finished, _, after = contested(tmp_path, decided(Verdict.MET))
    assert finished.grade_book.standing(finished.id)[QUESTION.id] == after.questions[0].grade


def test_cases_are_exported_for_calibration_and_hold_nothing_else(tmp_path: Path) -> None:
    finished, _, _ = contested(tmp_path, DOWN)
    finished.reader = ScriptedReader(decided(Verdict.MET, "penalty_terms"))
    finished.contests.add(finished.id, QUESTION.id, "penalty_terms", FIRST, "Both are named.")
    open_case, ruled_case = finished.contests.calibration_rows()
    assert ruled_case == {
        "question_id": QUESTION.id,
        "question": QUESTION.prompt,
        "claim": claim_of(QUESTION, "penalty_terms"),
        "answer": f"{FIRST}\n\n{SECOND}\n\nScratch that, please.",
        "quote": FIRST,
        "comment": "Both are named.",
        "first": {"verdict": "not_met", "reason": "So the script says.", "quote": None},
        "first_grader": STAMP.model_dump(),
        "second": {"verdict": "met", "reason": "Read anew.", "quote": SECOND},
        "second_grader": SECOND_STAMP.model_dump(),
        "made_at": NOW.isoformat(timespec="seconds"),
    }
    assert open_case["second"] is None
    text = json.dumps([open_case, ruled_case])
    assert JOB not in text
    assert finished.id not in text
    assert "model is down" not in text, "an error may name a server"


def test_a_deleted_session_takes_its_contests_along(tmp_path: Path) -> None:
    finished, _, _ = contested(tmp_path)
    finished.store.delete_session(finished.id)
    assert finished.store.opinions.contests(finished.id) == {}
    assert list(finished.contests.calibration_rows()) == []


def test_a_contest_about_two_points_or_a_met_one_cannot_be_written_down() -> None:
    quote = Quote(turn_id=4, start=0, end=len(SECOND), text=SECOND)
    first = PointVerdict(key_point_id=POINT, verdict=Verdict.NOT_MET, reason="Not said.")
    met = PointVerdict(key_point_id=POINT, verdict=Verdict.MET, evidence=quote, reason="Said.")

    def contest(first: PointVerdict, ruling: Ruling) -> Contest:
        return Contest(
            question_id=QUESTION.id, key_point_id=POINT, quote=quote, first=first,
            first_grader=STAMP, ruling=ruling, made_at=NOW,
        )  # fmt: skip

    assert contest(first, DOWN).ruling == DOWN
    with pytest.raises(ValidationError, match="contested point"):
        contest(first, decided(Verdict.MET, "penalty_terms"))
    with pytest.raises(ValidationError, match="not contested"):
        contest(met, DOWN)


def claim_of(question: Question, point_id: str) -> str:
    return next(p.claim for p in question.key_points if p.id == point_id)
