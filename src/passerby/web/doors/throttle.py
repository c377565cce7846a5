"""Limits on how often something may be tried: growing delays, and a steady rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_FORGOTTEN_S: Final = 3600.0  # so long after the last failure it begins anew
_MOST: Final = 10_000  # names and addresses that are remembered


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last_s: float = 0.0


class Delays:
    """After `free` failures each further one doubles the wait, from 1 s up to `longest_s`; a success ends it.

    What is tried during a wait is not counted, so that nobody is kept out for longer than `longest_s` at a time.
    `clock`: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float], *, free: int, longest_s: float) -> None:
        self._clock, self._free, self._longest_s = clock, free, longest_s
        self._failures: dict[str, _Failures] = {}

    def wait_s(self, who: str) -> float:
        """How long (s) before it may be tried again; 0: now."""
        failed = self._failures.get(who)
        if failed is None or failed.count < self._free:
            return 0.0
        delay = min(2.0 ** min(failed.count - self._free, 30), self._longest_s)
        return max(0.0, failed.last_s + delay - self._clock())

    def failed(self, who: str) -> None:
        """It was tried in vain."""
        now = self._clock()
        failed = self._failures.pop(who, _Failures())
        if now - failed.last_s > _FORGOTTEN_S:
            failed.count = 0
        failed.count, failed.last_s = failed.count + 1, now
        self._failures[who] = failed
        if len(self._failures) > _MOST:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, who: str) -> None:
        """It was tried with success."""
        self._failures.pop(who, None)


class SignIns:
    """How often a name and password may be tried: by address, and by account whatever the address.

    So that nobody can keep an owner out by failing on purpose, the limit of an account does not hold at the
    machine itself, nor at an address from which this account was signed in to since the start. Memory only.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._addresses = Delays(clock, free=10, longest_s=900.0)
        self._accounts = Delays(clock, free=5, longest_s=60.0)
        self._known: dict[tuple[str, str], None] = {}

    def wait_s(self, name: str, address: str, *, is_local: bool) -> float:
        """How long (s) before this may be tried; 0: now."""
        name = name.strip().lower()
        wait_s = self._addresses.wait_s(address)
        if is_local or (name, address) in self._known:
            return wait_s
        return max(wait_s, self._accounts.wait_s(name))

    def failed(self, name: str, address: str) -> None:
        """The password was wrong, or there is no such account: both count alike."""
        self._addresses.failed(address)
        self._accounts.failed(name.strip().lower())

    def succeeded(self, name: str, address: str) -> None:
        """Somebody signed in."""
        name = name.strip().lower()
        self._addresses.succeeded(address)
        self._accounts.succeeded(name)
        self._known[(name, address)] = None
        if len(self._known) > _MOST:
            del self._known[next(iter(self._known))]


class Rate:
    """So many a second for each, and so many more at once after a pause."""

    def __init__(self, clock: Callable[[], float], *, per_s: float, burst: float) -> None:
        self._clock, self._per_s, self._burst = clock, per_s, burst
        self._left: dict[str, tuple[float, float]] = {}

    def wait_s(self, who: str) -> float:
        """Take one; 0 if it was there, else how long (s) until it will be."""
        now = self._clock()
        left, since = self._left.pop(who, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_s)
        wait_s = 0.0 if left >= 1 else (1 - left) / self._per_s
        self._left[who] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _MOST:
            del self._left[next(iter(self._left))]
        return wait_s
