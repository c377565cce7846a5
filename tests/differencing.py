"""The attacker who subtracts released rows from each other: integer programming over all that is published.

Unknown are the passes of every (interval of the finest table, class, way). Every released row is an equation,
and says which series it may hold. A number of passes is *determined within k* if fewer than k values of it agree
with all equations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from passerby.classes import Class
from passerby.records import Measurement, Way

Series = tuple[Class, Way]
Span = tuple[datetime, datetime]
Unknown = tuple[int, Series]  # (number of the interval, series)

WAYS: tuple[Way, ...] = ("in", "out")


@dataclass(frozen=True)
class Target:
    """A number that nobody should learn."""

    name: str
    span: Span
    unknowns: tuple[Unknown, ...]
    true: int


class Tables:
    """All rows of one place, as equations."""

    def __init__(self, rows: Sequence[Measurement], classes: Sequence[Class]) -> None:
        self.intervals = sorted({(row.start, row.end) for row in rows if row.cut == "all"})
        self.series: list[Series] = [(c, way) for c in sorted(classes) for way in WAYS]
        self._columns: dict[Unknown, list[int]] = {}
        entries: list[tuple[int, int]] = []  # (equation, variable)
        totals: list[int] = []
        variables = self._variables(rows)
        for row in rows:
            for number in self._within((row.start, row.end)):
                entries += [
                    (len(totals), variable)
                    for (unknown, by), variable in variables.items()
                    if unknown[0] == number and _names(row, unknown[1]) and (row.cut != "class" or by == row.part)
                ]
            totals.append(row.count or 0)
        equations, columns = zip(*entries, strict=True)
        shape = (len(totals), len(variables))
        matrix = csr_array((np.ones(len(entries)), (equations, columns)), shape=shape)
        self._equal = LinearConstraint(matrix, totals, totals)
        self._size = len(variables)

    def _variables(self, rows: Sequence[Measurement]) -> dict[tuple[Unknown, tuple[str, ...]], int]:
        """Passes by interval, series, and the row of the class table that counts them, as it may be any."""
        variables: dict[tuple[Unknown, tuple[str, ...]], int] = {}
        tables = [row for row in rows if row.cut == "class"]
        for number, span in enumerate(self.intervals):
            around = [row for row in tables if row.start <= span[0] and span[1] <= row.end]
            for series in self.series:
                by = [row.part for row in around if _names(row, series)] or [()]
                self._columns[number, series] = [
                    variables.setdefault(((number, series), part), len(variables)) for part in by
                ]
        return variables

    def _within(self, span: Span) -> Iterable[int]:
        return (n for n, (start, end) in enumerate(self.intervals) if span[0] <= start and end <= span[1])

    def bounds(self, unknowns: Iterable[Unknown]) -> tuple[int, int]:
        """The least and the greatest number that agrees with everything released."""
        goal = np.zeros(self._size)
        for unknown in unknowns:
            goal[self._columns[unknown]] = 1
        found = []
        for sign in (1, -1):
            result = milp(sign * goal, constraints=self._equal, integrality=np.ones(self._size), bounds=Bounds(0))
            assert result.status == 0, result.message
            found.append(round(sign * result.fun))
        return found[0], found[1]

    def targets(self, rows: Sequence[Measurement], passes: Sequence[tuple[datetime, Series]]) -> list[Target]:
        """Every class, mode, way and combination, in every interval of every table."""
        groups: dict[str, list[Series]] = {}
        for series in self.series:
            class_, way = series
            for name in (f"{class_.label} {way}", class_.label, f"{class_.mode} {way}", class_.mode, way):
                groups.setdefault(name, []).append(series)
        found = Counter(
            (number, series)
            for at, series in passes
            for number, (start, end) in enumerate(self.intervals)
            if start <= at < end
        )
        spans = sorted({(row.start, row.end) for row in rows})
        result = []
        for span in spans:
            for name, members in groups.items():
                unknowns = tuple((number, series) for number in self._within(span) for series in members)
                result.append(Target(name, span, unknowns, sum(found[u] for u in unknowns)))
        return result


def _names(row: Measurement, series: Series) -> bool:
    """Whether a row may hold passes of a series."""
    class_, way = series
    return {
        "all": True,
        "mode": f"{class_.mode} {way}" in row.part,
        "class": f"{class_.label} {way}" in row.part,
        "movement": False,
    }[row.cut]


def determined(tables: Tables, targets: Iterable[Target], k: int) -> list[tuple[Target, int, int]]:
    """The targets below k of which fewer than k values are possible, with the least and the greatest."""
    result = []
    for target in targets:
        if target.true < k:
            low, high = tables.bounds(target.unknowns)
            assert low <= target.true <= high
            if high - low + 1 < k:
                result.append((target, low, high))
    return result
