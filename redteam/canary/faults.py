"""What may go wrong with a service while frames are in its memory, each awaited until it has happened."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from redteam.canary.running import Running, links
from redteam.canary.south import South
from redteam.canary.visitor import Visitor


@dataclass
class Stage:
    """All that a fault may touch."""

    run: Running
    south: South
    visitor: Visitor
    port: int  # of the relay before the pages


Fault = Callable[[Stage], None]


def _killed(kind: str, number: signal.Signals, stage: Stage) -> None:
    run, mark = stage.run, stage.run.mark()
    os.kill(run.workers(kind)[0], number)
    _again(run, run.until(mark, event="died"))


def _again(run: Running, mark: int) -> None:
    """A worker has died: wait until what it did is done by another."""
    run.until(mark, event="online")
    run.wait(lambda: bool(run.workers("looking")), "frames go on")


def _asked(what: str, stage: Stage) -> None:
    """A planted plugin fails, and its worker with it."""
    run, mark = stage.run, stage.run.mark()
    run.ask(what)
    _again(run, run.until(mark, event="died"))


def _asked_camera(what: str, stage: Stage) -> None:
    """A planted source fails, and its camera comes back."""
    run, mark = stage.run, stage.run.mark()
    run.ask(f"north-{what}")
    run.until(run.until(mark, event="offline", camera="north"), event="online", camera="north")


def _no_memory(stage: Stage) -> None:
    (worker,) = stage.run.workers("looking")[:1]
    resource.prlimit(worker, resource.RLIMIT_AS, (_memory(worker) + (64 << 20), -1))
    _asked("detector-memory", stage)


def _no_memory_decoding(stage: Stage) -> None:
    run = stage.run
    worker = run.workers("decoding")[0]
    resource.prlimit(worker, resource.RLIMIT_AS, (_memory(worker), -1))
    stage.south.be("lost")
    mark = run.until(run.mark(), event="offline", camera="south")
    stage.south.be("fine")
    with suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)  # without memory it may stand still for ever
    run.until(mark, event="died")
    run.until(mark, event="online", camera="south")


def _memory(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


def _disk_full(stage: Stage) -> None:
    ballast = stage.run.folder / "ballast"
    with ballast.open("wb") as file:
        free = os.statvfs(file.fileno())
        for share in (1.0, 0.9, 0.5):
            with suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, max(1, int(free.f_bavail * free.f_frsize * share)))
                break
        with suppress(OSError):
            while True:
                file.write(b"." * 4096)
                file.flush()
    _write_something(stage)
    ballast.unlink()


def _files_short(stage: Stage) -> None:
    before = resource.prlimit(stage.run.pid, resource.RLIMIT_FSIZE, (1024, -1))
    _write_something(stage)
    resource.prlimit(stage.run.pid, resource.RLIMIT_FSIZE, before)


def _write_something(stage: Stage) -> None:
    """Have the service write: its audit log, a plate, its own accounts."""
    stage.visitor.post("/cameras/plaza/plate", "/cameras/plaza/plate/discard")
    stage.visitor.post("/cameras/plaza/plate", "/cameras/plaza/plate/collect")


@contextmanager
def _south_being(stage: Stage, mode: str) -> Iterator[None]:
    stage.south.be(mode)
    try:
        yield
    finally:
        mark = stage.run.mark()
        stage.south.be("fine")
        if mode != "corrupt":
            stage.run.until(mark, event="online", camera="south")


def _sending(mode: str, stage: Stage) -> None:
    mark = stage.run.mark()
    with _south_being(stage, mode):
        if mode == "corrupt":
            for _ in range(12):
                stage.south.be("corrupt")
        else:
            stage.run.until(mark, event="offline" if mode in ("lost", "garbage") else "", camera="south")


def _mid_frame(then: Callable[[Stage], None], stage: Stage) -> None:
    """The detector holds a frame while something happens."""
    run = stage.run
    run.ask("detector-hold")
    run.wait(lambda: (run.triggers / "detector-held").exists(), "a frame is held")
    (run.triggers / "detector-held").unlink()
    then(stage)
    run.ask("detector-go")


def _reload(stage: Stage) -> None:
    mark = stage.run.mark()
    text = stage.run.config.read_text()
    stage.run.config.write_text(text + "\n")
    os.kill(stage.run.pid, signal.SIGHUP)
    stage.run.until(mark, event="reloaded")


def _reload_wrong(stage: Stage) -> None:
    mark, text = stage.run.mark(), stage.run.config.read_text()
    stage.run.config.write_text(text + "\n[camera.north]\n")
    os.kill(stage.run.pid, signal.SIGHUP)
    stage.run.until(mark, event="reload refused")
    stage.run.config.write_text(text)


def _kill_engine(stage: Stage) -> None:
    mark = stage.run.mark()
    os.kill(stage.run.workers("looking")[0], signal.SIGKILL)
    stage.run.until(mark, event="died")
    stage.run.until(mark, event="online")


def _locked(stage: Stage) -> None:
    work = stage.run.folder / "work"
    for path in (work / "rows.db", work / "site.state" / "accounts.db"):
        with closing(sqlite3.connect(path, isolation_level=None)) as other, suppress(sqlite3.OperationalError):
            other.execute("BEGIN EXCLUSIVE")
            stage.visitor.page("/cameras/plaza/charts")
            other.execute("ROLLBACK")


def _cut_short(stage: Stage) -> None:
    """Whoever asks is gone in the middle: of a request, of an answer, of a message of a socket."""
    cookie = "; ".join(f"{n}={v}" for n, v in stage.visitor.cookies.items())
    host = f"127.0.0.1:{stage.port}"
    upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\n"
    key = upgrade.format("AAAAAAAAAAAAAAAAAAAAAA==") + f"Origin: http://{host}\r\n"
    for line, head, read in (
        ("POST /cameras/plaza/edit/save", "Content-Length: 5000\r\n", 0),
        ("GET /cameras/plaza", "", 100),
        ("GET /cameras/plaza/live", key, 200),
    ):
        with socket.create_connection(("127.0.0.1", stage.port)) as client:
            client.sendall(f"{line} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{head}\r\n".encode())
            client.settimeout(10.0)
            if read:
                with suppress(TimeoutError):
                    client.recv(read)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # reset, not closed


def _wiped(stage: Stage) -> None:
    """A camera stands still: what was shared of its frames must be all zero soon."""
    run = stage.run
    run.ask("north-hold")
    run.wait(lambda: (run.triggers / "north-held").exists(), "north stands still")
    (run.triggers / "north-held").unlink()
    try:
        run.wait(lambda: any(_is_wiped(pid) for pid in run.workers("decoding")), "its ring is wiped")
    finally:
        run.ask("north-go")


def _is_wiped(decoder: int) -> bool:
    rings = [fd for fd, link in links(decoder) if "/memfd:" in link]
    return bool(rings) and not any(fd.read_bytes().strip(b"\0") for fd in rings)


FAULTS: Final[Mapping[str, Fault]] = {
    "kill -9 of an engine": partial(_killed, "looking", signal.SIGKILL),
    "an engine crashes (SIGSEGV)": partial(_killed, "looking", signal.SIGSEGV),
    "an engine aborts (SIGABRT)": partial(_killed, "looking", signal.SIGABRT),
    "SIGUSR1 to an engine": partial(_killed, "looking", signal.SIGUSR1),
    "kill -9 of a decoder": partial(_killed, "decoding", signal.SIGKILL),
    "a decoder crashes (SIGSEGV)": partial(_killed, "decoding", signal.SIGSEGV),
    "a decoder aborts (SIGABRT)": partial(_killed, "decoding", signal.SIGABRT),
    "a decoder aborts while it makes a frame": partial(_asked, "north-crash"),
    "no memory in an engine": _no_memory,
    "no memory in a decoder": _no_memory_decoding,
    "the disk is full": _disk_full,
    "files may not grow": _files_short,
    "corrupt bytes in the stream": partial(_sending, "corrupt"),
    "nothing but noise in the stream": partial(_sending, "garbage"),
    "a camera is lost": partial(_sending, "lost"),
    "a source fails with a frame among its locals": partial(_asked_camera, "source"),
    "a source breaks off": partial(_asked_camera, "lost"),
    "a detector fails with frames among its locals": partial(_asked, "detector"),
    "a library fails with a frame among its arguments": partial(_asked, "detector-library"),
    "a tracker fails with a frame among its locals": partial(_asked, "tracker"),
    "a measure fails with a frame among its locals": partial(_asked, "measure"),
    "a reload in mid-frame": partial(_mid_frame, _reload),
    "kill -9 of an engine in mid-frame": partial(_mid_frame, _kill_engine),
    "a reload of a wrong configuration": _reload_wrong,
    "the database is locked": _locked,
    "clients that are gone in the middle of a message": _cut_short,
    "a camera stands still (its memory must be wiped)": _wiped,
}
