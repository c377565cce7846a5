"""``python -m redteam.traffic.inside``: runs passerby in its own network namespace; prints who was called."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from films import write_film

from redteam.traffic import plants
from redteam.traffic.capture import TRACED, End, asked, capturing, prepare
from redteam.traffic.street import Service, Street, running, street, visit

_NOBODY: Final[frozenset[End]] = frozenset()
Deeds = Callable[[Service, Street], None]
_KEPT: Final = ("HOME", "LANG", "PATH", "VIRTUAL_ENV")


@dataclass
class Run:
    """What was seen of one run."""

    name: str
    packets: int
    strangers: list[str]  # packets, and calls to the kernel, to or from whom nobody named
    missed: int  # packets that were counted and not seen
    planted: bool = False


class Runs:
    """Runs commands and whole services, each with an ear at the namespace; `trace`: strace, if it is there."""

    def __init__(self, folder: Path, trace: bool) -> None:
        self.folder, self.done = folder, list[Run]()
        self._trace = trace
        (folder / "models").mkdir()

    def environ(self, plant: str = "") -> dict[str, str]:
        """Of a process: nothing of ours, no model, and what is planted in it."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        kept |= {
            "PASSERBY_MODELS": str(self.folder / "models"),
            "OMP_NUM_THREADS": "1",
            "XDG_CACHE_HOME": str(self.folder),
        }
        if plant:
            own = Path(tempfile.mkdtemp(dir=self.folder))
            (own / "sitecustomize.py").write_text(plant)
            kept["PYTHONPATH"] = str(own)
        return kept

    def command(self, name: str, *arguments: str, plant: str = "") -> None:
        """A verb of passerby, which names nobody."""
        with self.heard(name, _NOBODY, planted=bool(plant)) as before:
            command = [*before, sys.executable, "-m", "passerby", *arguments]
            subprocess.run(
                command, env=self.environ(plant), cwd=self.folder, check=False, capture_output=True, timeout=240
            )

    def service(self, name: str, deeds: Deeds | None = None, plant: str = "") -> None:
        """The whole service, with cameras, a receiver and pages, and what is done to it."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        with (
            street(folder) as there,
            self.heard(name, there.named, planted=bool(plant)) as before,
            running(there, self.environ(plant), before) as service,
        ):
            for camera in ("bar", "web", "drawn"):
                _until(service, "online", camera)
            if deeds is not None:
                deeds(service, there)
            if not plant:
                service.wait(there.link.exists, "the pages")
                assert visit(there) > 10, "hardly a page answers"
                service.wait(lambda: bool(there.taken), "the receiver")

    @contextmanager
    def heard(self, name: str, named: frozenset[End], *, planted: bool) -> Iterator[list[str]]:
        """Note who is called until the block is left; what it yields goes before the command."""
        traced = self.folder / "trace"
        before = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={TRACED}", "-o", str(traced)]
        begin_s = time.monotonic()
        with capturing() as seen:
            yield before if self._trace and not planted else []
        print(f"{time.monotonic() - begin_s:6.1f} s  {name}", file=sys.stderr, flush=True)
        strangers = {f"a packet from {packet.source} to {packet.target}" for packet in seen.strangers(named)}
        if traced.exists():
            places = {(end.address, end.port) for end in named}
            text = traced.read_text(errors="replace")
            strangers |= {f"a call to {a} {p}" for a, p in asked(text) if (a, p) not in places}
            traced.unlink()
        self.done.append(Run(name, len(seen.packets), sorted(strangers), seen.missed, planted))


def _until(service: Service, event: str, camera: str) -> None:
    def is_so(line: Mapping[str, str]) -> bool:
        return (line["event"], line.get("camera")) == (event, camera)

    service.until(is_so, f"{camera} to be {event}")


def _crashes(service: Service, _: Street) -> None:
    """Workers die in every way."""
    service.kill("passerby.engine.decoding", signal.SIGSEGV)
    service.kill("passerby.engine.looking", signal.SIGABRT)
    service.kill("passerby.engine.decoding", signal.SIGKILL)


def _reloads(service: Service, there: Street) -> None:
    """A camera that freezes, a configuration that is wrong, one whose model is missing, and one that is right."""
    there.camera.freeze()
    _until(service, "degraded", "bar")
    there.camera.thaw()
    text = there.config.read_text()
    for number, wrong in enumerate(
        (text + "sauce = 1\n", text.replace('"motion"', '"onnx"\nmodel = "yolox_nano"'))
    ):
        there.config.write_text(wrong)
        os.kill(service.pid, signal.SIGHUP)
        service.wait(partial(_refused, service, number + 1), "the refusal")
    there.config.write_text(text)
    os.kill(service.pid, signal.SIGHUP)
    service.until(lambda line: line["event"] == "reloaded", "the configuration to be read again")


def _refused(service: Service, times: int) -> bool:
    return sum("reload refused" in line for line in service.lines()) >= times


def innocent(runs: Runs, full: bool) -> None:
    """All that passerby does without being told to call anybody."""
    film = write_film(runs.folder / "walk.mp4", count=40)
    (runs.folder / "cut.mp4").write_bytes(film.read_bytes()[:700])
    line = "--line=gate=0.1,0.5,0.9,0.5"
    runs.command("count", "count", str(film), line, "--interval=15min", "--json")
    runs.command("count without a model that was asked for", "count", str(film), line, "--model=yolox_nano")
    runs.command("count of a film that is broken", "count", str(runs.folder / "cut.mp4"), line)
    runs.command("demo", "demo", "--duration", "30" if full else "4")
    for words in ("doctor", "plugins", "models list", "models verify"):
        runs.command(words, *words.split())
    runs.command("redact", "redact", str(film), str(runs.folder / "out.mp4"))
    wrong = runs.folder / "wrong.toml"
    wrong.write_text(
        'detector = { use = "onnx", model = "yolox_nano" }\n[camera.a]\nsource = { use = "synthetic" }\n'
    )
    runs.command("run without a model that was asked for", "run", str(wrong))
    wrong.write_text("[camera.a]\nsauce = 1\n")
    runs.command("run with a wrong configuration", "run", str(wrong))
    runs.service("run, with pages that are visited")
    runs.service("run, while workers crash", _crashes)
    runs.service("run, while cameras fail and it is read again", _reloads)
    with (
        street(Path(tempfile.mkdtemp(dir=runs.folder))) as there,
        runs.heard("check", there.named, planted=False) as before,
    ):
        command = [*before, sys.executable, "-m", "passerby", "check", str(there.config)]
        subprocess.run(command, env=runs.environ(), check=False, capture_output=True, timeout=240)


def guilty(runs: Runs) -> None:
    """What must be seen: plants, and the one verb that fetches something."""
    for name, code in plants.EVERYWHERE.items():
        runs.command(name, "plugins", plant=code)
    for name, code in plants.WORKERS.items():
        runs.service(name, plant=code)
    runs.command("models pull", "models", "pull", "yolox_nano", plant="pass")


def main(size: str) -> None:
    """Print all runs as JSON."""
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(Path(folder), trace=shutil.which("strace") is not None)
        innocent(runs, size == "full")
        guilty(runs)
        print(json.dumps([asdict(run) for run in runs.done]))


if __name__ == "__main__":
    main(sys.argv[1])
