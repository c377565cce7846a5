"""The service as it is run in earnest: its process, its workers, its log, and all that it may write to."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from redteam.planted import FOLDER, installed

PATIENCE_S: Final = 60.0
ROOT: Final = Path(__file__).parents[2]
SITE: Final = """
site = {{ name = "Canary", timezone = "Europe/Lisbon" }}
store = "rows.db"
detector = {{ use = "planted" }}
[privacy]
grain = "5min"
k = 10
live_outputs = true
[web]
listen = "127.0.0.1:{pages}"
[engine]
cameras_per_decoder = 1
[sink.control]
use = "webhook"
url = "http://127.0.0.1:{hook}/rows"
[sink.stranger]
use = "planted"
[defaults.camera]
live = "ghost"
tracker = {{ use = "planted" }}
fps = 10
[camera.north]
source = {{ use = "planted" }}
[camera.south]
source = {{ use = "stream", url = "http://127.0.0.1:{south}/live", read_timeout_s = 2, open_timeout_s = 2 }}
every_frame = true
[camera.plaza]
source = {{ use = "planted", speed = 10 }}
"""
CAMERA: Final = """
[camera.{name}.place]
gate = {{ line = [[0.5, 0.1], [0.5, 1.0]] }}
square = {{ zone = [[0.2, 0.3], [0.8, 0.3], [0.8, 0.98], [0.2, 0.98]] }}
[camera.{name}.measure]
failing = {{ use = "planted" }}
[camera.{name}.alert]
dark = {{ when = "camera.blind", for = "3s" }}
"""
AREA: Final = '\n[area.market]\nlines = ["north.gate"]\n'


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Running:
    """`passerby run`, again and again, below one folder; `cores`: dumps would be allowed."""

    def __init__(self, folder: Path, plants: Path, *, pages: int, hook: int, south: int) -> None:
        self.folder, self.plants, self.port = folder, plants, pages
        for name in ("home", "tmp", "work"):
            (folder / name).mkdir()
        self.triggers = plants / "triggers"
        self.triggers.mkdir()
        self._path = installed(plants / "path")
        self.config = folder / "work" / "site.toml"
        text = SITE.format(pages=pages, hook=hook, south=south)
        self.config.write_text(text + "".join(CAMERA.format(name=n) for n in ("north", "south", "plaza")) + AREA)
        self.said = bytearray()  # on stdout and stderr, of all runs
        self.process: subprocess.Popen[bytes] | None = None
        self._news = threading.Condition()
        self._lines: list[dict[str, Any]] = []
        self._readers: list[threading.Thread] = []

    def environ(self) -> dict[str, str]:
        """What the service is given: everything that it may write to is on the folder."""
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH")}
        home = str(self.folder / "home")
        return kept | {
            "HOME": home,
            "XDG_CACHE_HOME": f"{home}/.cache",
            "TMPDIR": str(self.folder / "tmp"),
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join([str(self._path), str(ROOT)]),
            "PYTHONDONTWRITEBYTECODE": "1",
            FOLDER: str(self.triggers),
        }

    def start(self, more: Mapping[str, str] = {}) -> None:
        """Run it, and wait until all cameras are watched."""
        mark = self.mark()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "passerby", "run", str(self.config), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**self.environ(), **more},
            cwd=self.folder / "work",
            preexec_fn=_may_dump,
        )
        reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self._readers.append(reader)
        reader.start()
        self.until(mark, event="serving")
        self.until(mark, event="online", camera="north")

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with self._news:
                self.said += line
                with suppress(ValueError):
                    said = json.loads(line)
                    self._lines.append(said if isinstance(said, dict) else {})
                self._news.notify_all()
        with self._news:
            self._lines.append({"event": "gone"})
            self._news.notify_all()

    def mark(self) -> int:
        """How much of the log there is: `until` reads on from there."""
        with self._news:
            return len(self._lines)

    def until(self, mark: int, **wanted: str) -> int:
        """Wait for a line of the log; the mark after it."""
        begin, until_s = mark, time.monotonic() + PATIENCE_S
        with self._news:
            while True:
                for number in range(mark, len(self._lines)):
                    if all(part in str(self._lines[number].get(key, "")) for key, part in wanted.items()):
                        return number + 1
                mark = len(self._lines)
                if any(line.get("event") == "gone" for line in self._lines[begin:]):
                    raise TimeoutError(f"it ended: {self.said[-400:].decode(errors='replace')}")
                if not self._news.wait(until_s - time.monotonic()):
                    last = self.said[-400:].decode(errors="replace")
                    raise TimeoutError(f"the log never said {wanted}; it ends: {last}")

    def wait(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for what no line tells."""
        until_s = time.monotonic() + PATIENCE_S
        while not is_so():
            if time.monotonic() > until_s:
                raise TimeoutError(f"it was never so: {what}")
            threading.Event().wait(0.02)

    def ask(self, what: str) -> None:
        """Tell a planted plugin to do something, once."""
        (self.triggers / what).touch()

    def did(self, what: str) -> None:
        """Wait until a plugin has done it."""
        self.wait(lambda: not (self.triggers / what).exists(), what)

    # -- processes ---------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        """Of the office."""
        assert self.process is not None
        return self.process.pid

    def workers(self, kind: str) -> list[int]:
        """Workers (`looking` or `decoding`) that hold frames; those that stand by do not."""
        found = []
        for task in Path(f"/proc/{self.pid}/task").glob("*/children"):
            for child in map(int, task.read_text().split()):
                with suppress(OSError):
                    is_one = kind.encode() in Path(f"/proc/{child}/cmdline").read_bytes()
                    if is_one and any("/memfd:" in link for _, link in links(child)):
                        found.append(child)
        return found

    def all(self) -> list[int]:
        """The office and all its workers."""
        found = [self.pid]
        for task in Path(f"/proc/{self.pid}/task").glob("*/children"):
            with suppress(OSError):
                found += map(int, task.read_text().split())
        return found

    def end(self, number: int) -> int:
        """Send the office a signal, and wait for its end."""
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        self._readers[-1].join(PATIENCE_S)
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for reader in self._readers:
            reader.join(5.0)
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()


def links(pid: int) -> list[tuple[Path, str]]:
    """What a process has open."""
    found = []
    with suppress(OSError):
        for fd in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.append((fd, os.readlink(fd)))
    return found


def _may_dump() -> None:
    """Allow cores as large as the machine lets one, so that only the service itself can keep them from being."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
