"""Runs an iterator in a thread of its own, so that a stalled source cannot hold the consumer.

Invariant: the consumer waits no longer than its seconds in all; every error reaches it, translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from types import TracebackType
from typing import Generic, Literal, NamedTuple, TypeVar

T = TypeVar("T")


class _Item(NamedTuple, Generic[T]):
    value: T


class _End:
    """The end of the source, with what ended it; entered around the source in its thread."""

    def __init__(
        self, queue: SimpleQueue[_Item[T] | _End], translate: Callable[[BaseException], Exception]
    ) -> None:
        self._queue = queue
        self._translate = translate
        self.error: Exception | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[True]:
        self.error = self._translate(error) if error else None
        self._queue.put(self)
        return True


def relay(
    source: Callable[[], Iterator[T]],
    seconds: float,
    translate: Callable[[BaseException], Exception],
) -> Iterator[T]:
    """Yield what `source` yields. Raise `translate(error)` for its error, or once time is up.

    When the consumer stops early, the source is closed at its next item; a client's own read timeout
    ends one that never gives another.
    """
    queue: SimpleQueue[_Item[T] | _End] = SimpleQueue()
    stopped = Event()

    def pump() -> None:
        with _End(queue, translate):
            for value in source():
                if stopped.is_set():
                    return
                queue.put(_Item(value))

    Thread(target=pump, daemon=True).start()
    deadline = monotonic() + seconds
    try:
        while True:
            try:
                got = queue.get(timeout=max(0.0, deadline - monotonic()))
            except Empty:
                raise translate(TimeoutError()) from None
            if isinstance(got, _End):
                if got.error is not None:
                    raise got.error
                return
            yield got.value
    finally:
        stopped.set()
