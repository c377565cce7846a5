"""The whole service with its pages: real workers, a real server, a browser's cookies and sockets."""

from __future__ import annotations

import io
import json
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from rtsp import RtspCamera
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from passerby.config import Edit
from passerby.run import Front, Journal, Service
from passerby.run.front import LINK

PATIENCE_S = 60.0
PASSWORD = "correct horse battery"
STREET = """
site = {{ name = "Drawn", timezone = "Europe/Lisbon" }}   # a comment that stays
detector = {{ use = "motion" }}
[web]
listen = "127.0.0.1:0"
[camera.street]
source = {{ use = "synthetic", seed = 3, duration = 120 }}
live = "bands"
[camera.street.place]
square = {{ zone = [[0.05, 0.3], [0.95, 0.3], [0.95, 0.98], [0.05, 0.98]] }}
[camera.bar]
source = {{ use = "stream", url = "{url}" }}
"""


class Log(io.StringIO):
    """What the service says; tests wait for a line of it."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self.lines: list[str] = []

    def write(self, text: str) -> int:
        with self._changed:
            self.lines.append(text)
            self._changed.notify_all()
        return len(text)

    def wait(self, *words: str) -> None:
        def is_said() -> bool:
            return any(all(word in line for word in words) for line in self.lines)

        with self._changed:
            assert self._changed.wait_for(is_said, PATIENCE_S), self.lines


@dataclass
class Guest:
    """Somebody with a browser."""

    url: str
    client: httpx.Client

    def make_first(self, link: str) -> None:
        token = link.strip().partition("token=")[2]
        form = {"token": token, "name": "ada", "password": PASSWORD, "again": PASSWORD}
        answer = self.client.post(f"{self.url}first", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")

    @contextmanager
    def looking(self, path: str) -> Iterator[ClientConnection]:
        base = self.url.rstrip("/")
        cookie = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        with connect(
            base.replace("http", "ws", 1) + path,
            origin=Origin(base),
            additional_headers={"Cookie": cookie},
            proxy=None,
            compression=None,
        ) as socket:
            yield socket


@contextmanager
def guest(url: str) -> Iterator[Guest]:
    with httpx.Client(trust_env=False, timeout=PATIENCE_S, headers={"Origin": url.rstrip("/")}) as client:
        yield Guest(url, client)


def until(socket: ClientConnection, is_so: Callable[[Any], bool]) -> Any:
    """The first message of which that is so."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        if is_so(told := json.loads(socket.recv(timeout=PATIENCE_S))):
            return told
    raise AssertionError("it never was so")


def is_seen(camera: Any) -> bool:
    return camera["state"] == "online" and camera["aspect"] is not None


@contextmanager
def running(path: Path, log: Log, terminal: Log | None = None) -> Iterator[tuple[Service, Front]]:
    """A service in a thread of its own."""
    service = Service(path, journal=Journal(log, lambda: datetime.now(UTC)), has_pages=True)
    with Front(service, terminal) as front:
        thread = threading.Thread(target=service.run)
        thread.start()
        try:
            yield service, front
        finally:
            service.stop()
            thread.join(PATIENCE_S)
    assert not thread.is_alive()


def test_a_site_is_signed_in_to_looked_at_and_changed_while_it_runs(tmp_path: Path) -> None:
    path, log = tmp_path / "street.toml", Log()
    with RtspCamera(rate=10) as camera:
        path.write_text(STREET.format(url=camera.url))
        with running(path, log) as (service, front), guest(front.url) as ada:
            link = tmp_path / "street.state" / LINK
            assert stat.S_IMODE(link.stat().st_mode) == 0o600
            assert stat.S_IMODE(link.parent.stat().st_mode) == 0o700
            assert link.read_text().strip() == front.first
            assert not any(front.first.partition("token=")[2] in line for line in log.lines)
            assert ada.client.get(front.url, headers={"accept": "text/html"}).status_code == 303
            ada.make_first(link.read_text().strip())
            assert ada.client.get(front.url).status_code == 200
            with ada.looking("/live") as socket:
                told = until(socket, lambda t: all(map(is_seen, t["cameras"].values())))
                assert set(told["cameras"]) == {"street", "bar"}
                assert told["cameras"]["bar"]["aspect"] == pytest.approx(320 / 240, abs=1e-3)
            assert front.house.ready().ok
            workers = {name: pid for name, pid in service.engine.pids.items() if "spare" not in name}
            with ada.looking("/cameras/street/live") as socket:
                told = until(socket, lambda t: bool(t["cameras"]["street"]["values"]))
                assert told["cameras"]["street"]["glyphs"] is None  # only bands are shown
                assert all(number is None for *_, number in told["cameras"]["street"]["values"])
                changed = front.house.change([Edit(("camera", "street", "live"), "ghost")], write=True, by="ada")
                assert (changed.written, changed.problem) == (True, "")
                told = until(socket, lambda t: bool(t["cameras"]["street"]["glyphs"]))
                assert told["cameras"]["street"]["live"] == "ghost"
                assert any(number is not None for *_, number in told["cameras"]["street"]["values"])
            assert "# a comment that stays" in path.read_text()
            assert {n: pid for n, pid in service.engine.pids.items() if "spare" not in n} == workers
            assert front.house.totals().frames["street"] > 0
            assert sum("online camera=street" in line for line in log.lines) == 1  # it was not disturbed
            with ada.looking("/live") as socket:
                front.stop()
                service.stop()
                with pytest.raises(ConnectionClosed):
                    until(socket, lambda _: False)
    assert not link.exists()


def test_what_cannot_be_is_not_written_and_what_is_refused_is_written_back(tmp_path: Path) -> None:
    path, log = tmp_path / "street.toml", Log()
    path.write_text(STREET.format(url="rtsp://ada:s3cret-canary@127.0.0.1:9/none"))
    with running(path, log) as (service, front):
        log.wait("online camera=street")
        before, change = path.read_text(), front.house.change
        wrong = change([Edit(("camera", "street", "live"), "film")], write=True, by="ada")
        assert not wrong.written
        assert "live" in wrong.problem
        no_plugin = change([Edit(("detector",), {"use": "crystal-ball"})], write=True, by="ada")
        assert "crystal-ball" in no_plugin.problem
        no_store = change([Edit(("store",), str(tmp_path / "none" / "rows.db"))], write=True, by="ada")
        assert not no_store.written
        assert no_store.problem
        assert path.read_text() == before
        tried = change([Edit(("camera", "bar", "enabled"), False)], write=False, by="ada")
        assert (tried.written, tried.problem) == (False, "")
        assert "+enabled = false" in tried.difference.replace("+ ", "+")
        assert path.read_text() == before
        url = {"use": "stream", "url": "rtsp://ada:other-canary@127.0.0.1:9/other"}
        tried = change([Edit(("camera", "bar", "source"), url)], write=False, by="ada")
        assert tried.difference
        assert "canary" not in tried.difference
        front.house.keep_secret("BAR", "typed-canary", by="ada")
        log.wait("reloaded")
        source = {"use": "stream", "url": "rtsp://ada:${BAR}@127.0.0.1:9/typed"}
        assert change([Edit(("camera", "bar", "source"), source)], write=True, by="ada").written
        assert "typed-canary" in service.site.cameras["bar"].source["url"].get_secret_value()  # type: ignore[attr-defined]
        blind = Edit(("detector",), {"use": "replay", "path": "nothing.jsonl"})
        log.lines.clear()
        assert change([blind], write=True, by="ada").written  # whether it can work is known only once it begins
        log.wait("reload refused", "The detector of before goes on.")
        log.wait("detecting detector=motion")
        assert front.house.camera("street").state != "disabled"
    assert not any("canary" in line for line in log.lines)


def test_a_site_without_a_camera_waits_for_the_first_one(tmp_path: Path) -> None:
    path, log = tmp_path / "new.toml", Log()
    path.write_text('detector = { use = "motion" }\n[web]\nlisten = "127.0.0.1:0"\n')
    terminal = Log()
    with running(path, log, terminal) as (_, front):
        assert front.first in terminal.lines[0]  # it is shown to who sits there, and is in no file and no log
        assert not (tmp_path / "new.state" / LINK).exists()
        assert not any("token=" in line for line in log.lines)
        assert front.is_local
        log.wait("detecting detector=motion")
        assert front.house.cameras() == []
        edit = Edit(("camera", "street", "source"), {"use": "synthetic", "duration": 60})
        assert front.house.change([edit], write=True, by="ada").written
        log.wait("online camera=street")
        assert front.house.camera("street").state == "online"
        with pytest.raises(KeyError):
            front.house.camera("nobody")
        off = Edit(("web", "listen"), "off")
        assert front.house.change([off], write=True, by="ada").written
        log.wait("note", "start it again")
        assert httpx.get(f"{front.url}livez", trust_env=False).status_code == 200


def test_the_program_ends_within_five_seconds_of_sigterm_with_a_socket_open(tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    path.write_text(STREET.format(url="rtsp://127.0.0.1:9/none"))
    program = [sys.executable, "-m", "passerby", "run", str(path), "--reset-admin"]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            url = next(line.split("address=")[1].strip() for line in process.stderr if "address=" in line)
            link = next(line for line in process.stderr if "first-account" in line)
            assert "token=" not in link
            with guest(url) as ada:
                ada.make_first((tmp_path / "street.state" / LINK).read_text())
                assert '"what":"reset an admin"' in (tmp_path / "street.state" / "audit.jsonl").read_text()
                with ada.looking("/cameras/street/live") as socket:
                    until(socket, lambda told: told["cameras"]["street"]["state"] == "online")
                    process.send_signal(signal.SIGTERM)
                    assert process.wait(5.0) == 0
                    with pytest.raises(ConnectionClosed):
                        until(socket, lambda _: False)
        finally:
            process.kill()


def test_with_pages_off_nothing_is_served_and_no_state_is_made(tmp_path: Path) -> None:
    path, log = tmp_path / "street.toml", Log()
    path.write_text(STREET.format(url="rtsp://127.0.0.1:9/none").replace("127.0.0.1:0", "off"))
    with running(path, log) as (_, front):
        log.wait("online camera=street")
        assert (front.url, front.first) == ("", "")
    assert not (tmp_path / "street.state").exists()
    assert not any("address=" in line for line in log.lines)
