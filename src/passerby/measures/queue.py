"""How long a queue is, in heads and in metres, and how long one waits in it.

Who stands or creeps in the zone is queued if the next one ahead, up to the head of the queue, is not far::

        head  ●──●──●───●─●            ●              ●  ──►
              queued: within gap_m     too far        walks
              of the next

Vehicles are queued below 5 mph and up to about 20 ft behind the next (Highway Capacity Manual, vehicles in queue);
people stand closer and shuffle slower. The length is that of the shortest way from the head through the queued
to the last one; the waiting time `wait_s`, told when somebody leaves the zone whose entry was seen, runs from
joining the queue to going on, and is 0 for who passes by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class, Label, parse
from passerby.geometry import Zone
from passerby.ground import Ground, needed
from passerby.measures.gaps import FOOT, WHEELS
from passerby.measures.heirs import Heirs
from passerby.measures.trails import Trails
from passerby.measures.zone import ZoneMeasure
from passerby.records import Observation, Pass, Sample
from passerby.stages import Scene

Floats = NDArray[np.float64]

_SETTLE_S: Final = 1.0  # s over which a speed is taken


class QueueMeasure:
    """Samples the queue in the zone `at` and says with each exit how long it waited; only `classes` where given.

    `head`: [x, y] of the picture where the queue is served, e.g. a counter or a stop line; without it the queue
    is the largest group. `creep_mps`: m/s up to which one is queued; by default 0.6 for people and 2.2 for all
    others. `gap_m`: m to the next one ahead; by default 2 for people and 12 for all others. `sample_s`: s between
    two samples.
    """

    def __init__(
        self,
        at: Zone,
        *,
        head: tuple[float, float] | None = None,
        classes: Sequence[Label] | None = None,
        creep_mps: float | None = None,
        gap_m: float | None = None,
        sample_s: float = 1.0,
        ground: Ground | None = None,
    ) -> None:
        plane = needed(ground, "a queue", at)
        for name, value in (("creep_mps", creep_mps), ("gap_m", gap_m), ("sample_s", sample_s)):
            if value is not None and value <= 0:
                raise ValueError(f"{name} is a number above 0, not {value:g}")
        self._name = at.name
        self._zone = ZoneMeasure(at, classes=classes)
        self._classes = tuple(Class if classes is None else sorted({parse(c) for c in classes}))
        self._class = self._classes[0] if len(self._classes) == 1 else Class.UNKNOWN
        self._head: Floats | None = None if head is None else plane.metres([head])[0]
        if self._head is not None and not np.isfinite(self._head).all():
            raise ValueError(f"the head of the queue, {list(head or ())}, lies above the horizon of the ground")
        self._limits = {c: _limits(c, creep_mps, gap_m) for c in Class}
        self._sample_s = sample_s
        self._sampled = -np.inf
        self._trails = Trails(_SETTLE_S)
        self._heirs = Heirs()
        self._waits: dict[int, tuple[float, float]] = {}  # s from, to: of each track's time in the queue

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Exits with their `wait_s`, entries, then samples where they are due."""
        self._trails.update(scene)
        for ended, newborn in self._heirs.update(scene):
            if ended in self._waits:
                self._waits[newborn] = self._waits.pop(ended)
        yield from [self._waited(key, seen) for key, seen in self._zone.passes(scene)]
        due = np.floor(scene.time_s / self._sample_s + 1e-6)
        if due > self._sampled:
            self._sampled = due
            yield from self._sample(scene)
        for key in self._heirs.gone(scene):
            self._waits.pop(key, None)

    def _waited(self, key: int, seen: Pass) -> Pass:
        since_s, until_s = self._waits.pop(key, (0.0, 0.0))
        if "dwell_s" not in seen.values:
            return seen  # when it came is not known, and so whether it waited before
        return replace(seen, values={**seen.values, "wait_s": until_s - since_s})

    def _sample(self, scene: Scene) -> Iterator[Sample]:
        keys, classes, places = self._slow(scene)
        queued, length_m = queue(places, np.array([self._limits[c][1] for c in classes]), self._head)
        for row in queued:
            since_s, _ = self._waits.get(keys[row], (scene.time_s, 0.0))
            self._waits[keys[row]] = since_s, scene.time_s
        held = [classes[row] for row in queued]
        for class_ in self._classes:
            yield Sample(self._name, scene.time_s, "queue", class_, float(held.count(class_)))
        yield Sample(self._name, scene.time_s, "queue_m", self._class, length_m)

    def _slow(self, scene: Scene) -> tuple[list[int], list[Class], Floats]:
        """Who stands or creeps in the zone: tracks, classes, and where (n, 2) m."""
        keys: list[int] = []
        rows: list[int] = []
        within = self._zone.within()
        for row, key in enumerate(scene.tracks.ids.tolist()):
            if key not in within or within[key] not in self._classes:
                continue
            speed = self._trails.speed(key, scene.time_s - _SETTLE_S, scene.time_s)
            if speed is not None and speed <= self._limits[within[key]][0]:
                keys.append(key)
                rows.append(row)
        where = np.empty((0, 2)) if scene.ground is None else scene.ground[rows]
        return keys, [within[key] for key in keys], where


def queue(places: Floats, gaps: Floats, head: Floats | None) -> tuple[list[int], float]:
    """Which of those who stand at places (n, 2) m are queued, and how long their queue is, m.

    gaps: (n,) m that each may be from the next. Without a head the queue is the largest group, and its length
    the longest of the shortest ways between two of it.
    """
    if not len(places):
        return [], 0.0
    nodes = places if head is None else np.vstack([places, head])
    reach = gaps if head is None else np.append(gaps, 0.0)
    apart: Floats = np.hypot(*(nodes[:, None] - nodes).transpose(2, 0, 1))
    way: Floats = np.where(apart <= np.maximum(reach[:, None], reach), apart, np.inf)
    for through in range(len(nodes)):  # Floyd (1962), Algorithm 97: shortest path
        way = np.minimum(way, way[:, through, None] + way[through])
    joined = np.isfinite(way)
    first = len(places) if head is not None else int(joined.sum(axis=1).argmax())
    rows = np.flatnonzero(joined[first, : len(places)])
    if not len(rows):
        return [], 0.0
    length = way[first, rows].max() if head is not None else way[np.ix_(rows, rows)].max()
    return rows.tolist(), float(length)


def _limits(class_: Class, creep_mps: float | None, gap_m: float | None) -> tuple[float, float]:
    creep, gap = FOOT if class_.mode == "foot" else WHEELS
    return creep if creep_mps is None else creep_mps, gap if gap_m is None else gap_m
