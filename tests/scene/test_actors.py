"""Paths as functions of time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.scene.actors import Path, path, smooth


def test_a_path_is_straight_between_its_points_and_held_beyond_them() -> None:
    way = path([(1, 0, 0), (3, 4, 0), (5, 4, 0), (6, 4, 3)])
    times = np.array([0.0, 2.0, 4.0, 5.5, 9.0])
    assert way.at(times).tolist() == [[0, 0], [2, 0], [4, 0], [4, 1.5], [4, 3]]
    assert way.velocity(times).tolist() == [[2, 0], [2, 0], [0, 0], [0, 3], [0, 3]]


def test_who_stands_keeps_the_direction_of_the_last_step() -> None:
    way = path([(0, 0, 0), (2, 2, 0), (4, 2, 0), (6, 2, 2)])
    assert way.headings(np.array([1.0, 3.0])).tolist() == [0, 0]


@given(st.floats(-2, 9))
def test_one_time_and_many_times_agree(time_s: float) -> None:
    way = path([(0, 0, 0), (2, 3, 1), (4, 3, 1), (7, -2, 5)])
    one, now = way.state(time_s), np.array([time_s])
    assert [one.x, one.y] == pytest.approx(way.at(now)[0].tolist())
    assert one.heading == pytest.approx(float(way.headings(now)[0]))
    assert [one.vx, one.vy] == pytest.approx(way.velocity(now)[0].tolist())


@pytest.mark.parametrize("rows", [[(0, 0, 0)], [(0, 0, 0), (0, 1, 1)], [(1, 0, 0), (0, 1, 1)]])
def test_times_must_rise(rows: list[tuple[float, float, float]]) -> None:
    with pytest.raises(ValueError, match="rising times"):
        path(rows)


def test_smoothing_rounds_corners_and_keeps_the_way() -> None:
    sharp = path([(0, 0, 0), (5, 5, 0), (10, 5, 5)])
    soft = smooth(sharp)
    inside = np.arange(0.0, 10.1, 0.1)
    assert np.abs(soft.at(inside) - sharp.at(inside)).max() < 0.4
    steady = np.array([1.0, 2.0, 8.5])
    assert soft.at(steady) == pytest.approx(sharp.at(steady))
    turns = np.abs(np.diff(soft.headings(np.arange(3.5, 6.5, 0.25))))
    assert turns.max() < np.pi / 4


def test_walked_is_the_length_of_the_way() -> None:
    way = Path(np.array([0.0, 1.0, 2.0]), np.array([(0.0, 0.0), (3.0, 4.0), (3.0, 4.0)]))
    assert way.state(0.5).walked == pytest.approx(2.5)
    assert way.state(2.0).walked == pytest.approx(5.0)
