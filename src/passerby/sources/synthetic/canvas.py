"""Anti-aliased polygons on a picture, or the same polygons in the ink of an id on a stencil."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from passerby.scene import Pinhole

Floats = NDArray[np.float64]
Fixed = NDArray[np.int32]  # sixteenths of a pixel
Colour = tuple[float, float, float]  # blue, green, red; 0-255

_BITS = 4  # of a pixel, in cv2's fixed point
_NEAR_M = 0.5  # ground and walls are cut off this close to the lens plane


def hexa(text: str) -> Colour:
    """A colour written as on the web: ``"#e8dcc0"``."""
    return int(text[5:7], 16), int(text[3:5], 16), int(text[1:3], 16)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """From `a` (share 0) to `b` (share 1)."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share


def shade(colour: Colour, light: float) -> Colour:
    """A colour in more (above 1) or less light."""
    return min(colour[0] * light, 255), min(colour[1] * light, 255), min(colour[2] * light, 255)


class Shape(NamedTuple):
    """A polygon to fill, or with a `thickness` a line to draw."""

    points: Fixed  # (k, 2)
    colour: Colour
    thickness: int = 0  # px; 0: filled and convex, -1: filled


def fixed(px: Floats) -> Fixed:
    """Pixels (..., 2) as cv2 wants them, in whole sixteenths."""
    return np.rint(px * (1 << _BITS)).astype(np.int32, order="C")


class Canvas:
    """A picture that is drawn upon. With an `ink`, every colour is that number and edges are hard."""

    def __init__(self, image: NDArray[Any], camera: Pinhole, ink: int | None = None) -> None:
        self.image = image  # (h, w, 3) uint8, or (h, w) of any type with an ink
        self.camera = camera
        self.ink = ink
        self.size = np.array([image.shape[1], image.shape[0]], np.float64)
        self._type = cv2.LINE_AA if ink is None else cv2.LINE_8

    def px(self, shares: ArrayLike) -> Floats:
        """Pixels (..., 2) of shares; whole numbers are the middles of pixels."""
        return np.asarray(shares, np.float64) * self.size - 0.5

    def draw(self, shapes: Iterable[Shape]) -> None:
        """Draw shapes in their order."""
        image, ink, edge = self.image, self.ink, self._type
        for points, colour, thickness in shapes:
            paint: Any = colour if ink is None else ink
            if thickness == 0:
                cv2.fillConvexPoly(image, points, paint, edge, _BITS)
            elif thickness > 0:
                cv2.polylines(image, [points], False, paint, thickness, edge, _BITS)
            else:
                cv2.fillPoly(image, [points], paint, edge, _BITS)

    def fill(self, px: Floats, colour: Colour) -> None:
        """Fill any polygon (k, 2) px."""
        self.draw([Shape(fixed(px), colour, -1)])

    def line(self, px: Floats, colour: Colour, thickness: int = 1) -> None:
        """Draw an open line (k, 2) px."""
        self.draw([Shape(fixed(px), colour, thickness)])

    def ellipse(self, px: Floats, axes: ArrayLike, colour: Colour) -> None:
        """Fill an upright ellipse around a point (2,) with half axes (2,), px."""
        self.draw([Shape(fixed(px + CIRCLE * np.asarray(axes, np.float64)), colour)])

    def flat(self, world: ArrayLike, colour: Colour) -> None:
        """Fill a flat polygon (k, 3) in the world, cut off behind the camera."""
        points = _ahead(np.asarray(world, np.float64), self.camera)
        if len(points) >= 3:
            self.fill(self.px(self.camera.picture(points)), colour)


CIRCLE = np.stack([np.cos(t := np.linspace(0, 2 * np.pi, 16, endpoint=False)), np.sin(t)], axis=1)


def _ahead(world: Floats, camera: Pinhole) -> Floats:
    """The part of a polygon (k, 3) before the camera."""
    depth = camera.depth(world) - _NEAR_M
    if (depth >= 0).all():
        return world
    kept = []
    for i, (a, b) in enumerate(zip(np.roll(depth, 1), depth, strict=True)):
        if (a >= 0) != (b >= 0):
            kept.append(world[i - 1] + a / (a - b) * (world[i] - world[i - 1]))
        if b >= 0:
            kept.append(world[i])
    return np.array(kept).reshape(-1, 3)


def rectangle(x: tuple[float, float], y: tuple[float, float], z: float = 0.0) -> Floats:
    """A rectangle (4, 3) on the ground, or level above it, m."""
    return np.array([(x[0], y[0], z), (x[1], y[0], z), (x[1], y[1], z), (x[0], y[1], z)])


def upright(x: tuple[float, float], y: float, z: tuple[float, float]) -> Floats:
    """A rectangle (4, 3) in a wall along the street, m."""
    return np.array([(x[0], y, z[0]), (x[1], y, z[0]), (x[1], y, z[1]), (x[0], y, z[1])])
