"""Which places see one stream of passes, so that the difference of their rows tells of a few passes only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from passerby.geometry import Line, Place, Point, Points, Zone, heights, inside, offset, share_along

_ASPECT: Final = 16 / 9  # a configuration does not know its pictures; most are about this wide
_ANGLE_DEG: Final = 30.0  # lines that differ by less lie across the same way
_BESIDE: Final = 0.5  # of the shorter line: so much of it must lie beside the other
_APART: Final = 0.35  # picture heights: further apart, most passes of one are seldom those of the other
_COVERED: Final = 0.5  # of the smaller zone, or of a line: so much of it must lie in the other place
_GRID: Final = 200  # cells along each side, to measure how much of a zone is in another


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two places of one camera that count the same road users, and how they lie."""

    first: str
    second: str
    why: str  # reads on after "first and second: ", e.g. "both lie across the same way"


def overlaps(places: Sequence[Place]) -> tuple[Overlap, ...]:
    """The pairs of places that see one stream of passes, in the order of the places.

    A rule of thumb on the drawing alone, meant to warn: what people do between two places is not known here.
    """
    return tuple(
        Overlap(a.name, b.name, why) for a, b in combinations(places, 2) if (why := next(_reasons(a, b), ""))
    )


def _reasons(a: Place, b: Place) -> Iterator[str]:
    if isinstance(a, Line) and isinstance(b, Line):
        if _across_one_way(a.points, b.points):
            yield "both lines lie across the same way"
    elif isinstance(a, Zone) and isinstance(b, Zone):
        if _common_share(a, b) >= _COVERED:
            yield "one zone lies mostly in the other"
    else:
        line, zone = (a, b) if isinstance(a, Line) else (b, a)
        corners = zone.points
        if _share_inside(line.points, corners) >= _COVERED:
            yield "the line lies in the zone"
        elif any(_same_edge(line.points, (corners[i - 1], corners[i])) for i in range(len(corners))):
            yield "the line lies along an edge of the zone"


def _across_one_way(a: Sequence[Point], b: Sequence[Point], apart: float = _APART) -> bool:
    """Whether two segments are nearly parallel, beside each other and not far apart."""
    short, long = sorted((heights(a, _ASPECT), heights(b, _ASPECT)), key=_length)
    (x1, y1), (x2, y2) = short[1] - short[0], long[1] - long[0]
    angle = np.degrees(np.arctan2(abs(x1 * y2 - y1 * x2), abs(x1 * x2 + y1 * y2)))
    start, end = np.clip(np.sort(share_along(short, long[0], long[1])), 0, 1)
    beside = (end - start) * _length(long) / _length(short)
    distance = np.abs(offset(short.mean(axis=0), long[0], long[1]))
    return bool(angle < _ANGLE_DEG and beside >= _BESIDE and distance < apart)


def _same_edge(line: Sequence[Point], edge: Sequence[Point]) -> bool:
    return _across_one_way(line, edge, apart=_APART / 4)


def _length(segment: Points) -> float:
    return float(np.hypot(*(segment[1] - segment[0])))


def _share_inside(line: Sequence[Point], corners: Sequence[Point]) -> float:
    along = np.linspace(line[0], line[1], _GRID)
    return float(inside(along, corners).mean())


def _common_share(a: Zone, b: Zone) -> float:
    """The area that two zones share, as a share of the smaller one."""
    side = (np.arange(_GRID) + 0.5) / _GRID
    cells = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    in_a, in_b = inside(cells, a.points), inside(cells, b.points)
    return float((in_a & in_b).sum() / max(min(in_a.sum(), in_b.sum()), 1))
