"""A regular grid over released rows, in which what is known of a longer time only says so.

::

    rows      ├── 23 ──┼── 31 ──┼────────── 20 ──────────┤      of one part of one place
    slots     │  slot  │  slot  │  slot  │  slot  │  slot  │
    values    │   23   │   31   │   20   │   20   │   20   │
    period    │  slot  │  slot  │  the three of them, each │

Nothing is spread: a row that is longer than a slot appears in each slot that it touches, whole, with its own
period, so that nobody adds it up without seeing it. Rows shorter than a slot are added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from passerby.errors import UsageError
from passerby.records import Measurement
from passerby.release import Grid


@dataclass(frozen=True, slots=True)
class Slot:
    """What is known of one slot of the grid, for one part of one place."""

    start: datetime  # UTC, of the slot
    end: datetime  # UTC
    period_start: datetime  # UTC; what follows is of this whole period, which the slot lies in
    period_end: datetime  # UTC
    camera: str
    place: str
    revision: str
    quantity: str
    cut: str
    part: tuple[str, ...]
    rest: bool
    count: int | None
    mean: float | None
    observed: float  # 0-1, of the period

    @property
    def is_own(self) -> bool:
        """Whether the value is the slot's own, and not that of a longer period."""
        return (self.start, self.end) == (self.period_start, self.period_end)


def regular(rows: Iterable[Measurement], every: timedelta, zone: ZoneInfo) -> Iterator[Slot]:
    """The slots of a grid of `every` (divides an hour, or is a day or a week) in the site's zone.

    Ordered by place, cut and part, then time. Slots of which nothing was released are left out. Raises
    `UsageError` for a grid that cannot be drawn.
    """
    if every <= timedelta(0) or (
        timedelta(hours=1) % every and every not in (timedelta(days=1), timedelta(days=7))
    ):
        raise UsageError(f"a grid of {every} cannot be drawn.", "Take a part of an hour, 1h, 1d or 7d.")
    return _regular(rows, Grid(every, zone))


def _regular(rows: Iterable[Measurement], grid: Grid) -> Iterator[Slot]:
    for _, series in groupby(sorted(rows, key=_order), key=_series):
        for period in _periods(series, grid):
            yield from _slots(period, grid)


def _series(row: Measurement) -> tuple[str, ...]:
    return (row.camera, row.place, row.revision, row.quantity, row.cut, *row.part)


def _order(row: Measurement) -> tuple[tuple[str, ...], datetime]:
    return _series(row), row.start


def _periods(rows: Iterable[Measurement], grid: Grid) -> Iterator[list[Measurement]]:
    """Rows of one series in runs that begin and end on marks of the grid, as far as they can."""
    run: list[Measurement] = []
    for row in rows:
        if run and grid.before(row.start) >= _ceiling(run[-1].end, grid):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _ceiling(at: datetime, grid: Grid) -> datetime:
    """The first mark at or after an instant."""
    before = grid.before(at)
    return before if before == at else grid.after(at)


def _slots(run: list[Measurement], grid: Grid) -> Iterator[Slot]:
    first = run[0]
    seconds = [(row.end - row.start).total_seconds() for row in run]
    begin, end = grid.before(first.start), _ceiling(run[-1].end, grid)
    # One row that is not on the grid keeps its own period: widening it would claim more than is known.
    period = (begin, end) if len(run) > 1 else (first.start, first.end)
    whole = (period[1] - period[0]).total_seconds()
    means = [row.mean for row in run if row.mean is not None]
    mean = sum(m * s for m, s in zip(means, seconds, strict=True)) / sum(seconds) if means else None
    while begin < end:
        mark = grid.after(begin)
        yield Slot(
            begin,
            mark,
            *period,
            first.camera,
            first.place,
            first.revision,
            first.quantity,
            first.cut,
            first.part,
            first.rest,
            sum(row.count for row in run if row.count is not None) if first.count is not None else None,
            None if mean is None else round(mean, 4),
            round(sum(row.observed * s for row, s in zip(run, seconds, strict=True)) / whole, 4),
        )
        begin = mark
