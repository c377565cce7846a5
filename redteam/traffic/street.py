"""A street on loopback to be watched: cameras, a webhook's receiver, and a configuration that names them."""

from __future__ import annotations

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import httpx
from films import serving
from rtsp import RtspCamera

from redteam import texture
from redteam.traffic.capture import End

PATIENCE_S: Final = 300.0  # for what takes a few seconds where nothing else runs
PASSWORD: Final = "correct horse battery"
_PAGES: Final[tuple[str, ...]] = (
    *("", "cameras/bar", "cameras/bar/charts", "cameras/bar/settings", "cameras/bar/edit", "cameras/bar/plate"),
    *(
        "cameras/new",
        "settings",
        "areas",
        "alerts",
        "people",
        "keys",
        "audit",
        "privacy",
        "metrics",
        "api/v1/cameras",
    ),
)
_CONFIG: Final = """
site = {{ name = "Loop", timezone = "Europe/Lisbon" }}
store = "{folder}/rows.db"
state = "{folder}/state"
[detector]
use = "motion"
[privacy]
live_outputs = true
[web]
listen = "127.0.0.1:{pages}"
[sink.control]
use = "webhook"
url = "http://127.0.0.1:{hook}/records"
[camera.bar]
source = {{ use = "stream", url = "{bar}", read_timeout_s = 3 }}
live = "ghost"
[camera.web]
source = {{ use = "stream", url = "http://127.0.0.1:{web}/video" }}
[camera.gone]
source = {{ use = "stream", url = "rtsp://127.0.0.1:{gone}/1", open_timeout_s = 1 }}
[camera.drawn]
source = {{ use = "synthetic", seed = 3, duration = 600 }}
[camera.drawn.place]
gate = {{ line = [[0.05, 0.6], [0.95, 0.6]] }}
"""


@dataclass(frozen=True)
class Street:
    """What is named in the configuration, and where that is."""

    folder: Path
    config: Path
    pages: str  # url
    named: frozenset[End]
    camera: RtspCamera
    taken: list[bytes] = field(default_factory=list)  # what the receiver got

    @property
    def link(self) -> Path:
        """The file with the link by which the first account is made."""
        return self.folder / "state" / "first-admin-link"


@contextmanager
def street(folder: Path) -> Iterator[Street]:
    """Cameras that film, a receiver that takes what it gets, and a configuration."""
    taken: list[bytes] = []
    with ExitStack() as stack:
        camera = stack.enter_context(RtspCamera(credentials="ada:p@ss", digest=True))
        web = stack.enter_context(serving(_Filming))
        hook = stack.enter_context(serving(_receiver(taken)))
        ports = {"web": _port(web), "hook": _port(hook), "pages": free_port(), "gone": free_port()}
        config = folder / "street.toml"
        bar = f"rtsp://ada:p%40ss@{camera.place}"
        config.write_text(_CONFIG.format(folder=folder, bar=bar, **ports))
        own = int(camera._rtp.getsockname()[1])  # the camera's own film, which is made in this namespace, too
        named = {End("tcp", "127.0.0.1", port) for port in (*ports.values(), camera.port)}
        named |= {End("udp", "127.0.0.1", port) for port in (own, own + 1)}
        yield Street(folder, config, f"http://127.0.0.1:{ports['pages']}/", frozenset(named), camera, taken)


@contextmanager
def running(street: Street, environ: Mapping[str, str], before: list[str]) -> Iterator[Service]:
    """``passerby run`` of it, until the block is left; `before` is put before the command."""
    command = [*before, sys.executable, "-m", "passerby", "run", "--json", str(street.config)]
    log = street.folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stderr=out, stdout=subprocess.DEVNULL, env=environ)
    service = Service(process, log)
    try:
        yield service
    finally:
        service.end()


class Service:
    """It at work."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process, self._log = process, log

    @property
    def pid(self) -> int:
        """Of passerby itself, which may be the child of who traces it."""
        return next((pid for pid in self._tree() if _says(pid, "passerby\0run")), self._process.pid)

    def workers(self, module: str) -> list[int]:
        """Processes that run a module."""
        return [pid for pid in self._tree() if _says(pid, module)]

    def until(self, wanted: Callable[[Mapping[str, str]], bool], what: str) -> None:
        """Wait for a line of the log."""
        self.wait(lambda: any(wanted(json.loads(line)) for line in self.lines() if line.startswith("{")), what)

    def wait(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for something else."""
        until_s = time.monotonic() + PATIENCE_S
        while not is_so():
            if time.monotonic() > until_s or self._process.poll() is not None:
                raise AssertionError(f"waited in vain for {what}: {self.lines()[-5:]}")
            time.sleep(0.05)

    def kill(self, module: str, number: signal.Signals) -> None:
        """End the workers that run a module, and wait until that is noticed."""
        self.wait(lambda: bool(self.workers(module)), module)
        deaths = self._deaths()
        for pid in self.workers(module):
            os.kill(pid, number)
        self.wait(lambda: self._deaths() > deaths, f"{module} to be missed")

    def _deaths(self) -> int:
        return sum('"died"' in line for line in self.lines())

    def end(self) -> None:
        """Tell it to stop, and wait."""
        if self._process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def lines(self) -> list[str]:
        """The log so far."""
        return self._log.read_text(errors="replace").splitlines()[:-1]

    def _tree(self) -> list[int]:
        found, todo = list[int](), [self._process.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            try:
                for task in Path(f"/proc/{pid}/task").iterdir():
                    todo += map(int, (task / "children").read_text().split())
            except OSError:
                continue
        return found


def _says(pid: int, words: str) -> bool:
    try:
        said = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return words in said and "strace" not in said.split("\0")[0]


def visit(street: Street) -> int:
    """Make the first account and ask for every page; how many answered."""
    token = street.link.read_text().strip().partition("token=")[2]
    with httpx.Client(
        base_url=street.pages, headers={"origin": street.pages.rstrip("/")}, trust_env=False, timeout=PATIENCE_S
    ) as guest:
        form = {"token": token, "name": "ada", "password": PASSWORD, "again": PASSWORD}
        assert guest.post("/first", data=form).is_redirect
        csrf = guest.get("/alerts").text.partition('name="csrf" value="')[2].partition('"')[0]
        assert guest.post("/alerts/test", data={"csrf": csrf}).is_redirect  # so that the receiver hears something
        return sum(guest.get(f"/{page}").status_code == 200 for page in _PAGES)


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


class _Filming(http.server.BaseHTTPRequestHandler):
    """One request of a camera that sends JPEGs, one after the other, for as long as it is asked."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
        self.end_headers()
        begin_s = time.monotonic()
        with suppress(OSError):  # whoever asked has gone
            while True:
                _, jpeg = cv2.imencode(".jpg", texture.bgr(time.monotonic() - begin_s))
                head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg.tobytes() + b"\r\n")
                time.sleep(0.2)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _receiver(taken: list[bytes]) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        """One request."""

        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
