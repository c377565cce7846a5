"""Following people and vehicles through what makes trackers lose them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walks import ASPECT, SIZE, Walk, clock, follow, numbers, sights

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.frame import Size
from passerby.stages import Sight
from passerby.testing import check_tracker
from passerby.trackers.passer import Passer

RIGHT = Walk([(0, 0.1, 0.6), (8, 0.9, 0.6)])
SWAY = 0.03  # own heights


def swaying(walk: Walk) -> Walk:
    return replace(walk, bob=lambda t: (SWAY * sin(5 * t), 0.0))


def run(walks: Sequence[Walk], fps: float = 10, until_s: float = 0, **options: float) -> list[Tracks]:
    until_s = until_s or max(w.way[-1][0] for w in walks)
    return follow(Passer(ids=numbers(), **options), sights(walks, clock(fps, until_s)))


def ids(steps: Iterable[Tracks], *, confirmed: bool = True) -> set[int]:
    """All ids that were ever confirmed, or that there ever were."""
    return {int(i) for t in steps for i in t.ids[t.confirmed if confirmed else slice(None)]}


def holder(tracks: Tracks, walk: Walk, time_s: float) -> int:
    """The id of the track that is nearest to a walk."""
    away = np.hypot(*((tracks.foot - walk.foot(time_s)) * (ASPECT, 1)).T)
    assert away.min() < 0.3 * walk.tall
    return int(tracks.ids[away.argmin()])


def test_keeps_the_promises_of_a_tracker() -> None:
    check_tracker(Passer)


def test_where_it_is_how_fast_and_how_tall() -> None:
    last = run([RIGHT])[-1]
    assert last.foot[0] == pytest.approx([0.9, 0.6], abs=0.01)
    assert last.velocity[0] == pytest.approx([0.1, 0.0], abs=0.01)
    assert last.height[0] == pytest.approx(0.2, abs=0.01)
    assert last.class_id.tolist() == [Class.PERSON]


@pytest.mark.parametrize("fps", [5, 10, 30])
def test_people_who_cross_keep_their_tracks(fps: float) -> None:
    other = Walk([(0, 0.9, 0.63), (8, 0.1, 0.63)])
    walks = [replace(RIGHT, hidden=[(3.7, 4.3)]), other]  # the one behind is hidden by the one before
    steps = run(walks, fps)
    first, last = clock(fps, 8)[round(2 * fps)], 8.0
    assert len(ids(steps)) == 2
    for walk in walks:
        assert holder(steps[round(2 * fps)], walk, first) == holder(steps[-1], walk, last)


@pytest.mark.parametrize("gap_s", [0.5, 1.0, 2.0])
def test_a_pole_hides_someone_for_a_while(gap_s: float) -> None:
    steps = run([replace(RIGHT, hidden=[(4.0, 4.0 + gap_s)])])
    assert len(ids(steps, confirmed=False)) == 1


@pytest.mark.parametrize("fps", [5, 10, 30])
def test_who_follows_another_on_the_same_way_is_somebody_else(fps: float) -> None:
    """One after the other walks down and out of the picture; the next comes in at the top in that moment."""
    walks = [Walk([(2.5 * k, 0.5, 0.1), (2.5 * k + 2.5, 0.5, 1.15)]) for k in range(8)]
    assert len(ids(run(walks, fps))) == len(walks)


def test_who_is_gone_for_long_is_forgotten() -> None:
    steps = run([replace(RIGHT, hidden=[(2.0, 6.0)])])
    assert len(ids(steps)) == 2


def test_who_stands_for_a_minute_does_not_drift_and_walks_on() -> None:
    waits = swaying(Walk([(0, 0.2, 0.6), (3, 0.5, 0.6), (63, 0.5, 0.6), (66, 0.8, 0.6)], hidden=[(30, 32)]))
    steps = run([waits])
    assert len(ids(steps, confirmed=False)) == 1
    assert all(abs(t.foot[0, 0] - 0.5) < 0.02 for t in steps[50:620])


def test_who_turns_keeps_the_track() -> None:
    steps = run([Walk([(0, 0.2, 0.6), (3, 0.6, 0.6), (6, 0.2, 0.6)])])
    assert len(ids(steps, confirmed=False)) == 1


def test_a_board_that_looks_like_a_person_is_no_person() -> None:
    """Found in every frame for ten minutes, somewhat sure, never moving."""
    board = Walk([(0, 0.3, 0.5), (600, 0.3, 0.5)], score=0.55, bob=lambda t: (0.003 * sin(37 * t), 0.0))
    assert ids(run([board], fps=3)) == set()


def test_who_stands_still_from_the_start_counts_for_a_while_and_again_when_they_walk() -> None:
    stands = swaying(Walk([(0, 0.3, 0.5), (60, 0.3, 0.5), (64, 0.7, 0.5)], score=0.5))
    steps = run([stands], fps=5, still_s=40.0)
    confirmed = [bool(t.confirmed[0]) for t in steps]
    assert all(confirmed[10:199])
    assert not any(confirmed[201:299])
    assert confirmed[-1]
    assert len(ids(steps)) == 1


def test_one_glance_is_not_enough() -> None:
    glance = replace(RIGHT, way=[(0, 0.1, 0.6), (0.2, 0.12, 0.6)])
    assert ids(run([glance], until_s=3)) == set()


def test_one_object_under_two_labels_is_one_track() -> None:
    van = Walk([(0, 0.1, 0.6), (4, 0.9, 0.6)], wide=1.5, class_=Class.CAR, score=0.7)
    again = replace(van, class_=Class.TRUCK, score=0.5, bob=lambda t: (0.02, 0.0))
    steps = run([van, again])
    assert len(ids(steps, confirmed=False)) == 1
    assert steps[-1].class_id.tolist() == [Class.CAR]


def test_the_class_is_voted_over_the_life() -> None:
    bus = Walk([(0, 0.1, 0.6), (4, 0.9, 0.6)], wide=2.0, class_=Class.BUS, score=0.8)
    doubts = [replace(bus, class_=Class.TRUCK, score=0.9, hidden=[(0.0, 3.6)]), replace(bus, hidden=[(3.6, 9.0)])]
    steps = run(doubts)
    assert len(ids(steps, confirmed=False)) == 1
    assert steps[-1].class_id.tolist() == [Class.BUS]


def test_a_rider_and_what_they_ride_are_one_bicycle() -> None:
    """The rider is seen always, the cycle in every other frame and less surely."""
    rider = Walk([(0, 0.1, 0.55), (4, 0.9, 0.55)])
    flicker = [(t, t + 0.1) for t in np.arange(0.05, 4, 0.2)]
    cycle = Walk(
        [(0, 0.1, 0.6), (4, 0.9, 0.6)], tall=0.12, wide=1.4, class_=Class.BICYCLE, score=0.5, hidden=flicker
    )
    steps = run([rider, cycle])
    assert len(ids(steps)) == 1
    assert steps[-1].class_id.tolist() == [Class.BICYCLE]


def test_a_foot_that_is_hidden_for_a_moment_stays_where_it_is() -> None:
    """The box is cut at the knees for half a second; top and height still say where the foot is."""
    shown = list(sights([RIGHT], clock(10, 8)))
    for sight in shown[40:45]:
        sight.found.xyxy[:, 3] -= 0.3 * 0.2 * SIZE.height
    steps = follow(Passer(ids=numbers()), shown)
    assert all(abs(t.foot[0, 1] - 0.6) < 0.15 * 0.2 for t in steps[40:55])


def test_a_box_that_grows_in_from_the_border_is_no_motion_of_its_foot() -> None:
    """A car that drives in from below: its bottom stays on the border until it is in."""
    car = Walk([(0, 0.5, 1.3), (3, 0.5, 0.3)], tall=0.4, wide=0.6, class_=Class.CAR)
    steps = run([car], fps=12)
    assert len(ids(steps, confirmed=False)) == 1
    for k, tracks in enumerate(steps):
        if len(tracks):
            assert tracks.foot[0, 1] == pytest.approx(min(car.foot(k / 12)[1], 1.0), abs=0.1)


@pytest.mark.parametrize("fps", [5, 7.5, 12.5, 30])
def test_any_frame_rate_follows_a_fast_car(fps: float) -> None:
    car = Walk([(0, 0.0, 0.6), (1.6, 1.0, 0.6)], tall=0.12, wide=2.2, class_=Class.CAR)
    steps = run([car], fps)
    assert len(ids(steps, confirmed=False)) == 1
    assert steps[-2].confirmed.all()


def test_irregular_frames_follow() -> None:
    times = np.cumsum(np.random.default_rng(2).uniform(0.02, 0.4, 36))
    steps = follow(
        Passer(ids=numbers()), sights([RIGHT, replace(RIGHT, way=[(0, 0.9, 0.8), (8, 0.1, 0.8)])], times)
    )
    assert len(ids(steps, confirmed=False)) == 2


def test_who_left_does_not_come_back_as_the_next_who_enters() -> None:
    leaves = Walk([(0, 0.7, 0.6), (3, 1.05, 0.6)])
    enters = Walk([(4.2, 1.05, 0.6), (7, 0.7, 0.6)])
    assert len(ids(run([leaves, enters]))) == 2


def test_skipped_frames_carry_everything() -> None:
    """Only every fifth frame is looked at; in between tracks go on, unseen."""
    shown = [
        s if k % 5 == 0 else replace(s, found=Detections.empty(), looked=s.looked[:0])
        for k, s in enumerate(sights([RIGHT], clock(10, 8)))
    ]
    steps = follow(Passer(ids=numbers()), shown)
    assert len(ids(steps, confirmed=False)) == 1
    assert steps[-2].lost_s[0] == pytest.approx(0.4)
    assert steps[-2].foot[0, 0] == pytest.approx(RIGHT.foot(7.9)[0], abs=0.01)


def test_absence_counts_only_where_somebody_looked() -> None:
    left = np.array([[0, 0, SIZE.width / 2, SIZE.height]], np.float32)
    stands = [swaying(Walk([(0, x, 0.6), (12, x, 0.6)], hidden=[(4, 12)])) for x in (0.25, 0.75)]
    shown = [s if s.time_s < 4 else replace(s, looked=left) for s in sights(stands, clock(5, 9))]
    last = follow(Passer(ids=numbers()), shown)[-1]
    assert last.foot[:, 0] == pytest.approx([0.75], abs=0.02)


def test_what_nobody_looks_for_is_forgotten_in_the_end() -> None:
    tracker = Passer(ids=numbers())
    follow(tracker, sights([RIGHT], clock(10, 4)))
    never = Sight(0.0, SIZE, Detections.empty(), np.empty((0, 4), np.float32))
    assert len(follow(tracker, (replace(never, time_s=4 + t) for t in range(1, 30)))[-1]) == 0


def test_motion_that_was_measured_in_the_picture_is_used() -> None:
    """It stops unseen; the picture says so."""
    tracker = Passer(ids=numbers())
    before = follow(tracker, sights([RIGHT], clock(10, 4)))[-1]
    stopped = np.zeros((1, 2), np.float32)
    unknown = np.full((1, 2), np.nan, np.float32)
    skipped = Sight(4.0, SIZE, Detections.empty(), np.empty((0, 4), np.float32))
    blind = Passer(ids=numbers())
    follow(blind, sights([RIGHT], clock(10, 4)))
    for k in range(1, 11):
        told = tracker.update(replace(skipped, time_s=4 + k / 10, shift=stopped))
        guessed = blind.update(replace(skipped, time_s=4 + k / 10, shift=unknown))
    assert told.foot[0, 0] == pytest.approx(before.foot[0, 0], abs=0.02)
    assert guessed.foot[0, 0] == pytest.approx(before.foot[0, 0] + 0.1, abs=0.01)


def test_after_many_shifts_it_still_hears_where_something_is() -> None:
    """Told for two seconds that it moved on, and then seen where it would be had it slowed down."""
    tracker = Passer(ids=numbers())
    (last,) = follow(tracker, sights([RIGHT], clock(10, 4)))[-1:]
    skipped = Sight(4.0, SIZE, Detections.empty(), np.empty((0, 4), np.float32))
    step = np.array([[0.01 * SIZE.width, 0.0]], np.float32)
    for k in range(1, 21):
        tracker.update(replace(skipped, time_s=4 + k / 10, shift=step))
    (seen,) = sights([Walk([(6.1, 0.68, 0.6), (7, 0.68, 0.6)])], [6.1])
    now = tracker.update(seen)
    assert now.ids.tolist() == last.ids.tolist()
    assert now.foot[0, 0] == pytest.approx(0.68, abs=0.01)


def rough(walk: Walk, until_s: float) -> list[Tracks]:
    shown = (replace(s, rough=np.ones(len(s.found), np.bool_)) for s in sights([walk], clock(10, until_s)))
    return follow(Passer(ids=numbers()), shown)


def test_a_blob_that_walks_like_a_person_is_one_and_a_wide_one_is_not() -> None:
    person = Walk([(0, 0.1, 0.6), (8, 0.9, 0.6)], score=0.5)
    car = Walk([(0, 0.1, 0.6), (2, 0.9, 0.6)], score=0.5, wide=0.9)
    fast = Walk([(0, 0.1, 0.6), (0.8, 0.9, 0.6)], score=0.5)
    assert rough(person, 8)[-1].class_id.tolist() == [Class.PERSON]
    assert rough(car, 2)[-1].class_id.tolist() == [Class.UNKNOWN]
    assert rough(fast, 0.8)[-1].class_id.tolist() == [Class.UNKNOWN]


def test_a_tree_in_the_wind_is_not_counted() -> None:
    tree = Walk([(0, 0.5, 0.6), (60, 0.5, 0.6)], score=0.5, bob=lambda t: (0.2 * sin(3 * t), 0.1 * sin(2 * t)))
    assert not any(t.confirmed.any() for t in rough(tree, 60))


def test_nothing_grows_with_time() -> None:
    """Three hundred people walk by, one after the other."""
    tracker = Passer(ids=numbers())
    most = 0
    for k in range(300):
        walk = Walk([(k, 0.1, 0.6), (k + 1.0, 0.4, 0.6)])
        steps = follow(tracker, sights([walk], [k, k + 0.25, k + 0.5, k + 0.75]))
        most = max(most, *(len(t) for t in steps))
    assert most < 10


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0.3, 1), st.floats(0, 1), st.floats(0.3, 1)), min_size=1, max_size=5
    )
)
def test_neither_ids_nor_the_order_of_boxes_matter(ways: list[tuple[float, float, float, float]]) -> None:
    walks = [Walk([(0, a, b), (4, c, d)], score=0.9 - 0.01 * k) for k, (a, b, c, d) in enumerate(ways)]
    one = run(walks, fps=5)
    shown = sights(walks[::-1], clock(5, 4))
    other = follow(Passer(), shown)
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(a.foot, b.foot)
        assert np.array_equal(a.confirmed, b.confirmed)
        assert np.array_equal(a.class_id, b.class_id)


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0.3, 1), st.floats(0, 1), st.floats(0.3, 1)), min_size=1, max_size=5
    )
)
def test_what_it_says_is_always_sound(ways: list[tuple[float, float, float, float]]) -> None:
    walks = [Walk([(0, a, b), (3, c, d)], tall=0.05 + 0.1 * k) for k, (a, b, c, d) in enumerate(ways)]
    for tracks in run(walks, fps=5, until_s=6):
        assert all(np.isfinite(v).all() for v in (tracks.xyxy, tracks.foot, tracks.velocity, tracks.lost_s))
        assert (tracks.height > 0).all()
        assert len(set(tracks.ids.tolist())) == len(tracks)


@pytest.mark.parametrize("size", [Size(320, 240), Size(1920, 1080)])
def test_an_empty_street_is_empty(size: Size) -> None:
    assert ids(follow(Passer(), sights([], clock(5, 2), size=size)), confirmed=False) == set()
