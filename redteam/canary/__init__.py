"""A texture in the picture is found in no file, deleted block, socket, shared memory or log.

The service runs as it does in earnest, on a device of its own, with somebody in the picture who wears the texture;
an admin looks at all pages; everything fails that can be made to fail. Then all that it left is searched.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from redteam.canary.disk import Disk
from redteam.canary.faults import FAULTS, Stage
from redteam.canary.leaks import LEAKS
from redteam.canary.proof import missed
from redteam.canary.running import Running, free_port
from redteam.canary.search import Hit, search_all
from redteam.canary.south import South
from redteam.canary.tap import Tap
from redteam.canary.visitor import Visitor
from redteam.canary.watching import Watch, cores, in_files
from redteam.interference.receiver import Receiver
from redteam.verdict import Size, Verdict

LEAST_S: Final = {Size.SMALL: 0.0, Size.FULL: 600.0}  # that the service runs, faults included
LEAST_FAULTS: Final = 20
_DEBUG: Final = {
    "PYTHONFAULTHANDLER": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONUNBUFFERED": "1",
}
LIMITS: Final = (
    "A search finds what it knows: pictures and films of usual formats, pixels in usual layouts at six scales, "
    "and three layers of wrapping. A leak that is encrypted, or of a few pixels, would not be found.",
    "Root can read a process's memory while it runs; no test can show otherwise.",
    "Frames that libav decoded and arrays of a detector lie in ordinary memory: it is given back when they are "
    "done, and not wiped. Only what processes share is. Swap is not searched; `passerby doctor` warns.",
)


@dataclass
class Log:
    """What came of a run."""

    took: list[str] = field(default_factory=list)  # faults that happened, and were got over
    failed: list[str] = field(default_factory=list)  # faults that did not, and why
    hits: list[Hit] = field(default_factory=list)
    cores: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    searched: int = 0  # bytes
    files: int = 0
    messages: int = 0  # of sockets
    answers: int = 0
    rings: int = 0
    lasted_s: float = 0.0

    @contextmanager
    def fault(self, name: str) -> Iterator[None]:
        """Count a fault as taken, unless it does not happen."""
        try:
            yield
            self.took.append(name)
        except (TimeoutError, OSError, IndexError, ValueError) as error:
            self.failed.append(f"{name} ({error})")


def attack(size: Size) -> Verdict:
    """Prove the search, run the service through every fault, and search all that is left."""
    not_found = missed()
    log = rehearse(LEAST_S[size])
    wrong = [f"a planted leak is missed: {name}" for name in not_found]
    wrong += [str(hit) for hit in log.hits] + [f"a core was written: {name}" for name in log.cores]
    if len(log.took) < LEAST_FAULTS:
        wrong.append(f"only {len(log.took)} faults happened: {'; '.join(log.failed[:3])}")
    if not log.messages or not log.rings:
        wrong.append("no frame went through, so that nothing found shows nothing")
    skipped = f"; skipped: {', '.join(log.skipped)}" if log.skipped else ""
    return Verdict(
        "canary",
        not wrong,
        f"{len(wrong)} found: {'; '.join(wrong[:3])}."
        if wrong
        else f"The texture is nowhere in {log.searched / 1e6:.0f} MB that the service wrote, sent or held, after "
        f"{len(log.took)} faults, and all {len(LEAKS)} planted leaks were found{skipped}.",
        {
            "n (faults that happened)": len(log.took),
            "faults that could not be made to happen": len(log.failed),
            "places where the texture was found": len(log.hits),
            "cores written": len(log.cores),
            "seconds that the service ran": round(log.lasted_s),
            "MB searched": round(log.searched / 1e6),
            "files": log.files,
            "answers of pages and API": log.answers,
            "messages of sockets": log.messages,
            "leaks planted": len(LEAKS),
            "planted and found": len(LEAKS) - len(not_found),
        },
        {
            "n (faults that happened)": f"≥ {LEAST_FAULTS}",
            "places where the texture was found": "0",
            "cores written": "0",
            "planted and found": f"{len(LEAKS)}, all",
        },
        (*LIMITS, *(f"Skipped on this machine: {why}." for why in log.skipped)),
    )


def rehearse(least_s: float = 0.0, faults: tuple[str, ...] = tuple(FAULTS)) -> Log:
    """Run the service through the faults, for so long at least, and search what is left."""
    log = Log()
    with ExitStack() as opened:
        disk, south = opened.enter_context(Disk()), opened.enter_context(South())
        receiver = opened.enter_context(Receiver())
        hook = opened.enter_context(Tap(int(receiver.url.rpartition(":")[2].partition("/")[0])))
        port, plants = free_port(), Path(opened.enter_context(tempfile.TemporaryDirectory()))
        pages = opened.enter_context(Tap(port))
        watch = Watch()
        with Running(disk.folder, plants, pages=port, hook=hook.port, south=south.port) as run:
            _run(run, south, pages.port, watch, log, least_s, faults)
            said = bytes(run.said) + _exports(run)
        log.rings = watch.rings
        log.cores, left = cores(disk.folder), in_files(disk.folder)
        log.files = len(left)
        left |= watch.held
        left |= {"pages": pages.taken(), "webhook": hook.taken(), "stdout, stderr, log": said}
        disk.unmount()
        if disk.why:
            log.skipped.append(disk.why)
        else:
            left["the device"] = disk.image.read_bytes()
    log.searched, log.hits = sum(map(len, left.values())), search_all(left)
    return log


def _run(
    run: Running, south: South, port: int, watch: Watch, log: Log, least_s: float, faults: tuple[str, ...]
) -> None:
    """Three lives of the service: each ends in another way."""
    began_s, state = time.monotonic(), run.folder / "work" / "site.state"
    names = [list(faults[0::2]), list(faults[1::2]), []]
    ends: tuple[tuple[str, Callable[[], object]], ...] = (
        ("kill -9 of the office", lambda: run.end(signal.SIGKILL)),
        ("the office crashes (SIGSEGV), with debugging on", lambda: run.end(signal.SIGSEGV)),
        ("the office is stopped in mid-frame", lambda: _stopped(run)),
    )
    for life, (how, end) in enumerate(ends):
        run.start(_DEBUG if life == 1 else {})
        visitor = Visitor(port, state)
        visitor.sign_in()
        visitor.listen()
        visitor.post("/cameras/plaza/plate", "/cameras/plaza/plate/collect")
        stage = Stage(run, south, visitor, port)
        for name in names[life]:
            with log.fault(name):
                FAULTS[name](stage)
            watch.look(run)
        _see(visitor, run, log, least_s * (life + 1) / len(ends) - (time.monotonic() - began_s))
        if life == 0 and (why := visitor.browse(run.folder / "home" / "browser")):
            log.skipped.append(why)
        watch.look(run)
        with log.fault(how):
            end()
        visitor.close()
        log.messages += visitor.messages
        log.answers += sum(visitor.answers.values())
    log.lasted_s = time.monotonic() - began_s


def _see(visitor: Visitor, run: Running, log: Log, for_s: float) -> None:
    """Look at everything, approve a picture as soon as there is one, for so long."""
    until_s = time.monotonic() + for_s
    while True:
        visitor.look()
        visitor.heard.wait(5.0)
        page = visitor.page("/cameras/plaza/plate")
        if 'name="candidate" value="' in page:
            candidate = page.partition('name="candidate" value="')[2].partition('"')[0]
            ticked = {"nobody": "on", "unreadable": "on", "no-likeness": "on"}
            visitor.post("/cameras/plaza/plate", "/cameras/plaza/plate/approve", candidate=candidate, **ticked)
        if time.monotonic() >= until_s:
            return
        threading.Event().wait(2.0)  # people look again after a while; nothing is awaited here


def _stopped(run: Running) -> None:
    run.ask("detector-hold")
    run.wait(lambda: (run.triggers / "detector-held").exists(), "a frame is held")
    run.end(signal.SIGTERM)


def _exports(run: Running) -> bytes:
    """What other verbs print of it."""
    said = b""
    for words in (
        ["export", "rows.db", "--format", "jsonl"],
        ["privacy", "site.toml"],
        ["doctor", "--json"],
    ):
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                [sys.executable, "-m", "passerby", *words],
                cwd=run.folder / "work",
                env=run.environ(),
                capture_output=True,
                timeout=60,
            )
            said += done.stdout + done.stderr
    return said
