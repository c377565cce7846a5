"""Cyclists who pedal, and motorcyclists."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from passerby.classes import Class
from passerby.scene import Actor, Pinhole, shapes
from passerby.sources.synthetic.canvas import CIRCLE, Colour, Floats, Shape, fixed, hexa, shade
from passerby.sources.synthetic.figures import SKINS, TOPS, capsules

Point = tuple[float, float, float]  # m: along, to the left, up

_METRES_A_TURN: Final = 5.2  # of the pedals
_FRAMES: Final = tuple(map(hexa, ("#26303a", "#b8352f", "#e9e6df", "#2f6f8f", "#3f7d4f")))
_TYRE: Final = hexa("#26272a")
_TROUSERS: Final = hexa("#2b3444")
_HELMETS: Final = tuple(map(hexa, ("#f3f1ec", "#c8453b", "#2e3440", "#4a3323")))
_RING: Final = np.linspace(0, 2 * np.pi, 18)
_CAP: Final = np.minimum(CIRCLE, (np.inf, 0.05))
_TUBES: Final = (  # of a bicycle: along and up, in parts of length and height
    ((-0.305, 0.20), (-0.05, 0.175)),
    ((-0.05, 0.175), (-0.14, 0.52)),
    ((-0.14, 0.50), (-0.305, 0.20)),
    ((-0.05, 0.175), (0.20, 0.48)),
    ((-0.13, 0.46), (0.20, 0.48)),
    ((0.20, 0.55), (0.305, 0.20)),
)
_TANK: Final = ((-0.36, 0.50), (-0.05, 0.50), (0.18, 0.62), (0.22, 0.45), (0.08, 0.22), (-0.18, 0.22))


class _Part(NamedTuple):
    """A piece of the drawing before it is seen: points in metres, then how they become a shape."""

    points: list[Point]
    colour: Colour
    thickness: float = 0.0  # m of a line; 0: filled and convex, -1: filled
    radius: float = 0.0  # m; above 0: a limb with round ends between two points
    ball: tuple[Floats, float, float] | None = None  # an outline, and its half axes in m, around one point


@dataclass(slots=True)
class _Rider:
    """Collects the parts of one rider, the far side first."""

    actor: Actor
    near: int  # which side is seen: 1 is the left
    parts: list[_Part] = field(default_factory=list)

    def limb(self, a: Point, b: Point, radius: float, colour: Colour) -> None:
        """A piece of a body."""
        self.parts.append(_Part([a, b], colour, radius=radius))

    def machine(self, paint: Colour) -> None:
        """Wheels, frame and handlebar."""
        class_, (length, width, height) = self.actor.class_, self.actor.size
        axle, radius = shapes.two_wheels(class_, self.actor.size)
        motor = class_ is Class.MOTORCYCLE
        tyre, tube = shapes.TYRE_M[class_], 0.09 if motor else 0.045
        inner = radius - tyre / 2
        for x in (-axle, axle):
            ring = [(x + inner * math.cos(t), 0.0, radius + inner * math.sin(t)) for t in _RING]
            self.parts.append(_Part(ring, _TYRE, tyre))
        for ends in _TUBES:
            self.parts.append(_Part([(x * length, 0.0, z * height) for x, z in ends], paint, tube))
        bars: list[Point] = [(0.20 * length, y * width, 0.60 * height) for y in (-0.4, 0.4)]
        self.parts.append(_Part(bars, _TYRE, 0.045))
        if motor:
            self.parts.append(_Part([(x * length, 0.0, z * height) for x, z in _TANK], paint, -1.0))

    def leg(self, side: int, turn: float) -> None:
        """One leg; `turn` is where its pedal stands."""
        length, _, height = self.actor.size
        swing = 0.0 if self.actor.class_ is Class.MOTORCYCLE else 0.165
        ankle = (-0.05 * length + swing * math.cos(turn), 0.175 * height + 0.06 - swing * math.sin(turn))
        hip = (-0.13 * length, 0.555 * height)
        knee = _knee(hip, ankle, 0.25 * height)
        out, cloth = 0.09 * side, shade(_TROUSERS, 1.05 if side == self.near else 0.8)
        self.limb((hip[0], out * 0.8, hip[1]), (knee[0], out, knee[1]), 0.075, cloth)
        self.limb((knee[0], out, knee[1]), (ankle[0], out, ankle[1]), 0.055, cloth)
        sole = ankle[1] - 0.03
        self.limb((ankle[0] - 0.03, out, sole), (ankle[0] + 0.13, out, sole), 0.035, _TYRE)

    def arm(self, side: int, sleeve: Colour) -> None:
        """One arm, from the shoulder to the handlebar."""
        length, width, height = self.actor.size
        shoulder = (0.045 * length, side * 0.15, 0.80 * height - 0.04)
        self.limb(shoulder, (0.20 * length, side * 0.42 * width, 0.60 * height), 0.043, sleeve)

    def head(self, skin: Colour, helmet: Colour) -> None:
        """Head and helmet."""
        length, _, height = self.actor.size
        middle: list[Point] = [(0.085 * length, 0.0, 0.925 * height)]
        self.parts.append(_Part(middle, skin, ball=(CIRCLE, 0.095, 0.112)))
        self.parts.append(_Part(middle, helmet, ball=(_CAP, 0.108, 0.122)))


class Riders:
    """Draws riders on two wheels; each is a list of shapes."""

    def __init__(self, camera: Pinhole, size: tuple[int, int]) -> None:
        self._camera, self._size = camera, np.array(size, np.float64)

    def shapes(self, actor: Actor, position: Floats, heading: float, walked: float) -> list[Shape]:
        """What to draw for a rider at a ground position (2,) who has gone so many metres."""
        facing = math.atan2(position[1], position[0]) - heading
        pick = np.random.default_rng(actor.variant).integers(0, 2**16, 4)
        top = TOPS[pick[0] % len(TOPS)]
        near = -1 if math.sin(facing) > 0 else 1
        rider = _Rider(actor, near)
        turn = 2 * math.pi * walked / _METRES_A_TURN
        length, _, height = actor.size
        rider.leg(-near, turn)
        rider.arm(-near, shade(top, 0.75))
        rider.machine(_FRAMES[pick[2] % len(_FRAMES)])
        broad = 0.115 + 0.06 * abs(math.cos(facing))
        rider.limb((-0.13 * length, 0.0, 0.555 * height), (0.045 * length, 0.0, 0.78 * height), broad, top)
        rider.leg(near, turn + math.pi)
        rider.head(SKINS[pick[1] % len(SKINS)], _HELMETS[pick[3] % len(_HELMETS)])
        rider.arm(near, shade(top, 0.9))
        return self._seen(rider.parts, position, heading)

    def _seen(self, parts: list[_Part], position: Floats, heading: float) -> list[Shape]:
        """Parts as shapes, all projected at once."""
        points = np.array([point for part in parts for point in part.points])
        px = self._camera.picture(shapes.stand(points, position, heading)) * self._size - 0.5
        metre = float(self._camera.scale((*position, 0.5))) * float(self._size[1])
        ends = np.cumsum([len(part.points) for part in parts])
        limbs = [i for i, part in enumerate(parts) if part.radius > 0]
        thick = np.array([parts[i].radius for i in limbs]) * metre
        tubes = iter(fixed(capsules(px[ends[limbs] - 2], px[ends[limbs] - 1], thick, thick * 0.85)))
        drawn = []
        for part, end in zip(parts, ends, strict=True):
            own = px[end - len(part.points) : end]
            if part.radius > 0:
                drawn.append(Shape(next(tubes), part.colour))
            elif part.ball is not None:
                ring, wide, high = part.ball
                drawn.append(Shape(fixed(own + ring * (wide * metre, high * metre)), part.colour))
            elif part.thickness > 0:
                drawn.append(Shape(fixed(own), part.colour, max(1, round(part.thickness * metre))))
            else:
                drawn.append(Shape(fixed(own), part.colour, round(part.thickness)))
        return drawn


def _knee(hip: tuple[float, float], ankle: tuple[float, float], bone: float) -> tuple[float, float]:
    """The joint of two bones of equal length between hip and ankle, bent forwards (along, up), m."""
    dx, dz = ankle[0] - hip[0], ankle[1] - hip[1]
    reach = math.hypot(dx, dz)
    bend = math.sqrt(max(bone**2 - (reach / 2) ** 2, 0.0))
    return (hip[0] + ankle[0]) / 2 - bend * dz / reach, (hip[1] + ankle[1]) / 2 + bend * dx / reach
