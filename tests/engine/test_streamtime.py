from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from passerby.engine.streamtime import GAP_S, StreamTime

steps = st.lists(st.floats(0.001, 5.0), min_size=1, max_size=10)


@given(steps)
def test_a_film_keeps_its_own_times(apart: list[float]) -> None:
    stream, time_s = StreamTime(), 0.0
    for index, step in enumerate(apart):
        placed = stream.place(1, index, time_s, read_s=1000.0)
        assert (placed.index, placed.time_s) == (index, time_s)
        time_s += step
    assert stream.at(1, time_s) == time_s


@given(st.lists(st.tuples(steps, st.floats(0.0, 100.0)), min_size=1, max_size=5))
def test_time_and_index_run_on_through_connections(connections: list[tuple[list[float], float]]) -> None:
    stream, read_s, last = StreamTime(), 50.0, None
    for number, (apart, pause_s) in enumerate(connections):
        read_s += pause_s
        time_s = 0.0
        for index, step in enumerate(apart):
            placed = stream.place(number, index, time_s, read_s)
            assert placed.is_new or (index > 0 and apart[index - 1] <= 10.0)
            assert not placed.is_new or index == 0 or apart[index - 1] > GAP_S
            if last is not None:
                assert placed.time_s > last.time_s
                assert placed.index == last.index + 1
                assert placed.before_s == last.time_s
            time_s, last = time_s + step, placed
            read_s += step


def test_a_gap_is_as_long_as_the_machine_says() -> None:
    stream = StreamTime()
    stream.place(1, 0, 0.0, read_s=100.0)
    stream.place(1, 1, 0.2, read_s=100.2)
    placed = stream.place(2, 0, 0.0, read_s=107.2)
    assert abs(placed.time_s - 7.2) < 1e-9
    assert placed.is_new
    assert stream.at(1, 0.3) == placed.time_s  # a late word of the connection before


def test_a_pause_is_a_gap_but_not_where_frames_are_far_apart_anyway() -> None:
    def gaps(times: list[float]) -> list[float]:
        stream = StreamTime()
        placed = [stream.place(1, index, time_s, read_s=time_s) for index, time_s in enumerate(times)]
        return [one.time_s for one in placed[1:] if one.is_new]

    assert gaps([0.0, 0.2, 0.4, 5.0, 5.2, 9.0]) == [5.0, 9.0]
    assert gaps([0.0, 4.0, 8.0, 12.0, 16.0, 40.0]) == [4.0, 8.0, 40.0]  # key frames: after two it is known
