"""The places that a street offers."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.geometry import Line, Zone
from passerby.scene import Layout, Pinhole
from passerby.scene.layout import clip_line, clip_polygon


@pytest.mark.parametrize("aspect", [1.0, 4 / 3, 16 / 9])
def test_places_lie_in_the_picture(aspect: float) -> None:
    places = Layout().places(Pinhole(aspect=aspect))
    assert {"pavement", "cycle-track", "carriageway", "plaza"} <= {p.name for p in places}
    points = np.array([point for place in places for point in place.points])
    assert (points >= 0).all()
    assert (points <= 1).all()
    assert {type(p) for p in places} == {Line, Zone}


def test_in_leads_away_along_the_street() -> None:
    camera = Pinhole()
    line = next(p for p in Layout().places(camera) if p.name == "pavement")
    a, b = camera.ground(line.points)
    assert b[1] > a[1], "the arrow points away across the street, so its right is along the street"


def test_a_line_is_cut_at_the_edge_and_left_out_beyond_it() -> None:
    inside = clip_line(np.array([(0.5, 0.5), (2.5, 0.5)]))
    assert inside == ((0.5, 0.5), (0.995, 0.5))
    assert clip_line(np.array([(1.5, 0.5), (2.5, 0.5)])) is None
    assert clip_line(np.array([(0.5, -0.5), (0.5, -0.1)])) is None
    assert clip_line(np.array([(0.98, 0.5), (1.5, 0.5)])) is None, "too short to be of use"


def test_a_polygon_is_cut_at_the_edge() -> None:
    square = np.array([(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)])
    assert set(clip_polygon(square)) == {(0.5, 0.5), (0.995, 0.5), (0.995, 0.995), (0.5, 0.995)}
    assert clip_polygon(square + 2) == ()
