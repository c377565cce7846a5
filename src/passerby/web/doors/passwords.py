"""Passwords: which are taken, how they are kept, and how one is compared."""

from __future__ import annotations

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from passerby.errors import UsageError

SHORTEST: Final = 12  # characters
LONGEST: Final = 256
_VARIED: Final = 5  # different characters
_TELLING: Final = 4  # characters of a name that must not be in it
_AT_ONCE: Final = 2  # each takes 64 MiB and a core


class Passwords:
    """Argon2id, with the parameters of RFC 9106 for little memory unless others are given."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = threading.BoundedSemaphore(_AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        with self._turn:
            return self._hasher.hash(password)

    def is_right(self, kept: str | None, password: str) -> bool:
        """Whether it is the password that was kept; as slow where none was (None), and then False."""
        with self._turn:
            try:
                return self._hasher.verify(kept or self._nobody, password[: LONGEST + 1]) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_old(self, kept: str) -> bool:
        """Whether it was kept with parameters that are no longer ours."""
        return self._hasher.check_needs_rehash(kept)


def check(password: str, name: str) -> None:
    """Raise `UsageError` for a password that is too easy to guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"A password has {SHORTEST} characters or more.", "Four or five words make a good one.")
    if len(set(password)) < _VARIED or (len(name) >= _TELLING and name in password.casefold()):
        raise UsageError("This password is too easy to guess.", "Four or five words make a good one.")
