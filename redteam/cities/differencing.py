"""The attacker who subtracts published numbers from each other: integer programming over all that is published.

Unknown are the passes of every atom (class, way, movement) in every span between instants at which rows begin
or ends. Every row is an equation, and says which series it may hold; other things that are published bound sums of
them. A number of passes is *determined within k* if fewer than k values of it agree with all that is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, product
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from passerby.records import Cut, Measurement
from passerby.release.cuts import CLASS, MODE, MOVEMENT, Atom, Universe

Span = tuple[datetime, datetime]
Unknown = tuple[int, Atom]  # (number of the span, atom)
Floats = NDArray[np.float64]

_TOLD: Final = {cut.name: cut.series for cut in (MODE, CLASS, MOVEMENT)}  # what a row may name
_ROUNDS: Final = 4  # of worlds that are far from each other in many numbers at once


@dataclass(frozen=True)
class Target:
    """A number that nobody should learn."""

    name: str
    span: Span
    unknowns: tuple[Unknown, ...]
    true: int


@dataclass(frozen=True, slots=True)
class Bound:
    """What else is published: so many passes there were of these series, in this span."""

    cut: Cut  # "all": of all of them
    series: tuple[str, ...]
    span: Span
    least: float = 0
    most: float = inf
    minus: tuple[tuple[str, ...], Span] | None = None  # less those of other series in another span


class Tables:
    """All rows of one place, as equations, and what else bounds its numbers."""

    def __init__(self, rows: Sequence[Measurement], universe: Universe, bounds: Iterable[Bound] = ()) -> None:
        rows = [row for row in rows if row.quantity == "passes"]
        self.atoms = list(universe.names(CLASS))
        marks = sorted({mark for row in rows for mark in (row.start, row.end)})
        self.intervals = [
            (a, b) for a, b in pairwise(marks) if any(row.start <= a and b <= row.end for row in rows)
        ]
        self._columns: dict[Unknown, list[int]] = {}
        self._by: list[frozenset[int]] = []  # of each variable: the rows that count it, where several may
        self._variables(rows)
        entries: list[tuple[int, int, float]] = []  # (constraint, variable, factor)
        least: list[float] = []
        most: list[float] = []
        for number, row in enumerate(rows):
            for unknown in self._in((row.start, row.end), row.cut, row.part):
                entries += [(len(least), v, 1) for v in self._columns[unknown] if number in self._by[v]]
            least.append(row.count or 0)
            most.append(row.count or 0)
        for bound in bounds:
            entries += [
                (len(least), v, 1) for u in self._in(bound.span, bound.cut, bound.series) for v in self._columns[u]
            ]
            if bound.minus is not None:
                series, span = bound.minus
                entries += [
                    (len(least), v, -1) for u in self._in(span, bound.cut, series) for v in self._columns[u]
                ]
            least.append(bound.least)
            most.append(bound.most)
        constraints, columns, factors = zip(*entries, strict=True)
        self._size = len(self._by)
        matrix = csr_array((factors, (constraints, columns)), shape=(len(least), self._size), dtype=np.float64)
        self._agrees = LinearConstraint(matrix, least, most)

    def _variables(self, rows: Sequence[Measurement]) -> None:
        """Passes by span, atom, and the row of each table that counts them, as it may be any that names them."""
        for number, (start, end) in enumerate(self.intervals):
            around: dict[Cut, list[int]] = {}
            for at, row in enumerate(rows):
                if row.start <= start and end <= row.end:
                    around.setdefault(row.cut, []).append(at)
            for atom in self.atoms:
                choices = [
                    [at for at in some if _names(rows[at].cut, rows[at].part, atom)] or [-1]
                    for some in around.values()
                ]
                self._columns[number, atom] = []
                for choice in product(*choices):
                    self._columns[number, atom].append(len(self._by))
                    self._by.append(frozenset(choice))

    def _in(self, span: Span, cut: Cut, series: Sequence[str]) -> list[Unknown]:
        named = [atom for atom in self.atoms if _names(cut, series, atom)]
        return [(number, atom) for number in self._within(span) for atom in named]

    def _within(self, span: Span) -> Iterable[int]:
        return (n for n, (start, end) in enumerate(self.intervals) if span[0] <= start and end <= span[1])

    def targets(self, rows: Sequence[Measurement], passes: Iterable[tuple[datetime, Atom]]) -> list[Target]:
        """Every atom, class, mode, way and combination, in every interval of every table."""
        groups: dict[str, list[Atom]] = {}
        for atom in self.atoms:
            class_, way, _ = atom
            names = [
                class_.label,
                f"{class_.label} {way}",
                class_.mode,
                f"{class_.mode} {way}",
                way,
                MOVEMENT.series(atom),
            ]
            for name in dict.fromkeys(names):
                groups.setdefault(name, []).append(atom)
        if not any(atom[2] for atom in self.atoms):
            groups = {name: some for name, some in groups.items() if not name.endswith(" elsewhere")}
        found: dict[Unknown, int] = {}
        for at, atom in passes:
            for number, (start, end) in enumerate(self.intervals):
                if start <= at < end:
                    found[number, atom] = found.get((number, atom), 0) + 1
        spans = sorted({(row.start, row.end) for row in rows if row.quantity == "passes"} | set(self.intervals))
        result = []
        for span in spans:
            for name, members in groups.items():
                unknowns = tuple((number, atom) for number in self._within(span) for atom in members)
                result.append(Target(name, span, unknowns, sum(found.get(u, 0) for u in unknowns)))
        return result

    def goal(self, target: Target) -> Floats:
        """(variables,) 1 where a variable is part of the number."""
        goal = np.zeros(self._size)
        for unknown in target.unknowns:
            goal[self._columns[unknown]] = 1
        return goal

    def world(self, goal: Floats) -> Floats:
        """(variables,) of the world that agrees with everything and has most of the goal."""
        result = milp(-goal, constraints=self._agrees, integrality=np.ones(self._size), bounds=Bounds(0))
        if result.x is None:
            raise ArithmeticError(f"no world agrees with what is published: {result.message}")
        return np.asarray(np.round(result.x), np.float64)


def determined(tables: Tables, targets: Iterable[Target], k: int) -> list[tuple[Target, int, int]]:
    """The targets below k of which fewer than k values are possible, with the least and the greatest.

    Any world that agrees is a witness for all targets at once, so most need no search of their own.
    """
    small = [target for target in targets if target.true < k]
    if not small:
        return []
    goals = np.array([tables.goal(target) for target in small])
    low = high = np.array([float(target.true) for target in small])
    rng = np.random.default_rng(len(small))
    for _ in range(_ROUNDS):
        weights = rng.choice((-1.0, 1.0), len(small)) * (high - low + 1 < k)
        if not weights.any():
            break
        found = goals @ tables.world(weights @ goals)
        low, high = np.minimum(low, found), np.maximum(high, found)
    for at, goal in enumerate(goals):
        for sign in (1, -1):
            if high[at] - low[at] + 1 < k:
                found = goals @ tables.world(sign * goal)
                low, high = np.minimum(low, found), np.maximum(high, found)
    return [
        (target, round(low[at]), round(high[at])) for at, target in enumerate(small) if high[at] - low[at] + 1 < k
    ]


def _names(cut: Cut, part: Sequence[str], atom: Atom) -> bool:
    """Whether a row of this cut may hold passes of an atom."""
    return cut == "all" or _TOLD[cut](atom) in part
