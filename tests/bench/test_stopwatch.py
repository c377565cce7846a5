"""Every moment belongs to one stage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.bench.stopwatch import OTHER, Stopwatch


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def move(self, seconds: float) -> float:
        self.now_s += seconds
        return seconds


def test_a_stage_within_a_stage_stops_the_outer_one() -> None:
    hand = Hand()
    watch = Stopwatch(hand)
    hand.move(1)
    with watch.stage("outer"):
        hand.move(2)
        with watch.stage("inner"):
            hand.move(4)
        hand.move(8)
    hand.move(16)
    assert watch.spent_s() == {OTHER: 17, "outer": 10, "inner": 4}


def test_a_function_is_charged_whether_it_returns_or_raises() -> None:
    hand = Hand()
    watch = Stopwatch(hand)
    assert watch.timed("work", hand.move)(3) == 3

    def fails() -> None:
        hand.move(5)
        raise RuntimeError("broke")

    with pytest.raises(RuntimeError, match="broke"):
        watch.timed("work", fails)()
    hand.move(7)
    assert watch.spent_s() == {OTHER: 7, "work": 8}


def test_items_are_charged_for_coming_and_not_for_what_is_done_with_them() -> None:
    hand = Hand()
    watch = Stopwatch(hand)

    def items() -> Iterator[int]:
        for number in range(3):
            hand.move(1)
            yield number
        hand.move(10)

    seen = []
    for item in watch.each("decode", items()):
        hand.move(100)
        seen.append(item)
    assert seen == [0, 1, 2]
    assert watch.spent_s() == {OTHER: 300, "decode": 13}


def test_starting_forgets_what_was_before() -> None:
    hand = Hand()
    watch = Stopwatch(hand)
    with watch.stage("early"):
        hand.move(1)
    hand.move(1)
    watch.start()
    hand.move(2)
    assert watch.spent_s() == {OTHER: 2}


@given(st.recursive(st.integers(0, 9), lambda part: st.lists(part, max_size=4), max_leaves=20))
def test_the_stages_add_up_to_all_that_passed(plan: object) -> None:
    hand = Hand()
    watch = Stopwatch(hand)

    def play(part: object, depth: int) -> None:
        if isinstance(part, list):
            with watch.stage(f"stage {depth}"):
                for inner in part:
                    play(inner, depth + 1)
        else:
            hand.move(float(str(part)))

    play(plan, 0)
    assert sum(watch.spent_s().values()) == hand.now_s
