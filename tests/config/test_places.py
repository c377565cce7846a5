"""Lines and zones from bare coordinates."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.config import line, zone
from passerby.geometry import Line, Zone

SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]


def test_the_whole_picture_may_be_used() -> None:
    assert line("gate", [[0, 0], [1, 1]]) == Line("gate", (0, 0), (1, 1))
    assert zone("all", [[0, 0], [1, 0], [1, 1], [0, 1]]) == Zone("all", ((0, 0), (1, 0), (1, 1), (0, 1)))


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([], "two points"),
        ([[0.1, 0.1]], "two points"),
        ([[0.1, 0.1]] * 2, "no length"),
        ([[0.1, 0.1], [0.1 + 1e-9, 0.1]], "no length"),
        ([[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]], "two points"),
        ([[0.1, 0.1], [0.2]], "an x and a y"),
        ([[0.1, 0.1], [1.01, 0.2]], "1.01 is not"),
        ([[-0.1, 0.1], [1, 0.2]], "-0.1 is not"),
        ([[math.nan, 0.1], [1, 0.2]], "nan is not"),
        ([[math.inf, 0.1], [1, 0.2]], "inf is not"),
    ],
)
def test_what_is_no_line(points: list[list[float]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        line("gate", points)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (SQUARE[:2], "three points"),
        ([], "three points"),
        ([*SQUARE, SQUARE[0]], "closes by itself"),
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], "crosses or touches itself"),
        ([[0, 0], [1, 0], [0.5, 0]], "crosses or touches itself"),
        ([[0, 0], [0.5, 0.5], [1, 0], [1, 1], [0.5, 0.5], [0, 1]], "crosses or touches itself"),
        ([[0, 0], [0.5, 0], [0.5, 0], [1, 1]], "crosses or touches itself"),
        ([[0, 0], [1e-5, 0], [0, 1e-5]], "no area"),
        ([[0, 0], [640, 0], [640, 360]], "640 is not"),
    ],
)
def test_what_is_no_zone(points: list[list[float]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        zone("square", points)


@given(st.integers(3, 12), st.floats(0, 6), st.randoms(use_true_random=False))
def test_stars_are_zones_and_their_crossings_are_not(n: int, turn: float, random: object) -> None:
    angles = [turn + 2 * math.pi * i / n for i in range(n)]
    radii = [0.2 + 0.25 * ((7 * i) % 5) / 5 for i in range(n)]
    points = [[0.5 + r * math.cos(a), 0.5 + r * math.sin(a)] for a, r in zip(angles, radii, strict=True)]
    assert len(zone("star", points).points) == n
    if n >= 4:
        points[1], points[2] = points[2], points[1]
        with pytest.raises(ValueError, match="itself"):
            zone("star", points)


@pytest.mark.parametrize("name", ["", "a b", "a.b", "-a", "a" * 65, "a/b", "../a", "a\n"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        line(name, [[0, 0], [1, 1]])


@pytest.mark.parametrize("name", ["gate", "Gate_2", "été-1", "2", "a" * 64])
def test_names(name: str) -> None:
    assert line(name, [[0, 0], [1, 1]]).name == name
