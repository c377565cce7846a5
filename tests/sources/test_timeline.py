"""Stream time: starts at 0, keeps gaps, never runs backwards."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.sources.timeline import Timeline


def placed(stamps: list[float | None], step: float = 0.1) -> list[float]:
    timeline = Timeline(step)
    return [timeline.place(stamp) for stamp in stamps]


@pytest.mark.parametrize(
    ("stamps", "times"),
    [
        ([5.0, 5.1, 5.3], [0.0, 0.1, 0.3]),
        ([-1.0, 0.0, 60.0], [0.0, 1.0, 61.0]),
        ([None, None, None], [0.0, 0.1, 0.2]),
        ([None, 7.0, 7.5], [0.0, 0.1, 0.6]),
        ([0.0, None, 0.2], [0.0, 0.1, 0.2]),
        ([0.0, 0.1, 0.1, 0.3], [0.0, 0.1, 0.2, 0.3]),
        ([0.0, 0.2, 0.1, 0.4], [0.0, 0.2, 0.3, 0.4]),
        ([10.0, 13.0, 0.0, 0.1, 0.3], [0.0, 3.0, 3.1, 3.2, 3.4]),
        ([0.0, 1e9, 0.2, 0.3], [0.0, 0.1, 0.2, 0.3]),
    ],
    ids=["even", "gap", "none", "late", "hole", "twice", "back", "anew", "absurd"],
)
def test_repairs(stamps: list[float | None], times: list[float]) -> None:
    assert placed(stamps) == pytest.approx(times)


@given(
    st.lists(st.none() | st.floats(-1e12, 1e12) | st.floats(-3, 3), min_size=1),
    st.floats(1 / 240, 1000),
)
def test_time_always_advances(stamps: list[float | None], step: float) -> None:
    times = placed(stamps, step)
    assert times[0] == 0
    assert all(a < b for a, b in pairwise(times))


@given(st.lists(st.floats(0.001, 3600), min_size=1), st.floats(-1e4, 1e4))
def test_good_stamps_are_kept(gaps: list[float], first: float) -> None:
    stamps = [first]
    for gap in gaps:
        stamps.append(stamps[-1] + gap)
    assert placed(list(stamps)) == pytest.approx([stamp - first for stamp in stamps], abs=1e-6)
