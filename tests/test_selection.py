"""Which questions a session gets."""

from __future__ import annotations

from interviewer.content import load_bank
from interviewer.schema import Format, Seniority, Setup
from interviewer.selection import choose_questions, question_count

BANK = load_bank()
QUESTIONS = BANK.of_round("ml_fundamentals")
RUBRIC = BANK.rubrics["ml_fundamentals"]
SETUP = Setup(round="ml_fundamentals")


def test_minutes_decide_how_many_questions_fit() -> None:
    assert question_count(RUBRIC, SETUP) == 7
    assert question_count(RUBRIC, SETUP.model_copy(update={"minutes": 5})) == 1
    assert question_count(RUBRIC, SETUP.model_copy(update={"format": Format.DRILL})) == 20


def test_no_topic_comes_twice_while_another_is_left() -> None:
    chosen = choose_questions(QUESTIONS, SETUP, 7, seed=1)
    assert len({q.topic for q in chosen}) == 7


def test_what_was_just_asked_does_not_return_while_something_fresh_is_left() -> None:
    recent = [q.id for q in QUESTIONS[:-5]]
    chosen = choose_questions(QUESTIONS, SETUP, 5, recent=recent, seed=2)
    assert {q.id for q in chosen} == {q.id for q in QUESTIONS[-5:]}


def test_when_all_are_known_the_longest_ago_comes_first() -> None:
    recent = [q.id for q in QUESTIONS]
    (chosen,) = choose_questions(QUESTIONS, SETUP, 1, recent=recent, seed=3)
    assert chosen.id == recent[-1]


def test_relevance_to_a_wish_stands_before_variety() -> None:
    wished = [q.id for q in QUESTIONS if q.topic == "llm_training"]
    chosen = choose_questions(QUESTIONS, SETUP, 2, relevance=dict.fromkeys(wished, 1.0), seed=4)
    assert {q.topic for q in chosen} == {"llm_training"}


def test_staff_are_not_asked_easy_questions_while_others_are_left() -> None:
    staff = SETUP.model_copy(update={"seniority": Seniority.STAFF})
    chosen = choose_questions(QUESTIONS, staff, 5, seed=5)
    assert all(q.difficulty != "easy" for q in chosen)


def test_chance_is_a_seed() -> None:
    once = choose_questions(QUESTIONS, SETUP, 5, seed=6)
    assert once == choose_questions(QUESTIONS, SETUP, 5, seed=6)
    assert any(once != choose_questions(QUESTIONS, SETUP, 5, seed=s) for s in range(7, 12))


def test_questions_come_easier_first() -> None:
    ranks = [
        ["easy", "medium", "hard"].index(q.difficulty)
        for q in choose_questions(QUESTIONS, SETUP, 9, seed=8)
    ]
    assert ranks == sorted(ranks)
