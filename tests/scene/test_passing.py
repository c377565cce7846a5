"""Exact passes over lines and through zones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.classes import Class
from passerby.geometry import Line, Zone, inside
from passerby.scene import Mover, Pinhole, Street, scripted, street

CAMERA = Pinhole(pan_deg=0, tilt_deg=25)  # looks straight across: right in the picture is along x
LINE = Line("line", (0.5, 0.9), (0.5, 0.1))  # points up: `in` is from left to right
ZONE = Zone("zone", ((0.3, 0.4), (0.7, 0.4), (0.7, 0.8), (0.3, 0.8)))
RANDOM = street(8, duration_s=30)


def _at(x: float, y: float = 0.6) -> tuple[float, float]:
    gx, gy = CAMERA.ground([x, y])
    return float(gx), float(gy)


def _walk(*stops: tuple[float, float], y: float = 0.6) -> Street:
    """One person through shares of the picture (time s, x), all at the same distance."""
    return scripted([Mover(Class.PERSON, tuple((t, *_at(x, y)) for t, x in stops))], camera=CAMERA)


def _ways(drawn: Street, place: Line | Zone, **rule: float) -> list[str]:
    return [p.way for p in drawn.passes(place, **rule)]


def test_left_to_right_is_in_and_the_time_is_exact() -> None:
    drawn = _walk((0, 0.2), (6, 0.8))
    (found,) = drawn.passes(LINE)
    assert (found.place, found.class_, found.way) == ("line", Class.PERSON, "in")
    assert found.time_s == pytest.approx(3.0, abs=1e-5)
    assert drawn.truth(found.time_s).foot[0, 0] == pytest.approx(0.5, abs=1e-6)
    assert _ways(_walk((0, 0.8), (6, 0.2)), LINE) == ["out"]


def test_who_stops_on_the_line_counts_once_when_going_on() -> None:
    (found,) = _walk((0, 0.2), (3, 0.5), (63, 0.5), (66, 0.8)).passes(LINE)
    assert found.way == "in"
    assert found.time_s == pytest.approx(63, abs=0.1)


def test_who_stops_on_the_line_and_goes_back_does_not_count() -> None:
    assert _ways(_walk((0, 0.2), (3, 0.5), (9, 0.5), (12, 0.2)), LINE) == []


def test_turning_back_counts_twice_only_beyond_the_least_travel() -> None:
    tall = float(_walk((0, 0.5), (1, 0.6)).truth(0).box[0] @ (0, -1, 0, 1)) / CAMERA.aspect  # in shares of width
    short, far = 0.5 + 0.05 * tall, 0.5 + 0.2 * tall
    assert _ways(_walk((0, 0.2), (3, short), (6, 0.2)), LINE) == []
    assert _ways(_walk((0, 0.2), (3, far), (6, 0.2)), LINE) == ["in", "out"]
    assert _ways(_walk((0, 0.2), (3, far), (6, 0.2)), LINE, travel=0.3) == []


def test_wavering_on_the_line_counts_once() -> None:
    waver = [(3 + 0.2 * i, 0.5 + 0.004 * (-1) ** i) for i in range(20)]
    assert _ways(_walk((0, 0.2), *waver, (10, 0.8)), LINE) == ["in"]


def test_around_the_end_of_a_line_is_no_pass() -> None:
    short = Line("short", (0.5, 0.5), (0.5, 0.1))
    assert _ways(_walk((0, 0.2), (6, 0.8), y=0.7), short) == []
    assert _ways(_walk((0, 0.2), (6, 0.8), y=0.45), short) == ["in"]


def test_a_line_near_the_edge_counts_who_comes_in_over_it() -> None:
    edge = Line("edge", (0.01, 0.9), (0.01, 0.1))
    assert _ways(_walk((0, -0.3), (6, 0.8)), edge) == ["in"]


def test_leaving_the_picture_and_coming_back_elsewhere_is_no_pass() -> None:
    assert _ways(_walk((0, 0.4), (2, -0.5), (2.1, 1.5), (4, 0.7)), LINE) == []


def test_a_parked_car_on_the_line_never_passes() -> None:
    drawn = scripted([Mover(Class.CAR, ((0, *_at(0.5)),))], camera=CAMERA, duration_s=60)
    assert drawn.passes(LINE) == ()


def test_into_and_out_of_a_zone() -> None:
    found = _walk((0, 0.1), (8, 0.9)).passes(ZONE)
    assert [p.way for p in found] == ["in", "out"]
    assert [p.time_s for p in found] == pytest.approx([2.0, 6.0], abs=1e-4)


def test_who_is_first_seen_inside_has_not_entered() -> None:
    assert _ways(_walk((0, 0.5), (8, 0.9)), ZONE) == ["out"]
    assert _ways(_walk((0, 0.1), (8, 0.5)), ZONE) == ["in"]


def test_inside_counts_feet() -> None:
    drawn = _walk((0, 0.1), (8, 0.9))
    assert [drawn.inside(ZONE, t) for t in (0.0, 4.0, 8.0)] == [{}, {Class.PERSON: 1}, {}]


@settings(max_examples=25)
@given(st.lists(st.floats(0.05, 0.95), min_size=3, max_size=8), st.booleans())
def test_a_closed_way_comes_to_as_many_in_as_out(stops: list[float], zone: bool) -> None:
    closed = [*stops, stops[0]]
    drawn = _walk(*((3.0 * i, x) for i, x in enumerate(closed)))
    place = ZONE if zone else LINE
    start = drawn.truth(0.0)
    gap = np.abs(start.foot[0, 0] - (np.array([0.3, 0.7]) if zone else np.array([0.5])))
    if (gap < 0.05).any():
        return  # who begins within the least travel of the place may end there without having come back
    ways = Counter(_ways(drawn, place))
    assert ways["in"] == ways["out"]


@settings(max_examples=20)
@given(st.tuples(*[st.floats(0.02, 0.98)] * 4))
def test_reversing_a_line_swaps_in_and_out(ends: tuple[float, float, float, float]) -> None:
    x1, y1, x2, y2 = ends
    if abs(x1 - x2) + abs(y1 - y2) < 0.1:
        return
    line = Line("l", (x1, y1), (x2, y2))
    there, back = RANDOM.passes(line), RANDOM.passes(Line("l", line.b, line.a))
    swapped = [replace(p, way="out" if p.way == "in" else "in") for p in back]
    assert [(p.class_, p.way) for p in swapped] == [(p.class_, p.way) for p in there]
    assert [p.time_s for p in swapped] == pytest.approx([p.time_s for p in there], abs=1e-4)


@pytest.mark.parametrize("fps", [15, 24])
def test_a_look_frame_by_frame_finds_the_same_passes_at_any_rate(fps: float) -> None:
    """Passes, found exactly from the paths, against sides of the line looked up in each frame."""
    lines = [p for p in RANDOM.places if isinstance(p, Line)]
    exact = Counter((p.place, p.class_, p.way) for line in lines for p in RANDOM.passes(line, travel=0.0))
    assert sum(exact.values()) > 10
    assert _looked(RANDOM, lines, fps) == exact


def _looked(drawn: Street, lines: list[Line], fps: float) -> Counter[tuple[str, Class, str]]:
    """Changes of side from frame to frame, without any rule but that the way meets the line between its ends."""
    found: Counter[tuple[str, Class, str]] = Counter()
    last: dict[tuple[str, int], float] = {}
    ends = {line.name: np.array(line.points) for line in lines}
    for index in range(int(drawn.duration_s * fps) + 1):
        now = drawn.poses(index / fps)
        here: dict[tuple[str, int], float] = {}
        for actor, box in zip(now.actors, now.box, strict=True):
            foot = np.array([(box[0] + box[2]) / 2, box[3]])
            if not ((foot >= 0) & (foot <= 1)).all():
                continue
            for name, (a, b) in ends.items():
                along, rel = b - a, foot - a
                side = float(along[0] * rel[1] - along[1] * rel[0])
                here[name, actor.id] = side
                before = last.get((name, actor.id), side)
                if (before > 0) != (side > 0) and 0 <= rel @ along / (along @ along) <= 1:
                    found[name, actor.class_, "in" if side > 0 else "out"] += 1
        last = here
    return found


def test_entries_less_exits_are_the_change_of_who_is_inside() -> None:
    zone = next(p for p in RANDOM.places if isinstance(p, Zone))
    births = deaths = 0
    for actor in RANDOM.actors:  # who comes out of a door, or goes in, within the zone
        for at, sign in ((actor.path.start_s, 1), (actor.path.end_s, -1)):
            if 0 < at < RANDOM.duration_s:
                box = actor.boxes(RANDOM.camera, np.array([at]))
                foot = [[(box[0, 0] + box[0, 2]) / 2, box[0, 3]]]
                within = bool(inside(foot, zone.points)[0])
                births, deaths = births + (within and sign > 0), deaths + (within and sign < 0)
    ways = Counter(p.way for p in RANDOM.passes(zone, travel=0.0))
    change = sum(RANDOM.inside(zone, RANDOM.duration_s).values()) - sum(RANDOM.inside(zone, 0.0).values())
    assert ways["in"] - ways["out"] + births - deaths == change
