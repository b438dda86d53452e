"""A database opened: SQLite set up for readers beside a writer, migrated to the newest tables; its times."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from interviewer.errors import ConfigError


def open_engine(url: str) -> sa.Engine:
    """Return an engine on an up-to-date database. Raise ConfigError for a URL that does not open."""
    try:
        engine = sa.create_engine(url)
    except sa.exc.ArgumentError as error:
        raise ConfigError("INTERVIEWER_DATABASE_URL", f"{error}; give an SQLAlchemy URL") from None
    except ModuleNotFoundError as error:
        raise ConfigError(
            "INTERVIEWER_DATABASE_URL", f"pip install {error.name}, or use SQLite"
        ) from None
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up_sqlite)
    _migrate(engine, url)
    return engine


def naive(moment: datetime) -> datetime:
    """Return UTC without its zone: SQLite has no zones, and one convention serves every database."""
    return moment.astimezone(UTC).replace(tzinfo=None)


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
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # Two programs may start on a new home at once: the second waits, then finds it done.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except DatabaseError as error:
        raise ConfigError(
            "INTERVIEWER_DATABASE_URL", f"cannot open {sa.make_url(url)!r}: {error.orig}"
        ) from None
