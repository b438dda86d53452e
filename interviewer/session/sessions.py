"""One object that runs sessions over the store, the bank, a brain and a grader.

Invariant: what the candidate sends is stored before anything is computed from it, what was
understood before the reply is spoken, and every step can be taken again after a kill.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from interviewer import policy
from interviewer.agent.brain import Brain, Scene
from interviewer.agent.script import script_of
from interviewer.agent.understand import understand
from interviewer.content import Bank, content_hash
from interviewer.errors import ContentError, SessionClosed
from interviewer.report.drill import verdict_markdown
from interviewer.retrieval import BankIndex
from interviewer.schema import (
    Format,
    Intent,
    Move,
    MoveKind,
    Question,
    Scorecard,
    Setup,
    Snapshot,
    Turn,
)
from interviewer.session.choosing import QuestionChooser
from interviewer.session.clock import CandidateClock
from interviewer.session.contests import ContestBook, FindReader
from interviewer.session.grades import GradeBook
from interviewer.session.opinions import Opinions
from interviewer.session.view import SessionView
from interviewer.store import SessionRecord, Store
from interviewer.text import sentences


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
        get_ready: Callable[[Question], object] = lambda _: None,
    ) -> None:
        """`get_ready` is told each question that is asked, while the candidate thinks."""
        self.bank = bank
        self.opinions = Opinions(bank, store, now)
        self.contests = ContestBook(store, grade_book, second_reader_for, now)
        self._open_index = open_index
        self._store = store
        self._brain_for = brain_for
        self._grade_book = grade_book
        self._now = now
        self._get_ready = get_ready
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
        brain = self._brain_for(session_id)
        move = policy.opening(snapshot)
        words = "".join(brain.speak(move, Scene(setup, snapshot, ())))
        opening = self._interviewer_turn(1, move, words)
        self._store.create_session(session_id, setup, snapshot, brain.name, self._now(), [opening])
        self._get_ready(questions[0])
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
            usage=self._store.usage(session_id),
            paused=self._clock.is_paused(session_id),
            trouble=self._brain_for(session_id).trouble,
        )

    def list(self) -> Sequence[SessionRecord]:
        """Return all sessions, newest first."""
        return self._store.sessions()

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
            yield from self._reply(record, turns)
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
        turns = self._store.turns(session_id)
        if record.status == "finished":
            return
        move = Move(
            kind=MoveKind.CLOSE, target_id="end", question_id=record.snapshot.questions[-1].id
        )
        brain = self._brain_for(session_id)
        words = "".join(brain.speak(move, Scene(record.setup, record.snapshot, turns)))
        farewell = self._interviewer_turn(turns[-1].id + 1, move, words)
        self._store.append_turns(session_id, [farewell], status="finished")

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

    def _reply(self, record: SessionRecord, turns: tuple[Turn, ...]) -> Iterator[str]:
        snapshot, setup = record.snapshot, record.setup
        brain = self._brain_for(record.id)
        turns = self._understood(record, turns, brain)
        steer = turns[-1].steer
        assert steer is not None
        before = policy.follow(snapshot, turns)
        move = policy.decide(before, steer, snapshot, setup)
        leaves = move.question_id != before.question.id or move.kind is MoveKind.CLOSE
        is_drill = setup.format is Format.DRILL and leaves
        said = self._drill_verdict(record.id, before.question) if is_drill else ""
        try:
            if said:
                yield said
            for piece in brain.speak(move, Scene(setup, snapshot, turns)):
                said += piece
                yield piece
        except GeneratorExit:
            # The listener stopped it: what was heard stands, but never without the next question.
            question = script_of(move, snapshot).words if move.kind is MoveKind.ADVANCE else ""
            said += "" if question in said else f"\n\n{question}"
            self._append_reply(record.id, turns[-1].id + 1, move, said, before)
            raise
        self._append_reply(record.id, turns[-1].id + 1, move, said, before)
        if move.question_id != before.question.id:
            for asked in (q for q in snapshot.questions if q.id == move.question_id):
                self._get_ready(asked)

    def _append_reply(
        self, session_id: str, turn_id: int, move: Move, said: str, before: policy.State
    ) -> None:
        reply = self._interviewer_turn(turn_id, move, said)
        ends = move.kind is MoveKind.CLOSE and move.target_id == "end"
        self._store.append_turns(session_id, [reply], status="finished" if ends else None)
        if move.question_id != before.question.id or move.kind is MoveKind.CLOSE:
            self._grade_book.grade_soon(session_id, before.question.id)

    def _understood(
        self, record: SessionRecord, turns: tuple[Turn, ...], brain: Brain
    ) -> tuple[Turn, ...]:
        """Return the turns with the last one's steer, computing and storing it if it is missing."""
        last = turns[-1]
        if last.steer is not None:
            return turns
        if _takes_back_the_message_before(last.text):
            turns = self._without_previous(record.id, turns)
        state = policy.follow(record.snapshot, turns)
        heard = understand(last.text, may_inspect=state.question.diagnosis is not None)
        exchange = [t for t in turns if t.question_id == state.question.id]
        steer = brain.steer(state.question, state.question.key_points, exchange, heard)
        steer = steer.model_copy(update={"asks": heard.asks})
        self._store.save_steer(record.id, last, steer)
        return (*turns[:-1], last.model_copy(update={"steer": steer}))

    def _without_previous(self, session_id: str, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        """Mark the answer before, on the same question, as taken back; twice changes nothing."""
        here = turns[-1].question_id
        answers = [
            t
            for t in turns[:-1]
            if t.question_id == here and t.steer and Intent.ANSWER in t.steer.intents
        ]
        if not answers or policy.follow(self._store.session(session_id).snapshot, turns).closing:
            return turns
        struck = answers[-1].model_copy(update={"retracted": True})
        self._store.replace_turn(session_id, struck)
        return tuple(struck if t.id == struck.id else t for t in turns)

    def _drill_verdict(self, session_id: str, question: Question) -> str:
        grade = self._grade_book.grade_now(session_id, question.id)
        return verdict_markdown(question, grade) + "\n\n"

    def _own_seconds(
        self, record: SessionRecord, turns: Sequence[Turn], seconds: float | None
    ) -> float:
        """Return the candidate's time since the last answer, from the clock unless it is given."""
        earlier = sum(t.seconds for t in turns)
        if seconds is not None:
            self._store.set_seconds(record.id, earlier + seconds)
            return seconds
        return max(0.0, self.tick(record.id) - earlier)

    def _interviewer_turn(self, turn_id: int, move: Move, words: str) -> Turn:
        return Turn(
            id=turn_id,
            role="interviewer",
            text=words.strip(),
            at=self._now(),
            question_id=move.question_id,
            stage=move.stage,
            move=move,
        )


def _takes_back_the_message_before(text: str) -> bool:
    """A message that starts by taking back means the one before; later on it means its own words."""
    first = next(iter(sentences(text)), None)
    return first is not None and Intent.RETRACT in understand(first.text).intents
