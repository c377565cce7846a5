"""Says what of that which waits for a receiver is still worth telling, and how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from passerby.alerts import KEEP
from passerby.records import Alert, Bands, Measurement, Record, Trial

USE: Final = timedelta(hours=1)  # so long is an alert that is over of use to whoever must do something


def still_told(batches: Sequence[Sequence[Record]], now: datetime) -> list[Sequence[Record]]:
    """What may be told of batches that could not be, the oldest first; those that stay as they were are the same.

    What was true for a moment only is left out. Of a rule, what was told last is so still, however long ago. What
    it said before that is told as late once its hour has been over for `USE`: the rule, place and hour, several
    within the hour as one, and after 72 h not at all.
    """
    found: list[Sequence[Record]] = []
    rules: set[tuple[str, str]] = set()  # of which something newer was seen
    late: set[Alert] = set()
    for batch in reversed(batches):
        kept = [told for record in reversed(batch) if (told := _told(record, now, rules, late)) is not None]
        kept.reverse()
        if kept or not batch:
            found.append(batch if kept == list(batch) else tuple(kept))
    return found[::-1]


def _told(record: Record, now: datetime, rules: set[tuple[str, str]], late: set[Alert]) -> Record | None:
    match record:
        case Bands():
            return None
        case Trial():
            return record if now - record.at < USE else None
        case Measurement():
            return record
    is_last = (record.camera, record.rule) not in rules
    rules.add((record.camera, record.rule))
    if now - record.hour >= KEEP:
        return None
    if is_last or now - record.hour < 2 * USE:
        return record
    record = replace(record, told="late")
    if record in late or not record.kept:
        return None
    late.add(record)
    return record


def to_keep(records: Iterable[Record], now: datetime) -> tuple[tuple[Measurement, ...], tuple[Alert, ...]]:
    """What may be kept of that which waits: rows, and of alerts no more than the log of 72 hours has."""
    rows, alerts = [], set()
    for record in records:
        if isinstance(record, Measurement):
            rows.append(record)
        elif isinstance(record, Alert) and record.kept and now - record.hour < KEEP:
            alerts.add(replace(record, told="late"))
    return tuple(rows), tuple(sorted(alerts, key=lambda a: (a.hour, a.camera, a.place, a.rule, a.state)))
