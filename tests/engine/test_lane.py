from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from passerby.engine.headers import LONGEST, EndHeader, FrameHeader, Header, RingHeader, unpack
from passerby.engine.lane import Lane
from passerby.engine.wire import Channel
from passerby.frame import Frame, FrameClosed, Planes, Size
from passerby.ring import Ring

SIZE = Size(16, 12)


def frame(index: int, size: Size = SIZE) -> Frame:
    half = (size.height // 2, size.width // 2)
    u, v = (np.full(half, 128, np.uint8) for _ in "uv")
    return Frame(
        Planes(np.full(size[::-1], 10 + index, np.uint8), u, v), camera="a", index=index, time_s=index / 10
    )


class EngineEnd:
    """The engine's end of a channel: hears headers and joins rings."""

    def __init__(self) -> None:
        self._here, self.there = Channel.pair()
        self.ring: Ring | None = None

    def heard(self) -> list[Header]:
        found: list[Header] = []
        while True:
            try:
                data, fds = self._here.receive(most=LONGEST, wait=False)
            except BlockingIOError:
                return found
            header = unpack(data)
            if isinstance(header, RingHeader):
                self.ring = Ring.join(fds[0], Size(header.width, header.height), header.slots)
            found.append(header)

    def shade(self, header: FrameHeader) -> int:
        assert self.ring is not None
        with self.ring.frame(header.slot, camera="a", index=0, time_s=0.0) as read:
            return int(read.luma(read.size)[0, 0])

    def die(self) -> None:
        self._here.close()


@pytest.fixture
def engines() -> Iterator[Callable[[], EngineEnd]]:
    made: list[EngineEnd] = []

    def make() -> EngineEnd:
        made.append(EngineEnd())
        return made[-1]

    yield make
    for end in made:
        end.die()
        end.there.close()


@pytest.fixture
def engine(engines: Callable[[], EngineEnd]) -> EngineEnd:
    return engines()


def frames(headers: list[Header]) -> list[FrameHeader]:
    return [header for header in headers if isinstance(header, FrameHeader)]


def test_the_newest_waits_and_older_ones_are_dropped_and_counted(engine: EngineEnd) -> None:
    lane = Lane(3, slots=2)
    lane.attach(engine.there)
    kept = [frame(i) for i in range(6)]
    for one in kept:
        lane.seen()
        lane.bring(one, connection=1)
    ring, first, second = engine.heard()
    assert ring == RingHeader(3, 1, *SIZE, 2)
    assert isinstance(first, FrameHeader)
    assert isinstance(second, FrameHeader)
    assert (first.index, second.index) == (0, 1)
    assert (lane.dropped, lane.frames) == (3, 6)  # 2, 3 and 4; 5 waits
    assert engine.shade(second) == 11
    lane.free(1, second.slot)
    (newest,) = frames(engine.heard())
    assert (newest.index, newest.slot, newest.dropped, newest.frames) == (5, second.slot, 3, 6)
    assert engine.shade(newest) == 15
    for one in kept:
        with pytest.raises(FrameClosed):
            one.luma(SIZE)


def test_without_an_engine_only_the_newest_is_kept(engine: EngineEnd) -> None:
    lane = Lane(0)
    for i in range(4):
        lane.bring(frame(i), connection=1)
    lane.attach(engine.there)
    assert [header.index for header in frames(engine.heard())] == [3]
    assert lane.dropped == 3


def test_a_lane_that_keeps_everything_waits(engine: EngineEnd) -> None:
    lane = Lane(0, keeps=True, slots=2)
    lane.attach(engine.there)

    def bring() -> None:
        for i in range(8):
            lane.bring(frame(i), connection=1)
        lane.end(1, 0.7, is_final=True)

    thread = threading.Thread(target=bring)
    thread.start()
    heard: list[Header] = []
    while not heard or not isinstance(heard[-1], EndHeader):
        for header in engine.heard():
            heard.append(header)
            if isinstance(header, FrameHeader):
                assert engine.shade(header) == 10 + header.index
                lane.free(header.generation, header.slot)
    thread.join()
    assert [header.index for header in frames(heard)] == list(range(8))
    assert heard[-1] == EndHeader(0, 1, 0.7, True, 0, 0)
    assert lane.dropped == 0


def test_a_stream_of_another_size_gets_another_ring(engine: EngineEnd) -> None:
    lane = Lane(0, slots=2)
    lane.attach(engine.there)
    lane.bring(frame(0), connection=1)
    lane.bring(frame(1, Size(32, 8)), connection=1)
    rings = [header for header in engine.heard() if isinstance(header, RingHeader)]
    assert [(ring.generation, ring.width, ring.height) for ring in rings] == [(1, 16, 12), (2, 32, 8)]
    lane.free(1, 0)  # of the old ring: not written again
    lane.bring(frame(2, Size(32, 8)), connection=1)
    lane.bring(frame(3, Size(32, 8)), connection=1)
    assert [(header.generation, header.index) for header in frames(engine.heard())] == [(2, 2)]


def test_after_an_engine_s_death_the_next_one_gets_a_new_ring(
    engine: EngineEnd, engines: Callable[[], EngineEnd]
) -> None:
    lane = Lane(0, slots=2)
    lane.attach(engine.there)
    for i in range(3):
        lane.bring(frame(i), connection=1)
    engine.heard()
    engine.die()
    lane.detach()
    lane.bring(frame(3), connection=1)
    after = engines()
    lane.attach(after.there)
    ring, only = after.heard()
    assert isinstance(ring, RingHeader)
    assert ring.generation == 2
    assert isinstance(only, FrameHeader)
    assert only.index == 3


def test_an_engine_that_died_unnoticed_costs_a_frame_and_no_more(
    engine: EngineEnd, engines: Callable[[], EngineEnd]
) -> None:
    lane = Lane(0)
    lane.attach(engine.there)
    engine.die()
    lane.bring(frame(0), connection=1)
    lane.bring(frame(1), connection=1)
    after = engines()
    lane.attach(after.there)
    assert [header.index for header in frames(after.heard())] == [1]


def test_an_end_comes_after_the_last_frame(engine: EngineEnd) -> None:
    lane = Lane(0, slots=1)
    lane.attach(engine.there)
    lane.bring(frame(0), connection=1)
    lane.bring(frame(1), connection=1)
    lane.end(1, 0.1, is_final=True, reason="it is cut off")
    _, first = engine.heard()
    assert isinstance(first, FrameHeader)
    lane.free(1, 0)
    last, end = engine.heard()
    assert isinstance(last, FrameHeader)
    assert end == EndHeader(0, 1, 0.1, True, 0, 0, b"it is cut off")


def test_a_closed_lane_takes_and_keeps_nothing(engine: EngineEnd) -> None:
    lane = Lane(0, keeps=True)
    waiting, late = frame(0), frame(1)
    thread = threading.Thread(target=lane.bring, args=(waiting, 1))
    thread.start()
    lane.end(1, 0.0, is_final=True)
    lane.close()
    thread.join()
    lane.bring(late, 1)
    for one in (waiting, late):
        with pytest.raises(FrameClosed):
            one.luma(SIZE)
