"""Moving blobs that nothing else accounts for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Size
from passerby.motion.stir import State, Stir, Stirred
from passerby.motion.unclaimed import Unclaimed
from passerby.sources.stream import Stream

SIZE = Size(768, 432)
NOBODY = np.empty((0, 4), np.float32)
Boxes = list[tuple[float, float, float, float]]


def stirred(time_s: float, boxes: Boxes, *, state: State = "ok", fill: float = 1.0) -> Stirred:
    mask = np.zeros((108, 192), np.bool_)
    kept = [b for b in boxes if b[2] > 0 and b[0] < SIZE.width]
    rows = np.clip(np.array(kept, np.float32).reshape(-1, 4), 0, np.array([*SIZE, *SIZE]))
    for left, top, right, bottom in (rows / 4).astype(int).tolist():
        mask[top : top + max(round(fill * (bottom - top)), 1), left:right] = True
    return Stirred(time_s, SIZE, mask, rows.astype(np.float32), state)


def car(time_s: float, speed: float = 200.0) -> tuple[float, float, float, float]:
    left = -150 + speed * time_s
    return (left, 100, left + 240, 240)


def run(
    shown: Callable[[float], Stirred], claimed: Callable[[float], Boxes], *, fps: float = 10
) -> list[Detections]:
    sense = Unclaimed()
    times = [index / fps for index in range(round(4 * fps))]
    boxes = [np.array(claimed(t), np.float32).reshape(-1, 4) for t in times]
    return [sense.update(shown(t), partial(np.copy, there)) for t, there in zip(times, boxes, strict=True)]


@settings(max_examples=15)
@given(st.floats(5, 30), st.floats(100, 600))
def test_a_car_that_nobody_finds_is_given_once_a_frame(fps: float, speed: float) -> None:
    found = run(lambda t: stirred(t, [car(t, speed)]), lambda _: [], fps=fps)
    assert all(len(f) <= 1 for f in found)
    given = [(index / fps, f) for index, f in enumerate(found) if len(f)]
    assert given
    assert given[-1][1].class_id[0] == Class.VEHICLE
    for t, f in given:
        assert f.xyxy[0] == pytest.approx(np.clip(car(t, speed), 0, [*SIZE, *SIZE]), abs=0.01)


def test_what_others_account_for_is_theirs() -> None:
    assert not any(len(f) for f in run(lambda t: stirred(t, [car(t)]), lambda t: [car(t)]))


def test_what_is_mostly_found_is_left_to_the_detector() -> None:
    found = run(lambda t: stirred(t, [car(t)]), lambda t: [car(t)] if round(10 * t) % 3 else [])
    assert not any(len(f) for f in found[10:])


def test_what_goes_nowhere_is_no_object() -> None:
    sways = run(
        lambda t: stirred(t, [(300 + 15 * np.sin(9 * t), 100, 420 + 15 * np.sin(9 * t), 260)]), lambda _: []
    )
    assert not any(len(f) for f in sways)


@pytest.mark.parametrize("box", [(0, 0, 40, 80), (0, 0, 12, 300)])
def test_what_is_small_or_slim_is_left_to_the_detector(box: tuple[int, ...]) -> None:
    left, top, right, bottom = box

    def shown(t: float) -> Stirred:
        return stirred(t, [(left + 200 * t, top, right + 200 * t, bottom)])

    assert not any(len(f) for f in run(shown, lambda _: []))


def test_a_rim_is_no_object() -> None:
    assert not any(len(f) for f in run(lambda t: stirred(t, [car(t)], fill=0.2), lambda _: []))


def test_nothing_is_said_while_the_view_is_not_itself() -> None:
    assert not any(len(f) for f in run(lambda t: stirred(t, [car(t)], state="light"), lambda _: []))


def test_two_that_pass_each_other_are_two_again() -> None:
    def shown(t: float) -> Stirred:
        a, b = (100, 400 - 150 * t, 300, 560 - 150 * t), (310, -100 + 150 * t, 510, 60 + 150 * t)
        boxes: Boxes = [a, b]
        if 1.4 < t < 2.0:
            boxes = [(100, min(a[1], b[1]), 510, max(a[3], b[3]))]
        return stirred(t, boxes)

    found = run(shown, lambda _: [])
    assert len(found[13]) == 2
    assert not any(len(f) for f in found[15:20])
    assert len(found[21]) == 2


@pytest.mark.clips
def test_four_cars_from_above_and_nobody_else(assets: Path) -> None:
    """Two cars drive up over the middle, two down, as counted by eye; most of the film is an empty place."""
    given = list(_given(assets / "clips" / "car-detection.mp4"))
    classes = [class_ for _, f in given for class_ in f.class_id]
    assert classes.count(Class.VEHICLE) >= 0.9 * len(classes)
    frames = {index for index, f in given if len(f)}
    cars = [(55, 120), (179, 250), (314, 350)]  # from entering to having left; the second is two at once
    assert all(any(start <= index <= end for start, end in cars) for index in frames)
    for start, end in cars:
        assert sum(start <= index <= end for index in frames) >= 0.4 * (end - start)


def _given(path: Path) -> Iterator[tuple[int, Detections]]:
    stir, sense = Stir(), Unclaimed()
    for frame in Stream(str(path)).frames():
        with frame:
            yield frame.index, sense.update(stir.update(frame), lambda: NOBODY)
