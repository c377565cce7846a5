"""Places that see one stream of passes."""

from __future__ import annotations

import pytest

from passerby.config import Overlap, overlaps
from passerby.geometry import Line, Place, Point, Zone


def line(*points: Point) -> Line:
    return Line("line", *points)


def zone(left: float, top: float, right: float, bottom: float, name: str = "zone") -> Zone:
    return Zone(name, ((left, top), (right, top), (right, bottom), (left, bottom)))


GATE = Line("gate", (0.1, 0.6), (0.9, 0.62))
STEEP = Line("gate", (0.5, 0.1), (0.52, 0.9))


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        (GATE, line((0.1, 0.7), (0.9, 0.7)), "same way"),
        (GATE, line((0.9, 0.7), (0.1, 0.7)), "same way"),
        (GATE, line((0.4, 0.5), (0.6, 0.5)), "same way"),
        (GATE, GATE, "same way"),
        (STEEP, line((0.6, 0.1), (0.6, 0.9)), "same way"),
        (GATE, zone(0.05, 0.4, 0.95, 0.9), "in the zone"),
        (zone(0.05, 0.4, 0.95, 0.9), GATE, "in the zone"),
        (GATE, zone(0.1, 0.65, 0.9, 0.95), "along an edge"),
        (zone(0.1, 0.1, 0.5, 0.5, "big"), zone(0.2, 0.2, 0.4, 0.4), "in the other"),
        (zone(0.1, 0.1, 0.5, 0.5, "big"), zone(0.2, 0.1, 0.6, 0.5), "in the other"),
    ],
)
def test_one_stream(a: Place, b: Place, why: str) -> None:
    (found,) = overlaps([a, b])
    assert (found.first, found.second) == (a.name, b.name)
    assert why in found.why


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (GATE, STEEP),
        (GATE, line((0.1, 0.1), (0.9, 0.12))),
        (line((0.05, 0.6), (0.4, 0.6)), line((0.6, 0.6), (0.95, 0.6))),
        (STEEP, line((0.9, 0.1), (0.9, 0.9))),
        (GATE, zone(0.1, 0.1, 0.9, 0.3)),
        (GATE, zone(0.45, 0.3, 0.55, 0.9)),
        (zone(0.0, 0.0, 0.5, 1.0, "west"), zone(0.5, 0.0, 1.0, 1.0, "east")),
        (zone(0.0, 0.0, 0.5, 1.0, "west"), zone(0.4, 0.0, 1.0, 1.0, "east")),
    ],
)
def test_two_streams(a: Place, b: Place) -> None:
    assert overlaps([a, b]) == ()


def test_pairs_come_in_the_order_of_the_places() -> None:
    places: list[Place] = [zone(0.0, 0.0, 1.0, 1.0), GATE, STEEP]
    assert [(o.first, o.second) for o in overlaps(places)] == [("zone", "gate"), ("zone", "gate")]
    assert isinstance(overlaps(places)[0], Overlap)
    assert overlaps([]) == ()
