"""What the candidate says beside the answers: a self-rating before the score, notes on questions.

Invariant: nobody rates themselves with the score before their eyes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from math import isfinite

from interviewer.content import Bank, content_hash
from interviewer.errors import NotAccepted
from interviewer.schema import (
    LONGEST_NOTE,
    Format,
    Question,
    QuestionReport,
    Scorecard,
    SelfRating,
)
from interviewer.store import Store


class Opinions:
    """Takes and keeps self-ratings and reports."""

    def __init__(self, bank: Bank, store: Store, now: Callable[[], datetime]) -> None:
        self._bank = bank
        self._store = store
        self._now = now

    def awaits_rating(self, session_id: str) -> bool:
        """Return whether to ask for a self-rating: an answered interview whose score nobody saw yet.

        A drill says its verdicts as it goes, and a story is read before it is scored.
        """
        record = self._store.session(session_id)
        return (
            record.status == "finished"
            and record.setup.format is Format.INTERVIEW
            and not self._store.scorecards(session_id)
            and any(t.role == "candidate" for t in self._store.turns(session_id))
        )

    def rate(self, session_id: str, percent: float) -> None:
        """Keep what the candidate expects, 0 to 100. Raise NotAccepted once the score was shown."""
        if not isfinite(percent) or not 0 <= percent <= 100:
            raise NotAccepted("Rate yourself from 0 to 100, or leave it empty.")
        record = self._store.session(session_id)
        if record.status != "finished" or record.setup.format is not Format.INTERVIEW:
            raise NotAccepted("Only a finished interview is rated, before its score is shown.")
        rating = SelfRating(percent=round(percent), rated_at=self._now())
        if not self._store.opinions.save_self_rating(session_id, rating):
            raise NotAccepted("The score was shown already; a self-rating comes before it.")

    def rated_scorecards(self) -> Sequence[Scorecard]:
        """Return the latest scorecard of each self-rated session, oldest rating first."""
        return self._store.opinions.rated_scorecards()

    def report(self, question_id: str, note: str, session_id: str | None = None) -> None:
        """Keep a note on a question for the bank's author. Raise NotAccepted, saying what is wrong."""
        if not note.strip():
            raise NotAccepted("Say what is wrong with the question; the note is empty.")
        if len(note.strip()) > LONGEST_NOTE:
            raise NotAccepted(
                f"The note has {len(note.strip())} characters; {LONGEST_NOTE} are the most."
            )
        question = self._question(question_id, session_id)
        if question is None:
            raise NotAccepted(f"No question {question_id!r}; `interviewer bank search` finds it.")
        self._store.opinions.add_report(
            QuestionReport(
                question_id=question.id,
                question_hash=content_hash(question),
                session_id=session_id,
                note=note,
                made_at=self._now(),
            )
        )

    def reports(self) -> Sequence[QuestionReport]:
        """Return every note on a question, oldest first."""
        return self._store.opinions.reports()

    def _question(self, question_id: str, session_id: str | None) -> Question | None:
        """Return the question as it was asked in a session, or as the bank now has it."""
        if session_id is None:
            return self._bank.questions.get(question_id)
        asked = self._store.session(session_id).snapshot.questions
        return next((q for q in asked if q.id == question_id), None)
