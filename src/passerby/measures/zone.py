"""How many are inside a drawn zone, who enters it, who leaves it and how long they stayed.

The foot of a track decides. Around the border lies a dead band; changing from having settled outside to having
settled inside (`sides` says when) is an entry (``in``), the other way an exit (``out``)::

        outside  │ dead band │  inside           appears deep inside (a restart, a doorway): inside, no entry
                 │     ┊     │                   vanishes deep inside: no exit
          ●──────┼─────┊─────┼────►  entry       appears near the border and goes on inwards: an entry,
             ◄───┼─────┊─────┼────●  exit          since a border on the picture's edge is crossed unseen
                 │     ┊     │                   vanishes near the border on its way out: an exit
                    the border

So what is inside is always what is seen inside; entries and exits are what was seen at the border, and may
differ where a zone holds doors.
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
from passerby.measures.sides import USUAL_HEIGHT, Margins, Standing
from passerby.records import Observation, Pass, Sample, Way
from passerby.stages import Scene

Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Stay:
    """One track at the zone; inside is +1."""

    foot: Floats  # (2,) where it was last seen, heights of the picture
    stands: Standing
    class_: Class
    crossed_s: float  # when it last crossed the border itself
    key: int = 0  # the track that it is now
    entered_s: float | None = None  # when it entered; None = that was not seen
    confirmed: bool = False
    waiting: list[tuple[float, Way, float | None]] = field(default_factory=list)  # time, way, dwell

    @property
    def inside(self) -> bool:
        return self.stands.settled > 0 or (self.stands.settled == 0 and self.stands.offset >= 0)


class ZoneMeasure:
    """Samples how many are inside `at` and counts entries and exits; only `classes` where they are given.

    `sample_s`: s between two samples of "inside", of every class, zeros included. `band`: half the width of the
    dead band. `clear`: how far from the border a track has settled at once; nearer it must have been outside
    the band for `settle_s`. `near`: so near to the border somebody may have come over it unseen, if they go on
    by `travel`. These four are in heights of the object. `wait_s`: s for which the stay of a track that was
    lost may be taken up by another. Tracks that are not confirmed are not inside, and their entries wait.
    """

    def __init__(
        self,
        at: Zone,
        *,
        classes: Sequence[Label] | None = None,
        sample_s: float = 1.0,
        band: float = 0.07,
        clear: float = 0.3,
        settle_s: float = 0.5,
        travel: float = 0.25,
        near: float = 0.5,
        wait_s: float = 2.5,
    ) -> None:
        self._zone = at
        self._classes = tuple(Class if classes is None else sorted({known.parse(c) for c in classes}))
        self._sample_s, self._near = sample_s, near
        self._margins = Margins(band, clear, settle_s, travel)
        self._stays: dict[int, _Stay] = {}
        self._ended: Handover[_Stay] = Handover(wait_s)
        self._sampled = -np.inf

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Entries and exits that became certain with this frame, then samples where they are due."""
        return [*(seen for _, seen in self.passes(scene)), *self._sample(scene.time_s)]

    def passes(self, scene: Scene) -> list[tuple[int, Pass]]:
        """Entries and exits alone, each with its track, for measures that add to it; ids stay in this room."""
        tracks, time_s = scene.tracks, scene.time_s
        ids = tracks.ids.tolist()
        self._part(set(ids))
        here = self._here(scene)
        alive: dict[int, _Stay] = {}
        seen: list[tuple[int, Pass]] = []
        for row, (key, confirmed) in enumerate(zip(ids, tracks.confirmed.tolist(), strict=True)):
            stay = self._stays.get(key)
            if row in here:
                stay = self._step(stay, here[row])
            if stay is not None:
                stay.key, stay.confirmed = key, confirmed
                alive[key] = stay
                seen += self._certain(stay)
        self._stays = alive
        seen += self._close(np.inf if scene.over else time_s)
        return seen

    def _here(self, scene: Scene) -> dict[int, _Stay]:
        """The tracks that are seen in this frame, by their rows, each as if it were first seen."""
        tracks, time_s = scene.tracks, scene.time_s
        rows = np.flatnonzero(tracks.lost_s <= 0)
        if not len(rows):
            return {}
        feet, tall = heights(tracks.foot[rows], scene.aspect), tracks.height[rows]
        depths = _depth(feet, heights(self._zone.points, scene.aspect)).tolist()
        tall = np.where(np.isfinite(tall), tall, USUAL_HEIGHT)
        stands = (Standing.born(*at, time_s, self._margins) for at in zip(depths, tall.tolist(), strict=True))
        classes = map(Class, tracks.class_id[rows].tolist())
        stays = (_Stay(foot, at, what, time_s) for foot, at, what in zip(feet, stands, classes, strict=True))
        return dict(zip(rows.tolist(), stays, strict=True))

    def within(self) -> dict[int, Class]:
        """Who is inside now: the class of each track, in order of birth."""
        return {key: stay.class_ for key, stay in self._stays.items() if stay.confirmed and stay.inside}

    def _part(self, present: set[int]) -> None:
        for key, stay in self._stays.items():
            if key not in present:
                self._ended.leave(stay.foot, stay.stands.height, stay.stands.time_s, stay)

    def _step(self, stay: _Stay | None, here: _Stay) -> _Stay:
        """The stay after going straight on to `here`."""
        there = here.stands
        if stay is None:
            stay = self._ended.claim(here.foot, there.height, there.time_s)
        if stay is None:
            if 0 < there.offset <= self._near * there.height:
                there.settled = 0  # it may have come over the border unseen
            return here
        stands = stay.stands
        if (stands.offset >= 0) != (there.offset >= 0):
            part = stands.offset / (stands.offset - there.offset)
            stay.crossed_s = stands.time_s + part * (there.time_s - stands.time_s)
        stay.foot, stay.class_ = here.foot, here.class_
        stands.step(there.offset, there.height, there.time_s, self._margins)
        if stands.arrived(self._margins):
            self._arrive(stay)
        return stay

    def _arrive(self, stay: _Stay) -> None:
        """It may settle: it entered, it left, it came back, or it was born here."""
        stands = stay.stands
        if stands.settled == 0 and (stands.raw > 0 or stands.far > 0):
            if not stands.went(self._margins):
                return
            self._change(stay)
        elif stands.settled == -stands.raw:
            self._change(stay)
        stands.settle()

    def _change(self, stay: _Stay) -> None:
        """It is on the other side now."""
        if stay.stands.raw > 0:
            stay.entered_s = stay.crossed_s
            stay.waiting.append((stay.crossed_s, "in", None))
            return
        dwell = None if stay.entered_s is None else stay.crossed_s - stay.entered_s
        stay.waiting.append((stay.crossed_s, "out", dwell))
        stay.entered_s = None

    def _close(self, time_s: float) -> Iterator[tuple[int, Pass]]:
        """Exits of tracks that ended near the border on their way out, and that nobody took up."""
        for stay in self._ended.expired(time_s):
            stands = stay.stands
            outwards = stands.offset < stands.far and stands.went(self._margins)
            if stands.settled > 0 and outwards and stands.offset <= self._near * stands.height:
                stay.crossed_s, stands.raw = stands.time_s, -1
                self._change(stay)
            yield from self._certain(stay)

    def _certain(self, stay: _Stay) -> Sequence[tuple[int, Pass]]:
        if not stay.confirmed or not stay.waiting:
            return ()
        waiting, stay.waiting = stay.waiting, []
        if stay.class_ not in self._classes:
            return ()
        what = [(time_s, way, {} if dwell is None else {"dwell_s": dwell}) for time_s, way, dwell in waiting]
        return [(stay.key, Pass(self._zone.name, t, stay.class_, way, values=values)) for t, way, values in what]

    def _sample(self, time_s: float) -> Iterator[Sample]:
        due = np.floor(time_s / self._sample_s + 1e-6)
        if due <= self._sampled:
            return
        self._sampled = due
        held = list(self.within().values())
        for class_ in self._classes:
            yield Sample(self._zone.name, time_s, "inside", class_, float(held.count(class_)))


def _depth(points: Floats, polygon: Floats) -> Floats:
    """Distance (n,) of points (n, 2) from the border of a polygon (m, 2), negative outside."""
    start = polygon
    along = np.roll(polygon, -1, axis=0) - start
    rel = points[:, None] - start
    length2 = np.maximum((along**2).sum(axis=1), 1e-18)
    share = np.clip((rel * along).sum(axis=2) / length2, 0.0, 1.0)
    away = rel - share[:, :, None] * along
    distance: Floats = np.sqrt((away**2).sum(axis=2).min(axis=1))
    return np.where(inside(points, polygon), distance, -distance)
