"""An hour of the whole service: four cameras, its pages, somebody who looks; what becomes of memory and rows.

    python benchmarks/hour.py --minutes 60 > hour.json

Two cameras are drawn streets; two are clips that play again and again, from $PASSERBY_ASSETS, else two more drawn
streets. Figures go to stdout as JSON, the service's log to stderr; exit 6 if memory grew or a row is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

import httpx
import numpy as np
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from passerby.engine import Message, Observed
from passerby.office import Office
from passerby.outlets import Query
from passerby.records import Measurement, Pass
from passerby.release import SETTLE
from passerby.run import Front, Journal, Service, hearing
from passerby.stores.sqlite import Sqlite

SAMPLE_S = 5.0
WARM_S = 600.0  # after which memory must be flat: by then each film and street has begun again more than once
FLAT = 0.02  # share by which it may differ between the first and the last quarter after that
MOST_MB_H = 8.0  # and by how much it may rise in an hour, as the slope of a line through all samples
WORKERS = 5  # the office, an engine, a decoder, and one of each that stand by
LONGEST_GAP_S = 5.0  # between two messages of the socket, on a busy machine
CLIPS = ("vtest.avi", "one-by-one-person-detection.mp4")
SITE = """
site = {{ name = "Hour", timezone = "Europe/Lisbon" }}
store = "{folder}/rows.db"
privacy = {{ grain = "5min", k = 10 }}
detector = {detector}
[web]
listen = "127.0.0.1:0"
[defaults.camera]
live = "ghost"
loop = true
"""
CAMERA = """
[camera.{name}]
source = {source}
[camera.{name}.place]
gate = {{ line = [[0.5, 0.0], [0.5, 1.0]] }}
square = {{ zone = [[0.2, 0.3], [0.8, 0.3], [0.8, 0.95], [0.2, 0.95]] }}
"""


def configuration(folder: Path, model: str) -> Path:
    """The site's file."""
    sources = {f"drawn-{n}": f'{{ use = "synthetic", seed = {n}, duration = 120 }}' for n in (1, 2)}
    clips = Path(os.environ.get("PASSERBY_ASSETS", "/nowhere")) / "clips"
    for n, name in enumerate(CLIPS, 3):
        clip = clips / name
        drawn = f'{{ use = "synthetic", seed = {n}, duration = 120, night = {str(n == 4).lower()} }}'
        sources[clip.stem if clip.exists() else f"drawn-{n}"] = (
            f'{{ use = "stream", url = "{clip}" }}' if clip.exists() else drawn
        )
    detector = f'{{ use = "onnx", model = "{model}" }}' if model else '{ use = "auto" }'
    cameras = (CAMERA.format(name=name, source=source) for name, source in sources.items())
    path = folder / "hour.toml"
    path.write_text(SITE.format(detector=detector, folder=folder) + "".join(cameras))
    return path


# -- who looks -----------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Looker(threading.Thread):
    """Makes the first account, and looks at the ghost view of one camera and at the overview until the end."""

    front: Front
    camera: str
    ended: threading.Event = field(default_factory=threading.Event)
    messages: Counter[str] = field(default_factory=Counter)
    lengths: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    gap_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    glyphs: int = 0
    pages: Counter[str] = field(default_factory=Counter)  # by address and status
    closed: int = 0  # sockets that were closed before the end

    def __post_init__(self) -> None:
        super().__init__(name="looker", daemon=True)

    def run(self) -> None:
        base = self.front.url.rstrip("/")
        with httpx.Client(trust_env=False, timeout=60, headers={"Origin": base}, follow_redirects=True) as client:
            token = self.front.first.partition("token=")[2]
            word = "an hour is long enough"
            form = {"token": token, "name": "ada", "password": word, "again": word}
            client.post(f"{base}/first", data=form).raise_for_status()
            cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
            paths = ("/live", f"/cameras/{self.camera}/live")
            threads = [threading.Thread(target=self._look, args=(base, path, cookie)) for path in paths]
            for thread in threads:
                thread.start()
            pages = (
                "/",
                f"/cameras/{self.camera}",
                f"/cameras/{self.camera}/charts",
                "/api/v1/cameras",
                "/metrics",
            )
            while not self.ended.wait(10.0):
                for page in pages:
                    self.pages[f"{page} {client.get(base + page).status_code}"] += 1
            for thread in threads:
                thread.join()

    def _look(self, base: str, path: str, cookie: str) -> None:
        headers = {"Cookie": cookie}
        with connect(
            base.replace("http", "ws", 1) + path,
            origin=Origin(base),
            additional_headers=headers,
            proxy=None,
            compression=None,
        ) as socket:
            last_s = time.monotonic()
            while not self.ended.is_set():
                try:
                    text = socket.recv(timeout=1.0)
                except TimeoutError:
                    continue
                except ConnectionClosed:
                    self.closed += 1
                    return
                now_s = time.monotonic()
                self.gap_s[path] = max(self.gap_s[path], now_s - last_s)
                last_s = now_s
                self.messages[path] += 1
                self.lengths[path].add(len(text))
                cameras = json.loads(text)["cameras"].values()
                self.glyphs += sum(bool(camera["glyphs"]) for camera in cameras)


# -- what is there -------------------------------------------------------------------------------------------


class Memory(threading.Thread):
    """Samples the memory of this process and of all workers: all that is resident, and what is their own."""

    def __init__(self, service: Service) -> None:
        super().__init__(name="memory", daemon=True)
        self._service = service
        self.ended = threading.Event()
        self.samples: list[tuple[float, dict[str, float]]] = []  # seconds, MB by worker

    def run(self) -> None:
        began_s = time.monotonic()
        while not self.ended.wait(SAMPLE_S):
            pids = {"office": os.getpid(), **self._service.engine.pids}
            sample = {name: _own_mb(pid) for name, pid in pids.items()}
            if len(sample) >= WORKERS and not np.isnan(list(sample.values())).any():  # else some are just starting
                self.samples.append((time.monotonic() - began_s, sample))

    def figures(self) -> dict[str, object]:
        """By worker: at the begin, at the end, and how it rose after the warm-up."""
        warm = [(s, mb) for s, mb in self.samples if s >= WARM_S]
        if len(warm) < 8:
            return {"samples": len(self.samples), "is_flat": None, "note": "too short to tell"}
        times_h = np.array([s for s, _ in warm]) / 3600
        total = np.array([sum(mb.values()) for _, mb in warm])
        quarter = max(1, len(warm) // 4)
        first, last = median(total[:quarter]), median(total[-quarter:])
        slope = float(np.polyfit(times_h, total, 1)[0])
        names = sorted(self.samples[-1][1])
        return {
            "samples": len(self.samples),
            "mb_after_warm_up": round(first, 1),
            "mb_at_the_end": round(last, 1),
            "mb_an_hour": round(slope, 2),
            "mb_an_hour_by_worker": {
                name: round(float(np.polyfit(times_h, [mb.get(name, np.nan) for _, mb in warm], 1)[0]), 2)
                for name in names
                if all(name in mb for _, mb in warm)
            },
            "mb_by_minute": {
                name: [round(mb[name], 1) for _, mb in self.samples[:: round(60 / SAMPLE_S)] if name in mb]
                for name in names
            },
            "is_flat": bool(last <= (1 + FLAT) * first or slope <= MOST_MB_H),
        }


def _own_mb(pid: int) -> float:
    """Resident memory that no other process shares (USS); nan once the process is gone.

    A share of what is shared (PSS) rises when other programs that use the same libraries end.
    """
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return float("nan")
    alone = [line.split() for line in text.splitlines() if line.startswith(("Private_Clean:", "Private_Dirty:"))]
    return sum(int(kilobytes) for _, kilobytes, _ in alone) / 1024


class Heard:
    """Every pass that reaches the office, with its time of day as the office takes it, and when it was heard."""

    def __init__(self) -> None:
        self.passes: dict[tuple[str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
        self.messages: Counter[str] = Counter()

    @contextmanager
    def listening(self) -> Iterator[None]:
        tell = hearing.tell

        def tell_both(office: Office, message: Message) -> None:
            self.messages[type(message).__name__] += 1
            if isinstance(message, Observed):
                clock = office._watches[message.camera].clock  # nobody else knows these times
                for seen in message.observations:
                    if isinstance(seen, Pass) and clock.is_set:
                        at = clock.at(seen.time_s)
                        self.passes[message.camera, seen.place].append((at, datetime.now(UTC)))
            tell(office, message)

        hearing.tell = tell_both
        try:
            yield
        finally:
            hearing.tell = tell


def judged(rows: list[Measurement], heard: Heard, ended: datetime) -> dict[str, object]:
    """Whether the rows of each place are one stretch without a hole, and hold every pass of it that was heard."""
    places: dict[str, object] = {}
    problems = []
    for (camera, place), times in sorted(heard.passes.items()):
        mine = [
            row
            for row in rows
            if (row.camera, row.place, row.cut, row.quantity) == (camera, place, "all", "passes")
        ]
        spans = sorted({(row.start, row.end) for row in mine})
        holes = sum(before[1] != after[0] for before, after in pairwise(spans))
        counted = sum(row.count or 0 for row in mine)
        until = spans[-1][1] if spans else datetime.min.replace(tzinfo=UTC)
        late = sum(heard_at - at >= SETTLE for at, heard_at in times)  # these may count in a later interval
        expected = sum(at < until and heard_at - at < SETTLE for at, heard_at in times)
        open_ = sum(at >= until for at, _ in times)
        name = f"{camera} {place}"
        places[name] = {
            "rows": len(mine),
            "passes_in_rows": counted,
            "passes_heard_meanwhile": expected,
            "heard_of_late": late,
            "dropped_at_the_end": open_,
            "observed": round(float(np.mean([row.observed for row in mine])), 3) if mine else None,
            "ends_min_before_the_stop": round((ended - until) / timedelta(minutes=1), 1) if spans else None,
        }
        problems += [f"{name}: a hole between rows"] * bool(holes)
        is_right = expected <= counted <= expected + late
        problems += [f"{name}: {expected} passes were heard, {counted} are in the rows"] * (not is_right)
    return {"places": places, "problems": problems}


# -- all of it -----------------------------------------------------------------------------------------------


def watch(path: Path, minutes: float) -> dict[str, object]:
    """Run the service for so long, and everything beside it."""
    service = Service(path, journal=Journal(sys.stderr, lambda: datetime.now(UTC)), has_pages=True)
    heard = Heard()
    timer = threading.Timer(60 * minutes, service.stop)
    memory = Memory(service)
    with heard.listening(), Front(service) as front:
        looker = Looker(front, next(iter(service.site.cameras)))
        threads: list[threading.Thread] = [timer, memory, looker]
        for thread in threads:
            thread.start()
        try:
            service.run()
        finally:
            ended = datetime.now(UTC)
            totals, alarms = front.house.totals(), len(front.house.alarms())
            memory.ended.set()
            looker.ended.set()
            timer.cancel()
            for thread in threads:
                thread.join()
    rows = list(Sqlite(path.parent / "rows.db", read_only=True).read(Query()))
    return {
        "minutes": minutes,
        "cameras": list(service.site.cameras),
        "detector": service.office.detector,
        "memory": memory.figures(),
        "rows": len(rows),
        "intervals": judged(rows, heard, ended),
        "messages_of_workers": dict(heard.messages),
        "frames": {
            "decoded": dict(totals.frames),
            "analysed": dict(totals.analysed),
            "dropped": dict(totals.dropped),
        },
        "outlets_waiting_and_dropped": {name: list(two) for name, two in totals.outlets.items()},
        "cpu_s": {name: round(cpu_s, 1) for name, cpu_s in totals.cpu_s.items()},
        "restarts": dict(totals.restarts),
        "alarms": alarms,
        "socket": {
            "messages": dict(looker.messages),
            "lengths": {path: sorted(found) for path, found in looker.lengths.items()},
            "longest_gap_s": {path: round(gap, 2) for path, gap in looker.gap_s.items()},
            "closed_early": looker.closed,
            "messages_with_glyphs": looker.glyphs,
        },
        "pages": dict(looker.pages),
    }


def problems(figures: dict[str, object]) -> list[str]:
    """What must not be."""
    memory, intervals, socket = figures["memory"], figures["intervals"], figures["socket"]
    assert isinstance(memory, dict)
    assert isinstance(intervals, dict)
    assert isinstance(socket, dict)
    found = list(intervals["problems"])
    found += ["memory grew"] * (memory["is_flat"] is False)
    found += [
        f"{path}: messages of {len(all_)} lengths" for path, all_ in socket["lengths"].items() if len(all_) != 1
    ]
    found += [f"{path}: no message for {s} s" for path, s in socket["longest_gap_s"].items() if s > LONGEST_GAP_S]
    found += ["a socket was closed"] * bool(socket["closed_early"]) + ["no message came"] * (
        not socket["messages"]
    )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--model", default="", help="an ONNX file; else what `auto` finds")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="passerby-hour-") as folder:
        figures = watch(configuration(Path(folder), wish.model), wish.minutes)
    found = problems(figures)
    print(json.dumps({**figures, "problems": found}, indent=1, default=str))
    return 6 if found else 0


if __name__ == "__main__":
    sys.exit(main())
