"""The offline brain: what it reads, and that its words can leak nothing and repeat nothing."""

from __future__ import annotations

import re

import pytest

from interviewer.agent import phrases
from interviewer.agent.script import script_of
from interviewer.content import content_hash, load_bank
from interviewer.schema import Manner, Move, MoveKind, Question, Snapshot

BANK = load_bank()
VERDICTS = re.compile(
    r"\b(right|wrong|correct|incorrect|great|excellent|perfect|good (answer|point|job)"
    r"|well done|exactly right|nice)\b",
    re.I,
)


def snapshot_of(question: Question) -> Snapshot:
    rubric = BANK.rubrics[question.round]
    return Snapshot(questions=(question,), rubric=rubric, hash=content_hash(question))


def moves_of(question: Question) -> list[Move]:
    """Return every move that a question can give rise to."""
    stages: list[str | None] = [b.id for b in question.stages] or [None]
    moves = [Move(kind=MoveKind.PROBE, target_id=p.id) for p in question.key_points]
    moves += [Move(kind=MoveKind.CHALLENGE, target_id=m.id) for m in question.misconceptions]
    moves += [Move(kind=MoveKind.TWIST, target_id=t.id) for t in question.twists]
    moves += [Move(kind=MoveKind.REVEAL, fact_ids=(f.id,)) for f in question.facts]
    moves += [Move(kind=MoveKind.ADVANCE, stage=s) for s in stages]
    moves += [
        Move(kind=MoveKind.HINT, stage=s, hint_number=n + 1)
        for s in stages
        for n in range(len(question.hints_of(s)))
    ]
    return [m.model_copy(update={"question_id": question.id}) for m in moves]


@pytest.mark.parametrize("question", BANK.questions.values(), ids=lambda q: q.id)
def test_no_move_says_a_key_point_a_correction_or_the_reference(question: Question) -> None:
    secrets = [p.claim for p in question.key_points]
    secrets += [w for p in question.key_points for w in (*p.right, *p.wrong)]
    secrets += [m.correction for m in question.misconceptions] + [question.reference]
    if question.diagnosis:
        secrets += [question.diagnosis.root_cause, question.diagnosis.fix]
    for move in moves_of(question):
        words = script_of(move, snapshot_of(question)).words
        assert words
        assert not [secret for secret in secrets if secret in words]


@pytest.mark.parametrize("manner", Manner)
def test_connecting_words_never_judge(manner: Manner) -> None:
    for cue in (
        "probe",
        "echo",
        "challenge",
        "hint",
        "advance",
        "stage",
        "twist",
        "wait",
        "reveal",
    ):
        said: list[str] = []
        for _ in range(8):
            said.append(phrases.choose(cue, manner, said, "00ff"))
        assert not [phrase for phrase in said if VERDICTS.search(phrase)]


def test_a_phrase_returns_only_after_all_the_others() -> None:
    said: list[str] = []
    for _ in range(7):
        said.append(phrases.choose("probe", Manner.NEUTRAL, said, "0000"))
    assert len(set(said)) == 7


@pytest.mark.parametrize("question", BANK.questions.values(), ids=lambda q: q.id)
def test_stage_openings_and_challenges_do_not_judge(question: Question) -> None:
    words = [b.opening for b in question.stages] + [m.challenge for m in question.misconceptions]
    assert not [w for w in words if re.match(r"(good|great|right|correct|wrong)\b", w, re.I)]
