"""Lines and zones from bare coordinates, and what is wrong with those that cannot be counted at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from passerby.geometry import Line, Point, Zone, area, simple

NAME: Final = re.compile(r"\w[\w-]{0,63}")
_SMALL: Final = 1e-6  # of the picture's side or area: below this nothing can be drawn


def line(name: str, points: Sequence[Sequence[float]]) -> Line:
    """A directed line from the first point to the second; raises ValueError in one sentence."""
    a, b = _points(name, points, "a line has two points")[:2]
    if len(points) != 2:
        raise ValueError(f"a line has two points, not {len(points)}")
    if max(abs(a[0] - b[0]), abs(a[1] - b[1])) < _SMALL:
        raise ValueError("this line has no length: both points are the same")
    return Line(name, a, b)


def zone(name: str, points: Sequence[Sequence[float]]) -> Zone:
    """A polygon of three points or more that does not cross itself; raises ValueError in one sentence."""
    corners = _points(name, points, "a zone has three points or more")
    if len(corners) < 3:
        raise ValueError(f"a zone has three points or more, not {len(corners)}")
    if corners[0] == corners[-1]:
        raise ValueError("the last point of this zone is its first again: leave it out, a zone closes by itself")
    if not simple(corners):
        raise ValueError("the border of this zone crosses or touches itself")
    if area(corners) < _SMALL:
        raise ValueError("this zone has no area: its points lie on one line")
    return Zone(name, corners)


def check_name(name: str) -> str:
    """The name itself if it can stand in keys, tables and addresses; raises ValueError."""
    if not NAME.fullmatch(name):
        raise ValueError(f"'{name}' is no name: take letters, digits, - and _, 64 at most")
    return name


def _points(name: str, points: Sequence[Sequence[float]], rule: str) -> tuple[Point, ...]:
    check_name(name)
    if len(points) < 2:
        raise ValueError(f"{rule}, not {len(points)}")
    for point in points:
        if len(point) != 2:
            raise ValueError(f"a point has an x and a y, not {len(point)} numbers")
        outside = [value for value in point if not 0 <= value <= 1]
        if outside:
            raise ValueError(f"coordinates are shares of the picture from 0 to 1; {outside[0]:g} is not")
    return tuple((float(x), float(y)) for x, y in points)
