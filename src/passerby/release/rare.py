"""Conflicts of one place, held until enough road users were exposed: rare events, by week at the finest.

What k is asked of is who was exposed, not how many conflicts there were: a row may say 0 or 1. Pairs of modes of
which fewer than k were exposed share one row, as series of passes do, so that no row tells whether one of them
came at all. The exposed themselves are told as a step of 1, 2, 5, 10 ... only: their exact number, beside the rows
of passes, would tell of the few that those do not tell apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from passerby.classes import Mode
from passerby.records import SEVERITIES, Conflict, Kind, Pass
from passerby.release.grids import WEEK, Grid
from passerby.release.partition import partition
from passerby.release.rule import Rule

_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Danger:
    """What is released of one pair of modes, or of several pairs, in one interval."""

    quantity: Literal["conflicts", "exposed"]  # of one severity; or on at least how many road users they rest
    part: tuple[str, ...]  # e.g. ("foot-motor pet severe",); ("foot-motor",)
    start: datetime
    end: datetime
    observed: float
    count: int


@dataclass(slots=True)
class _Cell:
    exposed: Counter[Mode] = field(default_factory=Counter)
    found: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    seen_s: float = 0.0

    def add(self, other: _Cell) -> None:
        self.exposed.update(other.exposed)
        self.found.update(other.found)
        self.seen_s += other.seen_s


class Rare:
    """The conflicts of one place from one instant on; `kinds` are all that there may be."""

    def __init__(self, rule: Rule, kinds: Sequence[Kind], start: datetime) -> None:
        self._k, self._kinds = rule.k, tuple(kinds)
        self._pairs = tuple(dict.fromkeys(modes for modes, _ in kinds))
        self._grid = Grid(WEEK, rule.zone)
        self._start = start
        self._cells: dict[datetime, _Cell] = {}  # by the mark that ends them
        self._open = _Cell()

    def expose(self, at: datetime, seen: Pass) -> None:
        """Somebody passed, or entered. Late ones are lost."""
        if at >= self._start:
            self._cell(at).exposed[seen.class_.mode] += 1

    def take(self, at: datetime, seen: Conflict) -> None:
        """Take a conflict of a kind that there may be; late ones are lost."""
        kind = (seen.modes, seen.indicator)
        if at >= self._start and kind in self._kinds:
            self._cell(at).found[kind, seen.severity] += 1

    def seen(self, start: datetime, end: datetime) -> None:
        """The place was watched in this span."""
        for mark, seconds in self._grid.shares(max(start, self._start), end):
            self._cells.setdefault(mark, _Cell()).seen_s += seconds

    def advance(self, now: datetime) -> Iterator[Danger]:
        """What the weeks that end up to now say."""
        for mark in sorted(mark for mark in self._cells if mark <= now):
            self._open.add(self._cells.pop(mark))
            exposed = self._open.exposed
            counts = {_name(pair): min(exposed[mode] for mode in pair) for pair in self._pairs}
            if sum(counts.values()) >= self._k:
                yield from self._rows(counts, mark)
                self._start, self._open = mark, _Cell()

    def _rows(self, counts: dict[str, int], end: datetime) -> Iterator[Danger]:
        observed = round(min(1.0, self._open.seen_s / (end - self._start).total_seconds()), 4)
        for part in partition(counts, self._k):
            exposed = step(sum(counts[pair] for pair in part))
            yield Danger("exposed", part, self._start, end, observed, max(exposed, self._k))
            here = [kind for kind in self._kinds if _name(kind[0]) in part]
            for indicator in dict.fromkeys(indicator for _, indicator in here):
                for severity in SEVERITIES[indicator]:
                    names = tuple(f"{pair} {indicator} {severity}" for pair in part)
                    count = sum(self._open.found[kind, severity] for kind in here if kind[1] == indicator)
                    yield Danger("conflicts", names, self._start, end, observed, count)

    def _cell(self, at: datetime) -> _Cell:
        return self._cells.setdefault(self._grid.after(at), _Cell())


def step(number: int) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 ... that is not more."""
    decade = 10 ** (len(str(number)) - 1)
    return max((s * decade for s in _STEPS if s * decade <= number), default=0)


def _name(modes: Sequence[Mode]) -> str:
    return "-".join(modes)
