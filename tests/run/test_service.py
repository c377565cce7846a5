"""Whole sites, with real workers, real cameras on loopback, and everything that happens to them."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from films import write_film
from rtsp import RtspCamera

from passerby.engine import Anchored, Ended, Message, Missed, Observed, Shown, Watched
from passerby.errors import ModelError, PartialError
from passerby.ghost import Moment
from passerby.outlets import Query
from passerby.records import Pass
from passerby.run import Journal, Service, hearing
from passerby.stores.sqlite import Sqlite
from passerby.testing import HandClock

PATIENCE_S = 180.0  # for what takes seconds on a machine of its own
LANES = 12

Step = tuple[Callable[["Site"], bool], Callable[["Site"], object]]


@dataclass
class Site(io.StringIO):
    """A service, all that it says, and what is done to it when: each step waits for something to be so."""

    path: Path
    steps: list[Step] = field(default_factory=list)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lines: list[str] = field(default_factory=list)  # of the log, since the last step
    messages: list[Message] = field(default_factory=list)  # of the engine, since the last step
    everything: list[str | Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.service = Service(self.path, journal=Journal(self, self.clock), clock=self.clock)

    def run(self) -> None:
        timer = threading.Timer(PATIENCE_S, self.service.stop)
        timer.start()
        try:
            self.service.run()
        finally:
            timer.cancel()
            timer.join()
        assert not self.steps, self.everything[-40:]

    def write(self, text: str) -> int:
        self.lines.append(text)
        self.everything.append(text)
        return len(text)

    def hear(self, message: Message) -> None:
        self.messages.append(message)
        self.everything.append(message)
        if self.steps and self.steps[0][0](self):
            self.lines.clear()
            self.messages.clear()
            self.steps.pop(0)[1](self)

    def said(self, *words: str) -> bool:
        return all(any(word in line for line in self.lines) for word in words)

    def of(self, kind: type, camera: str) -> list[Message]:
        return [m for m in self.messages if isinstance(m, kind) and getattr(m, "camera", "") == camera]

    def passes(self) -> int:
        """Counted since the beginning."""
        observed = (item for item in self.everything if isinstance(item, Observed))
        return sum(isinstance(one, Pass) for message in observed for one in message.observations)


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Site]:
    """Sites that are told what the engine says, after the office was."""
    sites: list[Site] = []
    tell = hearing.tell

    def tell_all(office: object, message: Message) -> None:
        tell(office, message)  # type: ignore[arg-type]
        for site in sites:
            site.hear(message)

    monkeypatch.setattr(hearing, "tell", tell_all)
    return sites


def stop(site: Site) -> None:
    site.service.stop()


def said(*words: str) -> Callable[[Site], bool]:
    return lambda site: site.said(*words)


def test_cameras_fail_and_come_back_each_alone(tmp_path: Path, heard: list[Site]) -> None:
    with ExitStack() as stack:
        steady = stack.enter_context(RtspCamera(rate=10))
        locked = stack.enter_context(RtspCamera(credentials="ada:right-canary", rate=10))
        troubled = [RtspCamera(credentials="ada:t0p-canary", rate=10)]
        troubled[0].__enter__()
        stack.callback(lambda: troubled[0].__exit__())
        path = tmp_path / "street.toml"
        options = "open_timeout_s = 2.0, read_timeout_s = 0.6"
        path.write_text(
            'detector = { use = "motion" }\n[defaults.camera]\nfps = 10\n'
            f'[camera.steady]\nsource = {{ use = "stream", url = "{steady.url}" }}\n'
            f'[camera.locked]\nsource = {{ use = "stream", url = "rtsp://ada:wr0ng-canary@{locked.place}" }}\n'
            f'[camera.troubled]\nsource = {{ use = "stream", url = "rtsp://ada:t0p-canary@{troubled[0].place}", '
            f"{options} }}\n"
        )

        def drop(site: Site) -> None:
            site.everything.clear()  # the first moments of a connection are no matter here
            troubled[0].__exit__()

        def come_back(_: Site) -> None:
            troubled[0] = RtspCamera(credentials="ada:t0p-canary", rate=10, port=troubled[0].port)
            troubled[0].__enter__()

        offline, online = said("offline camera=troubled"), said("online camera=troubled")
        site = Site(
            path,
            [
                (said("online camera=steady", "online camera=troubled", "refuses the user or the password"), drop),
                (offline, come_back),
                (online, lambda _: troubled[0].freeze()),
                (offline, lambda _: troubled[0].thaw()),
                (online, lambda _: troubled[0].garble()),
                (offline, lambda _: troubled[0].thaw()),
                (online, lambda _: troubled[0].resize((160, 120))),
                (lambda site: analysed(site, "troubled") > 10 and analysed(site, "steady") > 10, stop),
            ],
        )
        heard.append(site)
        site.run()
    log = [item for item in site.everything if isinstance(item, str)]
    assert not [line for line in log if "camera=steady" in line]
    assert not [m for m in site.everything if isinstance(m, Missed) and m.camera == "steady" and m.start_s > 1]
    assert len([m for m in site.everything if isinstance(m, Missed) and m.camera == "troubled"]) >= 3
    assert not any("canary" in line for line in log)
    assert sum("stopping" in line for line in log) == 1


def test_a_clock_that_jumps_and_a_slow_network_disturb_no_other_camera(tmp_path: Path, heard: list[Site]) -> None:
    with RtspCamera(rate=10) as steady, RtspCamera(rate=10) as troubled:
        path = tmp_path / "street.toml"
        path.write_text(
            'detector = { use = "motion" }\n[defaults.camera]\nfps = 10\n'
            f'[camera.steady]\nsource = {{ use = "stream", url = "{steady.url}" }}\n'
            f'[camera.troubled]\nsource = {{ use = "stream", url = "{troubled.url}" }}\n'
        )

        def jump(site: Site) -> None:
            site.everything.clear()  # the first moments of a connection are no matter here
            troubled.jump(3600)

        def goes_on(site: Site) -> bool:
            return analysed(site, "troubled") > 10 and analysed(site, "steady") > 10

        site = Site(
            path,
            [
                (said("online camera=steady", "online camera=troubled"), jump),
                (goes_on, lambda _: troubled.jump(-7200)),
                (goes_on, lambda _: troubled.crawl(40)),
                (said("degraded camera=troubled"), lambda _: troubled.thaw()),
                (said("online camera=troubled"), lambda _: None),
                (goes_on, stop),
            ],
        )
        heard.append(site)
        site.run()
    assert not any("camera=steady" in item for item in site.everything if isinstance(item, str))
    anchored = [m.at for m in site.everything if isinstance(m, Anchored) and m.camera == "troubled"]
    assert anchored
    assert all(abs(datetime.now(UTC) - at).total_seconds() < PATIENCE_S for at in anchored)  # and not an hour away


def analysed(site: Site, camera: str) -> int:
    """Frames of a camera that were analysed since the last step."""
    counts = [m.analysed for m in site.of(Watched, camera) if isinstance(m, Watched)]
    return counts[-1] - counts[0] if counts else 0


STREET = """
detector = {{ use = "{detector}" }}
[camera.a]
source = {{ use = "stream", url = "{film}" }}
[camera.a.place]
square = {{ zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]] }}
"""
MORE = """
[camera.{name}]
fps = {fps}
source = {{ use = "stream", url = "{film}" }}
[camera.{name}.place]
square = {{ zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]] }}
"""


def test_a_configuration_is_read_again_and_only_what_changed_is_disturbed(
    tmp_path: Path, heard: list[Site]
) -> None:
    path, film = tmp_path / "street.toml", write_film(tmp_path / "minute.mp4", count=600)
    path.write_text(STREET.format(detector="motion", film=film) + MORE.format(name="b", fps=5, film=film))
    workers: list[dict[str, int]] = []

    def write(text: str) -> Callable[[Site], None]:
        def change(site: Site) -> None:
            workers.append({n: pid for n, pid in site.service.engine.pids.items() if "spare" not in n})
            path.write_text(text)
            site.service.reload()

        return change

    def observed(*cameras: str) -> Callable[[Site], bool]:
        return lambda site: all(site.of(Observed, camera) for camera in cameras)

    others = MORE.format(name="b", fps=2, film=film) + MORE.format(name="c", fps=5, film=film)
    site = Site(
        path,
        [
            (observed("a", "b"), write(STREET.format(detector="motion", film=film) + others)),
            (lambda s: observed("a", "b", "c")(s) and bool(s.of(Ended, "b")), write("[camera.a]\nsource = 3")),
            (
                said("reload refused"),
                write(STREET.format(detector="motion", film=film) + others + "enabled = nonsense"),
            ),
            (said("reload refused"), write(STREET.format(detector="motion", film=film))),
            (said("removed camera=b", "removed camera=c"), write(STREET.format(detector="auto", film=film))),
            (said("detecting detector="), lambda _: None),
            (observed("a"), stop),
        ],
    )
    heard.append(site)
    site.run()
    assert workers[1] == workers[0] == workers[2] == workers[3]  # nothing was started again for other cameras
    log = [item for item in site.everything if isinstance(item, str)]
    assert sum("reloaded" in line for line in log) == 3
    anchored = [m.camera for m in site.everything if isinstance(m, Anchored)]
    assert (anchored.count("a"), anchored.count("c")) == (2, 1)  # a: once an engine
    assert anchored.count("b") == 2


def lanes(tmp_path: Path) -> str:
    """A site with one camera, past which many walk down side by side, again and again."""
    film = write_film(tmp_path / "walk.mp4", count=600, size=(16 * LANES, 48), rate=10)
    boxes = []
    for number in range(600):
        step = 2 * (number % 30)
        walkers = [[16 * lane + 4, step - 10, 16 * lane + 11, step + 8, 0.9, "person"] for lane in range(LANES)]
        boxes.append({"frame": number + 1, "boxes": walkers})
    (tmp_path / "boxes.jsonl").write_text("\n".join(map(json.dumps, boxes)))
    return (
        f'store = "{tmp_path}/rows.db"\nprivacy = {{ grain = "5min", k = 10 }}\n'
        f'detector = {{ use = "replay", path = "{tmp_path}/boxes.jsonl" }}\n'
        f'[camera.a]\nfps = 10\nevery_frame = true\nsource = {{ use = "stream", url = "{film}" }}\nloop = true\n'
        "[camera.a.place]\ngate = { line = [[0.0, 0.5], [1.0, 0.5]] }\n"
    )


def test_an_engine_is_killed_and_the_end_writes_what_both_have_seen(tmp_path: Path, heard: list[Site]) -> None:
    path = tmp_path / "street.toml"
    path.write_text(lanes(tmp_path))
    clock = HandClock(datetime.now(UTC))
    killed: list[int] = []

    def kill(site: Site) -> None:
        killed.append(site.passes())
        os.kill(site.service.engine.pids["engine 0"], signal.SIGKILL)

    def end(site: Site) -> None:
        clock.advance(900.0)
        site.service.stop()

    site = Site(
        path,
        [
            (lambda site: site.passes() >= LANES // 2, kill),
            (said("degraded camera=a"), lambda _: None),
            (lambda site: site.passes() >= killed[0] + LANES, end),
        ],
        clock,
    )
    heard.append(site)
    site.run()
    rows = list(Sqlite(tmp_path / "rows.db", read_only=True).read(Query(cuts=("all",))))
    assert sum(row.count or 0 for row in rows) == site.passes() >= killed[0] + LANES
    assert {row.detector for row in rows} == {"replay"}


def test_films_that_are_over_end_the_service_and_what_failed_is_said(tmp_path: Path) -> None:
    film = write_film(tmp_path / "short.mp4", count=5)
    path = tmp_path / "street.toml"
    path.write_text(
        f'detector = {{ use = "motion" }}\n[camera.short]\nsource = {{ use = "stream", url = "{film}" }}\n'
        f'[camera.odd]\nsource = {{ use = "stream", url = "{film}", rate = -1 }}\n'
    )
    site = Site(path)
    with pytest.raises(PartialError, match="odd: rate must be more than 0"):
        site.run()
    assert any('disabled camera=short reason="its film is over."' in str(item) for item in site.everything)
    assert any("disabled camera=odd" in str(item) for item in site.everything)


def test_glyphs_come_while_somebody_looks_and_are_not_shown_of_a_camera_that_is_blind(
    tmp_path: Path, heard: list[Site]
) -> None:
    path = tmp_path / "street.toml"
    path.write_text(lanes(tmp_path) + '[defaults.camera]\nlive = "ghost"\n')

    def look(site: Site) -> None:
        assert not any(isinstance(item, Shown) for item in site.everything)
        site.service.show(["a", "nobody"])

    def see(site: Site) -> None:
        moments.append(site.service.office.live.moment("a", site.clock()))
        site.service.stop()

    moments: list[Moment] = []
    steps: list[Step] = [
        (lambda site: site.passes() > 0, look),
        (
            lambda site: any(isinstance(m, Shown) and m.glyphs for m in site.messages) and site.said("degraded"),
            see,
        ),
    ]
    site = Site(path, steps)
    heard.append(site)
    site.run()
    assert [(moment.condition, moment.glyphs) for moment in moments] == [("blind", None)]  # its film is just grey


def test_an_engine_that_cannot_work_at_all_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    path.write_text(
        'detector = { use = "replay", path = "nothing.jsonl" }\n[camera.a]\nsource = { use = "synthetic" }\n'
    )
    with pytest.raises(ModelError, match="cannot be read as boxes"):
        Site(path).run()
