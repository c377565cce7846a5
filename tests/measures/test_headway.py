"""Headways of scripted passes."""

from __future__ import annotations

import pytest
from streets import line, scripted, seen
from walks import Walk, clock, observe, scenes

from passerby.classes import Class
from passerby.geometry import Line
from passerby.measures.headway import HeadwayMeasure
from passerby.measures.line import LineMeasure
from passerby.records import Observation, Pass
from passerby.scene import Mover

MIDDLE = Line("gate", (0.5, 0.9), (0.5, 0.1))


def headways(observations: list[Observation], way: str = "in") -> list[float | None]:
    passes = sorted((o for o in observations if isinstance(o, Pass) and o.way == way), key=lambda o: o.time_s)
    return [o.values.get("headway_s") for o in passes]


def test_the_headway_is_the_time_since_the_one_before_of_that_way() -> None:
    gate = line("gate", (-8, 14), (8, 14))
    begins = (0.0, 2.5, 9.0, 9.8)
    cars = [Mover(Class.CAR, ((t, 0.0, 26.0), (t + 2.4, 0.0, 5.0))) for t in begins]
    other = Mover(Class.PERSON, ((0.0, 4.0, 8.0), (10.0, 4.0, 20.0)))
    found = seen(HeadwayMeasure(gate), scripted(*cars, other))
    assert headways(found) == [
        None,
        pytest.approx(2.5, abs=0.02),
        pytest.approx(6.5, abs=0.02),
        pytest.approx(0.8, abs=0.02),
    ]
    assert headways(found, "out") == [None]


def test_it_sees_the_passes_of_the_line() -> None:
    walks = [Walk([(t, 0.2, y), (t + 4, 0.8, y)]) for t, y in ((0, 0.3), (1, 0.5), (1.5, 0.7), (8, 0.4))]
    lone, with_headway = (observe(m(MIDDLE), scenes(walks, clock(10, 14))) for m in (LineMeasure, HeadwayMeasure))
    assert [(o.time_s, o.class_) for o in lone if isinstance(o, Pass)] == [
        (o.time_s, o.class_) for o in with_headway if isinstance(o, Pass)
    ]


def test_who_lingers_beyond_the_line_is_still_the_one_before() -> None:
    """The first goes through at 2 s and lingers in the band, the second at 3 s and on: it is certain first."""
    slow = Walk([(0, 0.2, 0.4), (2, 0.5, 0.4), (2.2, 0.509, 0.4), (8, 0.509, 0.4), (9, 0.8, 0.4)])
    fast = Walk([(1, 0.2, 0.7), (3.5, 0.7, 0.7), (9, 0.7, 0.7)])
    found = observe(HeadwayMeasure(MIDDLE), scenes([slow, fast], clock(10, 12)))
    passes = [o for o in found if isinstance(o, Pass)]
    assert passes[0].time_s > passes[1].time_s
    assert passes[0].values["headway_s"] == pytest.approx(passes[0].time_s - passes[1].time_s)
    assert "headway_s" not in passes[1].values


def test_after_a_gap_nobody_is_known_to_have_been_before() -> None:
    first, later = Walk([(0, 0.2, 0.6), (4, 0.8, 0.6)]), Walk([(20, 0.2, 0.6), (24, 0.8, 0.6)])
    whole = observe(HeadwayMeasure(MIDDLE), scenes([first, later], clock(10, 26)))
    holed = [t for t in clock(10, 26) if not 8 < t < 15]
    assert headways(whole) == [None, pytest.approx(20.0)]
    assert headways(observe(HeadwayMeasure(MIDDLE), scenes([first, later], holed))) == [None, None]
