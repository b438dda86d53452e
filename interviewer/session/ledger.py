"""What a session's model calls cost: kept in the store, held against the spend limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from interviewer.llm import Usage
from interviewer.store import Store


class SessionLedger:
    """The ledger of one session. `spend_limit` is in the currency of the configured prices."""

    def __init__(
        self, store: Store, session_id: str, spend_limit: float | None, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._session_id = session_id
        self._spend_limit = spend_limit
        self._now = now

    def note(self, usage: Usage) -> None:
        """Keep one call's usage."""
        tokens = (usage.prompt_tokens, usage.completion_tokens)
        self._store.usage.add(
            self._session_id, usage.purpose, usage.model, tokens, usage.cost, self._now()
        )

    def remaining(self) -> float | None:
        """Return the money left under the limit; None without a limit."""
        if self._spend_limit is None:
            return None
        return self._spend_limit - (self._store.usage.total(self._session_id).cost or 0.0)
