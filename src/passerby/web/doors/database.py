"""The file that accounts, sessions and API keys are kept in."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from passerby import files
from passerby.errors import StoreError

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS account (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, cameras TEXT,
    password TEXT, invitation BLOB, invited TEXT, created TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS session (
    id BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    begun TEXT NOT NULL, seen TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS key (
    id TEXT PRIMARY KEY, secret BLOB NOT NULL, label TEXT NOT NULL, role TEXT NOT NULL, cameras TEXT,
    created TEXT NOT NULL, expires TEXT, used TEXT
) STRICT;
"""


class Database:
    """One SQLite file of mode 0600, used by one thread at a time; raises `StoreError`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._said():
            files.make_private(path)
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.executescript(_TABLES)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self._lock, self._said():
            return self._connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> int:
        """How many rows a statement changed."""
        with self._lock, self._said():
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """All statements of the block, or none of them."""
        with self._lock, self._said():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot use the accounts in {self._path}: {error}.") from None


def written(cameras: frozenset[str] | None) -> str | None:
    """Chosen cameras as they are kept; None: all."""
    return None if cameras is None else json.dumps(sorted(cameras))


def chosen(cameras: str | None) -> frozenset[str] | None:
    """What `written` wrote."""
    if cameras is None:
        return None
    found: Sequence[str] = json.loads(cameras)
    return frozenset(found)
