"""What a command costs: processor time of the whole tree of processes, its start measured apart."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CORE = "0"  # all of it on one core
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

Command = Sequence[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command."""

    cpu_s: float  # user and system, of the command and all that it started and waited for
    peak_mb: float  # of the largest of its processes
    said: str  # on stdout


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of several runs, and the least and the most."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Raises `ValueError` where there are none."""
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Way:
    """One way of doing it: a command for films that `units` is the amount of work in."""

    name: str
    command: Callable[[Sequence[Path]], Command]
    films: Sequence[Path]
    begun: Sequence[Path]  # the beginnings of the same films, which are not measured: what it takes to start
    units: float  # frames or seconds of film, less what `begun` has of them


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way cost in several runs."""

    name: str
    unit_s: Spread  # CPU s a unit, start excluded
    startup_s: float  # CPU s, median
    peak_mb: float  # median


def run(command: Command) -> Ran:
    """Run it on one core, with one thread wherever threads can be had; raises where it fails."""
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            ["taskset", "-c", CORE, *command], stdout=said, stderr=complaints, env={**os.environ, **THREADS}
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complaints.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(map(str, command))}\nexit code {process.returncode}\n{complaints.read()[-2000:]}")
        return Ran(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, said.read())


def interleaved(ways: Sequence[Way], rounds: int) -> Iterator[Cost]:
    """Every way once, start and film, then all again, so that a slow minute of the machine meets them all."""
    starts: list[list[Ran]] = [[] for _ in ways]
    plays: list[list[Ran]] = [[] for _ in ways]
    for number in range(rounds):
        for way, begun, played in zip(ways, starts, plays, strict=True):
            begun.append(run(way.command(way.begun)))
            played.append(run(way.command(way.films)))
            print(f"  {number + 1}/{rounds} {way.name}: {played[-1].cpu_s:.2f} CPU s", file=sys.stderr)
    for way, begun, played in zip(ways, starts, plays, strict=True):
        yield cost(way, [ran.cpu_s for ran in begun], played)


def cost(way: Way, startup_s: Sequence[float], played: Sequence[Ran]) -> Cost:
    """Each run less the median start, by its units."""
    start_s = median(startup_s)
    return Cost(
        way.name,
        Spread.of([(ran.cpu_s - start_s) / way.units for ran in played]),
        start_s,
        median(ran.peak_mb for ran in played),
    )
