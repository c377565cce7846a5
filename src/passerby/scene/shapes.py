"""Outlines of road users in metres, and the boxes that they fill in the picture.

A vehicle is a profile drawn from its left side and stretched across its width; a cyclist is two wheels with a
rider; a person is a flat figure that always faces the camera. Drawing uses these very outlines, so a box is the
box of what is drawn.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.scene.optics import Pinhole

Floats = NDArray[np.float64]

# Profiles: (along, half width, up) in parts of length, width and height, from the rear around over the roof.
# Rows in pairs of the same station share a strip; the belt line divides body from windows.
_SALOON: Final = (
    (-0.49, 0.46, 0.17),
    (-0.50, 0.48, 0.45),
    (-0.47, 0.49, 0.66),
    (-0.36, 0.48, 0.68),
    (-0.21, 0.39, 0.98),
    (-0.04, 0.39, 1.00),
    (0.06, 0.39, 0.97),
    (0.23, 0.47, 0.67),
    (0.42, 0.46, 0.57),
    (0.49, 0.45, 0.44),
    (0.50, 0.44, 0.17),
)
_HATCH: Final = (
    (-0.49, 0.46, 0.17),
    (-0.50, 0.48, 0.42),
    (-0.48, 0.49, 0.60),
    (-0.46, 0.48, 0.62),
    (-0.37, 0.40, 0.96),
    (-0.10, 0.40, 1.00),
    (0.07, 0.40, 0.97),
    (0.26, 0.47, 0.62),
    (0.44, 0.46, 0.52),
    (0.49, 0.45, 0.40),
    (0.50, 0.44, 0.17),
)
_VAN: Final = (
    (-0.50, 0.46, 0.14),
    (-0.50, 0.48, 0.40),
    (-0.50, 0.49, 0.52),
    (-0.50, 0.48, 0.54),
    (-0.48, 0.44, 0.97),
    (0.00, 0.44, 1.00),
    (0.22, 0.44, 0.97),
    (0.37, 0.47, 0.54),
    (0.47, 0.46, 0.43),
    (0.50, 0.45, 0.34),
    (0.50, 0.44, 0.14),
)
_BUS: Final = (
    (-0.50, 0.48, 0.10),
    (-0.50, 0.50, 0.30),
    (-0.50, 0.50, 0.42),
    (-0.50, 0.50, 0.43),
    (-0.495, 0.49, 0.97),
    (0.00, 0.48, 1.00),
    (0.49, 0.49, 0.97),
    (0.50, 0.50, 0.40),
    (0.50, 0.50, 0.38),
    (0.50, 0.50, 0.30),
    (0.50, 0.48, 0.10),
)
BELT: Final = (3, 7)  # rows of a profile between which the windows stand on the body
_PROFILES: Final = {
    Class.CAR: (_SALOON, _HATCH, _HATCH, _SALOON, _VAN),
    Class.BUS: (_BUS,),
    Class.TRUCK: (_VAN,),
}
_AXLES: Final = {Class.BUS: (-0.24, 0.30), Class.TRUCK: (-0.28, 0.33)}  # parts of the length
TYRE_M: Final = {Class.BICYCLE: 0.045, Class.MOTORCYCLE: 0.10}  # breadth
_WHEEL_M: Final = {Class.CAR: 0.32, Class.BUS: 0.48, Class.TRUCK: 0.40}

SIZES: Final = {  # m: length, width, height; usual European road users
    Class.PERSON: (0.5, 0.5, 1.72),
    Class.BICYCLE: (1.75, 0.56, 1.72),
    Class.MOTORCYCLE: (2.1, 0.70, 1.60),
    Class.CAR: (4.3, 1.80, 1.48),
    Class.TRUCK: (6.6, 2.15, 2.75),
    Class.BUS: (11.0, 2.50, 3.05),
}


Measures = tuple[float, float, float]  # m: length, width, height


def profile(class_: Class, size: Measures, variant: int) -> Floats:
    """The left side (k, 3) of a vehicle: along, half width to the left, up; m."""
    rows = _PROFILES[class_]
    return np.array(rows[variant % len(rows)]) * size


def axles(class_: Class, size: Measures) -> tuple[tuple[float, float], float]:
    """Where a vehicle's two axles stand along it, and the radius of its wheels, m."""
    rear, front = _AXLES.get(class_, (-0.31, 0.32))
    return (rear * size[0], front * size[0]), _WHEEL_M[class_]


def two_wheels(class_: Class, size: Measures) -> tuple[float, float]:
    """Distance of a bicycle's or motorcycle's axles from its middle, and the radius of its wheels, m."""
    radius = (0.195 if class_ is Class.BICYCLE else 0.15) * size[0]
    return size[0] / 2 - radius, radius


def outline(class_: Class, size: Measures, variant: int) -> Floats:
    """Points (k, 3) m around a body on wheels: along its heading, to its left, up. Empty for people."""
    if class_ in _PROFILES:
        left = profile(class_, size, variant)
        places, _ = axles(class_, size)
        half = np.concatenate([left, [(x, 0.46 * size[1], 0.0) for x in places]])
        return np.concatenate([half, half * (1, -1, 1)])
    if class_ is Class.PERSON:
        return np.empty((0, 3))
    axle, radius = two_wheels(class_, size)
    turn = np.linspace(0, 2 * math.pi, 12, endpoint=False)
    tread = np.where(np.arange(12) % 2, 0.5, -0.5) * TYRE_M[class_]
    wheel = np.stack([radius * np.cos(turn), tread, radius + radius * np.sin(turn)], axis=1)
    head = [(0.06, 0.0, 1.0), (-0.12, 0.0, 0.90), (0.15, 0.0, 0.92)]  # its crown and sides
    arms = [(x, y, z) for y in (-0.5, 0.5) for x, z in ((-0.04, 0.80), (0.28, 0.62))]  # shoulders, hands
    rider = np.array([*head, *arms]) * size
    return np.concatenate([wheel + np.array([-axle, 0, 0]), wheel + np.array([axle, 0, 0]), rider])


def stand(outline: Floats, position: Floats, heading: float) -> Floats:
    """Points (k, 3) of a body set on the ground at one position (2,): world points (k, 3)."""
    cos, sin = math.cos(heading), math.sin(heading)
    world: Floats = outline @ np.array([(cos, sin, 0.0), (-sin, cos, 0.0), (0.0, 0.0, 1.0)])
    world[:, :2] += position
    return world


def place(outline: Floats, positions: Floats, headings: Floats) -> Floats:
    """The same at m positions (m, 2) and headings (m,): world points (m, k, 3)."""
    cos, sin = np.cos(headings)[:, None], np.sin(headings)[:, None]
    along, left, up = outline.T
    x, y = positions[:, :1] + along * cos - left * sin, positions[:, 1:] + along * sin + left * cos
    return np.stack([x, y, np.broadcast_to(up, x.shape)], axis=-1)


def sideways(positions: Floats, headings: Floats) -> Floats:
    """How far someone is seen from the side: 1 walks to the right of the picture, -1 to the left, 0 in depth."""
    to = np.arctan2(positions[..., 1], positions[..., 0])
    return np.sin(to - headings)


def figure_boxes(
    camera: Pinhole, positions: Floats, headings: Floats, speeds: Floats, tall: Floats | float
) -> Floats:
    """Boxes (m, 4) in shares of people: as wide as shoulders, and as their stride when seen from the side."""
    feet = np.concatenate([positions, np.zeros((len(positions), 1))], axis=1)
    crowns = feet.copy()
    crowns[:, 2] = tall
    low, high = camera.picture(feet), camera.picture(crowns)
    stride = np.abs(sideways(positions, headings)) * np.minimum(speeds / 1.2, 1.0)
    half = tall * (0.16 + 0.13 * stride) * camera.scale(feet) / camera.aspect
    return np.stack([low[:, 0] - half, high[:, 1], low[:, 0] + half, low[:, 1]], axis=1)


def body_boxes(camera: Pinhole, world: Floats) -> Floats:
    """Boxes (..., 4) in shares around points (..., k, 3) of bodies set on the ground."""
    seen = camera.picture(world)
    return np.concatenate([seen.min(axis=-2), seen.max(axis=-2)], axis=-1)


def feet(boxes: Floats) -> Floats:
    """Bottom centres (m, 2) of boxes (m, 4): the points that are counted."""
    return np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]], axis=1)
