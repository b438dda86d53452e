"""One reply: what was said is understood, the next move decided and spoken, and all of it stored.

Invariant: what was understood is stored before the reply is spoken, and what was heard of a reply
that is cut off is stored with the question it led to. Knows no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeAlias

from interviewer import policy
from interviewer.agent.brain import Brain, Scene
from interviewer.agent.script import script_of
from interviewer.agent.understand import understand
from interviewer.report.drill import verdict_markdown
from interviewer.schema import Format, Intent, Move, MoveKind, Question, Setup, Snapshot, Turn
from interviewer.session.grades import GradeBook
from interviewer.store import SessionRecord, Store
from interviewer.text import sentences

# Told each question that is asked, while the candidate thinks.
GetReady: TypeAlias = Callable[[Question], object]


class Replier:
    """Gives the interviewer's turns: the opening, each reply, the farewell."""

    def __init__(
        self,
        store: Store,
        brain_for: Callable[[str], Brain],
        grade_book: GradeBook,
        now: Callable[[], datetime],
        get_ready: GetReady,
    ) -> None:
        self._store = store
        self._brain_for = brain_for
        self._grade_book = grade_book
        self._now = now
        self._get_ready = get_ready

    def open(self, session_id: str, setup: Setup, snapshot: Snapshot) -> None:
        """Store a new session with its first question asked."""
        brain = self._brain_for(session_id)
        move = policy.opening(snapshot)
        words = "".join(brain.speak(move, Scene(setup, snapshot, ())))
        opening = self._turn(1, move, words)
        self._store.create_session(session_id, setup, snapshot, brain.name, self._now(), [opening])
        self._get_ready(snapshot.questions[0])

    def close(self, record: SessionRecord, turns: tuple[Turn, ...]) -> None:
        """Say farewell and end the session, whatever is open."""
        move = Move(
            kind=MoveKind.CLOSE, target_id="end", question_id=record.snapshot.questions[-1].id
        )
        scene = Scene(record.setup, record.snapshot, turns)
        words = "".join(self._brain_for(record.id).speak(move, scene))
        farewell = self._turn(turns[-1].id + 1, move, words)
        self._store.append_turns(record.id, [farewell], status="finished")

    def reply(self, record: SessionRecord, turns: tuple[Turn, ...]) -> Iterator[str]:
        """Yield the reply to the last turn, the candidate's, and store it."""
        snapshot, setup = record.snapshot, record.setup
        brain = self._brain_for(record.id)
        turns = self._understood(record, turns, brain)
        steer = turns[-1].steer
        assert steer is not None
        before = policy.follow(snapshot, turns)
        move = policy.decide(before, steer, snapshot, setup)
        is_drill = setup.format is Format.DRILL and _leaves(move, before.question)
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
            self._append(record, turns[-1].id + 1, move, said, before.question)
            raise
        self._append(record, turns[-1].id + 1, move, said, before.question)

    def _append(
        self, record: SessionRecord, turn_id: int, move: Move, said: str, before: Question
    ) -> None:
        """Store a reply; set off what its move sets off: grading what it leaves, reading what it asks."""
        ends = move.kind is MoveKind.CLOSE and move.target_id == "end"
        reply = self._turn(turn_id, move, said)
        self._store.append_turns(record.id, [reply], status="finished" if ends else None)
        if _leaves(move, before):
            self._grade_book.grade_soon(record.id, before.id)
        for question in record.snapshot.questions:
            if question.id == move.question_id != before.id:
                self._get_ready(question)

    def _understood(
        self, record: SessionRecord, turns: tuple[Turn, ...], brain: Brain
    ) -> tuple[Turn, ...]:
        """Return the turns with the last one's steer, computing and storing it if it is missing."""
        last = turns[-1]
        if last.steer is not None:
            return turns
        if _takes_back_the_message_before(last.text):
            turns = self._without_previous(record, turns)
        state = policy.follow(record.snapshot, turns)
        heard = understand(last.text, may_inspect=state.question.diagnosis is not None)
        exchange = [t for t in turns if t.question_id == state.question.id]
        steer = brain.steer(state.question, state.question.key_points, exchange, heard)
        steer = steer.model_copy(update={"asks": heard.asks})
        self._store.save_steer(record.id, last, steer)
        return (*turns[:-1], last.model_copy(update={"steer": steer}))

    def _without_previous(self, record: SessionRecord, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        """Mark the answer before, on the same question, as taken back; twice changes nothing."""
        here = turns[-1].question_id
        answers = [
            t
            for t in turns[:-1]
            if t.question_id == here and t.steer and Intent.ANSWER in t.steer.intents
        ]
        if not answers or policy.follow(record.snapshot, turns).closing:
            return turns
        struck = answers[-1].model_copy(update={"retracted": True})
        self._store.replace_turn(record.id, struck)
        return tuple(struck if t.id == struck.id else t for t in turns)

    def _drill_verdict(self, session_id: str, question: Question) -> str:
        grade = self._grade_book.grade_now(session_id, question.id)
        return verdict_markdown(question, grade) + "\n\n"

    def _turn(self, turn_id: int, move: Move, words: str) -> Turn:
        return Turn(
            id=turn_id,
            role="interviewer",
            text=words.strip(),
            at=self._now(),
            question_id=move.question_id,
            stage=move.stage,
            move=move,
        )


def _leaves(move: Move, question: Question) -> bool:
    """Tell whether a move leaves this question for another, or for the end."""
    return move.question_id != question.id or move.kind is MoveKind.CLOSE


def _takes_back_the_message_before(text: str) -> bool:
    """A message that starts by taking back means the one before; later on it means its own words."""
    first = next(iter(sentences(text)), None)
    return first is not None and Intent.RETRACT in understand(first.text).intents
