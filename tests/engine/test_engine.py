"""The engine as its users see it, with real processes, films and sockets."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from films import write_film
from rtsp import RtspCamera

from passerby import plugins
from passerby.engine import (
    Anchored,
    CameraPlan,
    Ended,
    Engine,
    Message,
    Missed,
    Observed,
    Plan,
    Shown,
    Spent,
    State,
    Watched,
)
from passerby.engine.child import Child
from passerby.errors import ConfigError, ModelError, PasserbyError
from passerby.geometry import Line, Zone
from passerby.look import Attention
from passerby.pipeline import Camera, play
from passerby.records import Observation
from passerby.stages import Detector, Measure, Source, Tracker

GATE = Line("gate", (0.0, 0.5), (1.0, 0.5))
SQUARE = Zone("square", ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)))  # a sample each second
SIZE = (64, 48)
COUNT, RATE = 60, 10
PATIENCE_S = 40

_M = TypeVar("_M")


def write_boxes(path: Path, *, count: int = 6000) -> Path:
    """Each second somebody comes walking down the picture, across the gate, in one of five lanes."""
    lines = []
    for number in range(count):
        walks = [((number + 10 * lane) % 50, 3 + 12 * lane) for lane in range(5)]
        boxes = [[left, 2 * step - 10, left + 7, 2 * step + 8, 0.9, "person"] for step, left in walks if step < 25]
        lines.append(json.dumps({"frame": number + 1, "boxes": boxes}))
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "walk.mp4", count=COUNT, size=SIZE, rate=RATE)


@pytest.fixture
def detector(tmp_path: Path) -> dict[str, object]:
    return {"use": "replay", "path": str(write_boxes(tmp_path / "boxes.jsonl"))}


def camera(name: str, film: Path, **options: object) -> CameraPlan:
    plan = CameraPlan(name, {"use": "stream", "url": str(film)}, measures=({"use": "line", "at": GATE},), fps=None)
    return replace(plan, **options)  # type: ignore[arg-type]


def said(plan: Plan) -> list[Message]:
    with Engine(plan) as engine:
        return list(engine.messages())


def of(kind: type[_M], messages: list[Message]) -> list[_M]:
    return [message for message in messages if isinstance(message, kind)]


def observations(messages: list[Message]) -> dict[str, list[Observation]]:
    found: dict[str, list[Observation]] = {}
    for message in of(Observed, messages):
        found.setdefault(message.camera, []).extend(message.observations)
    return found


def played(plan: CameraPlan, table: dict[str, object]) -> list[Observation]:
    detector = plugins.build("detector", table, Detector)
    watched = Camera(
        plan.name,
        tracker=plugins.build("tracker", plan.tracker, Tracker),
        measures=[plugins.build("measure", measure, Measure) for measure in plan.measures],
        looks_with=detector.input,
        attention=None if plan.every_frame else Attention(),
    )
    source = plugins.build("source", plan.source, Source, camera=plan.name)
    steps = (p.step for p in play(source.frames(), watched, detector, plan.fps))
    return [observation for step in steps if step is not None for observation in step.observations]


def wait_for(messages: Iterator[Message], wanted: Callable[[Message], bool]) -> list[Message]:
    """What is said until the wanted is."""
    found = []
    for message in messages:
        found.append(message)
        if wanted(message):
            return found
        if sum(isinstance(message, Watched) for message in found) > PATIENCE_S:  # they come once a second
            break
    raise AssertionError(f"it was never said, only {found}")


# --- films


@pytest.mark.parametrize(("fps", "every_frame"), [(None, True), (4.0, True), (None, False)])
def test_a_film_gives_what_play_gives(
    film: Path, detector: dict[str, object], fps: float | None, every_frame: bool
) -> None:
    plan = camera("a", film, fps=fps, every_frame=every_frame)
    messages = said(Plan((plan,), detector, live=False))
    expected = played(plan, detector)
    assert expected
    assert observations(messages)["a"] == expected
    watched = of(Watched, messages)[-1]
    analysed = COUNT if fps is None else COUNT * 4 // RATE
    assert (watched.frames, watched.analysed, watched.dropped) == (COUNT, analysed, 0)
    assert of(Ended, messages) == [Ended("a", (COUNT - 1) / RATE)]


def test_two_cameras_in_one_process_are_each_alone(
    tmp_path: Path, film: Path, detector: dict[str, object]
) -> None:
    other = write_film(tmp_path / "other.mp4", count=45, size=(96, 64), rate=RATE)
    plans = (camera("a", film), camera("b", other))
    messages = said(Plan(plans, detector, live=False))
    assert observations(messages) == {plan.name: played(plan, detector) for plan in plans}
    assert {ended.camera for ended in of(Ended, messages)} == {"a", "b"}
    assert {spent.worker for spent in of(Spent, messages)} == {"engine 0", "decode 0"}


def test_several_workers_share_the_cameras(film: Path, detector: dict[str, object]) -> None:
    plans = tuple(camera(name, film) for name in "abcd")
    messages = said(Plan(plans, detector, live=False, engines=2, cameras_per_decoder=1))
    expected = played(plans[0], detector)
    assert observations(messages) == dict.fromkeys("abcd", expected)
    assert len({spent.worker for spent in of(Spent, messages)}) == 2 + 4


def test_what_cannot_be_watched_ends_with_its_reason_and_alone(
    tmp_path: Path, film: Path, detector: dict[str, object]
) -> None:
    (tmp_path / "garbage.mp4").write_bytes(b"no film at all" * 50)
    good = camera("good", film)
    plans = (
        camera("garbage", tmp_path / "garbage.mp4"),
        camera("odd", film, measures=({"use": "lien", "at": GATE},)),
        good,
    )
    messages = said(Plan(plans, detector, live=False))
    ended = {message.camera: message.reason for message in of(Ended, messages)}
    assert "garbage.mp4 is nothing that FFmpeg can read" in ended["garbage"]
    assert "no measure is called 'lien'" in ended["odd"]
    assert ended["good"] == ""
    assert observations(messages) == {"good": played(good, detector)}


def test_without_a_detector_nothing_is_watched(film: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read as boxes"):
        said(Plan((camera("a", film),), {"use": "replay", "path": str(tmp_path / "none")}, live=False))


def test_a_film_s_engine_that_dies_is_an_error(film: Path, detector: dict[str, object]) -> None:
    plan = Plan((camera("a", film, loop=True),), detector, live=False)
    with Engine(plan) as engine:
        messages = engine.messages()
        wait_for(messages, lambda message: isinstance(message, Observed))
        os.kill(engine.pids["engine 0"], signal.SIGKILL)
        with pytest.raises(PasserbyError, match="engine 0 was ended by SIGKILL; what it had seen is lost"):
            list(messages)


def test_a_plan_must_make_sense(film: Path) -> None:
    with pytest.raises(ConfigError, match="two cameras are called 'a'"):
        Plan((camera("a", film), camera("a", film)))
    with pytest.raises(ConfigError, match="above 0"):
        camera("a", film, fps=0.0)
    with pytest.raises(ConfigError, match="above 0"):
        Plan((camera("a", film),), share=0.0)
    with pytest.raises(ConfigError, match="at least"):
        Plan((camera("a", film),), engines=0)


# --- live


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A film that is played in a loop, as a camera's stream."""
    return write_film(tmp_path / "live.mp4", count=2 * COUNT, size=SIZE, rate=RATE)


def live(scene: Path, detector: dict[str, object], **options: object) -> Plan:
    return Plan((camera("a", scene, loop=True),), detector, gather_s=0.01, **options)  # type: ignore[arg-type]


def is_count(message: Message) -> bool:
    return isinstance(message, Observed)


def test_a_live_camera_tells_all_there_is_to_tell(scene: Path, detector: dict[str, object]) -> None:
    with Engine(live(scene, detector)) as engine:
        messages = engine.messages()
        engine.show(["a"])
        said = wait_for(messages, lambda message: isinstance(message, Shown) and len(message.glyphs) > 0)
        said += wait_for(messages, lambda message: isinstance(message, Watched))
        engine.stop()
        rest = list(messages)
    kinds = Counter(type(message) for message in said)
    assert kinds[State] == 1
    assert kinds[Anchored] >= 1
    (ended,) = of(Ended, rest)
    assert ended == Ended("a", ended.time_s)


def test_an_engine_that_is_killed_is_back(scene: Path, detector: dict[str, object]) -> None:
    with Engine(live(scene, detector)) as engine:
        messages = engine.messages()
        wait_for(messages, lambda _: "spare engine" in engine.pids)
        wait_for(messages, is_count)
        before = engine.pids
        os.kill(before["engine 0"], signal.SIGKILL)
        back = wait_for(messages, lambda message: isinstance(message, Anchored))
        wait_for(messages, is_count)
        after = engine.pids
        assert State("a", "degraded", "engine 0 was ended by SIGKILL; it is started again.") in back
    assert after["decode 0"] == before["decode 0"]  # the camera was not disturbed
    assert after["engine 0"] == before["spare engine"]  # which had loaded everything
    assert not any(alive(pid) for pid in (*before.values(), *after.values()))


def test_a_decode_worker_that_is_killed_is_back(scene: Path, detector: dict[str, object]) -> None:
    with Engine(live(scene, detector)) as engine:
        messages = engine.messages()
        wait_for(messages, is_count)
        before = engine.pids
        os.kill(before["decode 0"], signal.SIGKILL)
        back = wait_for(messages, lambda message: isinstance(message, Missed))
        back += wait_for(messages, is_count)
        after = engine.pids
    assert State("a", "offline", "decode 0 was ended by SIGKILL; it is started again.") in back
    assert after["engine 0"] == before["engine 0"]
    (missed,) = of(Missed, back)
    assert of(Observed, back)[-1].time_s >= missed.end_s > missed.start_s > 0  # its clock ran on


def test_workers_die_with_the_office(scene: Path, detector: dict[str, object], tmp_path: Path) -> None:
    script = tmp_path / "office.py"
    script.write_text(
        "import sys\n"
        "from passerby.engine import CameraPlan, Engine, Observed, Plan\n"
        f"camera = CameraPlan('a', {{'use': 'stream', 'url': {str(scene)!r}}}, loop=True)\n"
        f"with Engine(Plan((camera,), {detector!r})) as engine:\n"
        "    print(*engine.pids.values(), flush=True)\n"
        "    for message in engine.messages(): pass\n"
    )
    office = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert office.stdout is not None
    with office:
        pids = [int(word) for word in office.stdout.readline().split()]
        assert len(pids) == 2
        watching = [os.pidfd_open(pid) for pid in pids]
        office.kill()
    for fd in watching:
        signal_of_end(fd)


def test_sigterm_ends_a_worker_in_order(
    scene: Path, detector: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Child.end, "__defaults__", (PATIENCE_S,))  # a busy machine must not kill what is ending
    with Engine(live(scene, detector)) as engine:
        messages = engine.messages()
        wait_for(messages, is_count)
        os.kill(engine.pids["engine 0"], signal.SIGTERM)
        back = wait_for(messages, lambda message: isinstance(message, State))
    assert back[-1] == State("a", "degraded", "engine 0 ended with exit code 0; it is started again.")


def test_too_much_work_is_dropped_counted_and_seen_in_the_rate(tmp_path: Path, scene: Path) -> None:
    boxes = write_boxes(tmp_path / "boxes.jsonl")
    plans = tuple(camera(name, scene, loop=True) for name in "ab")
    plan = Plan(plans, {"use": "replay", "path": str(boxes)}, share=1e-7, gather_s=0.0)
    with Engine(plan) as engine:
        dropped: dict[str, Watched] = {}
        for message in engine.messages():
            if isinstance(message, Watched) and message.dropped:
                dropped[message.camera] = message
            if len(dropped) == 2:
                break
    for watched in dropped.values():
        assert watched.rate < watched.wanted
        assert watched.analysed + watched.dropped <= watched.frames
    assert abs(dropped["a"].analysed - dropped["b"].analysed) <= 1  # evenly


def test_a_stream_of_another_size_goes_on(tmp_path: Path, detector: dict[str, object]) -> None:
    """A folder of pictures of two sizes: the stream changes its resolution in the middle."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(COUNT):
        size = SIZE if number < COUNT // 2 else (128, 96)
        write_film(folder / f"{number}.png", count=1, size=size, codec="png", pixels="rgb24")
    plan = camera("a", folder, source={"use": "stream", "url": str(folder), "rate": 10})
    messages = said(Plan((plan,), detector, live=False))
    assert of(Watched, messages)[-1].analysed == COUNT
    assert observations(messages)["a"] == played(plan, detector)


def test_no_process_shows_a_password(detector: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAM_PASSWORD", "s3cret-canary")
    with RtspCamera(credentials="admin:s3cret-canary") as rtsp:
        source = {"use": "stream", "url": f"rtsp://admin:s3cret-canary@{rtsp.place}"}
        plan = CameraPlan("a", source, fps=5.0)
        assert "s3cret-canary" not in repr(plan)
        with Engine(Plan((plan,), detector)) as engine:
            found = wait_for(
                engine.messages(), lambda message: isinstance(message, Watched) and message.frames > 0
            )
            for pid in engine.pids.values():
                for name in ("cmdline", "environ"):
                    try:
                        shown = Path(f"/proc/{pid}/{name}").read_bytes()
                    except PermissionError:
                        continue  # nobody but root may look
                    assert b"s3cret-canary" not in shown
    assert State("a", "online") in found


def test_a_camera_that_refuses_is_offline_and_says_why(detector: dict[str, object]) -> None:
    with RtspCamera(credentials="admin:right") as rtsp:
        source = {"use": "stream", "url": f"rtsp://admin:wrong-canary@{rtsp.place}"}
        with Engine(Plan((CameraPlan("a", source),), detector)) as engine:
            state = wait_for(engine.messages(), lambda message: isinstance(message, State))[-1]
    assert isinstance(state, State)
    assert state.state == "offline"
    assert "refuses the user or the password" in state.reason
    assert "wrong-canary" not in state.reason


def test_nothing_is_left_behind(scene: Path, detector: dict[str, object]) -> None:
    shared = set(os.listdir("/dev/shm"))
    open_before = len(os.listdir("/proc/self/fd"))
    with Engine(live(scene, detector)) as engine:
        messages = engine.messages()
        wait_for(messages, is_count)
        pids = engine.pids
        maps = Path("/proc/self/maps").read_text()
    assert "memfd" not in maps  # no frame is mapped here
    assert len(os.listdir("/proc/self/fd")) == open_before
    assert set(os.listdir("/dev/shm")) == shared
    assert not any(alive(pid) for pid in pids.values())


def test_who_imports_the_engine_imports_no_frame() -> None:
    code = "import sys, passerby.engine; print('passerby.frame' in sys.modules, 'av' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def signal_of_end(fd: int) -> None:
    """Wait for the end of a process that is no child of ours."""
    try:
        assert select.select([fd], [], [], 20.0)[0]
    finally:
        os.close(fd)
