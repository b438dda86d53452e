"""A finished interview in a store, graded by a scripted grader: what fairness tests start from.

finished = Finished(tmp_path)            # one question, two answers, graded by `ScriptedGrader`
finished.contests.add(finished.id, about("exact_zeros"), ...)
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from interviewer.content import content_hash, load_bank
from interviewer.grading.arithmetic import criterion_scores, question_score, with_prompting
from interviewer.grading.quotes import find_words
from interviewer.grading.second_reader import Appeal
from interviewer.schema import (
    Contested,
    Exchange,
    Format,
    Grade,
    Graded,
    GraderStamp,
    MisconceptionSeen,
    Move,
    MoveKind,
    PointVerdict,
    Rubric,
    Ruling,
    Setup,
    Snapshot,
    Turn,
    Verdict,
)
from interviewer.session.contests import ContestBook
from interviewer.session.grades import GradeBook
from interviewer.session.opinions import Opinions
from interviewer.store import Store

BANK = load_bank()
QUESTION = BANK.questions["l1_versus_l2"]
RUBRIC = BANK.rubrics["ml_fundamentals"]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FIRST = "One adds up absolute weights and the other adds up squares."
SECOND = "With the absolute ones many weights end at exactly zero."
STAMP = GraderStamp(name="scripted", version="1")
# The misconception that `charges` holds against the candidate: L2 makes models sparse.
CHARGE = Contested(question_id=QUESTION.id, kind="misconception", id="l2_sparse")
JOB = "Secret Company Ltd looks for a ranking engineer."


def about(key_point_id: str) -> Contested:
    """Return a key point of the question as something to contest."""
    return Contested(question_id=QUESTION.id, kind="point", id=key_point_id)


class ScriptedGrader:
    """Gives the verdicts it is told, each quoting the second answer; all others are not met.

    With `charges` it holds the listed misconception against the candidate, quoting the same.
    """

    def __init__(self, verdicts: Mapping[str, Verdict], *, charges: bool = False) -> None:
        self.verdicts = dict(verdicts)
        self.charges = charges
        self.stamp = STAMP

    def grade(self, exchange: Exchange, rubric: Rubric) -> Grade:
        quote = find_words(SECOND, exchange.answers)
        read = [
            PointVerdict(
                key_point_id=p.id,
                verdict=self.verdicts.get(p.id, Verdict.NOT_MET),
                evidence=quote if p.id in self.verdicts else None,
                reason="So the script says.",
            )
            for p in exchange.question.key_points
        ]
        verdicts = with_prompting(read, exchange.turns)
        charged = (
            (MisconceptionSeen(misconception_id=CHARGE.id, evidence=quote, reason="So it sounds."),)
            if self.charges and quote
            else ()
        )
        criteria = criterion_scores(exchange.question, rubric, verdicts, charged)
        return Graded(
            question_id=exchange.question.id,
            question_hash=content_hash(exchange.question),
            rubric_version=rubric.version,
            grader=self.stamp,
            verdicts=verdicts,
            misconceptions=charged,
            criteria=criteria,
            score=question_score(criteria, rubric),
        )


class ScriptedReader:
    """A second reader that gives its rulings one after another and keeps the appeals."""

    def __init__(self, *rulings: Ruling) -> None:
        self._rulings = list(rulings)
        self.appeals: list[Appeal] = []

    def decide(self, appeal: Appeal) -> Ruling:
        self.appeals.append(appeal)
        return self._rulings.pop(0)


class Finished:
    """One finished session, its store and everything that reads it."""

    def __init__(
        self,
        folder: Path,
        verdicts: Mapping[str, Verdict] | None = None,
        reader: ScriptedReader | None = None,
        format: Format = Format.INTERVIEW,
        *,
        charges: bool = False,
    ) -> None:
        self.url = f"sqlite:///{folder / 'f.sqlite3'}"
        self.store = Store(self.url)
        self.grader = ScriptedGrader(verdicts or {}, charges=charges)
        self.reader = reader
        self.grade_book = GradeBook(self.store, lambda _: self.grader, lambda: NOW, AtOnce())
        self.contests = ContestBook(self.store, self.grade_book, lambda _: self.reader, lambda: NOW)
        self.opinions = Opinions(BANK, self.store, lambda: NOW)
        self.id = self.another("s1", format)

    def another(self, session_id: str, format: Format = Format.INTERVIEW) -> str:
        """Store one more finished session."""
        snapshot = Snapshot(
            questions=(QUESTION,), rubric=RUBRIC, hash=content_hash(RUBRIC, QUESTION)
        )
        setup = Setup(round=QUESTION.round, format=format, job_description=JOB)
        self.store.create_session(session_id, setup, snapshot, "offline", NOW, turns()[:1])
        self.store.append_turns(session_id, turns()[1:], status="finished")
        return session_id


class AtOnce(Executor):
    """Runs what is submitted before it returns."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def turns() -> tuple[Turn, ...]:
    """Return the transcript: two answers with a probe between them, one taken back, the farewell."""
    moves = {
        1: Move(kind=MoveKind.ADVANCE, question_id=QUESTION.id),
        3: Move(kind=MoveKind.PROBE, question_id=QUESTION.id, target_id="exact_zeros"),
        7: Move(kind=MoveKind.CLOSE, question_id=QUESTION.id, target_id="end"),
    }
    said = {1: QUESTION.prompt, 2: FIRST, 3: "And what becomes of the weights?", 4: SECOND,
            5: "All of the features are scaled first.", 7: "Thank you, that is all."}  # fmt: skip
    return tuple(
        Turn(
            id=number,
            role="interviewer" if number in moves else "candidate",
            text=said.get(number, "Scratch that, please."),
            at=NOW,
            question_id=QUESTION.id,
            move=moves.get(number),
            retracted=number == 5,
        )
        for number in range(1, 8)
    )
