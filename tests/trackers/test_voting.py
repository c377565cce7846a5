"""Votes for classes."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.classes import Class
from passerby.trackers.voting import ballots, elected, settled


def votes(**given: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    row = np.zeros((1, len(Class)))
    for label, weight in given.items():
        row[0, Class[label.upper()]] = weight
    return row


def test_a_vote_weighs_what_its_score_does() -> None:
    cast = ballots(np.array([Class.CAR, Class.PERSON], np.uint8), np.array([0.5, 0.9]))
    assert cast[0, Class.CAR] == pytest.approx(0.5)
    assert cast.sum(axis=1) == pytest.approx([0.5, 0.9])
    assert elected(cast).tolist() == [Class.CAR, Class.PERSON]


@pytest.mark.parametrize(
    ("guessed", "speed", "shape", "expected"),
    [
        (True, 0.8, 0.4, Class.PERSON),
        (True, 0.8, 0.9, Class.VEHICLE),  # as wide as a car
        (True, 4.0, 0.4, Class.VEHICLE),  # faster than a runner
        (False, 4.0, 0.9, Class.PERSON),  # a model saw it
    ],
)
def test_shape_and_speed_settle_what_was_guessed(
    guessed: bool, speed: float, shape: float, expected: Class
) -> None:
    cast = votes(person=5, vehicle=3, unknown=2)
    found = settled(cast, np.array([guessed]), np.array([speed]), np.array([shape]))
    assert found.tolist() == [expected]
    assert cast[0, Class.PERSON] == 5  # the votes themselves stand


def test_without_another_vote_it_is_unknown() -> None:
    found = settled(votes(person=5), np.array([True]), np.array([4.0]), np.array([0.4]))
    assert found.tolist() == [Class.UNKNOWN]
