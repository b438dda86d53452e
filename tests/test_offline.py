"""The offline grader as a whole: what the reader found, what the story shows, and the numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from interviewer.content import Bank, load_bank
from interviewer.embedding import get_models
from interviewer.grading.evidence import EvidenceReader
from interviewer.grading.offline import EvidenceGrader
from interviewer.grading.stories import StoryReader
from interviewer.schema import Exchange, Graded, Move, MoveKind, Turn, Verdict


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


@pytest.fixture(scope="module")
def grader() -> EvidenceGrader:
    models = get_models(None)
    return EvidenceGrader(EvidenceReader(models), StoryReader(models.general))


def graded(grader: EvidenceGrader, bank: Bank, question_id: str, answer: str) -> Graded:
    question = bank.questions[question_id]
    turn = Turn(id=1, role="candidate", text=answer, at=datetime(2026, 1, 1, tzinfo=UTC))
    exchange = Exchange(question=question, turns=(turn,))
    grade = grader.grade(exchange, bank.rubrics[question.round])
    assert isinstance(grade, Graded)
    return grade


def test_a_told_story_earns_by_how_it_is_told(grader: EvidenceGrader, bank: Bank) -> None:
    story = bank.questions["failed_and_learned"].reference
    grade = graded(grader, bank, "failed_and_learned", story)
    assert grade.score >= 0.7
    assert any(signal.seen for signal in grade.signals)


def test_what_is_no_answer_to_the_prompt_earns_nothing_however_it_is_told(
    grader: EvidenceGrader, bank: Bank
) -> None:
    estimate = bank.questions["kv_cache_size"].reference
    grade = graded(grader, bank, "failed_and_learned", estimate)
    assert any(signal.seen for signal in grade.signals)  # it has steps and results, like a story
    assert grade.score <= 0.1
    beside = [v for v in grade.verdicts if "does not seem to answer" in v.reason]
    assert beside
    assert all(v.verdict is Verdict.NOT_MET for v in beside)


def test_a_point_of_asking_is_met_by_asking(grader: EvidenceGrader, bank: Bank) -> None:
    question = bank.questions["auc_drop_after_retraining"]
    fact = next(f for f in question.facts if f.id == "model_swap")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    asking = Turn(id=1, role="candidate", text="Could I see the two of them side by side?", at=at)
    told = Move(kind=MoveKind.REVEAL, question_id=question.id, fact_ids=(fact.id,))
    reveal = Turn(id=2, role="interviewer", text="Here you are.", at=at, move=told)
    for turns, verdict in (((asking, reveal), Verdict.MET), ((asking,), Verdict.NOT_MET)):
        exchange = Exchange(question=question, turns=turns)
        grade = grader.grade(exchange, bank.rubrics[question.round])
        assert isinstance(grade, Graded)
        point = next(v for v in grade.verdicts if v.key_point_id == fact.credits)
        assert point.verdict is verdict
