"""Rows as bars over the time that each is of: nothing is spread, added up or subtracted.

::

    rate      ┌──┐
              │  ├──┐                 a row of a quarter of an hour, one of half an hour, and one of three hours:
              │  │  ├─────────────┐   each is as wide as its time, so that its surface is its passes
    ──────────┴──┴──┴─────────────┴──► time
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from passerby.records import Measurement
from passerby.web.charts.choice import Choice
from passerby.web.charts.tables import PER_S, order
from passerby.web.charts.values import Bin, bins, unit


@dataclass(frozen=True, slots=True)
class Bar:
    """One row, drawn over its whole time."""

    row: Measurement
    drawn_start: datetime  # UTC; of compared rows: where they are laid over the others
    drawn_end: datetime
    height: float  # passes by the chosen unit of time, or a mean
    top: float | None  # samples: 95th percentile over time

    @property
    def series(self) -> str:
        """The series that may be in it: ``"foot in"``, or several as ``"foot in;foot out"``; empty: all."""
        return ";".join(self.row.part)

    @property
    def is_shared(self) -> bool:
        """Whether several series share it and are not told apart."""
        return len(self.row.part) > 1

    @property
    def lasts(self) -> timedelta:
        """The time that it is of: on the day of a clock change 23 or 25 hours a day."""
        return self.row.end - self.row.start

    @property
    def seen(self) -> int:
        """Percent of that time in which the place was watched."""
        return round(self.row.observed * 100)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a value is spread over the passes of one row, in the unit in which it is read."""

    bar: Bar
    mean: float
    median: float
    p85: float
    bins: Sequence[Bin]


@dataclass(frozen=True, slots=True)
class Figure:
    """All that a page charts."""

    bars: Sequence[Bar]
    compared: Sequence[Bar]
    start: datetime  # UTC, of the axis: the days asked for, and rows that go beyond them, whole
    end: datetime
    redrawn: Sequence[datetime]  # UTC: from when on rows are of a place that was moved

    @property
    def series(self) -> list[str]:
        """The series that have bars of their own, in the usual order."""
        return sorted({bar.series for bar in (*self.bars, *self.compared) if not bar.is_shared}, key=order)

    @property
    def has_shared(self) -> bool:
        """Whether there are bars of several series."""
        return any(bar.is_shared for bar in (*self.bars, *self.compared))

    @property
    def is_seen_in_part(self) -> bool:
        """Whether there was a time in which the place was not watched all the while."""
        return any(bar.seen < 100 for bar in self.bars)

    @property
    def values(self) -> list[str]:
        """The columns that some rows have, e.g. ``speed_mps``."""
        return sorted({name for bar in self.bars for name in bar.row.values})

    def spread(self, value: str) -> list[Spread]:
        """A column of those rows that have it."""
        factor = unit(value).factor
        return [
            Spread(bar, said.mean * factor, said.median * factor, said.p85 * factor, bins(said, factor))
            for bar in self.bars
            if (said := bar.row.values.get(value)) is not None
        ]

    def spread_series(self, value: str) -> list[str]:
        """The series that have it in bars of their own, in the usual order."""
        return sorted({one.bar.series for one in self.spread(value) if not one.bar.is_shared}, key=order)

    def histograms(self, value: str) -> list[Spread]:
        """Of each series the last row that tells how the value is spread in full."""
        found = {one.bar.series: one for one in self.spread(value) if one.bins and not one.bar.is_shared}
        return [found[series] for series in sorted(found, key=order)]


def figure(rows: Iterable[Measurement], compared: Iterable[Measurement], choice: Choice) -> Figure:
    """What a page charts of the rows of the days asked for, and of those that they are compared with."""
    mine = sorted((row for row in rows if choice.table.holds(row)), key=_order)
    others = sorted((row for row in compared if choice.table.holds(row)), key=_order)
    return Figure(
        bars=[_bar(row, choice, row.start, row.end) for row in mine],
        compared=[_bar(row, choice, choice.shifted(row.start), choice.shifted(row.end)) for row in others],
        start=min([choice.start, *(row.start for row in mine)]),
        end=max([choice.end, *(row.end for row in mine)]),
        redrawn=list(_redrawn(mine)),
    )


def _order(row: Measurement) -> tuple[datetime, bool, tuple[int, int, str]]:
    return row.start, len(row.part) > 1, order(row.part[0] if row.part else "")


def _bar(row: Measurement, choice: Choice, start: datetime, end: datetime) -> Bar:
    if choice.table.counts:
        height = (row.count or 0) * PER_S[choice.per] / (row.end - row.start).total_seconds()
    else:
        height = row.mean or 0.0
    return Bar(row, start, end, height, row.p95)


def _redrawn(rows: Sequence[Measurement]) -> Iterator[datetime]:
    runs = [next(run).start for _, run in groupby(rows, key=lambda row: row.revision)]
    yield from runs[1:]
