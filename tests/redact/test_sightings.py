"""Boxes between and around the frames that were looked at."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from passerby.detections import Tracks
from passerby.redact.sightings import Sightings

NOBODY = np.empty((0, 4), np.float32)


def tracks(*followed: tuple[int, tuple[float, float, float, float], float]) -> Tracks:
    """Tracks of (id, box, s since it was seen)."""
    n = len(followed)
    return Tracks(
        np.array([i for i, _, _ in followed], np.uint64),
        np.array([box for _, box, _ in followed], np.float32).reshape(-1, 4),
        np.zeros((n, 2)),
        np.zeros((n, 2)),
        np.zeros(n, np.uint8),
        np.ones(n, np.bool_),
        np.array([lost for _, _, lost in followed], np.float64),
    )


def hold(boxes: NDArray[np.float64], box: tuple[float, float, float, float]) -> bool:
    """Whether some box holds all of another one."""
    low, high = boxes[:, :2] <= box[:2], boxes[:, 2:] >= box[2:]
    return bool((low.all(axis=1) & high.all(axis=1)).any())


def moved(left: float) -> tuple[float, float, float, float]:
    return (left, 100.0, left + 20, 160.0)


def test_a_track_is_hidden_on_its_way_over_a_look_that_missed_it() -> None:
    known = Sightings()
    known.saw(0.0, NOBODY, tracks((7, moved(100), 0.0)))
    known.saw(1.0, NOBODY, tracks((7, moved(120), 1.0)))
    known.saw(2.0, NOBODY, tracks((7, moved(200), 0.0)))
    for time_s in np.linspace(0, 2, 21):
        assert hold(known.at(time_s), moved(100 + 50 * time_s))


def test_a_track_is_hidden_as_it_came_and_as_it_went() -> None:
    known = Sightings(held_s=1.5)
    for time_s in (3.0, 4.0):
        known.saw(time_s, NOBODY, tracks((7, moved(100 + 40 * time_s), 0.0)))
    known.saw(10.0, NOBODY, tracks())
    for time_s in (1.6, 2.2, 3.0, 4.5, 5.4):
        assert hold(known.at(time_s), moved(100 + 40 * time_s))
    for time_s in (1.4, 5.6, 9.0):
        assert len(known.at(time_s)) == 0


def test_a_box_that_no_track_takes_is_hidden_from_the_look_before_to_the_look_after() -> None:
    known = Sightings(held_s=1.5)
    for time_s, found in ((0.0, NOBODY), (1.0, np.array([moved(100)], np.float32)), (2.0, NOBODY)):
        known.saw(time_s, found, tracks())
    for time_s in (0.0, 0.5, 1.0, 1.9):
        assert hold(known.at(time_s), moved(100))
    assert len(known.at(2.1)) == 0


def test_margins_are_parts_of_its_size_and_grow_while_it_is_not_seen() -> None:
    known = Sightings()
    known.saw(1.0, np.array([moved(100), (0, 0, 200, 600)], np.float32), tracks())
    small, large = (known.at(1.0)[row] for row in (0, 2))  # each twice: until the look, and from it on
    side = np.sqrt(20 * 60)
    assert 100 - small[0] == pytest.approx(0.15 * side)
    assert 0 - large[0] == pytest.approx(0.15 * 10 * side)
    later = known.at(1.5)
    assert later[0][0] < small[0]
    assert hold(later, tuple(small))


def test_nothing_is_hidden_where_nothing_was_looked_at() -> None:
    assert Sightings().at(3.0).shape == (0, 4)
