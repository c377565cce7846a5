"""Who is inside a zone, who enters and who leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walks import ASPECT, Walk, clock, observe, scenes, ways

from passerby.classes import Class
from passerby.geometry import Zone
from passerby.measures.zone import ZoneMeasure
from passerby.records import Observation, Pass, Sample
from passerby.testing import check_measure

SQUARE = Zone("square", ((0.3, 0.3), (0.7, 0.3), (0.7, 0.8), (0.3, 0.8)))
THROUGH = Walk([(0, 0.1, 0.5), (10, 0.9, 0.5)])  # in at 2.5 s, out at 7.5 s


def watch(walks: Sequence[Walk], zone: Zone = SQUARE, until_s: float = 12, fps: float = 10) -> list[Observation]:
    return observe(ZoneMeasure(zone, classes=["person"]), scenes(walks, clock(fps, until_s)))


def passes(observations: Sequence[Observation]) -> list[Pass]:
    return [o for o in observations if isinstance(o, Pass)]


def inside(observations: Sequence[Observation]) -> list[float]:
    return [o.value for o in observations if isinstance(o, Sample)]


def test_keeps_the_promises_of_a_measure() -> None:
    check_measure(lambda: ZoneMeasure(SQUARE))


def test_who_walks_through_enters_and_leaves_and_has_dwelt() -> None:
    entry, leave = passes(watch([THROUGH]))
    assert (entry.way, leave.way) == ("in", "out")
    assert [entry.time_s, leave.time_s] == pytest.approx([2.5, 7.5])
    assert dict(entry.values) == {}
    assert dict(leave.values) == pytest.approx({"dwell_s": 5.0})


def test_inside_is_sampled_every_second_zeros_included() -> None:
    samples = [o for o in watch([THROUGH, replace(THROUGH)]) if isinstance(o, Sample)]
    assert [s.time_s for s in samples] == pytest.approx(range(13))
    assert {s.quantity for s in samples} == {"inside"}
    settled_after = 1  # one sample may be taken before the entry is settled
    assert [s.value for s in samples[:3]] == [0, 0, 0]
    assert [s.value for s in samples[3 + settled_after : 8]] == [2, 2, 2, 2]
    assert [s.value for s in samples[8 + settled_after :]] == [0, 0, 0, 0]


@pytest.mark.parametrize("fps", [5, 30])
def test_samples_follow_the_clock_and_not_the_frames(fps: float) -> None:
    assert len(inside(watch([THROUGH], fps=fps))) == 13


def test_every_class_that_is_asked_for_is_sampled() -> None:
    measure = ZoneMeasure(SQUARE, classes=["car", "person"], sample_s=2.0)
    samples = [o for o in observe(measure, scenes([THROUGH], clock(10, 3.9))) if isinstance(o, Sample)]
    assert [(s.time_s, s.class_) for s in samples] == [
        (0.0, Class.PERSON),
        (0.0, Class.CAR),
        (2.0, Class.PERSON),
        (2.0, Class.CAR),
    ]


def test_a_frame_that_is_skipped_while_nobody_is_followed_settles_nothing() -> None:
    """Lost inside, near the border, on the way out, and found again a moment later on the way back in."""
    back = Walk(
        [(0, 0.1, 0.5), (4, 0.6, 0.5), (6, 0.68, 0.5), (8, 0.5, 0.5)], hidden=[(5.95, 6.45)], renamed=[5.95]
    )
    shown = scenes([back], clock(10, 7.9))
    skipped = [s if len(s.tracks) or s.over else replace(s, looked=s.looked[:0]) for s in shown]
    assert any(not len(s.tracks) and 5.9 < s.time_s < 6.5 for s in skipped)
    assert ways(observe(ZoneMeasure(SQUARE, classes=["person"]), skipped)) == ["in"]


def test_wavering_on_the_border_is_no_entry() -> None:
    stands = Walk([(0, 0.1, 0.5), (3, 0.3, 0.5), (60, 0.3, 0.5)], bob=lambda t: (0.05 * sin(6 * t), 0.0))
    assert passes(watch([stands], until_s=60)) == []


def test_who_appears_deep_inside_is_inside_and_has_not_entered() -> None:
    at_the_door = Walk([(0, 0.5, 0.55), (5, 0.5, 0.55), (8, 0.9, 0.55)])
    found = watch([at_the_door], until_s=9)
    assert [(p.way, dict(p.values)) for p in passes(found)] == [("out", {})]
    assert inside(found)[:5] == [1.0] * 5


def test_who_vanishes_deep_inside_has_not_left() -> None:
    into_the_door = Walk([(0, 0.1, 0.5), (5, 0.5, 0.5), (6, 0.5, 0.5)])
    found = watch([into_the_door], until_s=9)
    assert ways(found) == ["in"]
    assert inside(found)[-2:] == [0.0, 0.0]


def test_a_border_on_the_edge_of_the_picture_is_crossed_unseen() -> None:
    left_half = Zone("half", ((0, 0), (0.5, 0), (0.5, 1), (0, 1)))
    comes, goes = Walk([(0, 0.02, 0.5), (3, 0.3, 0.5), (9, 0.3, 0.5)]), Walk([(0, 0.3, 0.5), (5, 0.02, 0.5)])
    assert ways(watch([comes], left_half)) == ["in"]
    assert ways(watch([goes], left_half)) == ["out"]


def test_a_stay_outlives_the_id_of_its_track() -> None:
    renamed = replace(THROUGH, renamed=[5.0], hidden=[(4.8, 5.2)])
    entry, leave = passes(watch([renamed]))
    assert leave.values["dwell_s"] == pytest.approx(5.0)
    assert entry.way == "in"


def test_what_never_proves_true_is_not_inside() -> None:
    found = watch([replace(THROUGH, confirmed_from=99)])
    assert passes(found) == []
    assert set(inside(found)) == {0.0}


points = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
paths = st.lists(points, min_size=2, max_size=6).map(
    lambda p: Walk([(2.0 * i, x, y) for i, (x, y) in enumerate(p)])
)


@settings(max_examples=60)
@given(st.lists(paths, min_size=1, max_size=3))
def test_entries_less_exits_are_who_is_inside(walks: list[Walk]) -> None:
    """As long as everyone is seen from outside to outside."""
    around = [
        Walk([(0, -0.2, y), *((t + 2, x, y2) for t, x, y2 in w.way), (14, 1.2, y)]) for w in walks for y in (0.5,)
    ]
    found = watch(around, until_s=15)
    held, seen = 0, []
    for o in found:
        if isinstance(o, Pass):
            held += 1 if o.way == "in" else -1
        elif isinstance(o, Sample):
            seen.append((held, o.value))
    assert held == 0
    assert all(before == value for before, value in seen)


@settings(max_examples=30)
@given(st.lists(paths, min_size=1, max_size=3), st.integers(2, 2**60))
def test_other_ids_give_the_same_observations(walks: list[Walk], first: int) -> None:
    some, others = (observe(ZoneMeasure(SQUARE), scenes(walks, clock(5, 12), first_id=i)) for i in (1, first))
    assert some == others


def test_depth_is_the_same_in_every_direction() -> None:
    """Heights of the picture, not shares, so that a wide picture has no wider margins along x."""
    beyond = 0.5 * 0.2 * 1.1  # heights of the picture: a little more than `near` for somebody 0.2 tall
    left = Walk([(0, 0.3 + beyond / ASPECT, 0.55), (3, 0.1, 0.55)])
    above = Walk([(0, 0.5, 0.3 + beyond), (3, 0.5, 0.1)])
    nearer = Walk([(0, 0.3 + 0.8 * beyond / ASPECT, 0.55), (3, 0.5, 0.55)])
    assert [ways(watch([walk])) for walk in (left, above, nearer)] == [["out"], ["out"], ["in"]]
