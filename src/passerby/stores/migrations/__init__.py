"""The store's schema as numbered steps; a step that was released is never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

SCRIPTS: Final = ("0001_intervals.sql",)


def statements(number: int) -> Iterator[str]:
    """The SQL statements of a step, counted from 0."""
    statement = ""
    for line in files(__name__).joinpath(SCRIPTS[number]).read_text("utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
