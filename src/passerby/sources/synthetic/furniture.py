"""Poles, trunks and signs, which stand before and behind those who pass."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from passerby.scene import Pinhole, Pole, Sign, Thing
from passerby.sources.synthetic.canvas import CIRCLE, Floats, Shape, fixed, hexa, shade
from passerby.sources.synthetic.facades import hazy
from passerby.sources.synthetic.figures import TOPS

LAMP_POST: Final = hexa("#3c4a4a")
TRUNK: Final = hexa("#6b513d")
_BOARD: Final = (  # a person's outline, in metres across and parts of the height
    *((-0.17, 0), (0.17, 0), (0.19, 0.45), (0.24, 0.6), (0.2, 0.8), (0.06, 0.84)),
    *((-0.06, 0.84), (-0.2, 0.8), (-0.24, 0.6), (-0.19, 0.45)),
)


def drawn_thing(camera: Pinhole, size: tuple[int, int], thing: Thing) -> list[Shape]:
    """What to draw for something that stands in the street; the crowns of trees belong to the backdrop."""
    base = np.array([thing.x, thing.y, 0.0])
    foot, top = camera.picture(np.array([base, (thing.x, thing.y, thing.height)])) * size - 0.5
    metre = float(camera.scale(base)) * size[1]
    if isinstance(thing, Sign):
        return _sign(foot, top, metre, thing)
    return _pole(foot, top, metre, thing)


def _pole(foot: Floats, top: Floats, metre: float, pole: Pole) -> list[Shape]:
    wide = np.array([pole.width / 2 * metre, 0.0])
    distance = math.hypot(pole.x, pole.y)
    if pole.tree:
        fork = foot + (top - foot) * 0.55
        trunk = np.array([foot - wide, foot + wide, fork + wide * 0.7, fork - wide * 0.7])
        return [Shape(fixed(trunk), hazy(TRUNK, distance))]
    paint = hazy(LAMP_POST, distance)
    mast = np.array([foot - wide, foot + wide, top + wide * 0.6, top - wide * 0.6])
    gleam = np.array([foot - wide * 0.2, foot + wide * 0.4, top + wide * 0.3, top - wide * 0.1])
    rise = np.array([0.0, -0.5 * metre])
    socket = np.array([foot - wide * 1.7, foot + wide * 1.7, foot + wide * 1.4 + rise, foot - wide * 1.4 + rise])
    return [Shape(fixed(mast), paint), Shape(fixed(socket), paint), Shape(fixed(gleam), shade(paint, 1.35))]


def _sign(foot: Floats, top: Floats, metre: float, sign: Sign) -> list[Shape]:
    """A board cut out like a person: head, shoulders, a straight body."""
    up = foot[1] - top[1]
    outline = np.array(_BOARD) * (metre * sign.height / 1.75, -up)
    colour = TOPS[sign.variant % len(TOPS)]
    head = foot - (0, 0.915 * up) + CIRCLE * (0.1 * metre, 0.085 * up)
    return [
        Shape(fixed(foot + outline), colour, -1),
        Shape(fixed(foot + outline * (0.8, 0.92) - (0, 0.02 * up)), shade(colour, 1.25), -1),
        Shape(fixed(head), colour),
    ]
