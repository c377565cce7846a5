"""Guessing what a silhouette is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from motion.drawn import car, stand
from passerby.classes import Class
from passerby.motion.guess import guess

TALL = 40.0
EVERYWHERE = np.full(500, TALL)


def canvas(width: float, height: float) -> NDArray[np.uint8]:
    return np.full((round(height * TALL), round(width * TALL)), 255, np.uint8)


def seen(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """What is drawn, cut to its box."""
    mask = picture < 250
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return np.ascontiguousarray(mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def cyclist() -> NDArray[np.uint8]:
    picture = canvas(1.4, 1.3)
    for x in (0.3, 1.0):
        cv2.circle(picture, (round(x * TALL), round(0.98 * TALL)), round(0.2 * TALL), 10, 3)
    cv2.ellipse(picture, (round(0.62 * TALL), round(0.52 * TALL)), (6, 13), 15, 0, 360, 10, -1)
    cv2.circle(picture, (round(0.68 * TALL), round(0.15 * TALL)), 4, 10, -1)
    frame = np.array([(0.3, 0.98), (0.6, 0.75), (1.0, 0.98), (0.65, 0.95)]) * TALL
    cv2.fillPoly(picture, [frame.astype(np.int32)], 10)
    return picture


def test_each_by_its_shape() -> None:
    walker = guess(seen(stand(canvas(1, 1.2), 20, 44, TALL, 10)), EVERYWHERE)
    assert [g.class_ for g in walker] == [Class.PERSON]
    assert [g.class_ for g in guess(seen(cyclist()), EVERYWHERE)] == [Class.BICYCLE]
    saloon = car(canvas(4, 1.5), 20, 50, 2.4 * TALL, 0.9 * TALL, 10)
    assert [g.class_ for g in guess(seen(saloon), EVERYWHERE)] == [Class.CAR]
    bus = car(canvas(7, 3), 20, 100, 5.5 * TALL, 1.9 * TALL, 10)
    assert [g.class_ for g in guess(seen(bus), EVERYWHERE)] == [Class.BUS]


def test_without_a_measure_one_silhouette_is_one_thing() -> None:
    pair = stand(stand(canvas(2, 1.2), 20, 44, TALL, 10), 38, 44, TALL, 10)
    assert len(guess(seen(pair), None)) == 1
    assert len(guess(seen(pair), EVERYWHERE)) == 2


def test_what_is_too_small_for_anyone_is_nobody() -> None:
    assert guess(np.ones((10, 12), np.bool_), EVERYWHERE) == []
    assert guess(np.ones((5, 6), np.bool_), None) == []


def test_what_is_far_is_not_sure() -> None:
    (one,) = guess(np.ones((6, 3), np.bool_), np.full(50, 6.0))
    assert one.score < 0.4


def test_a_guess_can_be_moved() -> None:
    (one,) = guess(seen(stand(canvas(1, 1.2), 20, 44, TALL, 10)), EVERYWHERE)
    left, top, right, bottom = one.box
    assert one.moved(3, 4).box == pytest.approx((left + 3, top + 4, right + 3, bottom + 4))


@settings(max_examples=60)
@given(st.integers(1, 80), st.integers(1, 80), st.floats(2, 100), st.floats(0.2, 1), st.integers(0, 2**32 - 1))
def test_anything_gets_guesses_with_boxes_near_it(w: int, h: int, tall: float, fill: float, seed: int) -> None:
    mask = np.random.default_rng(seed).random((h, w)) < fill
    for one in guess(mask, np.full(3 * h + 3, tall)):
        left, top, right, bottom = one.box
        assert left < right
        assert top < bottom
        assert right > 0
        assert left < w
        assert 0 < one.score <= 1
