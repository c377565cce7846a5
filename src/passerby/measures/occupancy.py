"""The share of time in which somebody is in a zone: occupancy, from 0 to 1.

That of a presence detector such as an induction loop: the time in which it is occupied by the time it watched
(FHWA, Traffic Monitoring Guide, 2022; Highway Capacity Manual, 7th ed., chapter 4; `occupancy` of NGSI-LD
TrafficFlowObserved). Here the detector is the zone, and it is occupied while a foot is in it, so it is to be drawn
as long along the way as a vehicle and the loop are together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from passerby.classes import Class, Label, parse
from passerby.geometry import Zone
from passerby.measures.zone import ZoneMeasure
from passerby.records import Observation, Sample
from passerby.stages import Scene


class OccupancyMeasure:
    """Samples whether somebody is in `at` (1) or nobody (0), of `classes` where they are given.

    `sample_s`: s between two samples; a sample is of the zone, and of class `unknown` unless one class is given.
    """

    def __init__(self, at: Zone, *, classes: Sequence[Label] | None = None, sample_s: float = 0.2) -> None:
        self._name = at.name
        self._zone = ZoneMeasure(at, classes=classes)
        self._classes = frozenset(Class if classes is None else map(parse, classes))
        self._class = min(self._classes) if len(self._classes) == 1 else Class.UNKNOWN
        self._sample_s = sample_s
        self._sampled = -np.inf

    def update(self, scene: Scene) -> Iterable[Observation]:
        """A sample where one is due; what enters and leaves is left to `zone`."""
        self._zone.passes(scene)
        due = np.floor(scene.time_s / self._sample_s + 1e-6)
        if due > self._sampled:
            self._sampled = due
            occupied = any(class_ in self._classes for class_ in self._zone.within().values())
            yield Sample(self._name, scene.time_s, "occupancy", self._class, float(occupied))
