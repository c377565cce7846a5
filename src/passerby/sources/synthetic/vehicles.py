"""Cars, vans and buses as lit solids with windows, wheels and lamps; nothing is written on them."""

from __future__ import annotations

from typing import Final

import numpy as np

from passerby.classes import Class
from passerby.scene import Actor, Pinhole, shapes
from passerby.sources.synthetic.canvas import Colour, Fixed, Floats, Shape, fixed, hexa, mix, shade

_PAINTS: Final = {  # none as grey as the carriageway: what moves must stand out in a grey picture too
    Class.CAR: ("#e9e9e6", "#b9bdc1", "#343a41", "#1f4a80", "#8e2226", "#24503f", "#cdb892", "#86c3c6", "#e0a92e"),
    Class.TRUCK: ("#f0eee8", "#e3b23c", "#234f73", "#c9cdd0"),
    Class.BUS: ("#a3262a", "#1d4e7a", "#e6b53a", "#1f5a3f"),
}
_GLASS: Final = hexa("#2c3a45")
_SKY: Final = hexa("#a9c4d6")
_TYRE: Final = hexa("#1f2023")
_HUB: Final = hexa("#a4a8ab")
_REAR: Final = hexa("#b3261e")
_FRONT: Final = hexa("#fbf6dc")
_BAND: Final = hexa("#f3f0e8")
_UNDER: Final = hexa("#1c1c1e")
_SUNWARD: Final = np.array([-0.48, -0.42, 0.77])
_TURN: Final = np.linspace(0, 2 * np.pi, 14, endpoint=False)
_REAR_LAMPS, _FRONT_LAMPS = 1, 8  # strips of a profile


class Vehicles:
    """Draws vehicles; each is a list of shapes."""

    def __init__(self, camera: Pinhole, size: tuple[int, int]) -> None:
        self._camera, self._size = camera, np.array(size, np.float64)

    def shapes(self, actor: Actor, position: Floats, heading: float) -> list[Shape]:
        """What to draw for a vehicle at a ground position (2,), in the order of drawing."""
        left = shapes.profile(actor.class_, actor.size, actor.variant)
        many = len(left)
        local = np.concatenate([left, left * (1, -1, 1), _below(actor)])
        world = shapes.stand(local, position, heading)
        px = self._camera.picture(world) * self._size - 0.5
        paints = _PAINTS[actor.class_]
        paint = hexa(paints[actor.variant // 8 % len(paints)])
        low = px[2 * many :]
        drawn = [Shape(fixed(low[:4]), _UNDER)]
        row = np.arange(many - 1)
        strips = np.stack([row, row + 1, row + many + 1, row + many], axis=1)
        light, facing = _light(world[strips]), _turned(px[strips])
        far = self._camera.depth(world[strips].mean(axis=1))
        for index in np.argsort(-far):
            if facing[index] > 0:
                drawn += _strip(actor.class_, paint, int(index), px[strips[index]], float(light[index]))
        rear, front = shapes.BELT
        corners = np.array([[0, many - 1, front, rear], [many + c for c in (rear, front, many - 1, 0)]])
        light, facing = _light(world[corners]), _turned(px[corners])
        for index, first in enumerate((0, many)):
            if facing[index] > 0:
                drawn += _side(actor.class_, paint, px[first : first + many], float(light[index]))
                drawn += _wheels(low[4 + 28 * index :][:28])
        return drawn


def _below(actor: Actor) -> Floats:
    """The dark under a vehicle (4, 3), and its wheels on the left and on the right, (2, 2, 14, 3) as rows; m."""
    places, radius = shapes.axles(actor.class_, actor.size)
    half = 0.46 * actor.size[1]
    under = [(x, y * 0.95, 0.0) for x, y in zip(np.repeat(places, 2), (-half, half, half, -half), strict=True)]
    circle = np.stack([radius * np.cos(_TURN), 0 * _TURN, radius + radius * np.sin(_TURN)], axis=1)
    wheels = [circle + np.array([x, y, 0.0]) for y in (half, -half) for x in places]
    return np.concatenate([np.array(under), *wheels])


def _wheels(px: Floats) -> list[Shape]:
    """The two wheels (28, 2) px of one side."""
    drawn = []
    for ring in (px[:14], px[14:]):
        middle = ring.mean(axis=0)
        drawn += [Shape(fixed(ring), _TYRE), Shape(fixed(middle + 0.52 * (ring - middle)), _HUB)]
    return drawn


def _strip(class_: Class, paint: Colour, row: int, quad: Floats, light: float) -> list[Shape]:
    """One strip (4, 2) px across a vehicle: bonnet, windscreen, roof and so on."""
    rear, front = shapes.BELT
    drawn = [Shape(fixed(quad), shade(paint, light))]
    pane = mix(_GLASS, _SKY, 0.12 * light)
    if row == front - 1 or (row == rear and class_ is Class.CAR):
        drawn.append(Shape(_inset(quad, 0.10, 0.90, 0.07, 0.93), pane))
    elif class_ is Class.BUS and row == rear:
        drawn.append(Shape(_inset(quad, 0.15, 0.85, 0.45, 0.85), pane))
    elif row in (_REAR_LAMPS, _FRONT_LAMPS):
        lamp = _REAR if row == _REAR_LAMPS else _FRONT
        drawn += [Shape(_inset(quad, a, b, 0.15, 0.85), lamp) for a, b in ((0.03, 0.2), (0.8, 0.97))]
    return drawn


def _side(class_: Class, paint: Colour, side: Floats, light: float) -> list[Shape]:
    """The side (k, 2) px that is seen: body, pillars, windows."""
    rear, front = shapes.BELT
    drawn = [
        Shape(fixed(np.concatenate([side[: rear + 1], side[front:]])), shade(paint, light * 0.96), -1),
        Shape(fixed(side[rear : front + 1]), shade(paint, light)),
    ]
    if class_ is Class.BUS:
        drawn.append(Shape(fixed(side[[1, 2, -3, -2]]), shade(_BAND, light)))
    glass = mix(_GLASS, _SKY, 0.06 * light)
    house = side[[rear, front, front - 1, rear + 1]]
    return drawn + [Shape(_pane(house, *pane), glass) for pane in _panes(class_)]


def _panes(class_: Class) -> list[tuple[float, float]]:
    """Where the side windows begin and end, in parts of the belt line from the rear."""
    if class_ is Class.BUS:
        return [(i / 8 + 0.012, (i + 1) / 8 - 0.012) for i in range(8)]
    if class_ is Class.TRUCK:
        return [(0.80, 0.95)]
    return [(0.10, 0.47), (0.51, 0.88)]


def _pane(house: Floats, start: float, end: float) -> Fixed:
    """A window (4, 2) in a house whose corners are rear low, front low, front high, rear high."""
    ends = np.array([[start], [end]])
    low, high = house[0] + ends * (house[1] - house[0]), house[3] + ends * (house[2] - house[3])
    return fixed(np.concatenate([low + 0.10 * (high - low), (low + 0.86 * (high - low))[::-1]]))


def _inset(quad: Floats, left: float, right: float, low: float, high: float) -> Fixed:
    """A part (4, 2) of a strip (4, 2) whose corners are left, next left, next right, right."""
    u, v = np.array([left, left, right, right]), np.array([low, high, high, low])
    return fixed(np.stack([(1 - u) * (1 - v), (1 - u) * v, u * v, u * (1 - v)], axis=1) @ quad)


def _turned(px: Floats) -> Floats:
    """Twice the area of quads (n, 4, 2) px, positive where their outer side is seen (clockwise on the screen)."""
    (ax, ay), (bx, by) = (px[:, 2] - px[:, 0]).T, (px[:, 3] - px[:, 1]).T
    area: Floats = ax * by - ay * bx
    return area


def _light(world: Floats) -> Floats:
    """How bright faces (n, 4, 3) are in the sun."""
    (ax, ay, az), (bx, by, bz) = (world[:, 2] - world[:, 0]).T, (world[:, 3] - world[:, 1]).T
    normals = np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])
    lengths = np.maximum(np.sqrt((normals**2).sum(axis=0)), 1e-9)
    light: Floats = 0.80 + 0.30 * np.maximum(_SUNWARD @ normals / lengths, 0.0)
    return light
