"""One camera in an engine worker, and rounds over many, without processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
import pytest

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.engine import Anchored, Ended, Message, Missed, Observed, Watched
from passerby.engine.budget import Budget
from passerby.engine.headers import LONGEST, EndHeader, FrameHeader, FreeHeader, RingHeader, unpack
from passerby.engine.looking import Rounds
from passerby.engine.view import Clocks, View
from passerby.engine.wire import Channel
from passerby.frame import Frame, Planes, Size
from passerby.pipeline import Camera
from passerby.records import Observation, Sample
from passerby.ring import Ring
from passerby.stages import Crop, Look, Scene, Sight, Step

SIZE = Size(16, 12)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """The machine's clock, moved by hand; the time of day goes with it."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def utc(self) -> datetime:
        return NOON + timedelta(seconds=self.now_s - 1000.0)


class Idle:
    """A tracker that follows nothing, and a detector that finds nothing and notes what it was shown."""

    name, input = "idle", SIZE

    def __init__(self) -> None:
        self.shades: list[list[int]] = []

    def predict(self, time_s: float) -> Tracks:
        return Tracks.empty()

    def update(self, told: Sight) -> Tracks:
        return Tracks.empty()

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        self.shades.append([int(crop.frame.luma(SIZE)[0, 0]) for crop in crops])
        return [Detections.empty() for _ in crops]


class Says:
    """A measure that says at what time it was asked."""

    def update(self, scene: Scene) -> list[Observation]:
        return [Sample("square", scene.time_s, "inside", Class.PERSON, 0.0)]


class Bench:
    """A view with a decode worker's end of its channel and ring."""

    def __init__(self, name: str, number: int, clock: Clock, *, live: bool = True, slots: int = 3) -> None:
        camera = Camera(name, tracker=Idle(), measures=[Says()], looks_with=SIZE)
        self.told: list[Message] = []
        self.number, self.clock = number, clock
        self.view = View(number, camera, live=live, clocks=Clocks(clock, clock.utc), tell=self.told.append)
        self.here, self.there = Channel.pair()
        self.ring = Ring.create(SIZE, slots)
        self.view.take_ring(RingHeader(number, 1, *SIZE, slots), os.dup(self.ring.fd), self.there)
        self.read = 0

    def send(self, slot: int, shade: int, *, connection: int = 1, time_s: float | None = None) -> None:
        u, v = np.full((6, 8), 128, np.uint8), np.full((6, 8), 128, np.uint8)
        with Frame(Planes(np.full((12, 16), shade, np.uint8), u, v), camera="", index=0, time_s=0.0) as frame:
            self.ring.write(slot, frame)
        index, self.read = self.read, self.read + 1
        time_s = index / 10 if time_s is None else time_s
        header = FrameHeader(self.number, 1, slot, connection, index, time_s, self.clock(), self.read, 0)
        self.view.take_frame(header)

    def end(self, time_s: float, *, is_final: bool = True, reason: bytes = b"") -> None:
        self.view.take_end(EndHeader(self.number, 1, time_s, is_final, self.read, 0, reason))

    def freed(self) -> list[int]:
        found: list[int] = []
        while True:
            try:
                header = unpack(self.here.receive(most=LONGEST, wait=False)[0])
            except BlockingIOError:
                return found
            assert isinstance(header, FreeHeader)
            found.append(header.slot)

    def is_wiped(self, slot: int) -> bool:
        return not self.ring.frame(slot, camera="", index=0, time_s=0.0).luma(SIZE).any()

    def close(self) -> None:
        self.view.stop(is_final=False)
        self.ring.close()
        self.here.close()
        self.there.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bench(clock: Clock) -> Iterator[Bench]:
    made = Bench("a", 0, clock)
    yield made
    made.close()


def rounds(share: float | None, clock: Clock) -> tuple[Rounds, Idle]:
    detector = Idle()
    return Rounds(detector, Budget(share, clock)), detector


def test_live_the_newest_is_looked_at_and_the_others_are_dropped(bench: Bench, clock: Clock) -> None:
    held, detector = rounds(None, clock)
    for slot, shade in enumerate((40, 50, 60)):
        bench.send(slot, shade)
    assert bench.view.next_frame() is not None
    assert bench.freed() == [0, 1]
    held.look([bench.view])
    assert detector.shades == [[60]]
    assert bench.freed() == [2]
    assert all(bench.is_wiped(slot) for slot in range(3))
    bench.view.report()
    watched = bench.told[-1]
    assert isinstance(watched, Watched)
    assert (watched.frames, watched.analysed, watched.dropped) == (3, 1, 2)
    assert watched.rate == pytest.approx(watched.wanted / 3)


def test_of_a_film_every_frame_is_looked_at(clock: Clock) -> None:
    bench = Bench("a", 0, clock, live=False)
    held, detector = rounds(None, clock)
    for slot, shade in enumerate((40, 50, 60)):
        bench.send(slot, shade)
    bench.end(0.25, reason=b"it is cut off")
    while bench.view.next_frame() is not None:
        held.look([bench.view])
    assert detector.shades == [[40], [50], [60]]
    seen = [message.time_s for message in bench.told if isinstance(message, Observed)]
    assert seen == [0.0, 0.1, 0.2, 0.25]  # the last one settles
    assert bench.told[-1] == Ended("a", 0.25, "it is cut off")
    bench.close()


def test_a_frame_that_has_waited_too_long_makes_room(bench: Bench, clock: Clock) -> None:
    bench.send(0, 40)
    bench.view.drop_late(0.5)
    assert bench.view.next_frame() is not None
    clock.now_s += 1.0
    bench.view.drop_late(0.5)
    assert bench.view.next_frame() is None
    assert bench.freed() == [0]
    assert isinstance(bench.told[0], Anchored)  # what it had to tell is told all the same


def test_a_new_connection_settles_the_old_one_and_names_the_gap(bench: Bench, clock: Clock) -> None:
    held, _ = rounds(None, clock)
    bench.send(0, 40)
    held.look([bench.view])
    bench.end(0.0, is_final=False)
    clock.now_s += 5.0
    bench.send(1, 50, connection=2, time_s=0.0)
    assert bench.view.next_frame() is not None
    held.look([bench.view])
    assert [type(message) for message in bench.told] == [Anchored, Observed, Observed, Missed, Anchored, Observed]
    assert bench.told[3] == Missed("a", 0.0, 5.0)
    assert bench.told[4] == Anchored("a", 5.0, NOON + timedelta(seconds=5))


def test_of_a_dead_decode_worker_nothing_is_kept(bench: Bench) -> None:
    bench.send(0, 40)
    bench.send(1, 50)
    bench.view.lose()
    assert bench.view.next_frame() is None
    assert all(bench.is_wiped(slot) for slot in range(3))
    assert bench.freed() == []  # there is nobody to tell


def test_slots_that_are_not_there_are_refused(bench: Bench) -> None:
    for generation, slot in ((1, 3), (2, 0)):
        with pytest.raises(ValueError, match="a slot that is not there"):
            bench.view.take_frame(FrameHeader(0, generation, slot, 1, 0, 0.0, 0.0, 1, 0))


def test_all_cameras_of_a_round_are_looked_at_in_one_call(clock: Clock) -> None:
    benches = [Bench(name, number, clock) for number, name in enumerate("abc")]
    held, detector = rounds(None, clock)
    for bench, shade in zip(benches, (40, 50, 60), strict=True):
        bench.send(0, shade)
    held.look([bench.view for bench in benches])
    assert detector.shades == [[40, 50, 60]]
    assert (held.rounds, held.crops, held.inputs) == (1, 3, 3.0)
    for bench in benches:
        bench.close()


def test_where_the_budget_is_short_cameras_take_turns(clock: Clock) -> None:
    benches = [Bench(name, number, clock) for number, name in enumerate("abcde")]
    held, _ = rounds(0.5, clock)
    for _ in range(100):
        for bench in benches:
            if bench.view.next_frame() is None:
                bench.send(0, 40)
        clock.now_s += 0.05  # worth little more than one input, as it is guessed at first
        held.look([bench.view for bench in benches])
    counts = []
    for bench in benches:
        bench.view.report()
        watched = bench.told[-1]
        assert isinstance(watched, Watched)
        counts.append(watched.analysed)
        bench.close()
    assert sum(counts) < 500
    assert max(counts) - min(counts) <= 1


def test_a_view_that_was_moved_is_told_as_moved_until_it_is_back(bench: Bench, clock: Clock) -> None:
    """What the camera's own state forgets within a second is told until the old view is seen again."""
    told: list[str] = []
    states: Iterator[Literal["ok", "moved"]] = iter(["ok", "ok", "moved", "ok", "ok", "ok"])
    camera = bench.view._camera
    tell = camera.tell

    def moved(frame: Frame, looks: Sequence[Look]) -> Step:
        step = tell(frame, looks)
        return replace(step, health=replace(step.health, state=next(states)))

    camera.tell = moved  # type: ignore[method-assign]
    held, _ = rounds(None, clock)
    for index in range(6):
        bench.send(index % 3, 40, time_s=float(index))
        held.look([bench.view])
        bench.view.report()
        (watched,) = [message for message in bench.told[-1:] if isinstance(message, Watched)]
        told.append(watched.state)
        assert (watched.width, watched.height) == SIZE
    assert told == ["ok", "ok", "moved", "moved", "moved", "moved"]  # this picture has no texture to know it by
