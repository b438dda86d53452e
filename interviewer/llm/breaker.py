"""Stops calling a model that fails, and finds out in the background when it is back.

Invariant: while open, nobody waits for the model; only the probe calls it. Knows no client.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock, Thread

from interviewer.errors import ModelError, ModelUnavailable

_FAILURES_TO_OPEN = 2


class Breaker:
    """Opens after two failures in a row, or at once when the server says how long to wait.

    `probe` makes one tiny call and raises ModelError while the model is down. Thread-safe.
    """

    def __init__(
        self,
        probe: Callable[[], None],
        *,
        first_delay_seconds: float = 5.0,
        longest_delay_seconds: float = 60.0,
    ) -> None:
        self._probe = probe
        self._first_delay = first_delay_seconds
        self._longest_delay = longest_delay_seconds
        self._lock = Lock()
        self._failures = 0
        self._open_because: str | None = None
        self._stop = Event()
        self._back = Event()
        self._back.set()

    @property
    def open_because(self) -> str | None:
        """Return why the model is not called now; None while it is."""
        return self._open_because

    def check(self) -> None:
        """Raise ModelUnavailable while open."""
        if self._open_because is not None:
            raise ModelUnavailable(f"{self._open_because} (not called again until it is back)")

    def wait(self, seconds: float) -> bool:
        """Wait while open, for so long at most; return whether calls are made again."""
        return self._back.wait(seconds)

    def succeeded(self) -> None:
        """Note a call that was answered."""
        with self._lock:
            self._failures = 0

    def failed(self, error: ModelError, retry_after_seconds: float | None = None) -> None:
        """Note a call that was not answered; open, and start probing, when that is one too many."""
        with self._lock:
            self._failures += 1
            enough = self._failures >= _FAILURES_TO_OPEN or retry_after_seconds is not None
            if not enough or self._open_because is not None:
                return
            self._open_because = str(error)
            self._back.clear()
            delay = max(self._first_delay, retry_after_seconds or 0.0)
            Thread(target=self._probe_until_back, args=(delay,), daemon=True).start()

    def close(self) -> None:
        """Stop probing for good."""
        self._stop.set()

    def _probe_until_back(self, delay: float) -> None:
        while not self._stop.wait(delay):
            try:
                self._probe()
            except ModelError as error:
                asked = getattr(error, "retry_after_seconds", None)
                delay = max(min(delay * 2, self._longest_delay), asked or 0.0)
                continue
            with self._lock:
                self._failures, self._open_because = 0, None
                self._back.set()
            return
