"""API keys: shown once, kept as a hash, for what may be read without a session."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from passerby.errors import UsageError
from passerby.web.doors.accounts import token
from passerby.web.doors.database import Database, chosen, written
from passerby.web.doors.policy import Role, Visitor

PREFIX: Final = "passerby_"  # so that scanners find a key that was published by mistake
ROLES: Final = ("viewer", "operator")
_LABEL: Final = 64  # characters
_ALL: Final = "SELECT id, label, role, cameras, created, expires, used, secret FROM key"


@dataclass(frozen=True, slots=True)
class Key:
    """One key, without what opens anything."""

    id: str
    label: str
    role: Role
    cameras: frozenset[str] | None  # those it may read; None: all
    created: datetime
    expires: datetime | None  # None: never
    used: date | None  # the last day on which it was


class Keys:
    """All keys. `check` of a wrong one and of one that is not there look alike."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database, self._clock, self._randomness = database, clock, randomness

    def all(self) -> list[Key]:
        """The oldest first."""
        return [_key(row) for row in self._database.rows(f"{_ALL} ORDER BY created, id")]

    def add(
        self, label: str, role: Role, cameras: Iterable[str] | None, lasts: timedelta | None
    ) -> tuple[Key, str]:
        """A new key, and the text that is shown once; raises `UsageError`."""
        label = label.strip()
        if not label or len(label) > _LABEL or not label.isprintable():
            raise UsageError(f"A key needs a name of 1 to {_LABEL} characters.", "Such as what will use it.")
        if role not in ROLES:
            raise UsageError("A key is a viewer's or an operator's.", "What an admin does needs a session.")
        now = self._clock()
        number = self._randomness(8).hex()
        secret = token(self._randomness)
        self._database.change(
            "INSERT INTO key VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            number,
            _digest(secret),
            label,
            role,
            written(None if cameras is None else frozenset(cameras)),
            now.isoformat(),
            None if lasts is None else (now + lasts).isoformat(),
        )
        return next(key for key in self.all() if key.id == number), f"{PREFIX}{number}.{secret}"

    def check(self, shown: str) -> tuple[Key, Visitor] | None:
        """The key of a text, and what it may do; None where it is wrong or over. Counts as a use."""
        number, _, secret = shown.removeprefix(PREFIX).partition(".")
        rows = self._database.rows(f"{_ALL} WHERE id = ?", number)
        kept = rows[0][-1] if rows else b"\0" * 32
        if not secrets.compare_digest(_digest(secret), kept) or not rows:
            return None
        key, now = _key(rows[0]), self._clock()
        if key.expires is not None and key.expires <= now:
            return None
        if key.used != now.date():
            self._database.change("UPDATE key SET used = ? WHERE id = ?", now.date().isoformat(), number)
        return key, Visitor(f"key {key.label}", key.role, key.cameras, by_key=True)

    def remove(self, number: str) -> Key:
        """Take one away; raises KeyError."""
        for key in self.all():
            if key.id == number:
                self._database.change("DELETE FROM key WHERE id = ?", number)
                return key
        raise KeyError(number)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _key(row: tuple[Any, ...]) -> Key:
    number, label, role, cameras, created, expires, used, _ = row
    return Key(
        number,
        label,
        role,
        chosen(cameras),
        datetime.fromisoformat(created),
        None if expires is None else datetime.fromisoformat(expires),
        None if used is None else date.fromisoformat(used),
    )
