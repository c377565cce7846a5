"""Suppression: one box a road user, the surest."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from passerby.classes import Class
from passerby.detectors.suppress import suppress
from passerby.rectangles import overlaps


def kept(classes: list[Class], scores: list[float], iou: float = 0.5) -> list[int]:
    step = np.arange(len(classes), dtype=np.float32)[:, None] / 10
    boxes = (np.array([[0, 0, 10, 10]]) + step).astype(np.float32)
    rows = suppress(boxes, np.array(scores, np.float32), np.array(classes, np.uint8), iou)
    return [int(row) for row in rows]


def test_the_surest_of_one_kind_stays() -> None:
    assert kept([Class.PERSON] * 3, [0.3, 0.9, 0.5]) == [1]


def test_one_thing_under_two_names_is_one() -> None:
    assert kept([Class.CAR, Class.TRUCK, Class.BUS], [0.3, 0.4, 0.2]) == [1]
    assert kept([Class.BICYCLE, Class.MOTORCYCLE], [0.3, 0.2]) == [0]


def test_a_rider_and_what_is_ridden_are_two() -> None:
    assert kept([Class.PERSON, Class.BICYCLE], [0.3, 0.4]) == [1, 0]
    assert kept([Class.PERSON, Class.CAR], [0.4, 0.3]) == [0, 1]


@given(st.integers(0, 60), st.floats(0.1, 0.9), st.integers(0, 2**32 - 1))
def test_what_stays_does_not_overlap_and_what_goes_does(n: int, iou: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 50, (n, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(1, 30, (n, 2))], axis=1).astype(np.float32)
    score = rng.uniform(0, 1, n).astype(np.float32)
    person = np.zeros(n, np.uint8)
    rows = suppress(boxes, score, person, iou)
    among = overlaps(boxes[rows], boxes[rows])
    np.fill_diagonal(among, 0)
    assert (among <= iou + 1e-6).all()
    assert (np.diff(score[rows]) <= 0).all()
    gone = np.setdiff1d(np.arange(n), rows)
    beaten = (overlaps(boxes[gone], boxes[rows]) > iou - 1e-6) & (score[gone, None] <= score[None, rows])
    assert beaten.any(axis=1).all()
