"""Sessions of people who are signed in: kept here, so that they can be ended here."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from passerby.web.doors.accounts import token
from passerby.web.doors.database import Database, chosen
from passerby.web.doors.policy import Visitor

IDLE: Final = timedelta(hours=12)  # a shift: without a request for so long, a session is over
LONGEST: Final = timedelta(days=7)
_MANY: Final = 20  # sessions of one account; an older one makes room
_NOTED: Final = timedelta(minutes=1)  # how exactly it is known when one was last used


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in."""

    id: str  # tells it from others, and opens nothing
    account: str
    begun: datetime
    seen: datetime


class Sessions:
    """All sessions. A browser holds a token of 256 random bits; only its SHA-256 is kept."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database, self._clock, self._randomness = database, clock, randomness

    def begin(self, account: str) -> str:
        """A new session; the answer is its token."""
        begun, now = token(self._randomness), self._clock().isoformat()
        with self._database.together():
            self._forget()
            self._database.change("INSERT INTO session VALUES (?, ?, ?, ?)", _id(begun), account, now, now)
            self._database.change(
                "DELETE FROM session WHERE account = ?1 AND id NOT IN "
                "(SELECT id FROM session WHERE account = ?1 ORDER BY seen DESC, rowid DESC LIMIT ?2)",
                account,
                _MANY,
            )
        return begun

    def find(self, held: str) -> tuple[Session, Visitor] | None:
        """The session of a token, and who has it; None where it is over. Counts as a use."""
        rows = self._database.rows(
            "SELECT session.id, account, begun, seen, role, cameras FROM session "
            "JOIN account ON account.name = account WHERE session.id = ?",
            _id(held),
        )
        if not rows or not self._lasts(session := _session(rows[0][:4])):
            return None
        now = self._clock()
        if now - session.seen > _NOTED:
            self._database.change("UPDATE session SET seen = ? WHERE id = ?", now.isoformat(), _id(held))
        csrf = hmac.new(held.encode(), b"csrf", hashlib.sha256).hexdigest()
        return session, Visitor(session.account, rows[0][4], chosen(rows[0][5]), csrf=csrf)

    def lasts(self, session: str) -> bool:
        """Whether a session is not over; does not count as a use."""
        rows = self._database.rows(
            "SELECT id, account, begun, seen FROM session WHERE id = ?", bytes.fromhex(session)
        )
        return bool(rows) and self._lasts(_session(rows[0]))

    def of(self, account: str) -> list[Session]:
        """Those of an account that are not over, the latest used first."""
        rows = self._database.rows(
            "SELECT id, account, begun, seen FROM session WHERE account = ? ORDER BY seen DESC, rowid DESC",
            account,
        )
        return [session for session in map(_session, rows) if self._lasts(session)]

    def end(self, session: str, account: str) -> bool:
        """End a session of an account; False if it has none like this."""
        try:
            wanted = bytes.fromhex(session)
        except ValueError:
            return False
        return self._database.change("DELETE FROM session WHERE id = ? AND account = ?", wanted, account) > 0

    def end_others(self, session: str, account: str) -> None:
        """End all sessions of an account but one."""
        self._database.change("DELETE FROM session WHERE account = ? AND id != ?", account, bytes.fromhex(session))

    def _lasts(self, session: Session) -> bool:
        now = self._clock()
        return now - session.begun < LONGEST and now - session.seen < IDLE

    def _forget(self) -> None:
        now = self._clock()
        self._database.change(
            "DELETE FROM session WHERE begun <= ? OR seen <= ?",
            (now - LONGEST).isoformat(),
            (now - IDLE).isoformat(),
        )


def _id(held: str) -> bytes:
    return hashlib.sha256(held.encode()).digest()


def _session(row: tuple[Any, ...]) -> Session:
    return Session(row[0].hex(), row[1], datetime.fromisoformat(row[2]), datetime.fromisoformat(row[3]))
