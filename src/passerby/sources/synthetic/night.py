"""Night over a drawn street: a dark sky, street lamps, lit windows and the headlights of what drives."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from passerby.classes import Class
from passerby.frame import Bgr, Gray
from passerby.scene import Layout, Pinhole, Poses, Street, shapes
from passerby.sources.synthetic.canvas import Canvas, Floats, Shape, fixed

_AMBIENT: Final = (0.30, 0.21, 0.17)  # of daylight, left by night: blue, green, red
_LAMP: Final = (0.42, 0.58, 0.70)  # added under a street lamp
_LAMP_M: Final = 4.6  # distance at which a lamp's light has fallen to 60 %
_LAMPS: Final = (2.0, 14.5, 27.0, 39.5, 52.0, 64.5, 77.0)  # m along the street, on both sides
_WARM: Final = (0.75, 0.92, 1.0)  # colour of windows and headlights
_BEAM: Final = ((0.0, 0.55), (3.0, 0.9), (11.0, 2.0))  # m ahead of a bumper, half width
_COARSE: Final = 4  # headlights are soft, so they are drawn so many times smaller


class Night:
    """The light of one street by night."""

    def __init__(self, street: Street, lit: Gray) -> None:
        self._camera = street.camera
        size = (lit.shape[1], lit.shape[0])
        light = _lamps(street.camera, street.layout, size)
        shine = cv2.GaussianBlur(lit, (0, 0), size[1] / 90).astype(np.float32) / 255
        glow = np.maximum(lit.astype(np.float32) / 255, 0.8 * shine)
        light = light * (1 - glow[..., None]) + np.array(_WARM) * glow[..., None] + 0.35 * shine[..., None]
        self._light = np.clip(light * 255, 0, 255).astype(np.uint8)

    def falls_on(self, picture: Bgr, poses: Poses) -> Bgr:
        """The picture (h, w, 3) as it is by night."""
        height, width = picture.shape[:2]
        beams = np.zeros((height // _COARSE, width // _COARSE), np.uint8)
        canvas = Canvas(beams, self._camera, ink=120)
        for row, actor in enumerate(poses.actors):
            if actor.class_.mode == "motor" and float(np.hypot(*poses.velocity[row])) > 0:
                canvas.draw(Shape(fixed(canvas.px(beam)), (0, 0, 0), -1) for beam in self._beams(poses, row))
        soft = cv2.resize(cv2.blur(beams, (5, 5)), (width, height), interpolation=cv2.INTER_LINEAR)
        light = cv2.add(self._light, cv2.cvtColor(soft, cv2.COLOR_GRAY2BGR))
        return np.asarray(cv2.multiply(picture, light, scale=1 / 255), np.uint8)

    def _beams(self, poses: Poses, row: int) -> list[Floats]:
        """What a vehicle's headlights light up on the ground (6, 2), in shares; none behind the camera."""
        actor = poses.actors[row]
        if actor.class_ is Class.BICYCLE:
            return []
        front = actor.size[0] / 2
        right = [(front + x, -half, 0.0) for x, half in _BEAM]
        left = [(front + x, half, 0.0) for x, half in reversed(_BEAM)]
        world = shapes.stand(np.array(right + left), poses.position[row], float(poses.heading[row]))
        if (self._camera.depth(world) < 1.0).any():
            return []
        return [self._camera.picture(world)]


def _lamps(camera: Pinhole, layout: Layout, size: tuple[int, int]) -> Floats:
    """Light (h, w, 3) that sky and lamps throw on ground and walls, 1 = daylight."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    shares = np.stack([(x + 0.5) / width, (y + 0.5) / height], axis=-1)
    ground = np.nan_to_num(camera.ground(shares), nan=1e6)
    # what is seen beyond the facades is their wall: there the lamps light the foot of it
    beyond = np.maximum(ground[..., 1] / layout.facade, 1.0)
    along, across = ground[..., 0] / beyond, np.minimum(ground[..., 1], layout.facade)
    up = camera.height_m * (1 - 1 / beyond)
    light = np.zeros((height, width))
    for lamp in _LAMPS:
        for side in (sum(layout.verge) / 2, layout.far_pavement[0] + 0.35):
            gap = ((along - lamp) ** 2 + (across - side) ** 2 + (0.9 * up) ** 2) / _LAMP_M**2
            light += 0.8 * np.exp(-gap / 2)
    low = camera.horizon * height
    sky = np.clip((low - y) / max(low, 1), 0, 1)[..., None] * (ground[..., 1:] > 5e5)
    dark: Floats = np.array(_AMBIENT) * (1 - 0.3 * sky) + np.minimum(light, 1.2)[..., None] * np.array(_LAMP)
    return dark
