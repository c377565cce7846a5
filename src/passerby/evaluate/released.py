"""Holds the rows that a store has released against true counts over the same time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, get_args

import numpy as np

from passerby.classes import Class
from passerby.evaluate.counts import Counts, bias, geh_p85, segment_wape, wape
from passerby.evaluate.true_rows import TrueRows
from passerby.evaluate.truth_tables import StoreRow
from passerby.records import Cut, Measurement, Way

Series = tuple[Class, Way]

CUTS: Final[tuple[Cut, ...]] = get_args(Cut)
WAYS: Final[tuple[Way, ...]] = get_args(Way)
EVERY: Final[frozenset[Series]] = frozenset((class_, way) for class_ in Class for way in WAYS)


@dataclass(frozen=True, slots=True)
class CutFigures:
    """How the rows of one cut compare; both WAPEs are given, since errors cancel over time in the first.

    The pair is that of Telraam's "Count performance validation" (2023): full sample, and segment by segment
    weighted by traffic. A segment is a released interval.
    """

    rows: int
    true: int
    counted: int
    wape: float | None  # full sample: each part of each place over all its intervals together
    segment_wape: float | None  # each part of each place interval by interval
    bias: float | None
    geh: float | None  # of hourly volumes, 85th percentile over places and parts; None below an hour
    observed: float  # share of the time in which the places were seen, mean over the rows


@dataclass(frozen=True, slots=True)
class ReleasedFigures:
    """Figures by cut, and a sentence on everything that has no counterpart."""

    cuts: Mapping[Cut, CutFigures]
    unmatched: tuple[str, ...]


@dataclass(slots=True)
class _Cell:
    """The rows of one part of one place."""

    counted: list[int] = field(default_factory=list)
    true: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, row: Measurement, counted: int, true: int) -> None:
        self.counted.append(counted)
        self.true.append(true)
        self.seconds += (row.end - row.start).total_seconds()


def released_figures(truth: Sequence[StoreRow], rows: Iterable[Measurement]) -> ReleasedFigures:
    """Sum the truth over the interval and the part of each released row of passes, and compare.

    A row is compared only where the truth of its place covers its interval whole, with no true count reaching
    over its ends. What the truth of a place does not name is a true zero there. A row of several series that
    are not told apart is compared as such, and so are rows of one interval that share a series.
    """
    true_rows = TrueRows(truth)
    cells: dict[Cut, dict[tuple[str, ...], _Cell]] = {cut: defaultdict(_Cell) for cut in CUTS}
    observed: dict[Cut, list[float]] = {cut: [] for cut in CUTS}
    left_out = Counter[str]()
    for row in _joined(rows):
        where = f"{row.camera}/{row.place}"
        series = _series(row)
        if series is None or row.count is None:
            left_out[f"{where}: rows of {row.quantity} in cut {row.cut}, of which the truth does not speak"] += 1
            continue
        true = true_rows.over(row.camera, row.place, series, row.start, row.end)
        if isinstance(true, str):
            left_out[f"{where}: rows in cut {row.cut}, {true}"] += 1
            continue
        cells[row.cut][row.camera, row.place, *row.part].add(row, row.count, true)
        observed[row.cut].append(row.observed)
    figures = {cut: _figures(list(cells[cut].values()), observed[cut]) for cut in CUTS if cells[cut]}
    return ReleasedFigures(figures, (*(f"{n} {what}" for what, n in left_out.items()), *true_rows.unused()))


def _joined(rows: Iterable[Measurement]) -> Iterator[Measurement]:
    """Rows; those of an interval that may hold the same series are one, for the truth is of all of these."""
    intervals: dict[tuple[object, ...], list[Measurement]] = defaultdict(list)
    for row in rows:
        intervals[row.camera, row.place, row.quantity, row.cut, row.start, row.end].append(row)
    for parts in intervals.values():
        apart: list[Measurement] = []
        for row in parts:
            shared = [other for other in apart if set(other.part) & set(row.part)]
            apart = [other for other in apart if other not in shared] + [_sum([*shared, row])]
        yield from apart


def _sum(rows: Sequence[Measurement]) -> Measurement:
    """Rows of passes of one interval, as one."""
    if len(rows) == 1:
        return rows[0]
    part = tuple(sorted({name for row in rows for name in row.part}))
    return replace(rows[0], part=part, rest=True, count=sum(row.count or 0 for row in rows), values={})


def _series(row: Measurement) -> frozenset[Series] | None:
    """The classes and ways of a row's part; None where it is not of passes by class and way."""
    if row.cut == "all":
        return EVERY
    found: set[Series] = set()
    for name in row.part:
        group, _, way = name.rpartition(" ")
        series = {(c, w) for c, w in EVERY if w == way and group in (c.label, c.mode)}
        if not series:
            return None
        found |= series
    return frozenset(found)


def _figures(cells: Sequence[_Cell], observed: Sequence[float]) -> CutFigures:
    counted, true = _segments(cells, "counted"), _segments(cells, "true")
    counted_sum, true_sum = _sums(cells, "counted"), _sums(cells, "true")
    hours = np.array([cell.seconds for cell in cells]) / 3600
    return CutFigures(
        rows=len(true),
        true=int(true.sum()),
        counted=int(counted.sum()),
        wape=wape(counted_sum, true_sum),
        segment_wape=segment_wape(counted, true),
        bias=bias(counted, true),
        geh=geh_p85(counted_sum, true_sum, hours),
        observed=float(np.mean(observed)),
    )


def _segments(cells: Sequence[_Cell], side: Literal["counted", "true"]) -> Counts:
    return np.array([[n] for cell in cells for n in getattr(cell, side)], np.int64)


def _sums(cells: Sequence[_Cell], side: Literal["counted", "true"]) -> Counts:
    return np.array([[sum(getattr(cell, side)) for cell in cells]], np.int64)
