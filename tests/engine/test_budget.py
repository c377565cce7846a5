from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.engine.budget import Budget, inputs, shed
from passerby.frame import Frame, Planes, Region, Size
from passerby.stages import Crop

INPUT = Size(64, 48)


@dataclass
class Clock:
    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


def frame(time_s: float = 10.0) -> Frame:
    planes = Planes(np.zeros((48, 64), np.uint8), np.zeros((24, 32), np.uint8), np.zeros((24, 32), np.uint8))
    return Frame(planes, camera="a", index=0, time_s=time_s)


def crop(width: int, *, wait_s: float = 0.0, scale: float = 1.0) -> Crop:
    return Crop(frame(), Region(0, 0, width, 48), scale, 10.0 + wait_s)


def test_a_whole_picture_is_one_input_and_half_the_scale_a_quarter() -> None:
    assert inputs([crop(64)], INPUT) == 1.0
    assert inputs([crop(32), crop(32, scale=0.5)], INPUT) == 0.5 + 0.125
    assert inputs([crop(64)], None) == 0.0


crops = st.lists(st.builds(crop, st.integers(1, 64), wait_s=st.floats(-1, 1)), max_size=8)


@given(crops, st.floats(-1, 8))
def test_what_can_wait_longest_is_left_out_first(asked: list[Crop], left: float) -> None:
    kept = shed(asked, INPUT, left)
    assert [c for c in asked if c in kept] == kept
    dropped = [c for c in asked if c not in kept]
    assert all(c.due_s > c.frame.time_s for c in dropped)
    if dropped:
        latest_kept = max((c.due_s for c in kept if c.due_s > c.frame.time_s), default=-math.inf)
        assert min(c.due_s for c in dropped) >= latest_kept
        back = min(dropped, key=lambda c: c.due_s)
        assert inputs([*kept, back], INPUT) > left - 1e-9  # no more was left out than had to be
    if all(c.due_s > c.frame.time_s for c in asked):
        assert not kept or inputs(kept, INPUT) <= left + 1e-9


def test_without_a_share_there_is_no_limit() -> None:
    budget = Budget(None, Clock())
    budget.spend(100.0, 10.0)
    assert budget.left() == math.inf
    assert budget.wait_s() == 0.0


@given(st.floats(0.05, 1.0), st.floats(0.002, 0.05), st.lists(st.integers(1, 5), min_size=30, max_size=60))
def test_no_more_than_the_share_is_spent(share: float, cost_s: float, wanted: list[int]) -> None:
    clock = Clock()
    budget, spent_s = Budget(share, clock), 0.0
    for number in wanted:
        clock.now_s += budget.wait_s() + 0.01
        assert budget.left() > 0
        budget.spend(number, number * cost_s)
        spent_s += number * cost_s
    clock.now_s += budget.wait_s()
    assert spent_s <= share * (clock.now_s - 100.0) + 1e-6


def test_inputs_are_counted_at_what_they_have_cost() -> None:
    clock = Clock()
    budget = Budget(0.5, clock)
    for _ in range(100):
        clock.now_s += 1.0
        budget.spend(10, 0.05)
    clock.now_s += 10.0
    assert budget.left() == pytest.approx(0.25 / 0.005, rel=0.01)  # half a second's worth at most is saved
