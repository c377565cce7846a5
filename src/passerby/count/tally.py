"""Exact totals of a film, whole and by interval: the owner's own numbers, which are written to no store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal

from passerby.count.spread import over_time, spread
from passerby.geometry import Line, Place
from passerby.records import Conflict, Observation, Pass, Sample

LineCounts = dict[Literal["in", "out"], dict[str, int]]
ZoneCounts = dict[str, dict[str, int] | dict[str, float]]
Column = dict[str, dict[str, list[float]]]  # way -> class, or "all" -> one value a pass that has one

ALL = "all"  # classes together, beside their labels


def _column() -> Column:
    return {"in": defaultdict(list), "out": defaultdict(list)}


@dataclass(slots=True)
class _Samples:
    """One quantity over time, all classes together; samples of one instant come together."""

    time_s: float = -inf
    value: float = 0.0
    instants: Counter[float] = field(default_factory=Counter)  # of those before

    def add(self, sample: Sample) -> None:
        if sample.time_s > self.time_s:
            self._close()
            self.time_s, self.value = sample.time_s, 0.0
        self.value += sample.value

    def _close(self) -> None:
        if self.time_s > -inf:
            self.instants[round(self.value, 3)] += 1

    def all(self) -> Counter[float]:
        """The last instant, which is still open, included."""
        return self.instants + Counter({round(self.value, 3): 1})


@dataclass(slots=True)
class _Cell:
    """What one place came to in one stretch of time."""

    ways: dict[str, Counter[str]] = field(default_factory=lambda: {"in": Counter(), "out": Counter()})
    movements: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    columns: defaultdict[str, Column] = field(default_factory=lambda: defaultdict(_column))
    samples: defaultdict[str, _Samples] = field(default_factory=lambda: defaultdict(_Samples))
    inside: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))  # sums of samples

    def add(self, observation: Observation) -> None:
        if isinstance(observation, Conflict):
            return  # they have a table of their own: `dangers`
        label = observation.class_.label
        if isinstance(observation, Pass):
            self._pass(observation, label)
        else:
            self.samples[observation.quantity].add(observation)
            if observation.quantity == "inside" and observation.value:
                self.inside[label] += observation.value

    def _pass(self, seen: Pass, label: str) -> None:
        first = not self.ways[seen.way]
        self.ways[seen.way][label] += 1
        if seen.movement:
            self.movements[seen.movement][label] += 1
        for column, value in seen.values.items():
            if column == "headway_s" and first:
                continue  # the one before it is of another interval
            for key in (ALL, label):
                self.columns[column][seen.way][key].append(value)

    def line(self) -> LineCounts:
        return {"in": _sorted(self.ways["in"]), "out": _sorted(self.ways["out"])}

    def zone(self) -> ZoneCounts:
        times = max(sum(self.samples["inside"].all().values()), 1) if "inside" in self.samples else 1
        return {
            "entries": _sorted(self.ways["in"]),
            "exits": _sorted(self.ways["out"]),
            "mean_inside": {label: round(self.inside[label] / times, 3) for label in sorted(self.inside)},
        }

    def values(self, seen_s: float) -> Iterator[tuple[str, Any]]:
        for name, column in sorted(self.columns.items()):
            yield name, {way: {key: spread(column[way][key]) for key in sorted(column[way])} for way in column}
        if "headway_s" in self.columns and seen_s > 0:
            yield "flow_per_h", {way: _flow(counts, seen_s) for way, counts in self.ways.items()}
        for quantity, samples in sorted(self.samples.items()):
            if quantity != "inside":
                stated = over_time(samples.all())
                yield quantity, stated["mean"] if quantity == "occupancy" else stated


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {label: counts[label] for label in sorted(counts) if counts[label]}


def _flow(counts: Counter[str], seen_s: float) -> dict[str, float]:
    """Passes an hour: the flow rate of the Highway Capacity Manual, 7th ed., chapter 4."""
    named = {ALL: sum(counts.values()), **_sorted(counts)}
    return {key: round(n * 3600 / seen_s, 1) for key, n in named.items() if n}


class Tally:
    """Adds up observations by place, and by interval of `interval_s` where one is given.

    Interval 0 is the one in which the film begins, `offset_s` after the interval's own start. `movements` are all
    that there may be.
    """

    def __init__(
        self,
        places: Sequence[Place],
        interval_s: float | None = None,
        offset_s: float = 0.0,
        movements: Sequence[str] = (),
    ) -> None:
        self._places = tuple(places)
        self._interval_s = interval_s
        self._offset_s = offset_s
        self._movements = tuple(movements)
        self._whole = {place.name: _Cell() for place in places}
        self._cells: dict[int, dict[str, _Cell]] = {}

    def add(self, observations: Iterable[Observation]) -> None:
        """Take in what one frame came to."""
        for observation in observations:
            self._whole[observation.place].add(observation)
            if self._interval_s is not None:
                number = int((observation.time_s + self._offset_s) // self._interval_s)
                cells = self._cells.setdefault(number, {place.name: _Cell() for place in self._places})
                cells[observation.place].add(observation)

    def lines(self, number: int | None = None) -> dict[str, LineCounts]:
        """Counts of every line, of the whole film or of one interval; `in` and `out` are always there."""
        cells = self._cells_of(number)
        return {p.name: cells[p.name].line() for p in self._places if isinstance(p, Line)}

    def zones(self, number: int | None = None) -> dict[str, ZoneCounts]:
        """Entries, exits and mean number inside of every zone, of the whole film or of one interval."""
        cells = self._cells_of(number)
        return {p.name: cells[p.name].zone() for p in self._places if not isinstance(p, Line)}

    def values(self, seen_s: float, number: int | None = None) -> dict[str, dict[str, Any]]:
        """Speeds, headways, dwells, queues and the like of every place that has any.

        A column of passes is {way: {class, or "all": spread}}, a quantity over time {"mean", "p95", "max"},
        occupancy its mean. seen_s: s that were watched, for flows.
        """
        cells = self._cells_of(number)
        found = {place.name: dict(cells[place.name].values(seen_s)) for place in self._places}
        return {name: values for name, values in found.items() if values}

    def movements(self, number: int | None = None) -> dict[str, dict[str, int]]:
        """Passes by movement and class; every movement there may be is there."""
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for cell in self._cells_of(number).values():
            for movement, classes in cell.movements.items():
                counts[movement].update(classes)
        return {movement: _sorted(counts[movement]) for movement in self._movements}

    def _cells_of(self, number: int | None) -> dict[str, _Cell]:
        if number is None:
            return self._whole
        return self._cells.get(number) or {place.name: _Cell() for place in self._places}
