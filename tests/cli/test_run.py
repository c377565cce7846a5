"""``passerby run`` as a process: signals, exit codes, and no secret anywhere."""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from cli.verbs import Verb
from films import write_film

PATIENCE_S = 30.0


class Running:
    """``passerby run`` at work; its log is read line by line."""

    def __init__(self, config: Path, *options: str, environ: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "passerby", "run", str(config), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environ or {})},
            text=True,
        )
        self.log: list[str] = []

    def until(self, wanted: Callable[[str], bool]) -> str:
        """Read on to a line such as this."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if wanted(line):
                return line
        raise AssertionError(f"it ended: {self.log}")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal; the exit code, what it wrote on stdout, and its whole log."""
        self.process.send_signal(number)
        out, rest = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out, "".join(self.log) + rest

    def workers(self) -> list[Path]:
        """Where /proc tells of its children."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [Path("/proc", child) for child in children]


def site(tmp_path: Path, cameras: str) -> Path:
    path = tmp_path / "street.toml"
    path.write_text(f'store = "{tmp_path}/rows.db"\ndetector = {{ use = "motion" }}\n{cameras}')
    return path


def test_it_runs_reads_again_and_ends_when_it_is_told(tmp_path: Path) -> None:
    film = write_film(tmp_path / "walk.mp4", count=600)
    camera = f'[camera.{{}}]\nsource = {{{{ use = "stream", url = "{film}" }}}}\nloop = true\n'
    path = site(tmp_path, camera.format("north"))
    running = Running(path, "--json")
    assert json.loads(running.until(lambda line: '"online"' in line))["camera"] == "north"
    path.write_text(path.read_text() + camera.format("south"))
    running.process.send_signal(signal.SIGHUP)
    running.until(lambda line: '"online"' in line and "south" in line)
    workers = running.workers()
    assert workers
    code, out, log = running.end()
    assert (code, out) == (0, "")
    assert json.loads(log.splitlines()[-1])["event"] == "stopping"
    assert not any(worker.exists() for worker in workers)


def test_a_wrong_configuration_ends_it_before_anything(tmp_path: Path, passerby: Verb) -> None:
    path = site(tmp_path, "[camera.a]\nsauce = 3\n")
    code, out, log = passerby("run", path)
    assert (code, out) == (78, "")
    assert "'sauce' is not a key here" in log
    assert not (tmp_path / "rows.db").exists()


def test_no_secret_shows_anywhere(tmp_path: Path) -> None:
    """Passwords as people and generators make them, in every place where one can stand, and cameras that fail."""
    pick = random.Random(6)
    letters = "abcXYZ0189%@:/?#&=+ $ä\\'\"-_.~!*()"
    passwords = ["".join(pick.choices(letters, k=pick.randint(6, 20))) + f"c4nary{n}" for n in range(12)]
    environ, cameras = {"HOOK": "http://127.0.0.1:9/hook-c4nary", "PASSERBY_TOKEN": "token-c4nary"}, []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = f"127.0.0.1:{silent.getsockname()[1]}/live"
        for number, password in enumerate(passwords):
            encoded = quote(password, safe="") if number % 3 else password.replace("$", "$$")
            scheme = ("rtsp", "http", "nonsense")[number % 3]
            url = [f"{scheme}://ada:{encoded}@{place}", f"{scheme}://{place}?user=ada&password={encoded}"][
                number % 2
            ]
            if number % 4 < 2:
                environ[f"PASSERBY_CAM_{number}"] = url
                url = f"${{PASSERBY_CAM_{number}}}"
            source = f'{{ use = "stream", url = {json.dumps(url)}, open_timeout_s = 0.1 }}'
            cameras.append(f"[camera.c{number}]\nsource = {source}\n")
        sink = '[sink.hook]\nuse = "webhook"\nurl = "${HOOK}"\ntoken = "${PASSERBY_TOKEN}"\n'
        running = Running(site(tmp_path, sink + "".join(cameras)), environ=environ)
        seen: set[str] = set()

        def is_last(line: str) -> bool:
            seen.update(word for word in line.split() if word.startswith("camera="))
            return len(seen) == len(passwords)

        running.until(is_last)
        shown = [(worker / name).read_bytes() for worker in running.workers() for name in ("cmdline", "environ")]
        shown.append(Path(f"/proc/{running.process.pid}/cmdline").read_bytes())
        code, out, log = running.end(signal.SIGINT)  # as Ctrl-C
    assert code == 0
    everything = b"\n".join([out.encode(), log.encode(), *shown])
    assert b"c4nary" not in everything, [line for line in log.splitlines() if "c4nary" in line]
    for password in passwords:
        for form in (password, quote(password, safe=""), quote(password), f"ada:{password}"):
            assert form.encode() not in everything
            assert base64.b64encode(form.encode()) not in everything
