"""A drawn street as pure truth: who is where at any time, what passes, and nothing of how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.geometry import Cells, Place, Zone
from passerby.records import Pass
from passerby.scene import passing
from passerby.scene.actors import Actor, Thing
from passerby.scene.layout import Layout
from passerby.scene.optics import Pinhole
from passerby.scene.truth import Poses, Truth, poses, standing, truth


@dataclass(frozen=True, eq=False)
class Street:
    """Actors on a ground plane before a camera, from 0 to `duration_s`. Everything is a function of time."""

    camera: Pinhole
    actors: tuple[Actor, ...]  # in order of birth
    duration_s: float
    things: tuple[Thing, ...] = ()  # what stands in the way of the view
    layout: Layout = field(default_factory=Layout)
    seed: int = 0  # of what is drawn around the actors

    @property
    def places(self) -> tuple[Place, ...]:
        """Lines and a zone that suit this street, in shares of the picture."""
        return self.layout.places(self.camera)

    def truth(self, time_s: float) -> Truth:
        """Everyone in the picture at `time_s`."""
        return truth(self.camera, self.actors, self._screens, time_s)

    @cached_property
    def _screens(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return standing(self.camera, self.things)

    def poses(self, time_s: float) -> Poses:
        """How everyone in the picture stands and moves at `time_s`, for whoever draws them."""
        return poses(self.camera, self.actors, time_s)

    def passes(self, place: Place, *, travel: float = passing.TRAVEL) -> tuple[Pass, ...]:
        """All passes over a line, or into and out of a zone, in order of time; `passing` states the rule.

        `travel`: how far beyond the place a foot must get, in heights of its box, for a pass to count.
        """
        return passing.passes(self._journeys, place, travel=travel)

    @cached_property
    def _journeys(self) -> tuple[passing.Journey, ...]:
        return passing.journeys(self.camera, self.actors, self.duration_s)

    def inside(self, zone: Zone, time_s: float) -> dict[Class, int]:
        """How many of each class have the foot in a zone at `time_s`; classes with none are left out."""
        counts: dict[Class, int] = {}
        for actor in passing.inside_now(self.camera, self.actors, zone, time_s):
            counts[actor.class_] = counts.get(actor.class_, 0) + 1
        return counts

    def people(self, time_s: float) -> NDArray[np.float64]:
        """Where all people on foot stand at `time_s`, in the picture or not: (n, 2) m."""
        here = [
            a.path.state(time_s)[:2]
            for a in self.actors
            if a.class_ is Class.PERSON and a.path.start_s <= time_s <= a.path.end_s
        ]
        return np.array(here, np.float64).reshape(-1, 2)

    def density(self, cells: Cells, time_s: float) -> NDArray[np.float64]:
        """People on foot per square metre in each cell (rows, columns) at `time_s`."""
        return cells.count(self.people(time_s)) / cells.side**2

    def mot(
        self,
        size: tuple[int, int],
        fps: float,
        *,
        classes: Iterable[Class] = (Class.PERSON,),
        visible: float = 0.1,
        height: float = 0.03,
    ) -> Iterator[str]:
        """Lines of a MOT text (Leal-Taixé et al., 2015) for a film of `size` (width, height) at `fps`.

        ``frame,id,left,top,width,height,1,x,y,0`` with frames from 1, pixels, boxes cut at the picture's edge
        and the ground position in metres. Left out: who is visible by less than `visible`, and boxes lower
        than `height` of the picture.
        """
        wanted = [c.value for c in classes]
        bounds = np.array([*size, *size], np.float32)
        for index in range(round(self.duration_s * fps)):
            now = self.truth(index / fps)
            keep = np.isin(now.class_id, wanted) & (now.visible >= visible)
            keep &= now.box[:, 3] - now.box[:, 1] >= height
            boxes = np.clip(now.xyxy(size), 0, bounds)
            for row in np.flatnonzero(keep):
                left, top, right, bottom = (float(v) for v in boxes[row])
                x, y = now.ground[row]
                yield (
                    f"{index + 1},{now.ids[row]},{left:.2f},{top:.2f},{right - left:.2f},{bottom - top:.2f},"
                    f"1,{x:.3f},{y:.3f},0"
                )
