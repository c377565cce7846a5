"""Measures what `passerby redact` leaves to be seen and what it costs, beside deface.

    python benchmarks/redaction.py --out docs/redact.md

Replaces what stands between the marks of that page. Makes the peers' environment (.bench/) at the first run; needs
the programs ffmpeg and taskset. Takes some fifteen minutes on two cores; `--only` does a part of it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import redaction_scenes as scenes
from leaks import SMALL, Leaks
from readme import place, put
from rivals import HERE, environment
from speed_films import part, way
from timing import CORE, Command, Cost, interleaved

from passerby.detectors.motion import Motion
from passerby.detectors.onnx import Onnx
from passerby.redact import redact, writing
from passerby.stages import Detector
from passerby.version import VERSION

PARTS = ("drawn", "clips", "costs")
TRACKS = 640  # people on foot, drawn by day
LESS = 8  # times fewer in other weather
ROUNDS = 3
DEFACED = 60  # frames of vtest.avi that deface is given: it is slow
ENDINGS = (".mp4", ".webm")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--out", type=Path, required=True, help="page with <!-- redaction-drawn --> ... <!-- end -->"
    )
    parser.add_argument("--assets", type=Path, default=Path(os.environ.get("PASSERBY_ASSETS", "../shared")))
    parser.add_argument("--only", choices=PARTS, help="this part (default: all)")
    parser.add_argument(
        "--tracks", type=int, default=TRACKS, help="people on foot to be drawn by day (default: %(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of the costs (default: %(default)s)")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    assets, wanted = options.assets.resolve(), PARTS if options.only is None else (options.only,)
    for name in wanted:
        place(options.out, f"redaction-{name}")
    for name in wanted:
        print(name, file=sys.stderr)
        tables = {
            "drawn": partial(_drawn, assets, options.tracks),
            "clips": partial(_clips, assets),
            "costs": partial(_costs, assets, options.rounds),
        }[name]()
        made = f"Made by `python benchmarks/redaction.py --only {name}` with passerby {VERSION} on {_machine()}."
        put(options.out, f"redaction-{name}", "\n\n".join([made, *tables]))


def _machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def _drawn(assets: Path, tracks: int) -> Iterator[str]:
    """What is left of drawn people, by exact silhouettes."""
    head = (
        "drawn streets", "found with", "who", "tracks", "pixels covered", "with any pixel left in any frame",
        f"the same in frames that show {SMALL} px or more", "with more than 5 % of them left",
        "with more than half", "of the picture hidden", "frames", "blank",
    )  # fmt: skip
    rows = []
    for scene in scenes.SCENES:
        least = tracks if scene is scenes.SCENES[0] else tracks // LESS
        for finder, on_foot, others in scenes.drawn(scene, least, assets / "models"):
            rows += [_left(scene.name, finder, "on foot", on_foot), _left(scene.name, finder, "others", others)]
    yield _table(head, rows)


def _left(scene: str, finder: str, who: str, left: Leaks) -> tuple[str, ...]:
    count = len(left.people)

    def of(tracks: int) -> str:
        return f"{tracks} ({tracks / max(count, 1):.2%})"

    tracks = (left.tracks(0.0), left.tracks(0.0, SMALL), left.tracks(0.05), left.tracks(0.5))
    seen = (f"{left.coverage():.4%}", *map(of, tracks), f"{left.area:.1%}")
    return (scene, finder, who, str(count), *seen, str(left.frames), str(left.blank))


def _clips(assets: Path) -> Iterator[str]:
    """What is left of people on clips."""
    rows = []
    for finder in ("motion", scenes.MODEL, "deimv2_hgnetv2_femto_coco", "deface"):
        for part_of, left in zip(("whole boxes", "heads"), scenes.vtest(assets, finder), strict=True):
            shown = sum(2 * rest > pixels for seen in left.people.values() for pixels, rest in seen)
            boxes = sum(len(seen) for seen in left.people.values())
            rows.append(
                (
                    finder, part_of, f"{left.coverage():.3%}", f"{left.tracks(0.0)} of {len(left.people)}",
                    str(left.tracks(0.05)), str(left.tracks(0.5)), f"{shown} of {boxes}", f"{left.area:.1%}",
                )
            )  # fmt: skip
    head = (
        "vtest.avi 1-400, found with", "of", "pixels covered", "tracks with any pixel left in any frame",
        "more than 5 %", "more than half", "boxes of which more than half is left", "of the picture hidden",
    )  # fmt: skip
    yield _table(head, rows)
    rows = []
    for clip in scenes.FACE_CLIPS:
        for finder in ("motion", scenes.MODEL):
            for yunet in (False, True):
                left = scenes.faces(assets, clip, finder, yunet=yunet)
                found = f"{finder} and YuNet" if yunet else finder
                count = f"{left.tracks(0.05)} of {len(left.people)}"
                rows.append((clip, found, f"{left.coverage():.2%}", count, f"{left.area:.1%}"))
    head = ("faces in", "found with", "pixels covered", "faces with more than 5 % left", "of the picture hidden")
    yield _table(head, rows)


def _costs(assets: Path, rounds: int) -> Iterator[str]:
    """Processor time a frame on vtest.avi."""
    film, model = assets / "clips/vtest.avi", assets / f"models/{scenes.MODEL}.onnx"
    with tempfile.TemporaryDirectory() as folder:
        whole, short = part(film, Path(folder), 795), part(film, Path(folder), DEFACED)

        def ours(films: Sequence[Path], *more: str) -> Command:
            out = films[0].with_suffix(".out.mp4")
            return [sys.executable, "-m", "passerby", "redact", films[0], out, "--force", *more]

        def decode(films: Sequence[Path]) -> Command:
            return [environment(), HERE / "decoded.py", *films]

        def deface(films: Sequence[Path]) -> Command:
            return [environment().parent / "deface", films[0], "-o", films[0].with_suffix(".defaced.mp4")]

        ways = [
            way("decoding alone (PyAV, one thread)", decode, [whole]),
            way(f"passerby redact, {scenes.MODEL}", lambda films: ours(films, "--model", str(model)), [whole]),
            way("passerby redact, motion", lambda films: ours(films, "--detector", "motion"), [whole]),
            way("deface (faces, blurred)", deface, [short]),
        ]
        costs = list(interleaved(ways, rounds))
        yield _table(
            ("vtest.avi", "CPU ms a frame", "decoding = 1", "CPU s to start"),
            [_cost(one, costs[0]) for one in costs],
        )
        yield _table(
            (
                "vtest.avi, of which",
                "written as",
                "CPU ms a frame besides encoding, least",
                "encoding, least",
                "MB",
            ),
            list(_inside(whole.film, model, Path(folder), rounds)),
        )


def _cost(one: Cost, decoding: Cost) -> tuple[str, ...]:
    ms = [1e3 * s for s in (one.unit_s.median, one.unit_s.least, one.unit_s.most)]
    times = one.unit_s.median / decoding.unit_s.median
    return one.name, f"{ms[0]:.2f} ({ms[1]:.2f}-{ms[2]:.2f})", f"{times:.1f}", f"{one.startup_s:.2f}"


def _inside(film: Path, model: Path, folder: Path, rounds: int) -> Iterator[tuple[str, ...]]:
    """How much of it is encoding, by a stopwatch around the encoder; the model is loaded before.

    All on one core; the least of the rounds, which is nearest to a machine that does nothing else.
    """
    os.sched_setaffinity(0, {int(CORE)})
    finders: dict[str, Detector] = {scenes.MODEL: Onnx(model), "motion": Motion()}
    for ending in ENDINGS:
        for name, detector in finders.items():
            out = folder / f"timed{ending}"
            times = [_timed(film, out, detector) for _ in range(rounds)]
            rest, encoding = (min(column) for column in zip(*times, strict=True))
            mb = f"{out.stat().st_size / 1e6:.1f}"
            yield name, ending, f"{1e3 * rest:.2f}", f"{1e3 * encoding:.2f}", mb


def _timed(film: Path, out: Path, detector: Detector) -> tuple[float, float]:
    """CPU s a frame besides encoding, and of encoding."""
    spent_s, plain = 0.0, writing.Writer._mux

    def timed(writer: writing.Writer, picture: Any) -> None:
        nonlocal spent_s
        began_s = time.process_time()
        plain(writer, picture)
        spent_s += time.process_time() - began_s

    writing.Writer._mux = timed  # type: ignore[method-assign]
    began_s = time.process_time()
    try:
        done = redact(film, out, detector=detector, force=True)
    finally:
        writing.Writer._mux = plain  # type: ignore[method-assign]
    return (time.process_time() - began_s - spent_s) / done.frames, spent_s / done.frames


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
