"""The store and the sinks of a site, each behind an outbox of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from passerby import plugins
from passerby.office import Keeping, Outbox
from passerby.outlets import Query, Resumes, Sink, Store
from passerby.records import Measurement
from passerby.run.journal import Journal
from passerby.run.site import Site
from passerby.run.spool import SpoolFile, leave_only
from passerby.web.house import Paths

STORE: Final = "store"
PATIENCE_S: Final = 1.5  # for what waits, when all ends
_OFTEN: Final = timedelta(hours=1)  # the store is given an occasion to forget


class Outlets:
    """Open from the start; raises `StoreError` for a store that cannot be opened.

    What sinks have not taken waits in files over a restart. A store needs none: it is on this machine.
    `before`: the outlets until now. A store that stays as it was is taken over open, as one run.
    """

    def __init__(
        self, site: Site, clock: Callable[[], datetime], journal: Journal, before: Outlets | None = None
    ) -> None:
        self._site, self._clock, self._journal = site, clock, journal
        self._store: Store | None = None
        self._asked: datetime | None = None
        self._kept: Outbox | None = None
        sinks = {
            name: plugins.build("sink", table, Sink, site=site.config.site.name)
            for name, table in site.sinks.items()
        }
        if before is not None and before._site.store == site.store:
            self._store, self._kept = before._store, before._kept
        elif site.store is not None:
            self._store = plugins.build("store", site.store, Store)
            self._kept = Outbox(STORE, Keeping(self._store, clock), tell=self._say)
        self._waiting = Paths(site.config.state).outbox
        self._sent = tuple(self._outbox(name, sink) for name, sink in sinks.items())
        self.all = (*(() if self._kept is None else (self._kept,)), *self._sent)

    def _outbox(self, name: str, sink: Sink) -> Outbox:
        spool = SpoolFile(self._waiting / name, self._clock)
        return Outbox(name, sink, tell=self._say, spool=spool, clock=self._clock)

    def take_up(self) -> None:
        """Go on with what waited when the outlets before these were closed, but for sinks that are gone."""
        try:
            gone = leave_only(self._waiting, {box.name for box in self._sent})
        except OSError as error:
            self._journal.say("outlet", reason=f"what waits on the disk cannot be looked at ({error.strerror}).")
            return
        for name in gone:
            self._say(name, "there is no such sink any more: what waited for it was deleted.")
        for box in self._sent:
            box.take_up()

    def suit(self, site: Site) -> bool:
        """Whether another configuration has the same outlets."""
        return _tables(site) == _tables(self._site)

    def until(self, camera: str, place: str) -> datetime | None:
        """Where the rows end that the store has of a place; None: it has none, or cannot say."""
        return self._store.until(camera, place) if isinstance(self._store, Resumes) else None

    @property
    def has_store(self) -> bool:
        """Whether rows are kept at all."""
        return self._store is not None

    def read(self, query: Query) -> list[Measurement]:
        """Rows of the store, none where there is no store; raises `StoreError`. Any thread may call it."""
        return [] if self._store is None else list(self._store.read(query))

    def tick(self) -> None:
        """Let the store forget what is old."""
        now = self._clock()
        if self._kept is not None and (self._asked is None or now - self._asked >= _OFTEN):
            self._asked = now
            self._kept.offer(())

    def close(self, after: Outlets | None = None) -> None:
        """Write what waits, and say what could not be written; what those `after` it took over goes on."""
        until_s = time.monotonic() + PATIENCE_S
        for box in self.all:
            if after is not None and box in after.all:
                continue
            if lost := box.close(max(0.0, until_s - time.monotonic())):
                self._journal.say("lost", outlet=box.name, records=str(lost))

    def _say(self, name: str, said: str) -> None:
        self._journal.say("outlet", outlet=name, reason=said)


def _tables(site: Site) -> tuple[object, ...]:
    return site.config.site.name, site.store, dict(site.sinks)
