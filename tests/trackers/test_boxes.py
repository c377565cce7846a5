"""What a frame shows: each object once."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Size
from passerby.stages import Sight
from passerby.trackers.boxes import boxes
from passerby.trackers.voting import elected

Row = tuple[float, float, float, float, float, Class]  # left, top, right, bottom in px, score, class


def sight(*rows: Row) -> Sight:
    found = Detections(
        np.array([r[:4] for r in rows], np.float32).reshape(-1, 4),
        np.array([r[4] for r in rows], np.float32),
        np.array([r[5] for r in rows], np.uint8),
    )
    return Sight(0.0, Size(400, 200), found, np.array([[0, 0, 400, 200]], np.float32))


def test_edges_are_heights_of_the_picture() -> None:
    (found,) = (boxes(sight((100, 50, 120, 100, 0.9, Class.PERSON)), 0.1),)
    assert found.edges[0] == pytest.approx(np.array([[0.5, 0.6], [0.25, 0.5]]))
    assert found.foot[0] == pytest.approx([0.55, 0.5])
    assert not found.cut.any()


def test_edges_on_the_border_are_cut() -> None:
    found = boxes(sight((0, 150, 60, 200, 0.9, Class.PERSON), (380, 0, 399.5, 50, 0.8, Class.PERSON)), 0.1)
    assert found.cut.tolist() == [[[True, False], [False, True]], [[False, True], [True, False]]]


def test_the_best_comes_first_and_the_worst_not_at_all() -> None:
    found = boxes(
        sight(
            (10, 10, 30, 60, 0.3, Class.PERSON),
            (100, 10, 130, 60, 0.8, Class.PERSON),
            (200, 10, 230, 60, 0.05, Class.PERSON),
            (250, 10, 250, 60, 0.9, Class.PERSON),
        ),
        0.1,
    )
    assert found.score == pytest.approx([0.8, 0.3])


def test_boxes_that_nearly_coincide_are_one_with_the_votes_of_all() -> None:
    found = boxes(
        sight(
            (100, 50, 200, 100, 0.5, Class.CAR),
            (102, 50, 204, 100, 0.45, Class.TRUCK),
            (101, 51, 203, 100, 0.3, Class.CAR),
            (150, 50, 250, 100, 0.4, Class.CAR),
        ),
        0.1,
    )
    assert len(found) == 2
    assert found.votes[0, [Class.CAR, Class.TRUCK]] == pytest.approx([0.8, 0.45])


def test_a_rider_is_one_with_the_cycle() -> None:
    found = boxes(sight((100, 50, 120, 92, 0.9, Class.PERSON), (90, 70, 132, 100, 0.5, Class.BICYCLE)), 0.1)
    assert len(found) == 1
    assert found.edges[0] == pytest.approx(np.array([[0.45, 0.66], [0.25, 0.5]]))
    assert elected(found.votes).tolist() == [Class.BICYCLE]
    assert found.score[0] == pytest.approx(0.9)


@pytest.mark.parametrize(
    "cycle",
    [
        (125, 70, 167, 100, 0.5, Class.BICYCLE),  # beside
        (90, 95, 132, 130, 0.5, Class.BICYCLE),  # in front
        (90, 40, 132, 60, 0.5, Class.BICYCLE),  # behind
        (90, 70, 132, 100, 0.5, Class.CAR),  # no cycle
    ],
)
def test_who_stands_near_a_cycle_does_not_ride_it(cycle: Row) -> None:
    assert len(boxes(sight((100, 50, 120, 100, 0.9, Class.PERSON), cycle), 0.1)) == 2


def test_of_two_people_only_one_rides() -> None:
    found = boxes(
        sight(
            (100, 50, 120, 92, 0.9, Class.PERSON),
            (116, 52, 136, 94, 0.8, Class.PERSON),
            (90, 70, 132, 100, 0.5, Class.MOTORCYCLE),
        ),
        0.1,
    )
    assert sorted(elected(found.votes).tolist()) == [Class.PERSON, Class.MOTORCYCLE]


def test_an_empty_frame_shows_nothing() -> None:
    assert len(boxes(sight(), 0.1)) == 0
