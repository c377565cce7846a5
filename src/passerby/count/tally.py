"""Exact totals of a film, whole and by interval: the owner's own numbers, which are written to no store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from passerby.geometry import Line, Place
from passerby.records import Observation, Pass, Sample

LineCounts = dict[Literal["in", "out"], dict[str, int]]
ZoneCounts = dict[str, dict[str, int] | dict[str, float]]


@dataclass(slots=True)
class _Cell:
    """What one place came to in one stretch of time."""

    ways: dict[str, Counter[str]] = field(default_factory=lambda: {"in": Counter(), "out": Counter()})
    inside: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))  # sums of samples
    instants: int = 0  # sampled times; samples of one instant come together
    latest_s: float = -inf

    def add(self, observation: Observation) -> None:
        label = observation.class_.label
        if isinstance(observation, Pass):
            self.ways[observation.way][label] += 1
        elif isinstance(observation, Sample) and observation.quantity == "inside":
            if observation.time_s > self.latest_s:
                self.latest_s, self.instants = observation.time_s, self.instants + 1
            if observation.value:
                self.inside[label] += observation.value

    def line(self) -> LineCounts:
        return {"in": _sorted(self.ways["in"]), "out": _sorted(self.ways["out"])}

    def zone(self) -> ZoneCounts:
        times = max(self.instants, 1)
        return {
            "entries": _sorted(self.ways["in"]),
            "exits": _sorted(self.ways["out"]),
            "mean_inside": {label: round(self.inside[label] / times, 3) for label in sorted(self.inside)},
        }


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {label: counts[label] for label in sorted(counts) if counts[label]}


class Tally:
    """Adds up observations by place, and by interval of `interval_s` where one is given.

    Interval 0 is the one in which the film begins, `offset_s` after the interval's own start.
    """

    def __init__(self, places: Sequence[Place], interval_s: float | None = None, offset_s: float = 0.0) -> None:
        self._places = tuple(places)
        self._interval_s = interval_s
        self._offset_s = offset_s
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

    def _cells_of(self, number: int | None) -> dict[str, _Cell]:
        if number is None:
            return self._whole
        return self._cells.get(number) or {place.name: _Cell() for place in self._places}
