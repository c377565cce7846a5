"""Finding vehicles in silhouettes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motion.drawn import car, stand
from passerby.motion.bodies import bodies

TALL = 40.0


def drawn(size: tuple[int, int] = (160, 80)) -> NDArray[np.uint8]:
    return np.full((size[1], size[0]), 255, np.uint8)


def mask(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return (picture < 200).astype(np.uint8)


def test_a_car_is_a_body_and_nothing_is_left() -> None:
    picture = car(drawn(), 30, 70, 2.4 * TALL, 0.9 * TALL, 10)
    found, rest = bodies(mask(picture), TALL)
    assert len(found) == 1
    left, _, right, bottom = found[0]
    assert bottom == pytest.approx(70, abs=2)
    assert (left, right) == pytest.approx((30, 30 + 2.4 * TALL), abs=0.3 * TALL)  # a low bonnet may stay outside
    assert rest.sum() < 0.1 * mask(picture).sum()


def test_a_person_before_a_wall_and_a_pair_are_no_bodies() -> None:
    picture = drawn()
    for x in (40, 56):
        stand(picture, x, 60, TALL, 10)
    found, rest = bodies(mask(picture), TALL)
    assert found == []
    assert (rest == mask(picture)).all()


def test_who_stands_beside_a_car_is_left_over() -> None:
    picture = car(drawn(), 20, 70, 2.4 * TALL, 0.9 * TALL, 10)
    stand(picture, 124, 70, TALL, 10)
    found, rest = bodies(mask(picture), TALL)
    assert len(found) == 1
    assert found[0][2] < 124
    assert rest[:, 110:].sum() > 0.6 * mask(stand(drawn(), 124, 70, TALL, 10)).sum()


def test_two_cars_apart_are_two_bodies() -> None:
    picture = drawn((320, 80))
    for left in (20, 180):
        car(picture, left, 70, 2.4 * TALL, 0.9 * TALL, 10)
    found, _ = bodies(mask(picture), TALL)
    assert len(found) == 2
