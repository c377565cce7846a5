"""Draws a street at any instant: the still backdrop, shadows, then everyone from far to near."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.frame import Bgr
from passerby.scene import Poses, Street
from passerby.sources.synthetic.backdrop import backdrop
from passerby.sources.synthetic.canvas import Canvas, Shape, fixed
from passerby.sources.synthetic.figures import Figures
from passerby.sources.synthetic.furniture import drawn_thing
from passerby.sources.synthetic.night import Night
from passerby.sources.synthetic.riders import Riders
from passerby.sources.synthetic.shadows import DARKNESS, shadows
from passerby.sources.synthetic.vehicles import Vehicles


class Painter:
    """A street in pictures of one size (width, height); `sun` 0 is an overcast day without shadows."""

    def __init__(self, street: Street, size: tuple[int, int], *, night: bool = False, sun: float = 1.0) -> None:
        self.street, self.size = street, size
        self._sun = sun
        empty = backdrop(street, size, night=night)
        self._backdrop = empty.picture
        self._night = Night(street, empty.lit) if night else None
        self._figures = Figures(street.camera, size)
        self._vehicles = Vehicles(street.camera, size)
        self._riders = Riders(street.camera, size)
        grounds = np.array([(t.x, t.y, 0.0) for t in street.things]).reshape(-1, 3)
        self._things = [
            (float(depth), 0, drawn_thing(street.camera, size, thing))
            for thing, depth in zip(street.things, street.camera.depth(grounds), strict=True)
        ]

    def picture(self, time_s: float) -> Bgr:
        """The street at `time_s` in even light and without noise (h, w, 3)."""
        poses = self.street.poses(time_s)
        image = self._shadowed(poses) if self._night is None else self._backdrop.copy()
        canvas = Canvas(image, self.street.camera)
        for _, shapes in self._from_far(poses):
            canvas.draw(shapes)
        return image if self._night is None else self._night.falls_on(image, poses)

    def silhouettes(self, time_s: float) -> NDArray[np.int32]:
        """Which road user each pixel shows (h, w): its id in the truth, 0 where none."""
        stencil = np.zeros(self.size[::-1], np.int32)
        canvas = Canvas(stencil, self.street.camera, ink=0)
        for number, shapes in self._from_far(self.street.poses(time_s)):
            canvas.ink = number
            canvas.draw(shapes)
        return stencil

    def _from_far(self, poses: Poses) -> Iterator[tuple[int, list[Shape]]]:
        """Id (0: a thing) and shapes of everyone and everything, the farthest first."""
        depth = self.street.camera.depth(poses.ground)
        walkers = np.array([i for i, a in enumerate(poses.actors) if a.class_ is Class.PERSON], np.intp)
        figures = dict(zip(walkers.tolist(), self._figures.shapes(poses, walkers), strict=True))
        drawn = self._things.copy()
        for row, actor in enumerate(poses.actors):
            at, heading = poses.position[row], float(poses.heading[row])
            if row in figures:
                shapes = figures[row]
            elif actor.class_ in (Class.BICYCLE, Class.MOTORCYCLE):
                shapes = self._riders.shapes(actor, at, heading, float(poses.walked[row]))
            else:
                shapes = self._vehicles.shapes(actor, at, heading)
            drawn.append((float(depth[row]), actor.id, shapes))
        for _, number, shapes in sorted(drawn, key=lambda item: -item[0]):
            yield number, shapes

    def _shadowed(self, poses: Poses) -> Bgr:
        """The backdrop with everyone's soft shadow on the ground, a fresh picture."""
        dark = np.zeros((self.size[1] // 2, self.size[0] // 2), np.uint8)
        canvas = Canvas(dark, self.street.camera, ink=round(DARKNESS * self._sun))
        canvas.draw(Shape(fixed(canvas.px(s)), (0.0, 0.0, 0.0)) for s in shadows(self.street.camera, poses))
        blur = 2 * round(self.size[1] / 576) + 1
        soft = cv2.resize(cv2.blur(dark, (blur, blur)), self.size, interpolation=cv2.INTER_LINEAR)
        light = cv2.cvtColor(cv2.bitwise_not(soft), cv2.COLOR_GRAY2BGR)
        return np.asarray(cv2.multiply(self._backdrop, light, scale=1 / 255), np.uint8)
