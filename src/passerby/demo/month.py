"""Thirty simulated days of the drawn street, as passes without pictures, through the release rule into a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from passerby import plugins
from passerby.geometry import Line
from passerby.outlets import Query, Store
from passerby.records import Measurement
from passerby.release import Ledger, Rule
from passerby.scene import days
from passerby.version import VERSION

CAMERA: Final = "street (simulated)"
GATE: Final = Line("gate", (0.1, 0.6), (0.9, 0.6))


@dataclass(frozen=True, slots=True)
class Month:
    """What a month in the store came to."""

    store: Path
    passes: int  # that were simulated
    rows: int  # that were released
    busy_from: datetime
    busy: Sequence[Measurement]  # rows of a busy hour
    quiet_from: datetime
    quiet: Sequence[Measurement]  # rows of a quiet night


def month(
    path: Path,
    seed: int,
    *,
    zone: ZoneInfo,
    start: date,
    length: int = 30,
    camera: str = CAMERA,
    gate: Line = GATE,
) -> Month:
    """Simulate, release and store; raises `StoreError` where the store cannot be written.

    `camera`, `gate`: what the rows say that they are of; as detector they all name ``simulated``.
    """
    ledger = Ledger(Rule(zone=zone), detector="simulated", version=VERSION)
    ledger.open(camera, gate)
    store = plugins.build("store", {"use": "sqlite", "path": str(path)}, Store)
    midnight = datetime(start.year, start.month, start.day, tzinfo=zone)
    passes, seen = 0, midnight.astimezone(UTC)
    try:
        for at, observation in days(seed, start, length, zone, place=gate.name):
            ledger.seen(camera, seen, at)
            seen = at
            ledger.take(camera, at, observation)
            passes += 1
            if rows := ledger.advance(camera, at):
                store.write(rows)
        store.write(ledger.stop())
        busy, quiet = midnight + timedelta(days=8, hours=17), midnight + timedelta(days=9)
        return Month(
            path,
            passes,
            sum(1 for _ in store.read(Query())),
            busy,
            _rows(store, busy, timedelta(hours=1)),
            quiet,
            _rows(store, quiet, timedelta(hours=5)),
        )
    finally:
        store.close()


def _rows(store: Store, start: datetime, length: timedelta) -> list[Measurement]:
    """Hourly and finer rows that touch a stretch of time, all passes first."""
    query = Query(cuts=("all", "mode"), start=start.astimezone(UTC), end=(start + length).astimezone(UTC))
    return sorted(store.read(query), key=lambda row: (row.cut, row.start, row.rest))
