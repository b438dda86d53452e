"""Sessions, turns, grades, scorecards and usage in a database: the only sqlalchemy import.

Invariant: an answer is written before anything is computed from it, and written once; a turn's
number is unique in its session, so that two tabs cannot both go on from the same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError, OperationalError

from interviewer.errors import ConfigError, SessionNotFound, StaleSession
from interviewer.schema import Grade, Scorecard, Setup, Snapshot, Steer, Turn

_GRADE: TypeAdapter[Grade] = TypeAdapter(Grade)
metadata = sa.MetaData()

sessions_table = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("setup", sa.JSON, nullable=False),
    sa.Column("snapshot", sa.JSON, nullable=False),
    sa.Column("snapshot_hash", sa.String(64), nullable=False),
    sa.Column("interviewer", sa.String(200), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("seconds", sa.Float, nullable=False, default=0.0),
    sa.Column("started_at", sa.DateTime, nullable=False, index=True),
    sa.Column("updated_at", sa.DateTime, nullable=False),
)
turns_table = sa.Table(
    "turns",
    metadata,
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("turn", sa.JSON, nullable=False),
)
grades_table = sa.Table(
    "grades",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True),
    sa.Column("question_id", sa.String(80), nullable=False),
    sa.Column("grade", sa.JSON, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
)
scorecards_table = sa.Table(
    "scorecards",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True),
    sa.Column("scorecard", sa.JSON, nullable=False),
    sa.Column("made_at", sa.DateTime, nullable=False),
)
usage_table = sa.Table(
    "usage",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("session_id", sa.ForeignKey("sessions.id", ondelete="CASCADE"), index=True),
    sa.Column("purpose", sa.String(16), nullable=False),
    sa.Column("model", sa.String(200), nullable=False),
    sa.Column("prompt_tokens", sa.Integer, nullable=False),
    sa.Column("completion_tokens", sa.Integer, nullable=False),
    sa.Column("cost", sa.Float),
    sa.Column("at", sa.DateTime, nullable=False),
)


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


class UsageTotal(NamedTuple):
    """What a session's model calls cost; `cost` is None when no price is known."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


class Store:
    """Typed reads and writes, each in one transaction."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        _migrate(self._engine, url)

    def create_session(
        self, session_id: str, setup: Setup, snapshot: Snapshot, interviewer: str, now: datetime
    ) -> None:
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
                    started_at=_naive(now),
                    updated_at=_naive(now),
                )
            )

    def session(self, session_id: str) -> SessionRecord:
        """Return one session. Raise SessionNotFound."""
        query = sa.select(sessions_table).where(sessions_table.c.id == session_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise SessionNotFound(session_id)
        return _record(row)

    def sessions(self, limit: int = 200) -> list[SessionRecord]:
        """Return sessions, newest first."""
        query = sa.select(sessions_table).order_by(sessions_table.c.started_at.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [_record(row) for row in connection.execute(query)]

    def delete_session(self, session_id: str) -> None:
        """Delete a session and all that hangs on it. Raise SessionNotFound."""
        self.session(session_id)
        with self._engine.begin() as connection:
            for table in (turns_table, grades_table, scorecards_table, usage_table):
                connection.execute(table.delete().where(table.c.session_id == session_id))
            connection.execute(sessions_table.delete().where(sessions_table.c.id == session_id))

    def set_status(self, session_id: str, status: str) -> None:
        self._update(session_id, status=status)

    def set_seconds(self, session_id: str, seconds: float) -> None:
        self._update(session_id, seconds=seconds)

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        query = (
            sa.select(turns_table.c.turn)
            .where(turns_table.c.session_id == session_id)
            .order_by(turns_table.c.id)
        )
        with self._engine.connect() as connection:
            return tuple(Turn.model_validate(raw) for raw in connection.execute(query).scalars())

    def append_turns(self, session_id: str, turns: Sequence[Turn]) -> None:
        """Append turns whose ids go on from the last. Raise StaleSession if one is taken."""
        rows = [
            {"session_id": session_id, "id": t.id, "turn": t.model_dump(mode="json")} for t in turns
        ]
        try:
            with self._engine.begin() as connection:
                last = connection.execute(
                    sa.select(sa.func.max(turns_table.c.id)).where(
                        turns_table.c.session_id == session_id
                    )
                ).scalar()
                if turns[0].id != (last or 0) + 1:
                    raise StaleSession
                connection.execute(turns_table.insert(), rows)
                self._touch(connection, session_id, turns[-1].at)
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
                    made_at=_naive(now),
                )
            )

    def grades(self, session_id: str) -> dict[str, Grade]:
        """Return the latest grade of each question."""
        query = (
            sa.select(grades_table.c.question_id, grades_table.c.grade)
            .where(grades_table.c.session_id == session_id)
            .order_by(grades_table.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return {question_id: _GRADE.validate_python(raw) for question_id, raw in rows}

    def save_scorecard(self, session_id: str, card: Scorecard) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                scorecards_table.insert().values(
                    session_id=session_id,
                    scorecard=card.model_dump(mode="json"),
                    made_at=_naive(card.made_at),
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

    def add_usage(
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
                    at=_naive(now),
                )
            )

    def usage(self, session_id: str) -> UsageTotal:
        columns = usage_table.c
        query = sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(columns.prompt_tokens), 0),
            sa.func.coalesce(sa.func.sum(columns.completion_tokens), 0),
            sa.func.sum(columns.cost),
        ).where(columns.session_id == session_id)
        with self._engine.connect() as connection:
            return UsageTotal(*connection.execute(query).one())

    def _update(self, session_id: str, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                sessions_table.update().where(sessions_table.c.id == session_id).values(**values)
            )

    def _touch(self, connection: sa.Connection, session_id: str, now: datetime) -> None:
        connection.execute(
            sessions_table.update()
            .where(sessions_table.c.id == session_id)
            .values(updated_at=_naive(now))
        )


def _engine(url: str) -> sa.Engine:
    try:
        engine = sa.create_engine(url)
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        raise ConfigError("INTERVIEWER_DATABASE_URL", f"{error}; give an SQLAlchemy URL") from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=5000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(engine: sa.Engine, url: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise ConfigError(
            "INTERVIEWER_DATABASE_URL", f"cannot open {sa.make_url(url)!r}: {error.orig}"
        ) from None


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


def _naive(moment: datetime) -> datetime:
    """Return UTC without its zone: SQLite has no zones, and one convention serves every database."""
    return moment.astimezone(UTC).replace(tzinfo=None)


@contextmanager
def open_store(url: str) -> Iterator[Store]:
    """Open a store and close its connections at the end."""
    store = Store(url)
    try:
        yield store
    finally:
        store._engine.dispose()
