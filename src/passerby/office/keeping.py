"""Lets a store forget what it has kept long enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from passerby.outlets import Forgets, Store
from passerby.records import Record

OFTEN: Final = timedelta(days=1)


class Keeping:
    """A store as a sink that forgets once a day, at the first write of it; offer it nothing to have it look."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._due: datetime | None = None

    def write(self, records: Sequence[Record]) -> None:
        """Write, then forget if that is due; raises `StoreError`, after which both are tried again."""
        if records:
            self._store.write(records)
        now = self._clock()
        if isinstance(self._store, Forgets) and self._store.keep and (self._due is None or now >= self._due):
            self._store.forget(now - self._store.keep)
            self._due = now + OFTEN

    def close(self) -> None:
        """Close the store."""
        self._store.close()
