"""One place's samples, such as how many are inside, held until they say something about the place alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from passerby.records import Quantity, Sample
from passerby.release.grids import Grid, Ladder
from passerby.release.rule import Rule
from passerby.release.statistics import rounded

GATES: Final[tuple[Quantity, ...]] = ("inside", "people")  # how many the other quantities of a place rest on
HOLD: Final = timedelta(seconds=10)  # a sample stands for the time until the next one, but no longer
LEAST_S: Final = 60.0  # of samples that an interval rests on


@dataclass(frozen=True, slots=True)
class Spread:
    """What is released of one quantity in one interval."""

    quantity: Quantity
    start: datetime
    end: datetime
    observed: float
    mean: float
    p95: float
    bands: Mapping[str, float]


Held = dict[float, float]  # value -> seconds


@dataclass(slots=True)
class _Cell:
    held: dict[Quantity, Held] = field(default_factory=dict)

    def inside(self) -> float:
        """Mean number inside, the least where it is counted in several ways; 0 where too little was seen."""
        gates = [self.held[gate] for gate in GATES if gate in self.held]
        return min(
            (_mean(gate) if sum(gate.values()) >= LEAST_S else 0.0 for gate in gates),
            default=0.0,
        )

    def add(self, other: _Cell) -> None:
        for quantity, held in other.held.items():
            mine = self.held.setdefault(quantity, {})
            for value, seconds in held.items():
                mine[value] = mine.get(value, 0.0) + seconds


@dataclass(slots=True)
class _Instant:
    at: datetime  # counted up to here
    until: datetime
    time_s: float
    value: float  # of all classes together


class Samples:
    """The samples of one place from one instant on.

    An interval of the grid is released when its mean inside is k or more; else it goes on into the next. Its
    numbers are over time and all classes: the mean, the 95th percentile, and the minutes in bands. How many are
    inside has bands of k, other quantities those between the bounds that their samples bring, of which any that
    tell of fewer than k people are left out: so the lowest hides whether the place was ever empty.
    """

    def __init__(self, rule: Rule, start: datetime) -> None:
        self._rule = rule
        self._grid = Grid(rule.grain, rule.zone)
        self._ladder = Ladder(rule.grain, rule.zone)
        self._start = start
        self._cells: dict[datetime, _Cell] = {}  # by the mark that ends them
        self._open = _Cell()
        self._open_to = start
        self._now: dict[Quantity, _Instant] = {}
        self._bounds: dict[Quantity, tuple[float, ...]] = {}

    @property
    def start(self) -> datetime:
        """Where the open interval begins."""
        return self._start

    def take(self, at: datetime, sample: Sample) -> None:
        """Take a sample; those of one instant add up over the classes. A late one is lost."""
        if at < self._start:
            return
        self._bounds[sample.quantity] = sample.bounds
        last = self._now.get(sample.quantity)
        if last is not None and last.time_s == sample.time_s:
            last.value += sample.value
            return
        if last is not None:
            self._hold(sample.quantity, last, at)
        self._now[sample.quantity] = _Instant(at, at + HOLD, sample.time_s, sample.value)

    def advance(self, now: datetime) -> Iterator[Spread]:
        """What the intervals that end up to now say, if all that was observed until now has been taken."""
        for quantity, last in self._now.items():
            self._hold(quantity, last, now)
        for mark in sorted(mark for mark in self._cells if mark <= now):
            yield from self._close(mark - self._rule.grain)
            self._open.add(self._cells.pop(mark))
            self._open_to = max(self._open_to, mark)
        yield from self._close(now)
        self._open_to = max(self._open_to, self._grid.before(now))

    def stop(self) -> None:
        """Drop what has not been released."""
        self._cells.clear()
        self._open, self._open_to = _Cell(), self._start
        self._now.clear()

    def _hold(self, quantity: Quantity, last: _Instant, until: datetime) -> None:
        for mark, seconds in self._grid.shares(max(last.at, self._start), min(until, last.until)):
            held = self._cells.setdefault(mark, _Cell()).held.setdefault(quantity, {})
            value = rounded(last.value)
            held[value] = held.get(value, 0.0) + seconds
        last.at = max(last.at, until)

    def _close(self, now: datetime) -> Iterator[Spread]:
        """End the open interval if it may have ended by now."""
        inside = self._open.inside()
        if inside < self._rule.k:
            return
        end = self._ladder.end(self._start, self._open_to, now)
        if end is None:
            return
        start, cell = self._start, self._open
        self._start, self._open, self._open_to = end, _Cell(), end
        for quantity, held in sorted(cell.held.items()):
            observed = min(1.0, sum(held.values()) / (end - start).total_seconds())
            mean, p95 = rounded(_mean(held)), _percentile(held, 0.95)
            if quantity in GATES:
                bands = _bands(held, self._rule.k)
            else:
                # A bound stands for as many people as the mean does: below k of them it would tell of few.
                floor = self._rule.k / inside * _mean(held)
                bands = _between(held, [b for b in self._bounds.get(quantity, ()) if b >= floor])
            yield Spread(quantity, start, end, round(observed, 4), mean, p95, bands)


def _mean(held: Held) -> float:
    return sum(value * seconds for value, seconds in held.items()) / sum(held.values())


def _percentile(held: Held, share: float) -> float:
    """The least value that is not exceeded in this share of the time."""
    left = share * sum(held.values())
    for value in sorted(held):
        left -= held[value]
        if left <= 1e-9:
            return value
    return max(held)


def _between(held: Held, bounds: Sequence[float]) -> dict[str, float]:
    """Minutes between rising bounds, e.g. ``{"0-2": 12.5, "2-3.5": 2.5, "3.5-": 0.0}``; none without bounds."""
    if not bounds:
        return {}
    minutes = [0.0] * (len(bounds) + 1)
    for value, seconds in held.items():
        minutes[bisect_right(bounds, value)] += seconds / 60
    names = [f"{low:g}-{high:g}" for low, high in pairwise((0.0, *bounds))] + [f"{bounds[-1]:g}-"]
    return {name: round(m, 1) for name, m in zip(names, minutes, strict=True)}


def _bands(held: Held, width: int) -> dict[str, float]:
    """Minutes in bands of a width, e.g. ``{"0-19": 3.5, "20-39": 11.5}``."""
    minutes: dict[int, float] = {}
    for value, seconds in held.items():
        low = int(value // width) * width
        minutes[low] = minutes.get(low, 0.0) + seconds / 60
    return {f"{low}-{low + width - 1}": round(minutes[low], 1) for low in sorted(minutes)}
