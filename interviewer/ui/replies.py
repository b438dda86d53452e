"""Replies under way: one per session in this process, drawn as they come, to be stopped or awaited.

Invariant: a reply that is stopped or abandoned is closed, so that the session stores what was said.
Knows no component of the page.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event

from interviewer.errors import InterviewerError
from interviewer.session import Sessions

# A reply is redrawn at most this often while it streams.
_REDRAW_SECONDS = 0.08
_LOOK_SECONDS = 0.1


class ReplyUnderWay(InterviewerError):
    """A message came while the interviewer was still answering the one before."""

    def __init__(self) -> None:
        super().__init__("The interviewer is still answering. Your text is still in the box.")


class Replies:
    """Sends messages and hands on the replies. Safe to use from several threads."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._stops: dict[str, Event] = {}

    def send(self, session_id: str, text: str, after_turn: int) -> Iterator[str]:
        """Store a message, then return the reply as it grows. Raise InterviewerError if not stored."""
        if session_id in self._stops:
            raise ReplyUnderWay
        return self._drawn(
            session_id, self._sessions.answer(session_id, text, after_turn=after_turn)
        )

    def resume(self, session_id: str) -> Iterator[str]:
        """Return the reply that is due as it grows; await one that another tab is drawing."""
        if session_id in self._stops:
            self.wait(session_id, seconds=30)
            return iter(())
        return self._drawn(session_id, self._sessions.resume(session_id))

    def stop(self, session_id: str) -> None:
        """End the reply under way after the piece that comes next."""
        if stop := self._stops.get(session_id):
            stop.set()

    def wait(self, session_id: str, seconds: float) -> None:
        """Wait until no reply is under way, or until `seconds` are over."""
        end = time.monotonic() + seconds
        while session_id in self._stops and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)

    def _drawn(self, session_id: str, pieces: Iterator[str]) -> Iterator[str]:
        stop = self._stops[session_id] = Event()
        said, drawn = "", 0.0
        try:
            for piece in pieces:
                said += piece
                if stop.is_set():
                    break
                if time.monotonic() - drawn >= _REDRAW_SECONDS:
                    drawn = time.monotonic()
                    yield said
        finally:
            if close := getattr(pieces, "close", None):
                close()
            self._stops.pop(session_id, None)
