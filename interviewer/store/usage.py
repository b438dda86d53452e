"""What model calls cost, noted call by call and added up for a session."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from interviewer.store.database import naive
from interviewer.store.tables import usage_table


class UsageTotal(NamedTuple):
    """What a session's model calls cost; `cost` is None when no price is known."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


class UsageNotes:
    """Reads and writes over the store's engine, each in one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(
        self,
        session_id: str,
        purpose: str,
        model: str,
        tokens: tuple[int, int],
        cost: float | None,
        now: datetime,
    ) -> None:
        """Note one model call: `tokens` are (prompt, completion), `cost` in the price's currency."""
        with self._engine.begin() as connection:
            connection.execute(
                usage_table.insert().values(
                    session_id=session_id,
                    purpose=purpose,
                    model=model,
                    prompt_tokens=tokens[0],
                    completion_tokens=tokens[1],
                    cost=cost,
                    at=naive(now),
                )
            )

    def total(self, session_id: str) -> UsageTotal:
        """Return what the calls of a session add up to."""
        columns = usage_table.c
        query = sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(columns.prompt_tokens), 0),
            sa.func.coalesce(sa.func.sum(columns.completion_tokens), 0),
            sa.func.sum(columns.cost),
        ).where(columns.session_id == session_id)
        with self._engine.connect() as connection:
            return UsageTotal(*connection.execute(query).one())
