from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.look.known import Known, Pace
from passerby.look.regions import Floats

HEIGHT = 480
PACE = Pace()
NONE = np.empty((0, 4))


def tracks(boxes: Floats, *, speed: float = 0.0, lost_s: float = 0.0, first_id: int = 1) -> Tracks:
    """Tracks at boxes (n, 4) px that move with `speed` own sizes a second."""
    n = len(boxes)
    length = np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))
    return Tracks(
        ids=np.arange(first_id, first_id + n, dtype=np.uint64),
        xyxy=boxes.astype(np.float32),
        foot=np.zeros((n, 2)),
        velocity=np.stack([np.zeros(n), speed * length / HEIGHT], axis=1),
        class_id=np.full(n, Class.PERSON, np.uint8),
        confirmed=np.ones(n, np.bool_),
        lost_s=np.full(n, lost_s),
    )


ONE = np.array([[100, 100, 130, 180]], np.float64)
TWO = np.array([[100, 100, 130, 180], [128, 100, 158, 180]], np.float64)


def times(boxes: Floats, *, speed: float, until_s: float, found: bool = True, stirs: float = 0.5) -> list[float]:
    """When something is looked at that is asked about every 1/50 s."""
    known, looked = Known(PACE), []
    for step in range(int(until_s * 50)):
        time_s = step / 50
        known.update(time_s, tracks(boxes, speed=speed), HEIGHT, np.full(len(boxes), stirs))
        if (known.due_s <= time_s + 1e-6).any():
            looked.append(time_s)
            known.saw(time_s, boxes, boxes if found else NONE)
    return looked


def test_the_longer_something_is_known_the_longer_the_wait_up_to_that_of_its_kind() -> None:
    waits = np.diff(times(ONE, speed=1.0, until_s=6))
    assert waits[0] == pytest.approx(PACE.soon_s, abs=0.03)
    assert waits[-1] == pytest.approx(PACE.step / 1.0, abs=0.03)
    assert (np.diff(waits) > -0.03).all()


def test_fast_things_are_looked_at_more_often_and_still_ones_are_still_looked_at() -> None:
    fast, slow, still = (times(ONE, speed=s, until_s=10, stirs=0.5 * (s > 0)) for s in (3.0, 0.6, 0.0))
    assert len(fast) > len(slow) > len(still)
    assert np.diff(still).max() <= PACE.still_s + 0.03


def test_what_may_be_fast_is_looked_at_in_a_hurry_until_its_speed_is_known() -> None:
    known = Known(PACE)
    car = replace(tracks(ONE, speed=0.5), class_id=np.array([Class.CAR], np.uint8))
    known.update(0.0, car, HEIGHT, None)
    assert known.fastest == np.inf
    known.saw(0.0, ONE, ONE)
    known.update(0.05, car, HEIGHT, None)
    assert known.due_s == pytest.approx([PACE.soon_s])
    known.update(1.0, car, HEIGHT, None)
    assert known.fastest == pytest.approx(0.5)
    known.update(1.0, tracks(ONE, speed=0.5, first_id=2), HEIGHT, None)
    assert known.fastest == 0


def test_among_others_the_wait_is_shorter() -> None:
    assert len(times(TWO, speed=0.8, until_s=6)) > len(times(ONE, speed=0.8, until_s=6))


def test_what_is_missed_is_looked_for_ever_less_often_and_never_given_up() -> None:
    looked = times(ONE, speed=1.0, until_s=8, found=False)
    assert np.diff(looked).max() <= PACE.still_s + 0.03
    assert np.diff(looked)[0] < PACE.still_s


def test_ids_tell_tracks_apart_and_nothing_else() -> None:
    known, other = Known(PACE), Known(PACE)
    for step in range(30):
        for one, first in ((known, 1), (other, 900)):
            one.update(step / 10, tracks(TWO, speed=1.0, first_id=first), HEIGHT, None)
            one.saw(step / 10, TWO[:1], TWO[:1])
    assert known.due_s.tolist() == other.due_s.tolist()


def test_what_does_not_stir_has_not_moved_and_what_stirs_has() -> None:
    found = ONE + np.array([2.0, -1.5, 1.0, 2.5])
    still, walks = Known(PACE), Known(PACE)
    still.update(0.0, tracks(ONE), HEIGHT, np.zeros(1))
    walks.update(0.0, tracks(ONE), HEIGHT, np.full(1, 0.3))
    assert still.steadied(found).tolist() == ONE.tolist()
    assert walks.steadied(found).tolist() == found.tolist()
    assert still.steadied(found + 60).tolist() == (found + 60).tolist()
    unheard = Known(PACE)
    unheard.update(0.0, tracks(ONE), HEIGHT, None)
    assert unheard.steadied(found).tolist() == found.tolist()
