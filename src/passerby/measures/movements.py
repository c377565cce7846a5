"""From which arm of a junction to which other road users go: the `movement` of a pass, e.g. ``north>east``.

A turning movement count (ITE, "Manual of Transportation Engineering Studies"), or the origin-destination matrix
of one view. The arms of the junction are lines drawn across them, or zones, which also know who was in them when
first seen::

            ┌───────┐                     origin       the last arm that a track was at
            │ north │
            └───┬───┘                     movement     told with the pass over the next one:
    ┌──────┐    │    ┌──────┐                          into a zone, or over a line either way
    │ west ├────┴────┤ east │
    └──────┘         └──────┘             north>north  a U-turn

Only within one view, and only as long as a track, or the one that goes on where it ended, is followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from passerby.classes import Label
from passerby.geometry import Line, Zone
from passerby.measures.heirs import Heirs
from passerby.measures.line import LineMeasure
from passerby.measures.zone import ZoneMeasure
from passerby.records import Observation, Pass
from passerby.stages import Scene


class MovementsMeasure:
    """Counts passes over the places `at` as `line` and `zone` do, and says from which of them each comes.

    `at`: the arms, two lines or zones or more. `classes`: only these are counted; all of them by default.
    """

    def __init__(self, at: Sequence[Line | Zone], *, classes: Sequence[Label] | None = None) -> None:
        if len(at) < 2:
            raise ValueError("movements go from one place to another: 'at' is a list of two or more places")
        self._arms = tuple(
            LineMeasure(arm, classes=classes) if isinstance(arm, Line) else ZoneMeasure(arm, classes=classes)
            for arm in at
        )
        self._names = tuple(arm.name for arm in at)
        self._zones = {arm.name for arm in at if isinstance(arm, Zone)}
        # Of tracks that are there or may go on: the last arm that each was at, and whether it was seen to pass it.
        self._origins: dict[int, tuple[str, bool]] = {}
        self._heirs = Heirs()

    @property
    def movements(self) -> dict[str, tuple[str, ...]]:
        """All the movements that passes at each place may have."""
        return possible(self._names)

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Passes at all arms that became certain with this frame, in order of time."""
        for ended, newborn in self._heirs.update(scene):
            if ended in self._origins:
                # Where one drives out of the picture the next may come in: no U-turn is taken over.
                self._origins[newborn] = self._origins.pop(ended)[0], False
        found = sorted(
            ((key, seen) for arm in self._arms for key, seen in arm.passes(scene)), key=lambda one: one[1].time_s
        )
        yield from [self._moved(key, seen) for key, seen in found]
        for name, arm in zip(self._names, self._arms, strict=True):
            if isinstance(arm, ZoneMeasure):
                for key in arm.within():
                    self._origins.setdefault(key, (name, False))
        for key in self._heirs.gone(scene):
            self._origins.pop(key, None)

    def _moved(self, key: int, seen: Pass) -> Pass:
        origin, passed = self._origins.get(key, ("", False))
        self._origins[key] = seen.place, True
        leaves = seen.way == "out" and seen.place in self._zones
        stays = origin == seen.place and not passed  # first seen on its border, and now further in
        return seen if not origin or leaves or stays else replace(seen, movement=f"{origin}>{seen.place}")


def possible(arms: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """All the movements there may be, by the place at which they end, U-turns included."""
    return {to: tuple(f"{origin}>{to}" for origin in arms) for to in arms}
