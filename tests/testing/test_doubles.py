"""The doubles: script, sink and clock."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from passerby.errors import BrokenSource, SinkError, SourceError
from passerby.testing import END, LOST, HandClock, ListSink, Pause, ScriptedSource, rows
from passerby.testing.doubles import Item

GREY = np.full((8, 10, 3), 128, np.uint8)


def times(source: ScriptedSource) -> list[float]:
    return [round(frame.time_s, 6) for frame in source.frames()]


def test_a_script_plays_in_its_own_time() -> None:
    script: list[Item] = [GREY, GREY, Pause(2.0), GREY, END, GREY]
    source = ScriptedSource(script, camera="c", fps=10)
    frames = list(source.frames())
    assert [frame.time_s for frame in frames] == pytest.approx([0.0, 0.1, 2.2])
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert {frame.camera for frame in frames} == {"c"}
    assert frames[0].size == (10, 8)
    assert times(source) == []


def test_what_is_lost_can_be_read_on() -> None:
    source = ScriptedSource([GREY, LOST, LOST, Pause(1.0), GREY])
    with pytest.raises(BrokenSource):
        times(source)
    with pytest.raises(SourceError) as error:
        times(source)
    assert not isinstance(error.value, BrokenSource)
    assert times(source) == [1.1]


def test_a_sink_refuses_as_often_as_it_is_told() -> None:
    sink = ListSink(refusals=1)
    with pytest.raises(SinkError):
        sink.write(rows(2))
    sink.write(rows(2))
    sink.close()
    assert sink.records == list(rows(2))
    assert sink.closed


def test_a_clock_stands_still_until_it_is_moved() -> None:
    clock = HandClock()
    before = clock()
    assert clock() == before
    assert clock.advance(90) == before + timedelta(seconds=90) == clock()
