"""How many are inside a drawn zone, who enters it, who leaves it and how long they stayed.

The foot of a track decides. Around the border lies a dead band; a track *settles* inside or outside once it is
beyond the band, and changing from one to the other is an entry (``in``) or an exit (``out``)::

        outside  │ dead band │  inside           appears deep inside (a restart, a doorway): inside, no entry
                 │     ┊     │                   vanishes deep inside: no exit
          ●──────┼─────┊─────┼────►  entry       appears near the border and goes on inwards: an entry,
             ◄───┼─────┊─────┼────●  exit          since a border on the picture's edge is crossed unseen
                 │     ┊     │                   vanishes near the border on its way out: an exit
                    the border

So what is inside is always what is seen inside; entries and exits are what was seen at the border, and may
differ where a zone holds doors. Lengths are in heights of the object itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from passerby import classes as known
from passerby.classes import Class, Label
from passerby.geometry import Zone, heights, inside
from passerby.measures.handover import Handover
from passerby.records import Observation, Pass, Sample, Way
from passerby.stages import Scene

Floats = NDArray[np.float64]

_USUAL_HEIGHT = 0.15  # heights of the picture, where a tracker does not say how tall something is


@dataclass(slots=True)
class _Stay:
    """One track at the zone; depths are heights of the picture from the border, inside positive."""

    foot: Floats  # (2,) where it was last seen
    time_s: float  # when
    height: float
    depth: float
    settled: bool | None = None  # inside; None = it was born near the border and has not settled
    far: float = 0.0  # greatest depth on the settled side; before it settles, depth at birth
    crossed_s: float = 0.0  # when it last crossed the border itself
    entered_s: float | None = None  # when it entered; None = that was not seen
    class_: Class = Class.UNKNOWN
    confirmed: bool = False
    waiting: list[tuple[float, Way, float | None]] = field(default_factory=list)  # time, way, dwell

    @property
    def inside(self) -> bool:
        return self.depth >= 0 if self.settled is None else self.settled


class ZoneMeasure:
    """Samples how many are inside `at` and counts entries and exits; only `classes` where they are given.

    `sample_s`: time between two samples of "inside", of every class, zeros included. `band`: half the width of
    the dead band. `travel`: how far a track born or lost near the border must have gone across it. `near`: how
    near that is. All three are in heights of the object. `wait_s`: how long the stay of a track that was lost
    inside may be taken up by another. Tracks that are not confirmed are not inside, and their entries wait.
    """

    def __init__(
        self,
        at: Zone,
        *,
        classes: Sequence[Label] | None = None,
        sample_s: float = 1.0,
        band: float = 0.08,
        travel: float = 0.25,
        near: float = 0.5,
        wait_s: float = 2.5,
    ) -> None:
        self._zone = at
        self._classes = tuple(Class if classes is None else sorted({known.parse(c) for c in classes}))
        self._sample_s = sample_s
        self._band, self._travel, self._near = band, travel, near
        self._stays: dict[int, _Stay] = {}
        self._ended: Handover[_Stay] = Handover(wait_s)
        self._last_sample = -np.inf

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Entries and exits that became certain with this frame, then samples where they are due."""
        tracks = scene.tracks
        feet = heights(tracks.foot, scene.aspect)
        depths = _depth(feet, heights(self._zone.points, scene.aspect))
        tall = np.where(np.isfinite(tracks.height), tracks.height, _USUAL_HEIGHT)
        present = set(tracks.ids.tolist())
        for key, ended in self._stays.items():
            if key not in present:
                self._ended.leave(ended.foot, ended.height, ended.time_s, ended)
        alive: dict[int, _Stay] = {}
        seen: list[Observation] = []
        for row, key in enumerate(tracks.ids.tolist()):
            stay = self._stays.get(key)
            if tracks.lost_s[row] <= 0:
                here = _Stay(feet[row], scene.time_s, float(tall[row]), float(depths[row]))
                stay = self._step(stay, here)
                stay.class_ = Class(tracks.class_id[row])
            if stay is not None:
                stay.confirmed = bool(tracks.confirmed[row])
                alive[key] = stay
                seen += self._certain(stay)
        self._stays = alive
        over = not len(tracks) and not len(scene.looked)
        seen += self._settle(np.inf if over else scene.time_s)
        seen += self._sample(scene.time_s)
        return seen

    def _step(self, stay: _Stay | None, here: _Stay) -> _Stay:
        """The stay after going straight on to `here`."""
        if stay is None:
            stay = self._ended.claim(here.foot, here.height, here.time_s)
        if stay is None:
            here.far, here.crossed_s = here.depth, here.time_s
            if here.depth > self._near * here.height or here.depth < -self._band * here.height:
                here.settled = here.depth > 0
            return here
        if (stay.depth >= 0) != (here.depth >= 0):
            part = stay.depth / (stay.depth - here.depth)
            stay.crossed_s = stay.time_s + part * (here.time_s - stay.time_s)
        stay.foot, stay.time_s, stay.height, stay.depth = here.foot, here.time_s, here.height, here.depth
        if abs(here.depth) > self._band * here.height:
            self._arrive(stay)
        return stay

    def _arrive(self, stay: _Stay) -> None:
        """It is outside the band: it entered, it left, it came back, or it was born here."""
        now_inside = stay.depth > 0
        if stay.settled is now_inside:
            stay.far = max(stay.far, stay.depth) if now_inside else min(stay.far, stay.depth)
            return
        if stay.settled is None:
            appeared_outside = stay.far < 0
            if now_inside or not appeared_outside:
                if abs(stay.depth - stay.far) < self._travel * stay.height:
                    return
                self._change(stay, now_inside)
        else:
            self._change(stay, now_inside)
        stay.settled, stay.far = now_inside, stay.depth

    def _change(self, stay: _Stay, now_inside: bool) -> None:
        if now_inside:
            stay.entered_s = stay.crossed_s
            stay.waiting.append((stay.crossed_s, "in", None))
            return
        dwell = None if stay.entered_s is None else stay.crossed_s - stay.entered_s
        stay.waiting.append((stay.crossed_s, "out", dwell))
        stay.entered_s = None

    def _settle(self, time_s: float) -> Iterator[Pass]:
        """Exits of tracks that ended near the border on their way out and that nobody took up."""
        for stay in self._ended.expired(time_s):
            near = stay.depth <= self._near * stay.height
            if stay.settled and near and stay.far - stay.depth >= self._travel * stay.height:
                stay.crossed_s = stay.time_s
                self._change(stay, False)
            yield from self._certain(stay)

    def _certain(self, stay: _Stay) -> Iterator[Pass]:
        if not stay.confirmed or not stay.waiting:
            return
        waiting, stay.waiting = stay.waiting, []
        if stay.class_ in self._classes:
            for time_s, way, dwell in waiting:
                values = {} if dwell is None else {"dwell_s": dwell}
                yield Pass(self._zone.name, time_s, stay.class_, way, values=values)

    def _sample(self, time_s: float) -> Iterator[Sample]:
        due = np.floor(time_s / self._sample_s + 1e-6)
        if due <= self._last_sample:
            return
        self._last_sample = due
        held = [stay.class_ for stay in self._stays.values() if stay.confirmed and stay.inside]
        for class_ in self._classes:
            yield Sample(self._zone.name, time_s, "inside", class_, float(held.count(class_)))


def _depth(points: Floats, polygon: Floats) -> Floats:
    """Distance (n,) of points (n, 2) from the border of a polygon (m, 2), negative outside."""
    if not len(points):
        return np.empty(0)
    start = polygon
    along = np.roll(polygon, -1, axis=0) - start
    rel = points[:, None] - start
    length2 = np.maximum((along**2).sum(axis=1), 1e-18)
    share = np.clip((rel * along).sum(axis=2) / length2, 0.0, 1.0)
    away = rel - share[:, :, None] * along
    distance: Floats = np.sqrt((away**2).sum(axis=2).min(axis=1))
    return np.where(inside(points, polygon), distance, -distance)
