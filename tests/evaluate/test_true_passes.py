"""Passes of true boxes: the stated rule by hand, and the exact passes of a drawn street."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.classes import Class
from passerby.evaluate.trajectories import Trajectories
from passerby.evaluate.true_passes import true_passes
from passerby.geometry import Line
from passerby.scene import Traffic, street

SIZE = (200, 100)
LINE = Line("gate", (0.2, 0.5), (0.8, 0.5))  # to the right, so that downwards is "in"


def feet(*points: tuple[float, float], tall: float = 20) -> Trajectories:
    """One identity whose foot is at these points (px), one a frame."""
    boxes = [(x - 5, y - tall, x + 5, y) for x, y in points]
    return Trajectories.of(range(1, len(points) + 1), [3] * len(points), boxes)


def ways(truth: Trajectories) -> list[str]:
    return [p.way for p in true_passes(truth, [LINE], SIZE, 10, Class.PERSON)]


def test_the_time_and_way_of_a_pass() -> None:
    truth = feet((100, 40), (100, 48), (100, 56))
    (passed,) = true_passes(truth, [LINE], SIZE, 10, Class.PERSON)
    assert (passed.place, passed.class_, passed.way) == ("gate", Class.PERSON, "in")
    assert passed.time_s == pytest.approx(0.125)
    assert ways(feet((100, 60), (100, 40))) == ["out"]


def test_around_an_end_is_no_pass() -> None:
    assert ways(feet((20, 40), (20, 60))) == []
    assert ways(feet((180, 40), (180, 60))) == []


def test_turning_back_before_it_is_far_enough_is_no_pass() -> None:
    assert ways(feet((100, 40), (100, 51.5), (100, 40))) == []
    assert ways(feet((100, 40), (100, 51.7), (100, 40))) == ["in", "out"]


def test_standing_on_the_line_counts_when_it_goes_on() -> None:
    assert ways(feet((100, 40), (100, 50), (100, 50), (100, 50.5), (100, 49.5), (100, 60))) == ["in"]
    assert ways(feet((100, 50), (100, 50), (100, 60))) == []


def test_agrees_with_the_exact_passes_of_a_drawn_street() -> None:
    drawn = street(
        3, duration_s=12, traffic=Traffic(people=40, cyclists=0, cars=0, buses=0, trucks=0, motorcycles=0)
    )
    fps, size = 25.0, (960, 540)
    rows, boxes = [], []
    for index in range(round(drawn.duration_s * fps)):
        now = drawn.truth(index / fps)
        here = ((now.foot >= 0) & (now.foot <= 1)).all(axis=1)
        rows += [(index + 1, int(i)) for i in now.ids[here]]
        boxes.append(now.xyxy(size)[here])
    frame, identity = np.array(rows).T
    truth = Trajectories.of(frame, identity, np.concatenate(boxes))
    lines = [Line("across", (0.1, 0.55), (0.9, 0.75)), Line("down", (0.5, 0.3), (0.45, 0.95))]
    found = true_passes(truth, lines, size, fps, Class.PERSON)
    exact = [p for line in lines for p in drawn.passes(line) if p.time_s < drawn.duration_s - 0.5]
    assert len(exact) >= 8
    for line in lines:
        want = [p for p in exact if p.place == line.name]
        got = [p for p in found if p.place == line.name][: len(want)]
        assert [p.way for p in got] == [p.way for p in want]
        assert [p.time_s for p in got] == pytest.approx([p.time_s for p in want], abs=0.05)
