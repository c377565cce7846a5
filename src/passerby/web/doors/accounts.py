"""The accounts of the people who use the pages: names, roles, the cameras they may see, hashes of passwords."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from passerby.errors import UsageError
from passerby.web.doors import passwords
from passerby.web.doors.database import Database, chosen, written
from passerby.web.doors.passwords import Passwords
from passerby.web.doors.policy import RANK, Role

INVITED: Final = timedelta(days=3)  # so long an invitation can be used
_NOBODY: Final = frozenset({"nobody", "passerby"})  # names that the audit log gives to others
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_ALL: Final = "SELECT name, role, cameras, password IS NOT NULL, invited, created FROM account"


@dataclass(frozen=True, slots=True)
class Account:
    """One person who uses the pages."""

    name: str
    role: Role
    cameras: frozenset[str] | None  # those it may see; None: all
    has_password: bool  # False: it was invited, or reset, and cannot sign in yet
    invited: datetime | None
    created: datetime


class Accounts:
    """All accounts. What changes a password, a role, or the cameras of one ends its sessions.

    A name that is not there raises KeyError; what is not allowed raises `UsageError`.
    """

    def __init__(
        self,
        database: Database,
        kept: Passwords,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database, self._passwords = database, kept
        self._clock, self._randomness = clock, randomness

    def all(self) -> list[Account]:
        """By name."""
        return [_account(row) for row in self._database.rows(f"{_ALL} ORDER BY name")]

    def get(self, name: str) -> Account:
        """One of them."""
        rows = self._database.rows(f"{_ALL} WHERE name = ?", name)
        if not rows:
            raise KeyError(name)
        return _account(rows[0])

    def found(self, name: str) -> Account | None:
        """The one of a name that somebody typed."""
        rows = self._database.rows(f"{_ALL} WHERE name = ?", _lower(name))
        return _account(rows[0]) if rows else None

    def has_any(self) -> bool:
        """Whether there is one."""
        return bool(self._database.rows("SELECT 1 FROM account LIMIT 1"))

    def check(self, name: str, password: str) -> Account | None:
        """Whose name and password these are; takes as long for a name that is not there. Slow."""
        rows = self._database.rows("SELECT name, password FROM account WHERE name = ?", _lower(name))
        known, kept = rows[0] if rows else ("", None)
        if not self._passwords.is_right(kept, password):
            return None
        if self._passwords.is_old(kept):
            hashed = self._passwords.hashed(password)
            self._database.change(
                "UPDATE account SET password = ? WHERE name = ? AND password = ?", hashed, known, kept
            )
        return self.get(known)

    def add_first(self, name: str, password: str, *, resets: bool = False) -> Account:
        """The first account, an admin; raises `UsageError` where there is one already. Slow.

        `resets`: it may be any account, new or not, which is an admin from now on, with another password.
        """
        name = _checked(name)
        passwords.check(password, name)
        hashed = self._passwords.hashed(password)
        with self._database.together():
            if self.has_any() and not resets:
                raise UsageError("There is an account already.", "Sign in, or ask an admin for an invitation.")
            if self.found(name) is None:
                self._insert(name, "admin", None)
            self._database.change(
                "UPDATE account SET role = 'admin', cameras = NULL, password = ?, invitation = NULL, "
                "invited = NULL WHERE name = ?",
                hashed,
                name,
            )
            self._end_sessions(name)
        return self.get(name)

    def add(self, name: str, role: Role, cameras: Iterable[str] | None) -> str:
        """A new account; the answer is an invitation, with which its owner sets a password."""
        name = _checked(name)
        with self._database.together():
            if self.found(name) is not None:
                raise UsageError(f"There is an account '{name}' already.", "Choose another name.")
            self._insert(name, role, _cameras(role, cameras))
            return self._invite(name)

    def change(self, name: str, role: Role, cameras: Iterable[str] | None) -> None:
        """Another role, or other cameras."""
        with self._database.together():
            before = self.get(name)
            if role != "admin":
                self._keep_an_admin(before)
            now = _cameras(role, cameras)
            if (before.role, before.cameras) == (role, now):
                return
            self._database.change(
                "UPDATE account SET role = ?, cameras = ? WHERE name = ?", role, written(now), name
            )
            self._end_sessions(name)

    def set_password(self, name: str, password: str) -> None:
        """Its owner's new password. Slow."""
        passwords.check(password, name)
        hashed = self._passwords.hashed(password)
        with self._database.together():
            self.get(name)
            self._database.change(
                "UPDATE account SET password = ?, invitation = NULL, invited = NULL WHERE name = ?", hashed, name
            )
            self._end_sessions(name)

    def invite(self, name: str) -> str:
        """Take its password away; the answer is an invitation, with which its owner sets another."""
        with self._database.together():
            self._keep_an_admin(self.get(name))
            self._end_sessions(name)
            return self._invite(name)

    def invited(self, invitation: str) -> Account | None:
        """Whose invitation it is, if it can still be used."""
        rows = self._database.rows(f"{_ALL} WHERE invitation = ?", _digest(invitation))
        account = _account(rows[0]) if rows else None
        if account is None or account.invited is None or self._clock() - account.invited > INVITED:
            return None
        return account

    def remove(self, name: str) -> None:
        """Take an account away, and its sessions."""
        with self._database.together():
            self._keep_an_admin(self.get(name))
            self._database.change("DELETE FROM account WHERE name = ?", name)

    def _insert(self, name: str, role: Role, cameras: frozenset[str] | None) -> None:
        self._database.change(
            "INSERT INTO account (name, role, cameras, created) VALUES (?, ?, ?, ?)",
            name,
            role,
            written(cameras),
            self._clock().isoformat(),
        )

    def _invite(self, name: str) -> str:
        invitation = token(self._randomness)
        self._database.change(
            "UPDATE account SET password = NULL, invitation = ?, invited = ? WHERE name = ?",
            _digest(invitation),
            self._clock().isoformat(),
            name,
        )
        return invitation

    def _keep_an_admin(self, without: Account) -> None:
        """Raise where nobody else could sign in as an admin."""
        others = [a for a in self.all() if a.role == "admin" and a.has_password and a.name != without.name]
        if without.role == "admin" and without.has_password and not others:
            raise UsageError("This is the last admin.", "Make somebody else an admin first.")

    def _end_sessions(self, name: str) -> None:
        self._database.change("DELETE FROM session WHERE account = ?", name)


def token(randomness: Callable[[int], bytes]) -> str:
    """256 random bits as text for an address, a header or a cookie."""
    return urlsafe_b64encode(randomness(32)).rstrip(b"=").decode()


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell where they differ."""
    return secrets.compare_digest(one.encode(), other.encode())


def _digest(invitation: str) -> bytes:
    return hashlib.sha256(invitation.encode()).digest()


def _lower(name: str) -> str:
    return name.strip().lower()


def _checked(name: str) -> str:
    name = _lower(name)
    if not _NAME.fullmatch(name) or name in _NOBODY:
        hint = "Letters a to z, digits and . _ @ -, 64 at most, such as j.silva."
        raise UsageError("This is no name for an account.", hint)
    return name


def _cameras(role: Role, cameras: Iterable[str] | None) -> frozenset[str] | None:
    """Only viewers have chosen cameras."""
    if role not in RANK:
        raise UsageError(f"There is no role '{role}'.", f"One of {', '.join(RANK)}.")
    return None if cameras is None or role != "viewer" else frozenset(cameras)


def _account(row: tuple[Any, ...]) -> Account:
    name, role, cameras, has_password, invited, created = row
    since = None if invited is None else datetime.fromisoformat(invited)
    return Account(name, role, chosen(cameras), bool(has_password), since, datetime.fromisoformat(created))
