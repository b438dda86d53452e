"""Grades the questions of stored sessions, in the background or now, and makes scorecards.

Invariant: a grade is stored as soon as it is made; what was never asked is `out_of_time`; grading
again adds a grade and a scorecard and deletes none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime
from threading import Lock

from interviewer.grading.grader import Grader
from interviewer.report.contests import with_rulings
from interviewer.report.observations import observe
from interviewer.report.scorecard import make_scorecard
from interviewer.schema import (
    Exchange,
    Grade,
    GradingFailure,
    MoveKind,
    NotAssessed,
    Scorecard,
    Turn,
    Unanswered,
)
from interviewer.store import SessionRecord, Store


class GradeBook:
    """Makes and keeps grades. `executor` runs background grading; one worker keeps it in order."""

    def __init__(
        self,
        store: Store,
        grader_for: Callable[[str], Grader],
        now: Callable[[], datetime],
        executor: Executor,
    ) -> None:
        self._store = store
        self._grader_for = grader_for
        self._now = now
        self._executor = executor
        self._pending: dict[tuple[str, str], Future[Grade]] = {}
        self._lock = Lock()

    def grade_soon(self, session_id: str, question_id: str) -> None:
        """Start grading a closed question in the background, once."""
        self._submit(session_id, question_id)

    def grade_now(self, session_id: str, question_id: str) -> Grade:
        """Return the grade of a question, waiting for it."""
        return self._submit(session_id, question_id).result()

    def scorecard(self, session_id: str) -> Scorecard:
        """Return the latest scorecard of a finished session, or make it."""
        made = self._store.scorecards(session_id)
        if made and self._store.session(session_id).status == "finished":
            return made[-1]
        record = self._store.session(session_id)
        for question in record.snapshot.questions:
            grade = self.grade_now(session_id, question.id)
            if isinstance(grade, GradingFailure):
                self._grade(session_id, question.id)  # once more, before a card says so
        return self._make(record)

    def regrade(self, session_id: str, *, only_failed: bool) -> Scorecard:
        """Grade again, all or only what has no grade yet, and make a new scorecard."""
        record = self._store.session(session_id)
        old = self._store.grades(session_id)
        for question in record.snapshot.questions:
            grade = old.get(question.id)
            if not only_failed or grade is None or is_open(grade):
                self._grade(session_id, question.id)
        return self._make(record)

    def standing(self, session_id: str) -> dict[str, Grade]:
        """Return the latest grade of each question, with the verdicts that contests decided."""
        grades = self._store.grades(session_id)
        contests = list(self._store.opinions.contests(session_id).values())
        if not contests:
            return grades
        return with_rulings(self._store.session(session_id).snapshot, grades, contests)

    def count_again(self, session_id: str) -> Scorecard:
        """Make a new scorecard of what is graded and contested; nothing is read again."""
        return self._make(self._store.session(session_id))

    def turns_on(self, session_id: str, question_id: str) -> tuple[Turn, ...]:
        """Return what a grade of this question rests on."""
        return _turns_on(question_id, self._store.turns(session_id))

    def _submit(self, session_id: str, question_id: str) -> Future[Grade]:
        key = (session_id, question_id)
        with self._lock:
            if key not in self._pending:
                future = self._executor.submit(self._grade_once, session_id, question_id)
                self._pending[key] = future
                future.add_done_callback(lambda _: self._pending.pop(key, None))
                return future
            return self._pending[key]

    def _grade_once(self, session_id: str, question_id: str) -> Grade:
        """Return the stored grade, or make it. The one worker keeps two requests apart."""
        made = self._store.grades(session_id).get(question_id)
        return made or self._grade(session_id, question_id)

    def _grade(self, session_id: str, question_id: str) -> Grade:
        record = self._store.session(session_id)
        question = next(q for q in record.snapshot.questions if q.id == question_id)
        turns = self.turns_on(session_id, question_id)
        grade = (
            self._grader_for(session_id).grade(
                Exchange(question=question, turns=turns), record.snapshot.rubric
            )
            if turns
            else Unanswered(question_id=question_id, reason="out_of_time")
        )
        self._store.save_grade(session_id, grade, self._now())
        return grade

    def _make(self, record: SessionRecord) -> Scorecard:
        grades = self._store.grades(record.id)
        turns: Sequence[Turn] = self._store.turns(record.id)
        stamps = [g.grader for g in grades.values() if not isinstance(g, Unanswered)]
        card = make_scorecard(
            record.id,
            record.snapshot,
            record.setup.seniority,
            grades,
            stamps[-1] if stamps else self._grader_for(record.id).stamp,
            self._now(),
            observe(record.snapshot, turns, self.standing(record.id)),
            contests=list(self._store.opinions.contests(record.id).values()),
            self_rating=self._store.opinions.self_rating(record.id),
        )
        self._store.save_scorecard(record.id, card)
        return card


def _turns_on(question_id: str, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return the turns on one question; what is said after the close is talk, not an answer."""
    closes = (t.id for t in turns if t.move and t.move.kind is MoveKind.CLOSE)
    end = next(closes, len(turns) + 1)
    return tuple(t for t in turns if t.question_id == question_id and t.id < end)


def is_open(grade: Grade) -> bool:
    """Return whether a grade has no number yet: failed, or not assessable by its grader."""
    return isinstance(grade, GradingFailure | NotAssessed)
