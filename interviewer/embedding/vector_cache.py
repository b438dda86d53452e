"""Vectors on disk by key: one SQLite file that several processes may use at once.

Invariant: never stops the work. What cannot be read is missing, what cannot be written is computed
again next time, and a damaged file is replaced by an empty one. Knows nothing of texts or models.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
_VARIABLES = 900  # SQLite's oldest limit on `?` in one statement is 999
_WAIT_SECONDS = 5.0


class VectorCache:
    """Float32 vectors by key, stored exactly, so that a cached vector equals a fresh one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors that are stored."""
        import numpy as np

        found: dict[bytes, NDArray[np.float32]] = {}
        if not keys or not self._path.exists():
            return found
        try:
            with closing(self._connect()) as connection:
                for at in range(0, len(keys), _VARIABLES):
                    part = keys[at : at + _VARIABLES]
                    marks = ",".join("?" * len(part))
                    rows = connection.execute(
                        f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part
                    )
                    found |= {key: np.frombuffer(blob, np.float32) for key, blob in rows}
        except sqlite3.OperationalError:
            pass  # locked or unreadable for now: missing
        except sqlite3.DatabaseError:
            self._discard()
        return found

    def write(self, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Store vectors."""
        rows = [(key, vector.tobytes()) for key, vector in vectors.items()]
        try:
            self._insert(rows)
        except sqlite3.OperationalError:
            pass  # locked, full or read-only: computed again next time
        except sqlite3.DatabaseError:
            self._discard()
            self._insert_into_new(rows)

    def _insert(self, rows: list[tuple[bytes, bytes]]) -> None:
        with closing(self._connect()) as connection, connection:
            connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)

    def _insert_into_new(self, rows: list[tuple[bytes, bytes]]) -> None:
        with suppress(sqlite3.DatabaseError):  # another process is in the way: written next time
            self._insert(rows)

    def _connect(self) -> sqlite3.Connection:
        """Open for one operation: no connection is shared by threads or left open."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _discard(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
