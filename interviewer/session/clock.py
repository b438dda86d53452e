"""The candidate's own time: only while the page is open, not paused, and it is the candidate's turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Lock

# The page ticks every few seconds; a longer gap means that it was closed or asleep.
_LONGEST_GAP_SECONDS = 10.0


class CandidateClock:
    """Turns ticks into seconds of the candidate's time, per session. Thread-safe."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._speaking: set[str] = set()
        self._paused: set[str] = set()
        self._lock = Lock()

    def tick(self, session_id: str, now: datetime) -> float:
        """Return the seconds to add since the last tick; 0 while held or after a long gap."""
        with self._lock:
            last = self._last.get(session_id)
            self._last[session_id] = now
            if last is None or session_id in self._speaking | self._paused:
                return 0.0
            gap = (now - last).total_seconds()
            return gap if 0 <= gap <= _LONGEST_GAP_SECONDS else 0.0

    def hold(self, session_id: str) -> None:
        """Stop counting while the interviewer speaks."""
        self._change(self._speaking.add, session_id)

    def release(self, session_id: str) -> None:
        """The interviewer is done: count again, from the next tick on, unless paused."""
        self._change(self._speaking.discard, session_id)

    def pause(self, session_id: str) -> None:
        """Stop counting because the candidate says so."""
        self._change(self._paused.add, session_id)

    def go_on(self, session_id: str) -> None:
        """End the candidate's pause."""
        self._change(self._paused.discard, session_id)

    def is_paused(self, session_id: str) -> bool:
        """Return whether the candidate paused."""
        with self._lock:
            return session_id in self._paused

    def _change(self, change: Callable[[str], None], session_id: str) -> None:
        with self._lock:
            change(session_id)
            self._last.pop(session_id, None)
