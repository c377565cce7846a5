"""Everything that decides who comes in, opened together."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from passerby.errors import StoreError
from passerby.web.doors.accounts import Account, Accounts, is_same, token
from passerby.web.doors.audit import HOUSE, Audit
from passerby.web.doors.database import Database
from passerby.web.doors.keys import Keys
from passerby.web.doors.passwords import Passwords
from passerby.web.doors.sessions import Sessions
from passerby.web.doors.throttle import Delays, Rate, SignIns
from passerby.web.house import Paths


def utc() -> datetime:
    """The machine's time of day."""
    return datetime.now(UTC)


class Doors:
    """Accounts, sessions, API keys, limits and the audit log of one service.

    `clock`: the time of day. `monotonic`: seconds, for limits. `randomness`: as many random bytes as it is asked
    for. Raises `StoreError` where the state cannot be kept.
    """

    def __init__(
        self,
        paths: Paths,
        *,
        clock: Callable[[], datetime] = utc,
        monotonic: Callable[[], float] = time.monotonic,
        randomness: Callable[[int], bytes] = os.urandom,
        passwords: Passwords | None = None,
    ) -> None:
        try:
            paths.state.mkdir(mode=0o700, parents=True, exist_ok=True)
            paths.state.chmod(0o700)
        except OSError as error:
            raise StoreError(
                f"cannot keep the state in {paths.state}: {error.strerror}.", 'Name another folder: state = "DIR".'
            ) from None
        self.clock = clock
        self.audit = Audit(paths.audit, clock=clock, randomness=randomness)
        self._database = Database(paths.accounts)
        self.accounts = Accounts(self._database, passwords or Passwords(), clock=clock, randomness=randomness)
        self.sessions = Sessions(self._database, clock=clock, randomness=randomness)
        self.keys = Keys(self._database, clock=clock, randomness=randomness)
        self._making = threading.Lock()
        self.sign_ins = SignIns(monotonic)
        self.key_rate = Rate(monotonic, per_s=10.0, burst=100.0)
        self.wrong_keys = Delays(monotonic, free=20, longest_s=300.0)
        self._first, self.resets_admin = token(randomness), False

    @property
    def first(self) -> str:
        """What lets in whoever makes the first account, at ``/first?token=…``; empty where there is one."""
        return self._first if self._is_open() else ""

    def reset_admin(self) -> None:
        """Let whoever has the first account's token make an admin, or give one another password, once."""
        self.audit.record(HOUSE, "let an admin be reset")
        self.resets_admin = True

    def make_first(self, name: str, password: str) -> Account:
        """The account of whoever has the token; raises as `Accounts.add_first` does. Slow."""
        with self._making:
            made = self.accounts.add_first(name, password, resets=self.resets_admin)
            self.resets_admin = False
        return made

    def invited(self, shown: str) -> Account | None:
        """Whose invitation it is; None for the first account's, and for one that opens nothing."""
        return None if self.is_first(shown) else self.accounts.invited(shown)

    def is_first(self, shown: str) -> bool:
        """Whether it is the token of the first account, and still opens something."""
        return is_same(shown, self._first) and self._is_open()

    def _is_open(self) -> bool:
        return self.resets_admin or not self.accounts.has_any()

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()
