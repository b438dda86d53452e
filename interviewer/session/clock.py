"""The candidate's own time: only while the page is open, not paused, and it is the candidate's turn."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

# The page ticks every few seconds; a longer gap means that it was closed or asleep.
_LONGEST_GAP_SECONDS = 10.0


class CandidateClock:
    """Turns ticks into seconds of the candidate's time, per session. Thread-safe."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._held: set[str] = set()
        self._lock = Lock()

    def tick(self, session_id: str, now: datetime) -> float:
        """Return the seconds to add since the last tick; 0 while held or after a long gap."""
        with self._lock:
            last = self._last.get(session_id)
            self._last[session_id] = now
            if last is None or session_id in self._held:
                return 0.0
            gap = (now - last).total_seconds()
            return gap if 0 <= gap <= _LONGEST_GAP_SECONDS else 0.0

    def hold(self, session_id: str) -> None:
        """Stop counting: the interviewer is speaking, or the candidate paused."""
        with self._lock:
            self._held.add(session_id)
            self._last.pop(session_id, None)

    def release(self, session_id: str) -> None:
        """Count again, from the next tick on."""
        with self._lock:
            self._held.discard(session_id)
            self._last.pop(session_id, None)

    def is_held(self, session_id: str) -> bool:
        """Return whether the clock of a session stands still."""
        with self._lock:
            return session_id in self._held
