"""One object that runs sessions over the store, the bank, a brain and a grader.

Invariant: what the candidate sends is stored before anything is computed from it, what was
understood before the reply is spoken, and every step can be taken again after a kill.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from interviewer import policy
from interviewer.agent.brain import Brain
from interviewer.content import Bank, content_hash
from interviewer.errors import ContentError, SessionClosed
from interviewer.retrieval import BankIndex
from interviewer.schema import Scorecard, Setup, Snapshot, Turn
from interviewer.session.choosing import QuestionChooser
from interviewer.session.clock import CandidateClock
from interviewer.session.contests import ContestBook, FindReader
from interviewer.session.grades import GradeBook
from interviewer.session.opinions import Opinions
from interviewer.session.replying import GetReady, Replier
from interviewer.session.view import SessionView
from interviewer.store import SessionRecord, Store


class Sessions:
    """Starts, continues and grades sessions. Safe to use from several threads and processes."""

    def __init__(
        self,
        bank: Bank,
        store: Store,
        open_index: Callable[[], BankIndex],
        brain_for: Callable[[str], Brain],
        grade_book: GradeBook,
        now: Callable[[], datetime],
        second_reader_for: FindReader = lambda _: None,
        get_ready: GetReady = lambda _: None,
    ) -> None:
        self.bank = bank
        self.opinions = Opinions(bank, store, now)
        self.contests = ContestBook(store, grade_book, second_reader_for, now)
        self._open_index = open_index
        self._store = store
        self._brain_for = brain_for
        self._grade_book = grade_book
        self._now = now
        self._replier = Replier(store, brain_for, grade_book, now, get_ready)
        self._clock = CandidateClock()
        self._chooser = QuestionChooser(bank, open_index, store)

    @property
    def index(self) -> BankIndex:
        """Return the search over the bank; the first use opens it."""
        return self._open_index()

    def start(self, setup: Setup) -> str:
        """Choose questions, freeze them, speak the opening; return the session's id.

        Raise ContentError when the round or the question does not exist.
        """
        rubric = self.bank.rubrics.get(setup.round)
        if rubric is None:
            raise ContentError(
                "rubrics", setup.round, f"no such round; use {', '.join(self.bank.rubrics)}"
            )
        questions = self._chooser.choose(setup)
        snapshot = Snapshot(
            questions=questions, rubric=rubric, hash=content_hash(rubric, *questions)
        )
        session_id = secrets.token_hex(6)
        self._replier.open(session_id, setup, snapshot)
        return session_id

    def view(self, session_id: str) -> SessionView:
        """Return a session as it stands. Raise SessionNotFound."""
        record = self._store.session(session_id)
        turns = self._store.turns(session_id)
        return SessionView(
            record=record,
            turns=turns,
            state=policy.follow(record.snapshot, turns),
            grades=self._grade_book.standing(session_id),
            usage=self._store.usage.total(session_id),
            paused=self._clock.is_paused(session_id),
            trouble=self._brain_for(session_id).trouble,
        )

    def list(self, limit: int | None = None) -> Sequence[SessionRecord]:
        """Return the sessions, newest first: all of them, or at most `limit`."""
        return self._store.sessions(limit)

    def count(self) -> int:
        """Return how many sessions there are."""
        return self._store.count_sessions()

    def answer(
        self,
        session_id: str,
        text: str,
        *,
        after_turn: int | None = None,
        seconds: float | None = None,
    ) -> Iterator[str]:
        """Store a message, then return the reply piece by piece.

        `after_turn` is the last turn the page shows; StaleSession if the session went on meanwhile.
        `seconds` is the candidate's time when no page ticks. Raise SessionClosed once finished.
        """
        record = self._store.session(session_id)
        if record.status == "finished":
            raise SessionClosed
        turns = self._store.turns(session_id)
        if turns[-1].role == "candidate":
            # The reply was cut off by a kill: give it first, so that no turn goes unanswered.
            list(self.resume(session_id))
            turns = self._store.turns(session_id)
            if self._store.session(session_id).status == "finished":
                raise SessionClosed
        spent = self._own_seconds(record, turns, seconds)
        state = policy.follow(record.snapshot, turns)
        turn = Turn(
            id=(turns[-1].id if after_turn is None else after_turn) + 1,
            role="candidate",
            text=text,
            at=self._now(),
            question_id=state.question.id,
            stage=state.stage,
            seconds=spent,
        )
        self._store.append_turns(session_id, [turn])
        return self.resume(session_id)

    def resume(self, session_id: str) -> Iterator[str]:
        """Yield the reply that is due, if one is: after an answer, or after a kill."""
        record = self._store.session(session_id)
        turns = self._store.turns(session_id)
        if turns[-1].role == "interviewer":
            return
        self._clock.hold(session_id)
        try:
            yield from self._replier.reply(record, turns)
        finally:
            self._clock.release(session_id)

    def tick(self, session_id: str) -> float:
        """Count the candidate's time up to now; return the session's seconds so far."""
        record = self._store.session(session_id)
        gained = self._clock.tick(session_id, self._now())
        if gained and record.status == "running":
            self._store.add_seconds(session_id, gained)
        return record.seconds + gained

    def pause(self, session_id: str) -> None:
        """Stop the candidate's clock until `go_on`."""
        self._clock.pause(session_id)

    def go_on(self, session_id: str) -> None:
        """Let the candidate's clock run again."""
        self._clock.go_on(session_id)

    def finish(self, session_id: str) -> None:
        """End a session now, whatever is open."""
        record = self._store.session(session_id)
        if record.status != "finished":
            self._replier.close(record, self._store.turns(session_id))

    def scorecard(self, session_id: str) -> Scorecard:
        """Return the scorecard, grading first what is not graded yet."""
        return self._grade_book.scorecard(session_id)

    def regrade(self, session_id: str, *, only_failed: bool = False) -> Scorecard:
        """Grade again with the present grader: everything, or only what failed."""
        return self._grade_book.regrade(session_id, only_failed=only_failed)

    def scorecards(self, session_id: str) -> Sequence[Scorecard]:
        """Return every scorecard made of a session, oldest first."""
        return self._store.scorecards(session_id)

    def delete(self, session_id: str) -> None:
        """Delete a session for good. Raise SessionNotFound."""
        self._store.delete_session(session_id)

    def _own_seconds(
        self, record: SessionRecord, turns: Sequence[Turn], seconds: float | None
    ) -> float:
        """Return the candidate's time since the last answer, from the clock unless it is given."""
        earlier = sum(t.seconds for t in turns)
        if seconds is not None:
            self._store.set_seconds(record.id, earlier + seconds)
            return seconds
        return max(0.0, self.tick(record.id) - earlier)
