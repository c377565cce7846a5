"""A street as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.classes import Class
from passerby.scene import Mover, scripted, street

SIZE = (640, 480)


def _rows(lines: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[float(v) for v in line.split(",")] for line in lines])


def test_mot_lines_are_the_truth_frame_by_frame() -> None:
    drawn = scripted([Mover(Class.PERSON, ((0, 10, 8), (4, 16, 8))), Mover(Class.CAR, ((0, 8, 5), (4, 40, 5)))])
    rows = _rows(list(drawn.mot(SIZE, 5)))
    assert rows[:, 0].tolist() == list(range(1, 21))
    assert set(rows[:, 1]) == {1}
    now = drawn.truth(2.0)
    left, top, right, bottom = now.xyxy(SIZE)[0]
    assert rows[10, 2:6] == pytest.approx([left, top, right - left, bottom - top], abs=0.02)
    assert rows[10, 6:].tolist() == [1, 13, 8, 0]


def test_mot_leaves_out_other_classes_the_hidden_and_the_tiny() -> None:
    drawn = street(2, duration_s=5)
    people = _rows(list(drawn.mot(SIZE, 2)))
    wheels = _rows(list(drawn.mot(SIZE, 2, classes=(Class.CAR, Class.BICYCLE, Class.BUS, Class.TRUCK))))
    assert not set(people[:, 1]) & set(wheels[:, 1])
    everyone = _rows(list(drawn.mot(SIZE, 2, visible=0.0, height=0.0)))
    whole = _rows(list(drawn.mot(SIZE, 2, visible=0.9, height=0.06)))
    assert len(whole) < len(people) < len(everyone)
    assert whole[:, 5].min() >= 0.05 * SIZE[1]


def test_mot_boxes_are_cut_at_the_edge() -> None:
    rows = _rows(list(street(2, duration_s=10).mot(SIZE, 2, visible=0.0)))
    assert (rows[:, 2:4] >= 0).all()
    assert (rows[:, 2] + rows[:, 4] <= SIZE[0] + 0.02).all()
    assert (rows[:, 3] + rows[:, 5] <= SIZE[1] + 0.02).all()
