"""Near collisions between road users in a zone, by PET and TTC (`encroachment` has the definitions).

Conflicts are rare and heavy with meaning, so nothing finer than a number by week, pair of modes and severity is
ever released of them, with how many were exposed; a conflict is severe below 1 s and critical up to 1.5 s. People
among themselves have none. A pair is judged once, when the first of both has been gone long enough that nobody can
still come to where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Final

from passerby.classes import MODES, Class, Label, Mode, parse
from passerby.geometry import Zone, heights, inside
from passerby.ground import Ground, needed
from passerby.measures.encroachment import SIZES, Motion, motion, pet, ttc
from passerby.records import Conflict, Indicator, Kind, Observation
from passerby.stages import Scene

MOST_S: Final = 1.5  # a longer PET or TTC is no conflict
_GONE_S: Final = 2.0  # after which nobody who comes to the same spot is in conflict
_KEEP_S: Final = 60.0  # of a way
_OFTEN_S: Final = 0.04  # sightings closer together tell no more
_LEAST: Final = 5  # sightings
_INDICATORS: Final[tuple[Indicator, ...]] = ("pet", "ttc")


@dataclass(slots=True)
class _Way:
    """Where one track was in the zone."""

    class_: Class
    times: list[float] = field(default_factory=list)
    feet: list[tuple[float, float]] = field(default_factory=list)  # shares of the picture

    def add(self, time_s: float, foot: tuple[float, float]) -> None:
        if self.times and time_s - self.times[-1] < _OFTEN_S:
            return
        self.times.append(time_s)
        self.feet.append(foot)
        if time_s - self.times[0] > 2 * _KEEP_S:
            old = next(row for row, at in enumerate(self.times) if time_s - at <= _KEEP_S)
            del self.times[:old], self.feet[:old]

    def meets(self, other: _Way) -> bool:
        """Whether both were there at about the same time."""
        return self.times[0] <= other.times[-1] + MOST_S and other.times[0] <= self.times[-1] + MOST_S


class ConflictsMeasure:
    """Finds near collisions in `at`; needs the camera's ground. An aid, not a safety system.

    `classes`: only between these; by default all but animals and what cannot be told.
    """

    def __init__(self, at: Zone, *, classes: Sequence[Label] | None = None, ground: Ground | None = None) -> None:
        self._plane = needed(ground, "a conflict", at)
        self._zone = at
        self._classes = frozenset(SIZES if classes is None else map(parse, classes))
        unknown = sorted(c.label for c in self._classes - frozenset(SIZES))
        if unknown:
            raise ValueError(f"nobody knows how large {' and '.join(unknown)} are: conflicts are not measured")
        self._ways: dict[int, _Way] = {}

    @property
    def conflicts(self) -> Mapping[str, tuple[Kind, ...]]:
        """All the kinds of conflict there may be."""
        modes = [mode for mode in MODES if any(c.mode == mode for c in self._classes)]
        pairs = [pair for pair in combinations_with_replacement(modes, 2) if pair != ("foot", "foot")]
        return {self._zone.name: tuple((pair, indicator) for pair in pairs for indicator in _INDICATORS)}

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Conflicts of those who are gone by now."""
        self._see(scene)
        over = scene.over
        gone = [k for k, way in self._ways.items() if over or scene.time_s - way.times[-1] > _GONE_S]
        motions: dict[int, Motion] = {}
        for key in gone:
            way = self._ways.pop(key)
            for other_key, other in self._ways.items():
                if self._judged(way, other):
                    yield from self._judge(way, other, motions, (key, other_key))

    def _see(self, scene: Scene) -> None:
        tracks = scene.tracks
        seen = tracks.confirmed & (tracks.lost_s <= 0)
        seen &= inside(heights(tracks.foot, scene.aspect), heights(self._zone.points, scene.aspect))
        for row in seen.nonzero()[0]:
            class_ = Class(tracks.class_id[row])
            if class_ not in self._classes:
                continue
            x, y = tracks.foot[row].tolist()
            way = self._ways.setdefault(int(tracks.ids[row]), _Way(class_))
            way.class_ = class_
            way.add(scene.time_s, (x, y))

    def _judged(self, one: _Way, other: _Way) -> bool:
        on_foot = one.class_.mode == other.class_.mode == "foot"
        return not on_foot and min(len(one.times), len(other.times)) >= _LEAST and one.meets(other)

    def _judge(
        self, one: _Way, other: _Way, motions: dict[int, Motion], keys: tuple[int, int]
    ) -> Iterator[Conflict]:
        for key, way in zip(keys, (one, other), strict=True):
            if key not in motions:
                motions[key] = motion(way.times, way.feet, way.class_, self._plane)
        a, b = (motions[key] for key in keys)
        pair: tuple[Mode, ...] = tuple(sorted((one.class_.mode, other.class_.mode), key=MODES.index))
        for indicator, found in zip(_INDICATORS, (pet(a, b, MOST_S), ttc(a, b)), strict=True):
            if found is not None and found[0] <= MOST_S:
                yield Conflict(self._zone.name, found[1], pair, indicator, found[0])
