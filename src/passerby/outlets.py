"""The Protocols of what takes records: sinks send them, stores keep them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from passerby.records import Measurement, Record


@dataclass(frozen=True, slots=True)
class Query:
    """Which measurements to read; an empty or None field means any."""

    cameras: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    start: datetime | None = None  # rows that end after this
    end: datetime | None = None  # rows that start before this


class Sink(Protocol):
    """Takes records on a thread of its own, behind a bounded queue that drops the oldest and counts drops."""

    def write(self, records: Sequence[Record]) -> None:
        """Take records, and leave kinds that it has no use for.

        Raises `SinkError`, after which they are offered again.
        """
        ...

    def close(self) -> None:
        """Finish what was taken."""
        ...


class Store(Sink, Protocol):
    """A sink that can be read: each interval is written once, and writing it again changes nothing."""

    def read(self, query: Query) -> Iterable[Measurement]:
        """Measurements in order of start, end, camera, place, cut and part; safe while writing."""
        ...


@runtime_checkable
class Resumes(Protocol):
    """A store that can say where the rows of a place end, so that a new ledger goes on from there."""

    def until(self, camera: str, place: str) -> datetime | None:
        """The end of its last row; None: it has none. Raises `StoreError`."""
        ...


@runtime_checkable
class Forgets(Protocol):
    """A store that keeps rows for so long only, if it is told to forget from time to time."""

    @property
    def keep(self) -> timedelta | None:
        """How long; None: until they are deleted by hand."""
        ...

    def forget(self, before: datetime) -> int:
        """Delete rows that ended by then, so that no byte of them stays; raises `StoreError`: try again."""
        ...
