"""Passes over a drawn line, by class and direction.

What is counted is the foot of a track. Around the line lies a dead band; a track has passed when it settles on
the other side (`sides` says when) and its path went through the line between its two ends on the way::

        settled left │ dead band │ settled right
                     │     ┊     │
          ●──────────┼─────┊─────┼─────────►  in          stops on the line: counts once, when it goes on
             ◄───────┼─────┊─────┼──────────● out         turns back in the band: nothing
                     │   ●─┊─────┼─────────►  in          born in the band: counts by the side where it was
          ●──────────┼─────┊─●   │            in          born, lost in the band by the side where it was
                           ▲                              lost, if it went far enough
                        the line

Between two sightings the path is taken to be straight, so a track that was hidden while it crossed counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from passerby import classes as known
from passerby.classes import Class, Label
from passerby.geometry import Line, Point, heights, offset, share_along
from passerby.measures.handover import Handover
from passerby.measures.sides import EXACT, USUAL_HEIGHT, Margins, Standing, side_of
from passerby.records import Observation, Pass, Way
from passerby.stages import Scene

Floats = NDArray[np.float64]

_BORDER: Final = 0.01  # shares of the picture: an end of a line so near to its border lies on it


class _Here(NamedTuple):
    """Where a track is seen in one frame."""

    foot: Floats  # (2,) heights of the picture
    share: float  # where along the line that is
    offset: float  # heights of the picture
    height: float
    class_: Class


@dataclass(slots=True)
class _Walk:
    """One track's way over the line; right of the arrow is +1."""

    foot: Floats  # (2,) where it was last seen, heights of the picture
    share: float  # where along the line that is
    stands: Standing
    class_: Class
    key: int = 0  # the track that it is now
    through: int = 0  # passages of the path between the ends since it settled, in minus out
    crossed_s: float = 0.0  # when the path last went through
    confirmed: bool = False
    waiting: list[tuple[float, Way]] = field(default_factory=list)  # passes of a track that may prove false


class LineMeasure:
    """Counts passes over `at`; only `classes` where they are given.

    `band`: half the width of the dead band. `clear`: how far from the line a track has settled at once; nearer
    it must have been outside the band for `settle_s`. `travel`: how far a track born or lost in the band must
    have gone across it. These three are in heights of the object. `wait_s`: s for which a track that ended near
    the line may be taken up by another. Passes of a track that is not confirmed wait until it is.
    """

    def __init__(
        self,
        at: Line,
        *,
        classes: Sequence[Label] | None = None,
        band: float = 0.07,
        clear: float = 0.3,
        settle_s: float = 0.5,
        travel: float = 0.25,
        wait_s: float = 2.5,
    ) -> None:
        self._line = at
        self._classes = frozenset(Class if classes is None else map(known.parse, classes))
        self._margins = Margins(band, clear, settle_s, travel)
        self._walks: dict[int, _Walk] = {}
        self._ended: Handover[_Walk] = Handover(wait_s)
        self._from = -np.inf if _on_border(at.a) else -EXACT
        self._to = np.inf if _on_border(at.b) else 1 + EXACT

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Passes that became certain with this frame, in order of the tracks' birth."""
        return [seen for _, seen in self.passes(scene)]

    def crossing(self, way: Way) -> list[float]:
        """When those went through who may yet turn back, and are no passes so far; s, in no order."""
        side = 1 if way == "in" else -1
        return [w.crossed_s for w in self._walks.values() if w.confirmed and w.through * side > 0]

    def passes(self, scene: Scene) -> list[tuple[int, Pass]]:
        """The same, each with the track that passed, for measures that add to it; ids stay in this room."""
        tracks, time_s = scene.tracks, scene.time_s
        ids = tracks.ids.tolist()
        self._part(set(ids))
        seen = self._seen(scene)
        alive: dict[int, _Walk] = {}
        passes: list[tuple[int, Pass]] = []
        for row, (key, confirmed) in enumerate(zip(ids, tracks.confirmed.tolist(), strict=True)):
            walk = self._walks.get(key)
            if row in seen:
                walk = self._step(walk, seen[row], time_s)
            if walk is not None:
                walk.key, walk.confirmed = key, walk.confirmed or confirmed
                alive[key] = walk
                passes += self._certain(walk)
        self._walks = alive
        passes += self._close(np.inf if scene.over else time_s)
        return passes

    def _seen(self, scene: Scene) -> dict[int, _Here]:
        """Where the tracks are, by their rows, that are seen in this frame."""
        tracks = scene.tracks
        rows = np.flatnonzero(tracks.lost_s <= 0)
        if not len(rows):
            return {}
        a, b = heights(self._line.points, scene.aspect)
        feet, tall = heights(tracks.foot[rows], scene.aspect), tracks.height[rows]
        columns = (
            share_along(feet, a, b).tolist(),
            offset(feet, a, b).tolist(),
            np.where(np.isfinite(tall), tall, USUAL_HEIGHT).tolist(),
            map(Class, tracks.class_id[rows].tolist()),
        )
        return dict(zip(rows.tolist(), map(_Here, feet, *columns), strict=True))

    def _part(self, present: set[int]) -> None:
        for key, walk in self._walks.items():
            if key not in present:
                self._ended.leave(walk.foot, walk.stands.height, walk.stands.time_s, walk)

    def _step(self, walk: _Walk | None, here: _Here, time_s: float) -> _Walk:
        """The walk after going straight on to `here`."""
        if walk is None:
            walk = self._ended.claim(here.foot, here.height, time_s)
        if walk is None:
            born = Standing.born(here.offset, here.height, time_s, self._margins)
            return _Walk(here.foot, here.share, born, here.class_)
        self._cross(walk, here, time_s)
        walk.foot, walk.share, walk.class_ = here.foot, here.share, here.class_
        stands = walk.stands
        stands.step(here.offset, here.height, time_s, self._margins)
        if stands.arrived(self._margins):
            self._arrive(walk)
        return walk

    def _cross(self, walk: _Walk, here: _Here, time_s: float) -> None:
        """Note where and when the straight way to `here` goes through the line."""
        before, side = walk.stands, side_of(here.offset)
        if side == 0 or before.raw != -side:
            return
        part = before.offset / (before.offset - here.offset)
        if self._from <= walk.share + part * (here.share - walk.share) <= self._to:
            walk.through += side
            walk.crossed_s = before.time_s + part * (time_s - before.time_s)

    def _arrive(self, walk: _Walk) -> None:
        """It may settle: it passed, it came back, or it was born here."""
        stands = walk.stands
        born_across = stands.settled == 0 and side_of(stands.far) == -stands.raw
        if born_across and not stands.went(self._margins):
            return
        if stands.settled != stands.raw:
            self._note(walk)
        walk.through = 0
        stands.settle()

    def _note(self, walk: _Walk) -> None:
        if walk.through * walk.stands.raw > 0:
            walk.waiting.append((walk.crossed_s, "in" if walk.stands.raw > 0 else "out"))

    def _close(self, time_s: float) -> Iterator[tuple[int, Pass]]:
        """Passes of tracks that ended beyond the line before they settled, and that nobody took up."""
        for walk in self._ended.expired(time_s):
            if walk.stands.settled == -walk.stands.raw and walk.stands.went(self._margins):
                self._note(walk)
            yield from self._certain(walk)

    def _certain(self, walk: _Walk) -> Sequence[tuple[int, Pass]]:
        if not walk.confirmed or not walk.waiting:
            return ()
        waiting, walk.waiting = walk.waiting, []
        if walk.class_ not in self._classes:
            return ()
        return [(walk.key, Pass(self._line.name, time_s, walk.class_, way)) for time_s, way in waiting]


def _on_border(point: Point) -> bool:
    return min(*point, 1 - point[0], 1 - point[1]) <= _BORDER
