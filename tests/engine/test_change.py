"""Cameras that come, go and change while others are watched."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from films import write_film

from passerby.engine import Anchored, Begun, CameraPlan, Ended, Engine, Message, Observed, Plan, Tick, Watched
from passerby.geometry import Zone

SQUARE = Zone("square", ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)))  # a sample each second
PATIENCE = 2000  # messages


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "walk.mp4", count=60, rate=10)


def camera(name: str, film: Path) -> CameraPlan:
    source = {"use": "stream", "url": str(film)}
    return CameraPlan(name, source, measures=({"use": "zone", "at": SQUARE},), loop=True)


def until(messages: Iterator[Message], wanted: type[Message], *names: str) -> list[Message]:
    """What is said until something of this kind was said of each camera."""
    said, open_ = [], set(names)
    for message in messages:
        said.append(message)
        if isinstance(message, wanted):
            open_.discard(getattr(message, "camera", ""))
            if not open_:
                return said
        if len(said) > PATIENCE:
            break
    raise AssertionError(f"{wanted.__name__} was never said of {open_}, only {said[-20:]}")


def test_cameras_change_and_others_go_on(film: Path) -> None:
    cameras = {name: camera(name, film) for name in "ab"}
    with Engine(Plan(tuple(cameras.values()), {"use": "motion"}, gather_s=0.0)) as engine:
        messages = engine.messages()
        begun = [m for m in until(messages, Observed, "a", "b") if isinstance(m, Begun)]
        assert begun == [Begun("engine 0", "motion")]
        before = engine.pids
        engine.change((cameras["a"], replace(cameras["b"], fps=2.0), camera("c", film)))
        said = until(messages, Ended, "b")
        said += until(messages, Observed, "b", "c")
        assert {name: pid for name, pid in engine.pids.items() if name in before} == before
        anchored = [m.camera for m in said if isinstance(m, Anchored)]
        assert {"b", "c"} <= set(anchored)
        ended = [m.camera for m in said if isinstance(m, Ended)]
        assert ended == ["b"]
        engine.change((cameras["a"],))
        until(messages, Ended, "b", "c")
        until(messages, Watched, "a")
        engine.change(())
        rest = list(messages)
    assert [m.camera for m in rest if isinstance(m, Ended)] == ["a"]


def test_a_camera_that_is_leaving_has_ended_with_its_engine(film: Path) -> None:
    with Engine(Plan((camera("a", film), camera("b", film)), {"use": "motion"}, cameras_per_decoder=1)) as engine:
        messages = engine.messages()
        until(messages, Observed, "a", "b")
        os.kill(engine.pids["engine 0"], signal.SIGKILL)
        engine.change((camera("a", film), camera("c", film)))
        until(messages, Ended, "b")
        until(messages, Observed, "a", "c")


def test_it_ticks_and_can_be_woken(film: Path) -> None:
    with Engine(Plan((camera("a", film),), {"use": "motion"}), tick_s=0.05) as engine:
        messages = engine.messages()
        until(messages, Tick)
    with Engine(Plan((camera("a", film),), {"use": "motion"}), tick_s=600.0) as engine:
        messages = engine.messages()
        engine.wake()
        until(messages, Tick)
