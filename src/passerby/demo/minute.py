"""A minute of the drawn street, counted without a model, beside what truly passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from passerby import plugins
from passerby.classes import Class
from passerby.count import Job, Result, Tally, Watch, Wish, prepare, run
from passerby.geometry import Line
from passerby.records import Pass, Way
from passerby.scene import Street
from passerby.stages import Source


@dataclass(frozen=True, slots=True)
class Row:
    """One place and way: how many passes were counted, and how many there were."""

    place: str
    way: Way
    counted: int
    true: int


class Minute:
    """A drawn street that is about to be counted."""

    def __init__(self, seed: int, duration_s: float = 60.0, **drawing: Any) -> None:
        table = {"use": "synthetic", "seed": seed, "duration": duration_s, **drawing}
        source: Any = plugins.build("source", table, Source, camera="street")
        self.street: Street = source.street
        self.places = self.street.places
        # The release rule sees the minute as it would see a camera's: its shortest interval is its grain.
        wish = Wish([source], self.places, detector="motion", interval=timedelta(minutes=15))
        self.job: Job = prepare(wish)
        self._passes: Mapping[str, Sequence[Pass]] = {p.name: self.street.passes(p) for p in self.places}

    def count(self, watch: Watch) -> Result:
        """Count it; `watch` is told of each frame."""
        return run(self.job, watch)

    def rows(self, tally: Tally, until_s: float) -> list[Row]:
        """Counted and true passes up to a time of the street."""
        counted = tally.lines() | {name: _ways(zone) for name, zone in tally.zones().items()}
        return [
            Row(place.name, way, sum(counted[place.name][way].values()), self._true(place.name, way, until_s))
            for place in self.places
            for way in ("in", "out")
        ]

    def by_class(self, result: Result) -> list[tuple[str, int, int]]:
        """(class, counted, true) over all lines together: how well classes are told apart."""
        counted: Counter[str] = Counter()
        for ways in result.lines.values():
            for classes in ways.values():
                counted.update(classes)
        lines = [place.name for place in self.places if isinstance(place, Line)]
        true = Counter(seen.class_.label for name in lines for seen in self._passes[name])
        labels = [c.label for c in Class if counted[c.label] or true[c.label]]
        return [(label, counted[label], true[label]) for label in labels]

    def _true(self, place: str, way: Way, until_s: float) -> int:
        return sum(seen.way == way and seen.time_s <= until_s for seen in self._passes[place])


def _ways(zone: Any) -> Any:
    return {"in": zone["entries"], "out": zone["exits"]}
