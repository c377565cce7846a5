"""Holds the passes that were counted over a film's lines against the true counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.evaluate.counts import BLOCK_S, FEWEST_BLOCKS, Counts, Interval, bias, geh_p85, intervals, wape
from passerby.evaluate.truth_tables import FilmTruth, classes_of
from passerby.records import Pass, Way

Span = tuple[float, float]  # s of the film

WAYS: tuple[Way, Way] = ("in", "out")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one number of the comparison speaks of."""

    line: str
    group: str
    way: Way
    true: int
    counted: int


@dataclass(frozen=True, slots=True)
class LineFigures:
    """How the counts over the lines compare; None where a figure cannot be had, and `notes` say why."""

    wape: float | None
    bias: float | None
    exact_lines: int  # lines on which every cell is exact
    lines: int
    geh: float | None  # of hourly volumes, 85th percentile over the cells; None where the truth is below an hour
    wape_interval: Interval | None  # 95 %, from blocks of 30 s
    bias_interval: Interval | None
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]


def line_figures(
    truth: FilmTruth, passes: Iterable[Pass], duration_s: float, rng: np.random.Generator
) -> LineFigures:
    """Compare by line, class and way.

    Both ways of every class that the truth names on a line are compared, from the truth's first start to its
    last end there (the whole film where it gives none); what it leaves out within that is a true zero. Passes
    of other classes, or at other times, are not compared and are named in `notes`.
    """
    sheet = _Sheet(truth, duration_s)
    true = sheet.true()
    counted, left_out = sheet.counted(passes)
    no_interval = sheet.why_no_interval()
    resampled = None if no_interval else intervals(counted, true, rng)
    sums = zip(sheet.columns, true.sum(axis=0), counted.sum(axis=0), strict=True)
    cells = tuple(Cell(*key, true=int(t), counted=int(c)) for key, t, c in sums)
    wrong = {cell.line for cell in cells if cell.true != cell.counted}
    return LineFigures(
        wape=wape(counted, true),
        bias=bias(counted, true),
        exact_lines=len(truth.lines) - len(wrong),
        lines=len(truth.lines),
        geh=geh_p85(counted, true, sheet.hours()),
        wape_interval=resampled.wape if resampled else None,
        bias_interval=resampled.bias if resampled else None,
        cells=cells,
        notes=(*left_out, *([no_interval] if no_interval else [])),
    )


class _Sheet:
    """Blocks of 30 s by cells, as far as the truth goes."""

    def __init__(self, truth: FilmTruth, duration_s: float) -> None:
        self._truth = truth
        names = [line.name for line in truth.lines]
        groups = {name: tuple(dict.fromkeys(r.group for r in truth.rows if r.line == name)) for name in names}
        self.spans = {name: _span(truth, name, duration_s) for name in names}
        self.columns = {
            (name, group, way): column
            for column, (name, group, way) in enumerate(
                (name, group, way) for name in names for group in groups[name] for way in WAYS
            )
        }
        self._groups: dict[tuple[str, Class], str] = {
            (name, class_): group
            for name in names
            for group in groups[name]
            for class_ in classes_of(group, frozenset(groups[name]))
        }
        last_s = max(end for _, end in self.spans.values())
        self._blocks = max(1, int(np.ceil(last_s / BLOCK_S - 1e-9)))

    def true(self) -> Counts:
        """True counts (b, c); without times all are in the first block."""
        counts = self._empty()
        for row in self._truth.rows:
            counts[self._block(row.start_s or 0.0), self.columns[row.line, row.group, row.way]] += row.count
        return counts

    def counted(self, passes: Iterable[Pass]) -> tuple[Counts, list[str]]:
        """Counted passes (b, c), and sentences on those that the truth does not speak of."""
        counts, classes, times = self._empty(), Counter[tuple[str, str]](), Counter[str]()
        for passed in passes:
            start_s, end_s = self.spans[passed.place]
            group = self._groups.get((passed.place, passed.class_))
            if group is None:
                classes[passed.place, passed.class_.label] += 1
            elif start_s <= passed.time_s <= end_s:
                counts[self._block(passed.time_s), self.columns[passed.place, group, passed.way]] += 1
            else:
                times[passed.place] += 1
        left_out = [f"{line}: {n} of class {c} not compared, no truth for it" for (line, c), n in classes.items()]
        left_out += [f"{line}: {n} not compared, outside the truth's time" for line, n in times.items()]
        return counts, left_out

    def hours(self) -> NDArray[np.float64]:
        """How long the truth of each cell is, (c,) h."""
        spans = [self.spans[name] for name, _, _ in self.columns]
        return np.array([end - start for start, end in spans]) / 3600

    def why_no_interval(self) -> str | None:
        """Why blocks of time cannot be resampled, or None if they can."""
        if not self._truth.timed:
            return "no intervals: the truth gives totals only; add columns start,end (s, within blocks of 30 s)"
        if self._blocks < FEWEST_BLOCKS:
            return f"no intervals: {self._blocks} blocks of {BLOCK_S:g} s are too few, {FEWEST_BLOCKS} are needed"
        for row in self._truth.rows:
            if row.start_s is not None and row.end_s is not None:
                block_end_s = (row.start_s // BLOCK_S + 1) * BLOCK_S
                if row.end_s > block_end_s + 1e-9:
                    span = f"{row.start_s:g}-{row.end_s:g} s"
                    return f"no intervals: {row.line} has a true count over {span}, across blocks"
        return None

    def _empty(self) -> Counts:
        return np.zeros((self._blocks, len(self.columns)), np.int64)

    def _block(self, time_s: float) -> int:
        return min(int(time_s // BLOCK_S), self._blocks - 1)


def _span(truth: FilmTruth, line: str, duration_s: float) -> Span:
    rows = [row for row in truth.rows if row.line == line]
    starts = [row.start_s for row in rows if row.start_s is not None]
    ends = [row.end_s for row in rows if row.end_s is not None]
    return (min(starts), max(ends)) if starts and ends else (0.0, duration_s)
