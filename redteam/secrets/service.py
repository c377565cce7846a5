"""A real ``passerby run`` and ``check`` of cameras with passwords that fail, and all that these leave."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rtsp import RtspCamera

from redteam.secrets.forms import PLACE, Form

PATIENCE_S: Final = 120.0
_HEAD: Final = """site = {{ name = "Market" }}
detector = {{ use = "motion" }}
store = "{folder}/rows.db"
state = "{folder}/state"
[web]
listen = "127.0.0.1:0"
[sink.hook]
use = "webhook"
url = "${{HOOK}}"
token = "${{TOKEN}}"
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run left, by where it was found."""

    left: Mapping[str, str]
    processes: int  # whose arguments and environment were read


def ran(forms: Sequence[Form], folder: Path, *, as_json: bool) -> Ran:
    """Run it until every camera has said something, kill a worker, read it again, and end it; and `check` it."""
    with ExitStack() as stack:
        digest = stack.enter_context(RtspCamera(credentials="ada:right", digest=True))
        basic = stack.enter_context(RtspCamera(credentials="ada:right"))
        path, environ = _written(forms, folder, (digest.place, basic.place))
        environ |= {name: value for name, value in os.environ.items() if name not in environ}
        words = [sys.executable, "-m", "passerby", "run", str(path), *(["--json"] if as_json else [])]
        log, seen = folder / "log", dict[str, str]()
        with log.open("wb") as out:
            process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, env=environ)
        try:
            _wait(lambda: len(_cameras(log)) >= len(forms), process)
            seen |= _processes(process.pid)
            _kill(process.pid, signal.SIGSEGV)
            _wait(lambda: "died" in log.read_text(errors="replace"), process)
            text = path.read_text()
            path.write_text(f"store = {forms[0].toml}\n{text}")
            process.send_signal(signal.SIGHUP)
            _wait(lambda: "reload refused" in log.read_text(errors="replace"), process)
            path.write_text(text)
            seen |= _processes(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)
        checked = subprocess.run(
            [sys.executable, "-m", "passerby", "check", str(path), "--timeout", "5"],
            env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        doctor = subprocess.run(
            [sys.executable, "-m", "passerby", "doctor"], env=environ, capture_output=True, text=True, check=False
        )
    files = {
        str(file): file.read_bytes().decode("latin-1") + file.read_bytes().decode(errors="replace")
        for file in folder.rglob("*")
        if file.is_file() and file != path and not file.name.startswith("given-")
    }
    verbs = {"check": checked.stdout + checked.stderr, "doctor": doctor.stdout + doctor.stderr}
    return Ran({**files, **seen, **verbs}, len(seen))


def _written(forms: Sequence[Form], folder: Path, places: Sequence[str]) -> tuple[Path, dict[str, str]]:
    """A configuration, and the environment that it names; half of the cameras are really asked for a password."""
    environ = {
        "HOOK": f"http://{PLACE}/{quote(forms[0].password, safe='')}",
        "TOKEN": forms[0].password.encode().hex(),
    }
    lines = [_HEAD.format(folder=folder)]
    for at, form in enumerate(forms):
        url = form.url.replace(PLACE, places[at // 2 % 2]) if at % 2 else form.url
        value = json.dumps(url.replace("$", "$$"), ensure_ascii=False)
        if form.written == "variable":
            environ[f"PASSERBY_CAM_{at}"], value = url, f'"${{PASSERBY_CAM_{at}}}"'
        elif form.written == "file":
            given = folder / f"given-{at}"
            given.write_text(url)
            value = f'{{ file = "{given}" }}'
        lines.append(f"[camera.c{at}]\nsource = {{ use = 'stream', url = {value}, open_timeout_s = 2.0 }}\n")
    path = folder / "site.toml"
    path.write_text("".join(lines))
    return path, environ


def _cameras(log: Path) -> set[str]:
    """Cameras of which the log says that they are offline."""
    found = set[str]()
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith("{"):
            said = json.loads(line)
            found |= {said["camera"]} if said["event"] == "offline" else set()
        elif " offline " in line:
            found |= {word for word in line.split() if word.startswith("camera=")}
    return found


def _processes(pid: int) -> dict[str, str]:
    """Arguments of a process and all below it, and the environment of these."""
    found, todo, own = dict[str, str](), [pid], _read(Path("/proc", str(pid), "cmdline"))
    while todo:
        one = todo.pop()
        process = Path("/proc", str(one))
        try:
            found[f"arguments of {one}"] = _read(process / "cmdline")
            if found[f"arguments of {one}"] != own:  # else it is the service, or a fork of it that is none yet
                found[f"environment of {one}"] = _read(process / "environ")
            for task in (process / "task").iterdir():
                todo += map(int, _read(task / "children").split())
        except OSError:
            continue  # it has just ended
    return found


def _read(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")


def _kill(pid: int, number: signal.Signals) -> None:
    """End the workers below a process."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in _read(task / "children").split():
            if "passerby.engine.decoding" in _read(Path("/proc", child, "cmdline")):
                os.kill(int(child), number)


def _wait(is_so: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until_s = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > until_s or process.poll() is not None:
            raise RuntimeError("the service did not do what it was watched for")
        time.sleep(0.1)
