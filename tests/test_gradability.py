"""Is the bank gradable: how it is measured, and a small sample of it graded for real."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from statistics import fmean

from evals.answers import Answer, Result
from evals.gradability import (
    MOST_ELSEWHERE,
    MOST_WITHIN_TOPIC,
    Case,
    Scored,
    missed_points,
    own_references,
    paraphrases,
    references_elsewhere,
    references_within_topic,
    score,
    summary,
)
from evals.ways import Way, bank_way
from interviewer.content import Bank, load_bank
from interviewer.embedding import get_models
from interviewer.grading.evidence import EvidenceReader
from interviewer.grading.offline import EvidenceGrader
from interviewer.grading.stories import StoryReader
from interviewer.schema import Verdict

SAMPLE = ("l1_versus_l2", "dead_relu_units", "forest_variance", "kv_cache_size")
OTHER_ROUNDS = ("loss_diverges", "made_it_cheaper", "fraud_detection")


@cache
def bank() -> Bank:
    return load_bank()


def scored(question_id: str, earned: float | None, source: str = "ada", **verdicts: str) -> Scored:
    case = Case(bank().questions[question_id], source, "text")
    return Scored(case, earned, {point: Verdict(v) for point, v in verdicts.items()})


def test_a_paraphrase_that_earns_too_little_is_listed_with_the_points_it_missed() -> None:
    rows = [
        scored("l1_versus_l2", 0.9, exact_zeros="met", scale_features="partly"),
        scored("dead_relu_units", 0.6, leaky_slope="not_met", lower_rate="contradicted"),
    ]
    found = summary(rows, least=0.8)
    assert (found["n"], found["mean"], found["within"]) == (2, 0.75, 0.5)
    assert found["outside"] == [
        {
            "question": "dead_relu_units",
            "answer": "ada",
            "score": 0.6,
            "partly": [],
            "not_met": ["leaky_slope"],
            "contradicted": ["lower_rate"],
        }
    ]
    assert found["points"] == {"partly": 0.25, "not_met": 0.25, "contradicted": 0.25}


def test_a_reference_that_earns_too_much_elsewhere_is_listed_worst_first() -> None:
    rows = [scored("l1_versus_l2", earned, source=str(earned)) for earned in (0.1, 0.3, 0.5)]
    found = summary(rows, most=0.2)
    assert [row["score"] for row in found["outside"]] == [0.5, 0.3]
    assert found["within_by_round"] == {"ml_fundamentals": 0.333}


def test_what_was_not_assessed_is_counted_and_not_averaged() -> None:
    found = summary([scored("l1_versus_l2", 0.5), scored("l1_versus_l2", None)])
    assert (found["n"], found["not_assessed"], found["mean"]) == (1, 1, 0.5)


def test_a_point_is_ungradable_if_neither_reference_nor_paraphrase_makes_it() -> None:
    own = [scored("l1_versus_l2", 0.8, scale_features="not_met", penalty_terms="partly")]
    told = [scored("l1_versus_l2", 0.7, scale_features="contradicted", penalty_terms="not_met")]
    assert missed_points(own, told) == ["l1_versus_l2/scale_features"]
    assert missed_points(own, []) == []


def test_each_case_is_graded_on_its_question_with_its_text() -> None:
    def way(answer: Answer) -> Result:
        verdicts = {"a": Verdict.MET, "b": Verdict.PARTLY}
        return Result(float(answer.text == bank().questions["l1_versus_l2"].reference), verdicts)

    cases = [c for c in own_references(bank()) if c.question.id in SAMPLE]
    found = {s.case.question.id: s for s in score(cases, way)}
    assert found["l1_versus_l2"].score == 1.0
    assert found["kv_cache_size"].score == 0.0
    assert found["kv_cache_size"].points(Verdict.PARTLY) == ["b"]


def test_pairs_within_a_topic_are_all_there_and_those_elsewhere_are_a_fixed_sample() -> None:
    within = references_within_topic(bank())
    topics = [q.topic for q in bank().questions.values()]
    assert len(within) == sum(topics.count(t) * (topics.count(t) - 1) for t in set(topics))
    elsewhere = references_elsewhere(bank())
    assert elsewhere == references_elsewhere(bank())
    assert len(elsewhere) == 2 * len(topics)
    for case in elsewhere:
        assert bank().questions[case.source].topic != case.question.topic
    mine = [bank().questions[c.source].round for c in elsewhere if c.question.id == SAMPLE[0]]
    assert mine.count("ml_fundamentals") == 1


def test_paraphrases_are_read_from_the_file_and_named_by_their_author(tmp_path: Path) -> None:
    path = tmp_path / "paraphrases.jsonl"
    assert paraphrases(bank(), path) == []
    row = {"question": SAMPLE[0], "author": "ada", "answer": "L1 gives zeros."}
    path.write_text(json.dumps(row) + "\n")
    assert paraphrases(bank(), path) == [
        Case(bank().questions[SAMPLE[0]], "ada", "L1 gives zeros.")
    ]


@cache
def offline() -> Way:
    models = get_models(None)
    return bank_way(EvidenceGrader(EvidenceReader(models), StoryReader(models.general)).grade)


def graded(cases: list[Case]) -> list[float]:
    return [s.score or 0.0 for s in score(cases, offline())]


def test_references_are_worth_much_on_their_own_questions() -> None:
    """Of each round one; `python -m evals.gradability` measures the whole bank."""
    own = [c for c in own_references(bank()) if c.question.id in (*SAMPLE, *OTHER_ROUNDS)]
    assert min(graded(own)) >= 0.7


def test_references_are_worth_little_on_other_questions() -> None:
    within = [c for c in references_within_topic(bank()) if c.question.id in SAMPLE]
    first_of_each = {c.question.id: c for c in reversed(within)}
    elsewhere = [c for c in references_elsewhere(bank(), 1) if c.question.id in SAMPLE]
    assert fmean(graded(list(first_of_each.values()))) <= MOST_WITHIN_TOPIC
    assert fmean(graded(elsewhere)) <= MOST_ELSEWHERE
