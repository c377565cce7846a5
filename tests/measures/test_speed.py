"""Speeds of drawn road users against those that they were drawn with."""

from __future__ import annotations

import numpy as np
import pytest
from streets import ground, line, scripted, seen
from walks import Walk, clock, observe, scenes

from passerby.classes import Class
from passerby.errors import ConfigError
from passerby.geometry import Line
from passerby.ground import Ground
from passerby.measures.speed import SpeedMeasure
from passerby.records import Observation, Pass
from passerby.scene import Mover, street

GATE = line("gate", (-8, 14), (8, 14))  # what comes towards the camera goes from left to right of the arrow


def across(class_: Class, speed: float, begin_s: float = 0.0, x: float = 0.0) -> Mover:
    """Straight over the line, from 24 m to 7 m ahead of the mast."""
    return Mover(class_, ((begin_s, x, 24.0), (begin_s + 17 / speed, x, 7.0)))


def speeds(observations: list[Observation]) -> list[float]:
    return [o.values["speed_mps"] for o in observations if isinstance(o, Pass) and "speed_mps" in o.values]


@pytest.mark.parametrize(
    ("class_", "speed"), [(Class.PERSON, 1.3), (Class.BICYCLE, 4.5), (Class.CAR, 8.3), (Class.CAR, 13.9)]
)
def test_the_speed_is_that_on_the_ground(class_: Class, speed: float) -> None:
    (found,) = speeds(seen(SpeedMeasure(GATE, ground=ground()), scripted(across(class_, speed))))
    assert found == pytest.approx(speed, rel=0.05)


def test_a_foot_that_trembles_and_jumps_changes_little() -> None:
    measure = SpeedMeasure(GATE, ground=ground())
    found = speeds(
        seen(measure, scripted(*(across(Class.PERSON, 1.4, 2.0 * k, k - 4.0) for k in range(9))), noise=0.005)
    )
    assert len(found) == 9
    assert np.mean(found) == pytest.approx(1.4, rel=0.05)
    assert found == pytest.approx([1.4] * 9, abs=0.3)


def test_the_speeds_of_a_random_street_are_right_in_mean_and_percentile() -> None:
    drawn = street(3, duration_s=120)
    (gate,) = (place for place in drawn.places if place.name == "carriageway" and isinstance(place, Line))
    plane = pinhole_ground(drawn.camera)
    found = [o for o in seen(SpeedMeasure(gate, ground=plane), drawn, plane) if isinstance(o, Pass)]
    assert len(found) == len(drawn.passes(gate))
    pairs = [(o.values["speed_mps"], true) for o in found if (true := _true(drawn, o, gate)) is not None]
    measured, true = np.array(pairs).T
    assert len(pairs) > 25
    assert measured.mean() == pytest.approx(true.mean(), rel=0.02)
    assert np.percentile(measured, 85) == pytest.approx(np.percentile(true, 85), rel=0.05)


def test_who_stood_on_the_line_for_long_has_no_speed() -> None:
    stands = Mover(Class.PERSON, ((0.0, 0.0, 20.0), (5.0, 0.0, 14.0), (30.0, 0.0, 13.9), (35.0, 0.0, 8.0)))
    found = seen(SpeedMeasure(GATE, ground=ground()), scripted(stands))
    assert [o.way for o in found if isinstance(o, Pass)] == ["in"]
    assert all(0 <= speed < 0.5 for speed in speeds(found))


def test_without_metres_there_is_no_speed_and_no_measure() -> None:
    with pytest.raises(ConfigError, match="a speed at 'gate' needs metres, and this camera has no ground"):
        SpeedMeasure(GATE)
    scenes_without = scenes([Walk([(0, 0.5, 0.1), (4, 0.5, 0.9)])], clock(10, 5))
    found = observe(SpeedMeasure(GATE, ground=ground()), scenes_without)
    assert [type(o) for o in found] == [Pass]
    assert speeds(found) == []


def test_a_line_in_the_sky_has_no_metres() -> None:
    level = Ground.fit([[0.1, 0.9, -3, 5], [0.9, 0.9, 3, 5], [0.6, 0.5, 3, 40], [0.4, 0.5, -3, 40]])
    with pytest.raises(ConfigError, match="'sky' reaches above the horizon"):
        SpeedMeasure(Line("sky", (0.1, 0.1), (0.9, 0.6)), ground=level)


def pinhole_ground(camera: object) -> Ground:
    spots = np.array([(6.0, 0.0), (20.0, 12.0), (20.0, 0.0), (40.0, 12.0), (10.0, 5.0)])
    shown = camera.picture(np.column_stack([spots, np.zeros(5)]))  # type: ignore[attr-defined]
    return Ground.fit(np.hstack([shown, spots]).tolist())


def _true(drawn: object, found: Pass, gate: Line) -> float | None:
    """The speed of the one actor whose foot is on the line then, if it is only one."""
    now = drawn.truth(found.time_s)  # type: ignore[attr-defined]
    (x1, y1), (x2, y2) = gate.points
    off = np.abs((x2 - x1) * (now.foot[:, 1] - y1) - (y2 - y1) * (now.foot[:, 0] - x1))
    on = np.flatnonzero((off < 0.003) & (now.class_id == found.class_))
    return float(now.speed[on[0]]) if len(on) == 1 else None
