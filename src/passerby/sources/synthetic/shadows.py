"""The shadows that everyone casts on the ground, as outlines in the picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from passerby.classes import Class
from passerby.scene import Pinhole, Poses, shapes
from passerby.sources.synthetic.canvas import Floats

SUN: Final = np.array([0.55, 0.30])  # a shadow's reach (x, y) in m for each metre of height
DARKNESS: Final = 80  # of 255, taken from the light

_ACROSS: Final = np.array([-SUN[1], SUN[0]]) / math.hypot(*SUN) * 0.17  # m: half a person's width
_PERSON: Final = ((0.0, -1), (0.8, -1), (0.97, 0), (0.8, 1), (0.0, 1))  # parts of the height; sides


def shadows(camera: Pinhole, poses: Poses) -> Iterator[Floats]:
    """Convex outlines (k, 2) in shares of the shadows of everyone."""
    walkers = np.array([a.class_ is Class.PERSON for a in poses.actors], np.bool_)
    tall = np.array([a.size[2] for a in poses.actors])
    if walkers.any():
        reach = np.array([up * SUN for up, _ in _PERSON])
        sides = np.array([side * _ACROSS for _, side in _PERSON])
        flat = poses.position[walkers][:, None] + tall[walkers][:, None, None] * reach + sides
        yield from camera.picture(np.concatenate([flat, np.zeros((*flat.shape[:2], 1))], axis=2))
    for row in np.flatnonzero(~walkers):
        outline = _vehicle(poses, int(row))
        hull = cv2.convexHull(camera.picture(outline).astype(np.float32))
        yield np.asarray(hull, np.float64)[:, 0]


def _vehicle(poses: Poses, row: int) -> Floats:
    """Points (12, 3) around the shadow of a body on wheels: its floor, its belt and its roof, laid down."""
    actor = poses.actors[row]
    length, width, height = actor.size
    two_wheels = actor.class_ in (Class.BICYCLE, Class.MOTORCYCLE)
    wide, belt = (0.08, 0.2) if two_wheels else (0.5 * width, 0.42 * height)
    corners = np.array([(x * length / 2, y * wide, 0.0) for x in (-1, 1) for y in (-1, 1)])
    local = np.concatenate([corners, corners * (0.55, 0.9, 0)])
    world = shapes.stand(local, poses.position[row], float(poses.heading[row]))
    reach = np.array([*SUN, 0.0])
    return np.concatenate([world[:4], world[:4] + reach * belt, world[4:] + reach * height * 0.95])
