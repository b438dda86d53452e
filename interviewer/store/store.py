"""Typed reads and writes of sessions, turns, grades and scorecards.

Invariant: an answer is written before anything is computed from it, and written once; a turn's
number is unique in its session, so that two tabs cannot both go on from the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError

from interviewer.errors import SessionNotFound, StaleSession
from interviewer.schema import Grade, Scorecard, Setup, Snapshot, Steer, Turn
from interviewer.store.database import naive, open_engine
from interviewer.store.opinions import Opinions
from interviewer.store.tables import (
    contests_table,
    grades_table,
    question_reports_table,
    scorecards_table,
    self_ratings_table,
    sessions_table,
    turns_table,
    usage_table,
)
from interviewer.store.usage import UsageNotes

_GRADE: TypeAdapter[Grade] = TypeAdapter(Grade)
# What goes with a session. Foreign keys cascade too, where a database enforces them.
_OWNED = (
    turns_table, grades_table, scorecards_table, usage_table, self_ratings_table, contests_table,
)  # fmt: skip


class SessionRecord(NamedTuple):
    """One stored session without its turns. `seconds` is the candidate's own time so far."""

    id: str
    setup: Setup
    snapshot: Snapshot
    interviewer: str
    status: str
    seconds: float
    started_at: datetime
    updated_at: datetime


class Store:
    """Typed reads and writes, each in one transaction."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self.opinions = Opinions(self._engine)
        self.usage = UsageNotes(self._engine)

    def close(self) -> None:
        """Let go of the database's connections."""
        self._engine.dispose()

    def create_session(
        self,
        session_id: str,
        setup: Setup,
        snapshot: Snapshot,
        interviewer: str,
        now: datetime,
        opening: Sequence[Turn] = (),
    ) -> None:
        """Create a session with its opening turns, all or nothing."""
        with self._engine.begin() as connection:
            connection.execute(
                sessions_table.insert().values(
                    id=session_id,
                    setup=setup.model_dump(mode="json"),
                    snapshot=snapshot.model_dump(mode="json"),
                    snapshot_hash=snapshot.hash,
                    interviewer=interviewer,
                    status="running",
                    seconds=0.0,
                    started_at=naive(now),
                    updated_at=naive(now),
                )
            )
            if opening:
                connection.execute(turns_table.insert(), _turn_rows(session_id, opening))

    def session(self, session_id: str) -> SessionRecord:
        """Return one session. Raise SessionNotFound."""
        query = sa.select(sessions_table).where(sessions_table.c.id == session_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise SessionNotFound(session_id)
        return _record(row)

    def sessions(self, limit: int | None = None) -> list[SessionRecord]:
        """Return sessions, newest first: all of them, or at most `limit`."""
        query = sa.select(sessions_table).order_by(sessions_table.c.started_at.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [_record(row) for row in connection.execute(query)]

    def count_sessions(self) -> int:
        """Return how many sessions there are."""
        with self._engine.connect() as connection:
            return connection.execute(
                sa.select(sa.func.count()).select_from(sessions_table)
            ).scalar_one()

    def delete_session(self, session_id: str) -> None:
        """Delete a session and all that hangs on it; reports on questions stay. Raise SessionNotFound."""
        self.session(session_id)
        reports = question_reports_table
        with self._engine.begin() as connection:
            for table in _OWNED:
                connection.execute(table.delete().where(table.c.session_id == session_id))
            connection.execute(
                reports.update().where(reports.c.session_id == session_id).values(session_id=None)
            )
            connection.execute(sessions_table.delete().where(sessions_table.c.id == session_id))

    def set_seconds(self, session_id: str, seconds: float) -> None:
        self._update(session_id, seconds=seconds)

    def add_seconds(self, session_id: str, seconds: float) -> None:
        """Add to the candidate's time in the database, so that two pages lose nothing."""
        self._update(session_id, seconds=sessions_table.c.seconds + seconds)

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        query = (
            sa.select(turns_table.c.turn)
            .where(turns_table.c.session_id == session_id)
            .order_by(turns_table.c.id)
        )
        with self._engine.connect() as connection:
            return tuple(Turn.model_validate(raw) for raw in connection.execute(query).scalars())

    def append_turns(
        self, session_id: str, turns: Sequence[Turn], status: str | None = None
    ) -> None:
        """Append turns whose ids go on from the last, with a new status if one is given.

        Raise StaleSession if an id is taken.
        """
        try:
            with self._engine.begin() as connection:
                last = connection.execute(
                    sa.select(sa.func.max(turns_table.c.id)).where(
                        turns_table.c.session_id == session_id
                    )
                ).scalar()
                if turns[0].id != (last or 0) + 1:
                    raise StaleSession
                connection.execute(turns_table.insert(), _turn_rows(session_id, turns))
                changed: dict[str, Any] = {"updated_at": naive(turns[-1].at)}
                connection.execute(
                    sessions_table.update()
                    .where(sessions_table.c.id == session_id)
                    .values(**changed, **({"status": status} if status else {}))
                )
        except IntegrityError:
            raise StaleSession from None

    def replace_turn(self, session_id: str, turn: Turn) -> None:
        """Write a turn again: with its steer, or marked as retracted. Its text never changes."""
        where = (turns_table.c.session_id == session_id) & (turns_table.c.id == turn.id)
        with self._engine.begin() as connection:
            connection.execute(
                turns_table.update().where(where).values(turn=turn.model_dump(mode="json"))
            )

    def save_steer(self, session_id: str, turn: Turn, steer: Steer) -> None:
        """Write what was understood of a candidate's turn beside it."""
        self.replace_turn(session_id, turn.model_copy(update={"steer": steer}))

    def save_grade(self, session_id: str, grade: Grade, now: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                grades_table.insert().values(
                    session_id=session_id,
                    question_id=grade.question_id,
                    grade=grade.model_dump(mode="json"),
                    made_at=naive(now),
                )
            )

    def grades(self, session_id: str) -> dict[str, Grade]:
        """Return the latest grade of each question, the latest made last."""
        query = (
            sa.select(grades_table.c.question_id, grades_table.c.grade)
            .where(grades_table.c.session_id == session_id)
            .order_by(grades_table.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        latest: dict[str, Grade] = {}
        for question_id, raw in rows:
            latest.pop(question_id, None)
            latest[question_id] = _GRADE.validate_python(raw)
        return latest

    def save_scorecard(self, session_id: str, card: Scorecard) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                scorecards_table.insert().values(
                    session_id=session_id,
                    scorecard=card.model_dump(mode="json"),
                    made_at=naive(card.made_at),
                )
            )

    def scorecards(self, session_id: str) -> list[Scorecard]:
        """Return all scorecards of a session, oldest first."""
        query = (
            sa.select(scorecards_table.c.scorecard)
            .where(scorecards_table.c.session_id == session_id)
            .order_by(scorecards_table.c.id)
        )
        with self._engine.connect() as connection:
            return [Scorecard.model_validate(raw) for raw in connection.execute(query).scalars()]

    def _update(self, session_id: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sessions_table.update().where(sessions_table.c.id == session_id).values(**values)
            )


def _turn_rows(session_id: str, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    return [
        {"session_id": session_id, "id": t.id, "turn": t.model_dump(mode="json")} for t in turns
    ]


def _record(row: Any) -> SessionRecord:
    return SessionRecord(
        id=row.id,
        setup=Setup.model_validate(row.setup),
        snapshot=Snapshot.model_validate(row.snapshot),
        interviewer=row.interviewer,
        status=row.status,
        seconds=row.seconds,
        started_at=row.started_at.replace(tzinfo=UTC),
        updated_at=row.updated_at.replace(tzinfo=UTC),
    )
