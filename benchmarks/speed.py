"""Measures what counting costs beside what one would use instead, and how far each is from the truth.

    python benchmarks/speed.py --out docs/speed.md --readme README.md

Processor time of whole trees of processes on one core, in interleaved runs. Makes the peers' environment (.bench/)
at the first run; needs the programs ffmpeg and taskset. Takes some twenty minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import speed_report as report
from errors import COUNT, EVERY_FRAME, FRAMES, Error, Film
from readme import place, put
from rivals import HERE, environment
from speed_films import BEGUN_S, CAMERA_FPS, Part, cameras, part, way
from timing import Command, Cost, Spread, Way, interleaved, run

ROOT = Path(__file__).parent.parent
ROUNDS = 3
EVERY = 3  # every third frame is what people do when the loop is too slow
WALL_FPS = 5
CLIPS = {"vtest.avi": 795, "car-detection.mp4": 377, "one-by-one-person-detection.mp4": 400}  # frames
DEFACED = 60  # frames of vtest.avi that deface is given: it is slow
COUNTS = (1, 4, 16, 25, 64)  # of cameras
LIVE_COUNTS = (16, 20, 25)
GLUED_COUNTS = (1, 4)
ALONE = 4  # films that are measured one after the other for one camera: one of each clip

# What is counted over while the time is taken; the error is of sixteen other lines.
LINES = ((0.0, 0.5, 1.0, 0.5), (0.5, 0.0, 0.5, 1.0))

Films = Sequence[Path]


@dataclass(frozen=True, slots=True)
class Contest:
    """The commands that are compared, given the weights."""

    model: Path

    def passerby(self, films: Films, *options: str) -> Command:
        """Counting with the defaults."""
        drawn = [f"--line=line-{n}={','.join(f'{v:g}' for v in line)}" for n, line in enumerate(LINES)]
        return [*COUNT, *films, "--model", self.model, *drawn, *options]

    def everywhere(self, films: Films) -> Command:
        """Counting with the whole of every frame."""
        return self.passerby(films, *EVERY_FRAME)

    def glued(self, films: Films, every: int = 1, at_once: int = 1) -> Command:
        """The loop that people glue together."""
        script = [environment(), HERE / "glued.py", "--model", self.model, "--lines", json.dumps(LINES)]
        return [*script, "--every", str(every), "--at-once", str(at_once), *films]

    def sparse(self, films: Films) -> Command:
        """That loop, looking at every third frame."""
        return self.glued(films, EVERY)

    def deface(self, films: Films) -> Command:
        """deface with its defaults; it writes a film."""
        (film,) = films
        return [environment().parent / "deface", film, "-o", film.with_suffix(".defaced.mp4")]

    def decode(self, films: Films) -> Command:
        """Decoding, with PyAV and one thread."""
        return [environment(), HERE / "decoded.py", *films]

    def wall(self, films: Films, at_once: int, *options: str) -> Command:
        """passerby with many cameras."""
        script = [sys.executable, HERE / "wall.py", "--model", self.model, "--fps", str(WALL_FPS)]
        return [*script, "--at-once", str(at_once), *options, *films]

    def live(self, films: Films) -> Command:
        """passerby with all of these cameras at once, at their own pace."""
        return self.wall(films, len(films), "--live", f"--known={BEGUN_S:g}")


def film(contest: Contest, part: Part, short: Part | None, rounds: int) -> list[Cost]:
    """Everyone on one film, CPU s a frame; deface, where it is asked for, on the first frames of it."""

    ways = [
        way(report.DECODE, contest.decode, [part]),
        way(report.OURS, contest.passerby, [part]),
        way(report.EVERYWHERE, contest.everywhere, [part]),
        way(report.GLUED, contest.glued, [part]),
        way(report.SPARSE, contest.sparse, [part]),
    ]
    if short is not None:
        ways.append(way(report.DEFACE, contest.deface, [short]))
    return list(interleaved(ways, rounds))


def films(
    contest: Contest, clips: Path, folder: Path, rounds: int, quick: bool
) -> Iterator[tuple[str, list[Cost]]]:
    """Clip by clip what everyone costs."""
    for name, frames in CLIPS.items():
        print(name, file=sys.stderr)
        of = part(clips / name, folder, 60 if quick else frames)
        short = part(clips / name, folder, 10 if quick else DEFACED) if name == "vtest.avi" else None
        yield name, film(contest, of, short, rounds)
        if quick:
            return


def errors(film: Film, quick: bool) -> dict[str, Error]:
    """How far everyone who counts is from the truth."""
    print("errors", file=sys.stderr)
    return {
        report.OURS: film.passerby(()),
        report.EVERYWHERE: film.passerby(EVERY_FRAME),
        report.GLUED: film.glued(1, quick),
        report.SPARSE: film.glued(EVERY, quick),
    }


def wall(contest: Contest, there: Sequence[Part], rounds: int, quick: bool) -> Iterator[report.Wall]:
    """CPU s a second of one camera, by how many there are at once."""
    print("cameras", file=sys.stderr)
    counts = COUNTS[:2] if quick else COUNTS

    def at_once(name: str, command: Callable[[Films, int], Command], count: int) -> Way:
        return way(name, lambda films: command(films, count), there[: max(count, ALONE)], CAMERA_FPS)

    def glued(films: Films, count: int) -> Command:
        return contest.glued(films, CAMERA_FPS // WALL_FPS, count)

    ours = [at_once(f"{report.OURS}, {n}", contest.wall, n) for n in counts]
    theirs = [at_once(f"{report.LOOP}, {n}", glued, n) for n in GLUED_COUNTS]
    costs = list(interleaved([*ours, *theirs], rounds))
    for n, cost in zip((*counts, *GLUED_COUNTS), costs, strict=True):
        yield report.Wall(n, cost.name.rpartition(", ")[0], cost)


def live(contest: Contest, there: Sequence[Part], rounds: int, quick: bool) -> Iterator[report.Live]:
    """How well so many cameras are watched on one core."""
    print("live", file=sys.stderr)
    for count in LIVE_COUNTS[:1] if quick else LIVE_COUNTS:
        films = [part.film for part in there[:count]]
        said = [json.loads(run(contest.live(films)).said) for _ in range(rounds)]
        due = sum(one["analysed"] + one["dropped"] for one in said)
        yield report.Live(
            count,
            Spread.of([one["rate"] for one in said]),
            min(one["least_rate"] for one in said),
            sum(one["dropped"] for one in said) / due,
        )
        print(f"  {count}: {[round(one['rate'], 2) for one in said]} frames/s", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs/speed.md")
    parser.add_argument("--readme", type=Path, help="put the summary between <!-- speed --> and <!-- end -->")
    parser.add_argument("--assets", type=Path, default=ROOT / "../shared")
    parser.add_argument("--quick", action="store_true", help="once, and little of everything: to see that it runs")
    wish = parser.parse_args()
    clips, rounds = (wish.assets / "clips").resolve(), 1 if wish.quick else ROUNDS
    contest = Contest((wish.assets / "models/yolox_nano.onnx").resolve())
    environment()
    if wish.readme:
        place(wish.readme, "speed")  # now, not after twenty minutes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        there = cameras(clips, folder, max(COUNTS))
        true = Film(wish.assets, part(clips / "vtest.avi", folder, FRAMES).film, contest.model, folder)
        found = report.Found(
            films=dict(films(contest, clips, folder, rounds, wish.quick)),
            errors=errors(true, wish.quick),
            true=true.true,
            wall=list(wall(contest, there, rounds, wish.quick)),
            live=list(live(contest, there, rounds, wish.quick)),
            wanted=WALL_FPS,
            rounds=rounds,
            command=sys.argv,
        )
    wish.out.write_text(report.page(found))
    if wish.readme:
        put(wish.readme, "speed", report.summary(found))


if __name__ == "__main__":
    main()
