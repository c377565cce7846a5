"""A regular grid over released rows, in which what is known of a longer time only says so.

::

    rows      ├── 23 ──┼── 31 ──┼────────── 20 ──────────┤      of one table of one place
    slots     │  slot  │  slot  │  slot  │  slot  │  slot  │
    values    │   23   │   31   │   20   │   20   │   20   │
    period    │  slot  │  slot  │  the three of them, each │

Nothing is spread: a row belongs to the slot that holds its middle, whole; a slot that holds no middle shows the
row over it. Each says of which period it tells, so that nobody adds it up without seeing it. Where a series shares
rows with others, its number lies between those rows left out and those rows taken whole; the series `all` is whole
everywhere.

Of speeds, dwells and the like a joined period has the mean, weighted by passes, where every row of the series is
its own and shows them; a median or a percentile cannot be joined, so only a single row has these.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from passerby.errors import UsageError
from passerby.export.joining import Column, column, minutes, over_time, present
from passerby.records import Measurement
from passerby.release import Grid

ALL: Final = "all"  # the series of all rows of a table


@dataclass(frozen=True, slots=True)
class Slot:
    """What is known of one slot of the grid, for one series of one place."""

    start: datetime  # UTC, of the slot
    end: datetime  # UTC
    period_start: datetime  # UTC; what follows is of this whole period, which touches the slot
    period_end: datetime  # UTC
    camera: str
    place: str
    revision: str
    quantity: str
    cut: str
    series: str  # e.g. "car in"; "all" series of the table together
    least: int | None  # passes: in rows of this series alone
    most: int | None  # passes: with the rows that it shares; equal to `least` where the number is exact
    mean: float | None  # samples: over time
    observed: float  # 0-1, of the period
    p95: float | None = None  # samples: 95th percentile over time, of a single row
    bands: Mapping[str, float] = field(default_factory=dict)  # samples: minutes in each band
    values: Mapping[str, Column] = field(default_factory=dict)  # of passes, e.g. "speed_mps"
    present: Mapping[str, float] = field(default_factory=dict)  # mean number at once, e.g. "occupancy"

    @property
    def is_own(self) -> bool:
        """Whether the value is the slot's own, and not that of another period."""
        return (self.start, self.end) == (self.period_start, self.period_end)


def regular(rows: Iterable[Measurement], every: timedelta, zone: ZoneInfo) -> Iterator[Slot]:
    """The slots of a grid of `every` (divides an hour, or is a day or a week) in the site's zone.

    Ordered by table, then time, then series. Slots of which nothing was released are left out. Raises
    `UsageError` for a grid that cannot be drawn.
    """
    if every <= timedelta(0) or (
        timedelta(hours=1) % every and every not in (timedelta(days=1), timedelta(days=7))
    ):
        raise UsageError(f"a grid of {every} cannot be drawn.", "Take a part of an hour, 1h, 1d or 7d.")
    return _regular(rows, Grid(every, zone))


def _regular(rows: Iterable[Measurement], grid: Grid) -> Iterator[Slot]:
    for _, table in groupby(sorted(rows, key=_order), key=_table):
        yield from _slots(list(table), grid)


def _table(row: Measurement) -> tuple[str, str, str, str, str]:
    return row.camera, row.place, row.revision, row.quantity, row.cut


def _order(row: Measurement) -> tuple[tuple[str, ...], datetime]:
    return _table(row), row.start


def _slots(table: Sequence[Measurement], grid: Grid) -> Iterator[Slot]:
    """The slots that rows touch; the rows do not overlap and are in order of their start."""
    runs = {home: list(rows) for home, rows in groupby(table, key=lambda row: grid.before(_middle(row)))}
    waiting = deque(runs.values())
    start = grid.before(table[0].start)
    while waiting:
        mark = grid.after(start)
        over = list(takewhile(partial(_begins_before, mark), waiting))
        if over:
            yield from _slot(runs.get(start) or max(over, key=partial(_overlap, start, mark)), start, mark)
        while waiting and waiting[0][-1].end <= mark:
            waiting.popleft()
        start = max(mark, grid.before(waiting[0][0].start)) if waiting else mark


def _middle(row: Measurement) -> datetime:
    return row.start + (row.end - row.start) / 2


def _begins_before(mark: datetime, run: Sequence[Measurement]) -> bool:
    return run[0].start < mark


def _overlap(start: datetime, mark: datetime, run: Sequence[Measurement]) -> timedelta:
    return min(mark, run[-1].end) - max(start, run[0].start)


def _slot(run: Sequence[Measurement], start: datetime, mark: datetime) -> Iterator[Slot]:
    """What the rows that touch one slot say of it, by series."""
    first, end = run[0], max(row.end for row in run)
    spans = {(row.start, row.end): row.observed for row in run}
    seen_s = sum((stop - begin).total_seconds() * observed for (begin, stop), observed in spans.items())
    observed = round(seen_s / (end - first.start).total_seconds(), 4)
    for series in [ALL, *_series(run)]:
        least, most, values = _known(run, series)
        yield Slot(
            start,
            mark,
            first.start,
            end,
            *_table(first),
            series,
            least,
            most,
            over_time(run),
            observed,
            first.p95 if len(run) == 1 else None,
            minutes(run),
            values,
            present(values, series, most, seen_s),
        )


def _series(run: Sequence[Measurement]) -> list[str]:
    return sorted({series for row in run for series in row.part})


def _known(run: Sequence[Measurement], series: str) -> tuple[int | None, int | None, dict[str, Column]]:
    """The least and the greatest number of passes that the series may have, and the columns of all of them."""
    if run[0].count is None:
        return None, None, {}
    rows = run if series == ALL else [row for row in run if series in row.part]
    most = sum(row.count or 0 for row in rows)
    if series != ALL and (shared := sum(row.count or 0 for row in rows if len(row.part) > 1)):
        return most - shared, most, {}
    names = sorted(set.intersection(*(set(row.values) for row in rows)))
    return most, most, {name: column(rows, name) for name in names}
