from __future__ import annotations

import itertools
import queue
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from films import write_film

from passerby.engine.feed import Feed
from passerby.engine.lane import Lane
from passerby.engine.messages import State
from passerby.engine.plan import CameraPlan
from passerby.frame import Frame
from passerby.sources.stream import Stream

PATIENCE_S = 20.0


class Event(NamedTuple):
    """What a lane was given."""

    kind: str
    connection: int = 0
    time_s: float = 0.0
    reason: str = ""


class Lanes(Lane):
    """A lane that tells what it was given."""

    def __init__(self) -> None:
        super().__init__(0)
        self.events: queue.Queue[Event] = queue.Queue()

    def bring(self, frame: Frame, connection: int) -> None:
        with frame:
            self.events.put(Event("frame", connection, round(frame.time_s, 3)))

    def end(self, connection: int, time_s: float, *, is_final: bool, reason: str = "") -> None:
        self.events.put(Event("final" if is_final else "end", reason=reason))


def feed(plan: CameraPlan, *, live: bool) -> tuple[Feed, Lanes, queue.Queue[State]]:
    told: queue.Queue[State] = queue.Queue()
    lane = Lanes()
    return Feed(plan, lane, live=live, tell=told.put, jitter=lambda: 0.0), lane, told


def until(lane: Lanes, kind: str) -> list[Event]:
    events = [lane.events.get(timeout=PATIENCE_S)]
    while events[-1].kind != kind:
        events.append(lane.events.get(timeout=PATIENCE_S))
    return events


def test_a_film_is_read_once_at_the_rate_that_is_wanted(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", count=20, rate=10)
    fed, lane, told = feed(CameraPlan("a", {"use": "stream", "url": str(film)}, fps=2.0), live=False)
    fed.start()
    *frames, end = until(lane, "final")
    assert [event.time_s for event in frames] == [0.0, 0.5, 1.0, 1.5]
    assert end == Event("final")
    assert lane.frames == 20
    assert told.get(timeout=PATIENCE_S) == State("a", "online")


def test_a_film_in_a_loop_is_a_new_connection_each_time(tmp_path: Path) -> None:
    film = write_film(tmp_path / "a.mp4", count=2, rate=50)
    fed, lane, told = feed(CameraPlan("a", {"use": "stream", "url": str(film)}, fps=None, loop=True), live=True)
    fed.start()
    first, second = until(lane, "end"), until(lane, "end")
    connections = [{event.connection for event in events[:-1]} for events in (first, second)]
    assert [len(found) for found in connections] == [1, 1]
    assert connections[0] != connections[1]
    fed.stop()
    assert told.get(timeout=PATIENCE_S) == State("a", "online")
    assert told.empty()  # the seam is no trouble


def test_live_what_fails_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "later.mp4"
    path.write_bytes(b"garbage" * 100)
    fed, lane, told = feed(CameraPlan("a", {"use": "stream", "url": str(path)}, fps=None), live=True)
    fed.start()
    assert until(lane, "end") == [Event("end")]
    state = told.get(timeout=PATIENCE_S)
    assert state.state == "offline"
    assert "later.mp4" in state.reason
    write_film(tmp_path / "good.mp4", count=2, rate=50).rename(path)
    assert told.get(timeout=PATIENCE_S) == State("a", "online")
    assert until(lane, "final")[-1] == Event("final")


class Counted:
    """A back-off that waits for nothing; tells how often it was asked since it last began anew."""

    def __init__(self) -> None:
        self.tries, self.resets = 0, 0

    def wait_s(self) -> float:
        self.tries += 1
        return 0.0

    def reset(self) -> None:
        self.resets += 1


@pytest.mark.parametrize(("tick_s", "is_steady"), [(0.1, False), (20.0, True)])
def test_what_ends_at_once_is_tried_ever_more_rarely(
    tick_s: float, is_steady: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A camera that shows a picture and hangs up has not worked; one that ends after long has."""
    film = write_film(tmp_path / "a.mp4", count=2, rate=50)
    monkeypatch.setattr(Stream, "finite", False)  # as one that is sent over a network
    ticks, lane, told = itertools.count(0.0, tick_s), Lanes(), queue.Queue[State]()
    fed = Feed(
        CameraPlan("a", {"use": "stream", "url": str(film)}, fps=None),
        lane, live=True, tell=told.put, clock=lambda: next(ticks),
    )  # fmt: skip
    waits = Counted()
    monkeypatch.setattr(fed, "_backoff", waits)
    fed.start()
    for _ in range(4):
        until(lane, "end")
    fed.stop()
    assert waits.tries >= 3
    assert (waits.resets >= 3) is is_steady
    assert told.get(timeout=PATIENCE_S) == State("a", "online")
    assert told.get(timeout=PATIENCE_S) == State("a", "offline", "its stream has ended.")


@pytest.mark.parametrize("live", [True, False])
def test_a_source_that_cannot_be_built_has_ended(live: bool) -> None:
    fed, lane, told = feed(CameraPlan("a", {"use": "stream", "urll": "x"}), live=live)
    fed.start()
    (end,) = until(lane, "final")
    assert "'urll' is not an option" in end.reason
    assert told.get(timeout=PATIENCE_S).state == "offline"


def test_a_film_that_breaks_off_says_so_and_is_over(tmp_path: Path) -> None:
    whole = write_film(tmp_path / "a.ts", count=30).read_bytes()
    (tmp_path / "cut.avi").write_bytes(b"RIFF" + whole[:50])
    fed, lane, _ = feed(CameraPlan("a", {"use": "stream", "url": str(tmp_path / "cut.avi")}), live=False)
    fed.start()
    assert "cut.avi" in until(lane, "final")[-1].reason


def test_a_silent_camera_is_degraded(tmp_path: Path) -> None:
    """When no frame has come for a while, and for longer than lies between its frames anyway."""
    film = write_film(tmp_path / "a.mp4", count=3, rate=5)
    fed, lane, told = feed(CameraPlan("a", {"use": "stream", "url": str(film)}, fps=None), live=True)
    fed.start()
    until(lane, "final")
    assert told.get(timeout=PATIENCE_S).state == "online"
    for silent_s, quiet_s in ((3599.0, 3600.0), (0.5, 0.0)):
        lane.last_read_s = time.monotonic() - silent_s
        fed.check(quiet_s)
        assert told.empty()
    lane.last_read_s = time.monotonic() - 3600.0
    fed.check(2.0)
    assert told.get(timeout=PATIENCE_S).state == "degraded"
