"""Passes over a drawn line, by class and direction.

What is counted is the foot of a track. Around the line lies a dead band; a track has *settled* on a side once
it is outside the band, and it has passed when it settles on the other side and its path went through the line
between its two ends on the way::

        settled left │ dead band │ settled right          stops on the line: it has not settled, and counts
                     │     ┊     │                        once, when it goes on
          ●──────────┼─────┊─────┼─────────►  in          turns back in the band: nothing
             ◄───────┼─────┊─────┼──────────● out         wavers on the line: nothing until it settles
                     │   ●─┊─────┼─────────►  in          born in the band: counts by the side where it was
          ●──────────┼─────┊─●   │            in          born, lost in the band by the side where it was
                     ▲     ▲     ▲                        lost, if it went far enough
                        the line

Between two sightings the path is taken to be straight, so a track that was hidden while it crossed counts.
Lengths are in heights of the object itself, so neither the resolution nor the distance matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from passerby import classes as known
from passerby.classes import Class, Label
from passerby.geometry import Line, Point, heights, offset, share_along
from passerby.measures.handover import Handover
from passerby.records import Observation, Pass, Way
from passerby.stages import Scene

Floats = NDArray[np.float64]
Side = Literal[-1, 0, 1]

_USUAL_HEIGHT = 0.15  # heights of the picture, where a tracker does not say how tall something is
_BORDER = 0.01  # shares of the picture: an end of a line so near to its border lies on it


@dataclass(slots=True)
class _Walk:
    """One track's way over the line; offsets are heights of the picture, right of the arrow positive."""

    foot: Floats  # (2,) where it was last seen
    time_s: float  # when
    height: float
    offset: float
    share: float
    raw: Side = 0  # side of the line itself, 0 while it has only stood exactly on it
    settled: Side = 0  # side on which it was last outside the band; 0 = none yet
    far: float = 0.0  # how far from the line it has been on that side; before it settles, at birth
    through: int = 0  # passages of the path between the ends since then, in minus out
    crossed_s: float = 0.0  # when the path last went through
    class_: Class = Class.UNKNOWN
    confirmed: bool = False
    waiting: list[tuple[float, Way]] = field(default_factory=list)  # passes of a track that may prove false


class LineMeasure:
    """Counts passes over `at`; only `classes` where they are given.

    `band`: half the width of the dead band. `travel`: how far a track born or lost in the band must have gone
    across it. Both are in heights of the object. `wait_s`: how long a track that ended near the line may be
    taken up by another. Passes of a track that is not confirmed wait until it is.
    """

    def __init__(
        self,
        at: Line,
        *,
        classes: Sequence[Label] | None = None,
        band: float = 0.08,
        travel: float = 0.25,
        wait_s: float = 2.5,
    ) -> None:
        self._line = at
        self._classes = frozenset(Class if classes is None else map(known.parse, classes))
        self._band, self._travel = band, travel
        self._walks: dict[int, _Walk] = {}
        self._ended: Handover[_Walk] = Handover(wait_s)
        self._from = -np.inf if _on_border(at.a) else 0.0
        self._to = np.inf if _on_border(at.b) else 1.0

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Passes that became certain with this frame, in order of the tracks' birth."""
        tracks = scene.tracks
        a, b = heights([self._line.a, self._line.b], scene.aspect)
        feet = heights(tracks.foot, scene.aspect)
        offsets, shares = offset(feet, a, b), share_along(feet, a, b)
        tall = np.where(np.isfinite(tracks.height), tracks.height, _USUAL_HEIGHT)
        alive: dict[int, _Walk] = {}
        passes: list[Pass] = []
        present = set(tracks.ids.tolist())
        for key, gone in self._walks.items():
            if key not in present:
                self._ended.leave(gone.foot, gone.height, gone.time_s, gone)
        for row, key in enumerate(tracks.ids.tolist()):
            walk = self._walks.get(key)
            if tracks.lost_s[row] <= 0:
                here = _Walk(feet[row], scene.time_s, float(tall[row]), float(offsets[row]), float(shares[row]))
                walk = self._step(walk, here)
                walk.class_ = Class(tracks.class_id[row])
            if walk is not None:
                walk.confirmed = bool(tracks.confirmed[row])
                alive[key] = walk
                passes += self._certain(walk)
        self._walks = alive
        passes += self._settle(np.inf if not len(tracks) and not len(scene.looked) else scene.time_s)
        return passes

    def _step(self, walk: _Walk | None, here: _Walk) -> _Walk:
        """The walk after going straight on to `here`."""
        if walk is None:
            walk = self._ended.claim(here.foot, here.height, here.time_s)
        if walk is None:
            here.raw = _side(here.offset)
            here.settled = here.raw if abs(here.offset) > self._band * here.height else 0
            here.far = here.offset
            return here
        self._cross(walk, here)
        walk.foot, walk.time_s, walk.height = here.foot, here.time_s, here.height
        walk.offset, walk.share = here.offset, here.share
        if abs(here.offset) > self._band * here.height:
            self._arrive(walk)
        return walk

    def _cross(self, walk: _Walk, here: _Walk) -> None:
        """Note where and when the straight way to `here` goes through the line."""
        side = _side(here.offset)
        if side == 0:
            return
        if walk.raw == -side:
            part = walk.offset / (walk.offset - here.offset)
            share = walk.share + part * (here.share - walk.share)
            if self._from <= share <= self._to:
                walk.through += side
                walk.crossed_s = walk.time_s + part * (here.time_s - walk.time_s)
        walk.raw = side

    def _arrive(self, walk: _Walk) -> None:
        """It is outside the band: it passed, it came back, or it was born here."""
        side = walk.raw
        if walk.settled == side:
            walk.far, walk.through = side * max(side * walk.far, side * walk.offset), 0
            return
        if walk.settled == 0 and _side(walk.far) == -side and not self._went_far(walk):
            return
        if walk.through * side > 0:
            walk.waiting.append((walk.crossed_s, "in" if side > 0 else "out"))
        walk.settled, walk.far, walk.through = side, walk.offset, 0

    def _went_far(self, walk: _Walk) -> bool:
        return abs(walk.offset - walk.far) >= self._travel * walk.height

    def _settle(self, time_s: float) -> Iterator[Pass]:
        """Passes of tracks that ended in the band beyond the line and that nobody took up."""
        for walk in self._ended.expired(time_s):
            if walk.settled == -walk.raw and walk.through * walk.raw > 0 and self._went_far(walk):
                walk.waiting.append((walk.crossed_s, "in" if walk.raw > 0 else "out"))
            yield from self._certain(walk)

    def _certain(self, walk: _Walk) -> Iterator[Pass]:
        if not walk.confirmed or not walk.waiting:
            return
        waiting, walk.waiting = walk.waiting, []
        if walk.class_ in self._classes:
            for time_s, way in waiting:
                yield Pass(self._line.name, time_s, walk.class_, way)


def _side(value: float) -> Side:
    return 1 if value > 0 else -1 if value < 0 else 0


def _on_border(point: Point) -> bool:
    return min(*point, 1 - point[0], 1 - point[1]) <= _BORDER
