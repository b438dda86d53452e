"""Told stories: the report on one telling, and all tellings of a theme side by side.

Invariant: a telling is the candidate's first standing message of a story session; its report is read
from these words alone, so that two tellings compare like with like.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from interviewer.grading.stories import StoryReading
from interviewer.schema import Format, Turn
from interviewer.session import Sessions, SessionView


class Reader(Protocol):
    """Reads one told story."""

    def read(self, text: str, turn_id: int) -> StoryReading:
        """Return what is in it, in quotes."""
        ...


class Telling(NamedTuple):
    """One version of a story. `overall` is the scorecard's percent, when there is one."""

    session_id: str
    told_at: datetime
    text: str
    reading: StoryReading
    overall: float | None


class Stories:
    """Reads the story sessions of a store; a telling is read once."""

    def __init__(self, sessions: Sessions, reader: Reader) -> None:
        self._sessions = sessions
        self._reader = reader
        self._read: dict[tuple[str, int], StoryReading] = {}

    def telling(self, view: SessionView) -> Telling | None:
        """Return the telling of a story session; None before anything was told."""
        turn = _first_told(view)
        if turn is None:
            return None
        key = (view.record.id, turn.id)
        if key not in self._read:
            self._read[key] = self._reader.read(turn.text, turn.id)
        cards = self._sessions.scorecards(view.record.id)
        overall = cards[-1].overall if cards else None
        return Telling(view.record.id, turn.at, turn.text, self._read[key], overall)

    def tellings(self, question_id: str) -> list[Telling]:
        """Return every telling of one theme, oldest first."""
        ids = [
            record.id
            for record in self._sessions.list()
            if record.setup.format is Format.STORY
            and record.snapshot.questions[0].id == question_id
        ]
        found = [self.telling(self._sessions.view(session_id)) for session_id in reversed(ids)]
        return [telling for telling in found if telling is not None]


def _first_told(view: SessionView) -> Turn | None:
    return next((t for t in view.turns if t.role == "candidate" and not t.retracted), None)
