from __future__ import annotations

import numpy as np
import pytest

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.look.known import Known, Pace, Stirs
from passerby.look.regions import Floats

HEIGHT = 480
PACE = Pace()


def tracks(
    boxes: Floats, *, speed: float = 0.0, lost_s: float = 0.0, first_id: int = 1, doubt: float = np.nan
) -> Tracks:
    """Tracks at boxes (n, 4) px that move with `speed` own sizes a second, in `doubt` own sizes where they are."""
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
        sigma=doubt * length / HEIGHT,
    )


ONE = np.array([[100, 100, 130, 180]], np.float64)
TWO = np.array([[100, 100, 130, 180], [128, 100, 158, 180]], np.float64)


def by(share: float) -> Stirs:
    """All of them stir by this share."""
    return lambda boxes: np.full(len(boxes), share)


def times(
    boxes: Floats, *, until_s: float, speed: float = 1.0, strays: float = 0.5, found: bool = True
) -> list[float]:
    """When something is looked at, asked every 1/50 s, that gets in doubt by so many sizes a second."""
    known, looked, found_s = Known(PACE), [], 0.0
    for step in range(int(until_s * 50)):
        time_s = step / 50
        lost_s = time_s - found_s
        there = tracks(boxes, speed=speed, lost_s=lost_s, doubt=strays * lost_s)
        known.update(time_s, there, HEIGHT, by(0.5 * (speed > 0)))
        if (known.urgency >= 1).any():
            looked.append(time_s)
            known.saw(time_s, boxes)
            found_s = time_s if found else found_s
    return looked


def test_something_is_looked_at_when_it_may_be_elsewhere() -> None:
    waits = np.diff(times(ONE, until_s=6, strays=0.5))
    assert waits[-1] == pytest.approx(PACE.doubt / 0.5, abs=0.03)
    assert len(times(ONE, until_s=6, strays=2.0)) > 2 * len(waits)


def test_what_goes_its_way_as_foretold_is_still_looked_at_and_the_longer_it_is_known_the_more_seldom() -> None:
    waits = np.diff(times(ONE, until_s=6, strays=0.0))
    assert waits[0] == pytest.approx(PACE.soon_s, abs=0.03)
    assert waits[-1] == pytest.approx(PACE.moving_s, abs=0.03)
    assert (np.diff(waits) > -0.03).all()


def test_what_stands_is_not_in_doubt_and_still_looked_at() -> None:
    waits = np.diff(times(ONE, until_s=10, speed=0.0, strays=2.0))
    assert waits[-1] == pytest.approx(PACE.still_s, abs=0.03)


def test_a_tracker_that_does_not_say_how_sure_it_is_is_less_sure_with_time() -> None:
    known = Known(PACE)
    known.update(0.0, tracks(ONE), HEIGHT, None)
    known.saw(0.0, ONE)
    doubts = []
    for time_s in (0.1, 0.2, 0.4):
        known.update(time_s, tracks(ONE, lost_s=time_s), HEIGHT, None)
        doubts.append(float(known.doubt[0]))
    assert doubts == sorted(doubts)
    assert doubts[-1] > PACE.doubt


def test_among_others_the_wait_is_shorter() -> None:
    assert len(times(TWO, until_s=6)) > len(times(ONE, until_s=6))


def test_what_is_missed_is_looked_for_ever_less_often_and_never_given_up() -> None:
    waits = np.diff(times(ONE, until_s=8, strays=5.0, found=False))
    assert waits.max() <= PACE.still_s + 0.03
    assert waits[0] < waits[-1]


def test_what_was_found_after_all_is_not_waited_for() -> None:
    known = Known(PACE)
    for time_s in (0.0, 0.5, 1.0):
        known.update(time_s, tracks(ONE, lost_s=time_s, doubt=1.0), HEIGHT, None)
        known.saw(time_s, ONE)
    known.update(1.1, tracks(ONE, lost_s=1.1, doubt=1.0), HEIGHT, None)
    assert known.urgency[0] < 1
    known.update(1.1, tracks(ONE, lost_s=0.1, doubt=1.0), HEIGHT, None)
    assert known.urgency[0] > 1


def test_ids_tell_tracks_apart_and_nothing_else() -> None:
    known, other = Known(PACE), Known(PACE)
    for step in range(30):
        for one, first in ((known, 1), (other, 900)):
            one.update(step / 10, tracks(TWO, speed=1.0, first_id=first), HEIGHT, None)
            one.saw(step / 10, TWO[:1])
    assert known.urgency.tolist() == other.urgency.tolist()


def test_what_does_not_stir_has_not_moved_and_what_stirs_has() -> None:
    found = (ONE + np.array([2.0, -1.5, 1.0, 2.5])).astype(np.float32)
    still, walks = Known(PACE), Known(PACE)
    still.update(0.0, tracks(ONE), HEIGHT, by(0.0))
    walks.update(0.0, tracks(ONE), HEIGHT, by(0.3))
    assert still.steadied(found).tolist() == ONE.tolist()
    assert walks.steadied(found).tolist() == found.tolist()
    assert still.steadied(found + 60).tolist() == (found + 60).tolist()
    unheard = Known(PACE)
    unheard.update(0.0, tracks(ONE), HEIGHT, None)
    assert unheard.steadied(found).tolist() == found.tolist()
