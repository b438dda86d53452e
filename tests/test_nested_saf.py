"""Selecting and fitting on the other questions alone, on made-up answers whose best choice is known."""

from __future__ import annotations

import numpy as np

from evals.answers import Answer
from evals.grader_pairs import Pair
from evals.nested_saf import CHOICES, Choice, Row, fit, grade, leave_one_out, select
from interviewer.grading import features
from interviewer.grading.claims import Claim

LEVELS = (0.0, 0.3, 0.5, 0.7, 1.0)
PAIRS = [
    Pair("made up", "g", "c", kind, [value] * len(features.COVERAGE), [0.0])
    for kind, value in (("right", 0.9), ("neutral", 0.1))
]


def row(question: str, number: int, level: float, judged: float, **words: float) -> Row:
    """One answer to one claim: features of its words by name, all others 0.5."""
    answer = Answer(f"{question}{number}", question, "?", "!", "words", level)
    values = [words.get(name, 0.5) for name in features.COVERAGE]
    one = np.ones((1, 1))
    return Row(answer, [Claim("c", 1.0)], np.asarray([[values]]), judged * one, one)


def noise(name: str, number: int) -> float:
    """Return 0..1 without any order."""
    return float(np.random.default_rng([*name.encode(), number]).random())


def told_in_words(question: str) -> list[Row]:
    """Answers whose level their words tell; the tuned models know nothing."""
    return [row(question, n, x, noise(question, n), align=x) for n, x in enumerate(LEVELS)]


def told_by_models(question: str) -> list[Row]:
    """Answers whose level the tuned models tell; their words know nothing."""
    return [row(question, n, x, x, align=noise(question, n)) for n, x in enumerate(LEVELS)]


def turned_round(rows: list[Row]) -> list[Row]:
    """The same answers, of which people said the opposite."""
    return [r._replace(answer=r.answer._replace(level=1.0 - r.answer.level)) for r in rows]


def agreement_unheld(rows: list[Row], choice: Choice) -> float:
    """How well a choice agrees with people on the very answers that it was fitted on."""
    weights = fit(rows, PAIRS)
    scores = [grade(r, choice, weights) for r in rows]
    return float(np.corrcoef(scores, [r.answer.level for r in rows])[0, 1])


def test_the_tuned_models_are_not_trusted_where_only_words_tell() -> None:
    assert select([*told_in_words("a"), *told_in_words("b")], PAIRS).trust == 0.0


def test_the_tuned_models_are_trusted_where_only_they_tell() -> None:
    assert select([*told_by_models("a"), *told_by_models("b")], PAIRS).trust == 0.75


def test_what_helps_only_the_questions_it_was_fitted_on_is_not_selected() -> None:
    # One feature tells the levels of one question and nothing of the other's.
    rows = []
    for question, tells, misleads in (("a", "exact", "cosine"), ("b", "cosine", "exact")):
        for n, x in enumerate(LEVELS):
            words = {"align": (x + noise(question, n)) / 2, tells: x, misleads: noise(misleads, n)}
            rows.append(row(question, n, x, noise(question, n), **words))
    assert select(rows, PAIRS).names == ("align",)
    assert len(max(CHOICES, key=lambda c: agreement_unheld(rows, c)).names) > 1


def test_no_question_is_scored_by_what_people_said_of_it() -> None:
    known = [*told_in_words("a"), *told_in_words("b")]
    asked = told_by_models("c")
    scores, selected = leave_one_out([*known, *asked], PAIRS)
    again, selected_again = leave_one_out([*known, *turned_round(asked)], PAIRS)
    of_it = {r.answer.id for r in asked}
    assert {i: again[i] for i in of_it} == {i: scores[i] for i in of_it}
    assert selected_again[-1] == selected[-1] == select(known, PAIRS)
    assert all(again[r.answer.id] != scores[r.answer.id] for r in known), "those it was fitted for"


def test_every_answer_is_scored_once_and_every_question_selected_for() -> None:
    rows = [*told_in_words("a"), *told_in_words("b"), *told_in_words("c")]
    scores, selected = leave_one_out(rows, PAIRS)
    assert scores.keys() == {r.answer.id for r in rows}
    assert len(selected) == 3
