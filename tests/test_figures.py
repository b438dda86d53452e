"""The figures of the report card, on answers whose figures are known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from evals.answers import Answer, Result, Split, interview_answers, labelled_points, saf_answers
from evals.figures import Graded, figures, intervals
from evals.report_table import table
from evals.tuning_data import read_claims, split_claims
from evals.tuning_figures import OWN
from interviewer.content import content_root
from interviewer.schema import Verdict

SPLITS: tuple[Split, ...] = ("dev", "test")
MET, NOT_MET, AGAINST = Verdict.MET, Verdict.NOT_MET, Verdict.CONTRADICTED


def answer(name: str, level: float, words: int = 5, kind: str = "good", group: str = "q") -> Answer:
    return Answer(name, group, "?", "!", "word " * words, level, kind, {"p": "met"})


def graded(*pairs: tuple[Answer, float | None]) -> Graded:
    return Graded([a for a, _ in pairs], [Result(s) for _, s in pairs], training_mean=0.4)


def test_scores_equal_to_the_labels_agree_in_every_way() -> None:
    levels = (0.0, 0.25, 0.5, 0.75, 1.0)
    found = figures(graded(*[(answer(str(n), n), n) for n in levels]))
    assert (found["pearson"], found["pearson_within"], found["qwk"]) == (1.0, 1.0, 1.0)
    assert (found["rmse"], found["ordering"], found["length_slope"]) == (0.0, 1.0, 0.0)


def test_a_tie_is_a_pair_ordered_wrongly() -> None:
    assert figures(graded((answer("a", 1.0), 0.5), (answer("b", 0.0), 0.5)))["ordering"] == 0.0


def test_answers_of_two_questions_are_no_pair() -> None:
    found = figures(graded((answer("a", 1.0), 0.2), (answer("b", 0.0, group="other"), 0.9)))
    assert found["ordering"] is None


def test_pairs_not_decided_by_length_are_those_whose_better_answer_is_not_longer() -> None:
    short, long, none = answer("a", 1.0, 5), answer("b", 0.6, 50), answer("c", 0.1, 5)
    found = figures(graded((short, 0.5), (long, 0.9), (none, 0.1)))
    assert found["ordering"] == pytest.approx(0.667)  # two of three
    assert found["ordering_not_by_length"] == 0.5  # short over long fails, short over none holds


def test_what_was_not_assessed_counts_as_the_training_mean() -> None:
    found = figures(graded((answer("a", 0.4), None), (answer("b", 0.9), 0.9)))
    assert found["coverage"] == 0.5
    assert found["rmse"] == 0.0


def test_a_score_that_grows_with_length_alone_has_a_length_slope() -> None:
    rows = [(answer(str(n), 0.5 if n % 2 else 0.6, words=n), n / 200) for n in (50, 100, 150, 175)]
    assert figures(graded(*rows))["length_slope"] == pytest.approx(0.5, abs=0.01)


def test_answers_that_say_nothing_are_counted_when_they_earn_too_much() -> None:
    rows = [(answer("a", 0.0, kind="keyword_list"), 0.5), (answer("b", 0.0, kind="parroted"), 0.1)]
    assert figures(graded(*rows))["nothing_said_above_0.40"] == 0.5


def test_verdicts_are_compared_point_by_point() -> None:
    labels = {"p": "met", "q": "contradicted", "r": "not_met"}
    one = answer("a", 0.5)._replace(points=labels)
    found = figures(Graded([one], [Result(0.5, {"p": MET, "q": MET, "r": NOT_MET})], 0.4))
    assert found["verdicts"]["met"] == {"precision": 0.5, "recall": 1.0, "f1": 0.667, "n": 1}
    assert found["verdicts"]["contradicted"]["recall"] == 0.0


def test_intervals_are_of_questions_and_hold_the_figure() -> None:
    rows = [
        (answer(f"{q}{n}", n / 4, group=str(q)), n / 4 if q % 3 else 1 - n / 4)
        for q in range(9)
        for n in range(5)
    ]
    one = graded(*rows)
    low, high = intervals(one)["ordering"] or (0.0, 0.0)
    assert low < figures(one)["ordering"] < high
    assert intervals(one) == intervals(one)


def test_one_question_has_no_interval() -> None:
    assert intervals(graded((answer("a", 1.0), 1.0), (answer("b", 0.0), 0.0)))["pearson"] is None


def test_the_labelled_answers_keep_their_questions_apart_and_their_labels_whole() -> None:
    rows = interview_answers()
    assert len({a.id for a in rows}) == len(rows)
    dev, test = ({a.question.id for a in interview_answers(s) if a.question} for s in SPLITS)
    assert dev
    assert test
    assert not dev & test
    for a in rows:
        assert a.question is not None
        assert set(a.points) <= {p.id for p in a.question.key_points}
        assert set(a.points.values()) <= {v.value for v in Verdict}
    assert {a.group for a in saf_answers()} >= {"10.1"}


def test_the_wordings_of_labelled_points_are_kept_from_tuning() -> None:
    claims = [c for c in read_claims(content_root(), OWN) if c.kind == "point"]
    trained, held_out = split_claims(claims, lambda texts: np.eye(len(texts), 2000, dtype="f4"))
    assert {c.family for c in held_out} >= labelled_points() & {c.family for c in claims}
    assert not {c.family for c in trained} & labelled_points()


def test_the_table_has_a_row_for_each_way_and_a_dash_for_what_was_not_measured() -> None:
    found = figures(graded((answer("a", 1.0), 1.0), (answer("b", 0.0), 0.0))) | {
        "intervals": {"pearson": None}
    }
    card = {
        "grader": "offline:1",
        "made": "2026-01-01",
        "sets": {"interview": {"what": "Two.", "ways": {"bank": found}}},
    }
    text = table(card)
    assert "| bank | 1.00 | – to – |" in text
    assert AGAINST.value in text
