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
    Contested,
    Decided,
    FirstView,
    Graded,
    GraderStamp,
    MisconceptionReading,
    MisconceptionSeen,
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
    CHARGE,
    FIRST,
    JOB,
    NOW,
    QUESTION,
    SECOND,
    STAMP,
    Finished,
    ScriptedReader,
    about,
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
    after = finished.contests.add(finished.id, about(POINT), SECOND, "It is what I said.")
    return finished, before, after


def verdict_in(card: Scorecard, point_id: str = POINT) -> Verdict:
    grade = card.questions[0].grade
    assert isinstance(grade, Graded)
    return next(v.verdict for v in grade.verdicts if v.key_point_id == point_id)


def first_verdict(contest: Contest) -> Verdict:
    assert isinstance(contest.first, PointVerdict)
    return contest.first.verdict


def test_offline_both_views_are_kept_and_the_score_stays(tmp_path: Path) -> None:
    _, before, after = contested(tmp_path)
    (contest,) = after.contests
    assert contest.quote.text == SECOND
    assert contest.comment == "It is what I said."
    assert first_verdict(contest) is Verdict.NOT_MET
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
    after = finished.contests.add(finished.id, about(POINT), SECOND)
    assert before.overall is not None
    assert after.overall is not None
    assert after.overall < before.overall
    assert first_verdict(after.contests[0]) is Verdict.PARTLY


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
    assert appeal.item.id == POINT
    assert [t.text for t in appeal.exchange.turns] == [t.text for t in turns()[:6]]


def test_a_contest_is_stored_before_the_second_reader_is_asked(tmp_path: Path) -> None:
    finished = Finished(tmp_path, reader=ScriptedReader())  # dies of its empty script
    finished.grade_book.scorecard(finished.id)
    with pytest.raises(IndexError):
        finished.contests.add(finished.id, about(POINT), SECOND)
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
        finished.contests.add(finished.id, about(POINT), words)
    assert finished.store.opinions.contests(finished.id) == {}


def test_words_are_found_whatever_white_space_and_quotation_marks_came_along(
    tmp_path: Path,
) -> None:
    finished = Finished(tmp_path)
    finished.grade_book.scorecard(finished.id)
    card = finished.contests.add(
        finished.id, about(POINT), " “many  weights end\n at exactly zero.” "
    )
    quote = card.contests[0].quote
    assert (quote.turn_id, SECOND[quote.start : quote.end]) == (4, quote.text)
    assert quote.text == "many weights end at exactly zero."


def test_what_is_met_already_or_decided_already_is_not_contested(tmp_path: Path) -> None:
    met = Finished(
        tmp_path, {"penalty_terms": Verdict.MET}, ScriptedReader(decided(Verdict.PARTLY))
    )
    with pytest.raises(NotAccepted, match="once the scorecard is made"):
        met.contests.add(met.id, about(POINT), SECOND)
    met.grade_book.scorecard(met.id)
    with pytest.raises(NotAccepted, match="credited already"):
        met.contests.add(met.id, about("penalty_terms"), SECOND)
    elsewhere = Contested(question_id="no_such_question", kind="point", id=POINT)
    with pytest.raises(NotAccepted, match="no grade to contest"):
        met.contests.add(met.id, elsewhere, SECOND)
    with pytest.raises(NotAccepted, match="Choose the point"):
        met.contests.add(met.id, about("no_such_point"), SECOND)
    with pytest.raises(NotAccepted, match="or the charged misconception"):
        met.contests.add(met.id, CHARGE, SECOND)
    with pytest.raises(NotAccepted, match="at most 600"):
        met.contests.add(met.id, about(POINT), SECOND, "because " * 100)
    met.contests.add(met.id, about(POINT), SECOND)
    with pytest.raises(NotAccepted, match="decided by a second reading"):
        met.contests.add(met.id, about(POINT), SECOND)


def test_an_undecided_point_may_be_contested_with_better_words(tmp_path: Path) -> None:
    finished, _, _ = contested(tmp_path)
    card = finished.contests.add(finished.id, about(POINT), FIRST)
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
    finished.contests.add(finished.id, about("penalty_terms"), FIRST, "Both are named.")
    open_case, ruled_case = finished.contests.calibration_rows()
    assert ruled_case == {
        "question_id": QUESTION.id,
        "question": QUESTION.prompt,
        "about": "point",
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


def test_a_contest_about_two_things_or_a_met_point_cannot_be_written_down() -> None:
    quote = Quote(turn_id=4, start=0, end=len(SECOND), text=SECOND)
    first = PointVerdict(key_point_id=POINT, verdict=Verdict.NOT_MET, reason="Not said.")
    met = PointVerdict(key_point_id=POINT, verdict=Verdict.MET, evidence=quote, reason="Said.")

    def contest(first: FirstView, ruling: Ruling) -> Contest:
        return Contest(
            question_id=QUESTION.id, quote=quote, first=first,
            first_grader=STAMP, ruling=ruling, made_at=NOW,
        )  # fmt: skip

    assert contest(first, DOWN).ruling == DOWN
    with pytest.raises(ValidationError, match="what is contested"):
        contest(first, decided(Verdict.MET, "penalty_terms"))
    with pytest.raises(ValidationError, match="what is contested"):
        contest(first, DOWN).ruled(lifted())
    charge = MisconceptionSeen(misconception_id=CHARGE.id, evidence=quote, reason="Said.")
    assert contest(charge, DOWN).ruled(lifted()).about == CHARGE
    with pytest.raises(ValidationError, match="what is contested"):
        contest(charge, decided(Verdict.MET))
    with pytest.raises(ValidationError, match="needs evidence"):
        MisconceptionReading(misconception_id=CHARGE.id, stands=True, reason="Said.")
    with pytest.raises(ValidationError, match="not contested"):
        contest(met, DOWN)


def charged(tmp_path: Path, *rulings: Ruling) -> tuple[Finished, Scorecard, Scorecard]:
    """Contest a charged misconception beside a point that is met; return the cards before and after."""
    reader = ScriptedReader(*rulings) if rulings else None
    finished = Finished(tmp_path, {POINT: Verdict.MET}, reader, charges=True)
    before = finished.grade_book.scorecard(finished.id)
    after = finished.contests.add(finished.id, CHARGE, SECOND, "I meant L1.")
    return finished, before, after


def lifted() -> Decided:
    reading = MisconceptionReading(misconception_id=CHARGE.id, stands=False, reason="L1 is meant.")
    return Decided(verdict=reading, grader=SECOND_STAMP)


def stands() -> Decided:
    reading = MisconceptionReading(
        misconception_id=CHARGE.id,
        stands=True,
        evidence=find_words(SECOND, turns()),
        reason="Read anew.",
    )
    return Decided(verdict=reading, grader=SECOND_STAMP)


def charges_in(card: Scorecard) -> list[str]:
    grade = card.questions[0].grade
    assert isinstance(grade, Graded)
    return [m.reason for m in grade.misconceptions]


def test_offline_a_contested_misconception_keeps_both_views_and_its_cost(tmp_path: Path) -> None:
    finished, before, after = charged(tmp_path)
    (contest,) = after.contests
    assert (contest.about, contest.comment) == (CHARGE, "I meant L1.")
    assert isinstance(contest.ruling, Undecided)
    assert "the score stays" in contest.ruling.reason
    assert (after.overall, charges_in(after)) == (before.overall, ["So it sounds."])
    assert not finished.contests.may_decide_again(finished.id)


def test_a_lifted_misconception_costs_nothing_any_more(tmp_path: Path) -> None:
    finished, before, after = charged(tmp_path, lifted())
    assert charges_in(after) == []
    # 15% of Concept, which weighs 0.4.
    assert before.overall is not None
    assert after.overall == pytest.approx(before.overall + 6)
    assert after.first_overall == before.overall
    assert after.contests[0].first == first_charge(before)
    assert finished.store.grades(finished.id)[QUESTION.id] == before.questions[0].grade
    with pytest.raises(NotAccepted, match="decided by a second reading"):
        finished.contests.add(finished.id, CHARGE, SECOND)


def test_a_misconception_that_stands_costs_the_same_and_says_the_second_reason(
    tmp_path: Path,
) -> None:
    finished, before, after = charged(tmp_path, stands())
    assert after.overall == before.overall
    assert charges_in(after) == ["Read anew."]
    assert finished.reader is not None
    (appeal,) = finished.reader.appeals
    assert (appeal.item.id, appeal.quote.text) == (CHARGE.id, SECOND)


def test_a_point_and_a_misconception_of_one_question_are_contested_apart(tmp_path: Path) -> None:
    finished, _, _ = charged(tmp_path, lifted(), decided(Verdict.MET, "penalty_terms"))
    card = finished.contests.add(finished.id, about("penalty_terms"), FIRST)
    assert [c.about for c in card.contests] == [CHARGE, about("penalty_terms")]
    assert charges_in(card) == []
    assert verdict_in(card, "penalty_terms") is Verdict.MET


def test_a_charge_that_is_not_made_again_takes_its_contest_along(tmp_path: Path) -> None:
    finished, _, _ = charged(tmp_path, stands())
    assert len(finished.grade_book.regrade(finished.id, only_failed=False).contests) == 1
    finished.grader.charges = False
    assert finished.grade_book.regrade(finished.id, only_failed=False).contests == ()


def test_a_contested_misconception_is_exported_like_a_point(tmp_path: Path) -> None:
    finished, _, _ = charged(tmp_path, lifted())
    (row,) = finished.contests.calibration_rows()
    assert row["about"] == "misconception"
    assert row["claim"] == "L2 regularisation produces sparse models."
    assert row["first"] == {"verdict": "charged", "reason": "So it sounds.", "quote": SECOND}
    assert row["second"] == {"verdict": "lifted", "reason": "L1 is meant.", "quote": None}
    assert (row["quote"], row["comment"]) == (SECOND, "I meant L1.")


def first_charge(card: Scorecard) -> MisconceptionSeen:
    grade = card.questions[0].grade
    assert isinstance(grade, Graded)
    return grade.misconceptions[0]


def claim_of(question: Question, point_id: str) -> str:
    return next(p.claim for p in question.key_points if p.id == point_id)
