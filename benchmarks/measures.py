"""How well speeds, headways, stays, queues, occupancy and movements are measured on drawn streets.

    python benchmarks/measures.py               # the table of docs/measures.md, some minutes

The whole way is gone: frames, detector, tracker, measures. Once the boxes are those of the truth with the faults
of a usual detector (`drawn.DAY`: misses in runs, jitter, hidden feet, false boxes), once `motion` finds them in
the pictures. The truth is that of the actors, not of their boxes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from drawn import DAY, SIZE, _Eye
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.count import Tally, Wish, prepare, run
from passerby.detections import Detections
from passerby.frame import Size
from passerby.geometry import Line, Place, Zone
from passerby.measures.queue import queue
from passerby.pipeline import Played
from passerby.records import Pass, Sample
from passerby.scene import Street, passing, street
from passerby.scene.shapes import stand
from passerby.sources.synthetic import Drawn
from passerby.stages import Crop, Detector

Floats = NDArray[np.float64]
Values = defaultdict[str, list[float]]

PICTURE = (768, 576)
FPS = 10.0
SEEDS = range(401, 404)
DURATION_S = 90.0
_SLOW, _NEAR_M = 0.6, 2.0  # m/s and m of who queues
_CONFIG = """
[camera.street]
ground = {{ height_m = {height}, tilt_deg = {tilt}, focal_px = {focal}, size = [768, 576] }}
[camera.street.place]
road = {{ line = {road} }}
near = {{ line = {near} }}
far = {{ line = {far} }}
plaza = {{ zone = {plaza} }}
[camera.street.measure]
speeds = {{ use = "speed", at = "road" }}
gaps = {{ use = "headway", at = "road" }}
covers = {{ use = "occupancy", at = "road" }}
trips = {{ use = "movements", at = ["near", "far"] }}
waits = {{ use = "queue", at = "plaza", classes = ["person"] }}
"""


class Boxes:
    """A detector that knows the truth, with the faults of a usual one."""

    name, input = "boxes", Size(*PICTURE)

    def __init__(self, drawn: Street, seed: int) -> None:
        eye = _Eye(DAY, 1 / FPS, np.random.default_rng([seed, 2]))
        self._looks = [eye.look(drawn.truth(k / FPS)) for k in range(round(drawn.duration_s * FPS) + 1)]

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """The boxes of each crop's moment, in pixels of its frame."""
        return [self._of(crop) for crop in crops]

    def _of(self, crop: Crop) -> Detections:
        found = self._looks[round(crop.frame.time_s * FPS)][0]
        scale = np.array([*PICTURE, *PICTURE], np.float32) / (*SIZE, *SIZE)
        return Detections((found.xyxy * scale).astype(np.float32), found.score, found.class_id)


def places(drawn: Street) -> dict[str, Place]:
    """Lines across the road, two of them arms, and the far pavement."""
    found: dict[str, Place] = {}
    for name, x in (("road", 22.0), ("near", 16.0), ("far", 34.0)):
        a, b = drawn.camera.picture([(x, 2.8, 0.0), (x, 9.0, 0.0)])
        found[name] = Line(name, (float(a[0]), float(a[1])), (float(b[0]), float(b[1])))
    (plaza,) = (place for place in drawn.places if isinstance(place, Zone))
    return {**found, "plaza": plaza}


def true(drawn: Street, at: dict[str, Place]) -> Values:
    """What is to be measured, from how the actors really go."""
    values: Values = defaultdict(list)
    times: defaultdict[str, list[float]] = defaultdict(list)
    for actor in drawn.actors:
        stays = passing.journeys(drawn.camera, [actor], drawn.duration_s)
        seen = {name: passing.passes(stays, place) for name, place in at.items()}
        for passed in seen["road"]:
            values["speed_mps"].append(float(np.hypot(*actor.path.velocity(np.array([passed.time_s]))[0])))
            times[passed.way].append(passed.time_s)
        if actor.class_ is Class.PERSON:
            inside = [(p.time_s, p.way) for p in seen["plaza"]]
            values["dwell_s"] += [t - s for (s, a), (t, b) in pairwise(inside) if (a, b) == ("in", "out")]
        arms = sorted((p.time_s, name) for name in ("near", "far") for p in seen[name])
        values["movements"] += [float(a == "far") for (_, a), (_, b) in pairwise(arms) if a != b]
    values["headway_s"] = [b - a for way in times.values() for a, b in pairwise(sorted(way))]
    for time_s in np.arange(0, drawn.duration_s, 0.2):
        values["occupancy"].append(float(_covered(drawn, at["road"], float(time_s))))
    for time_s in np.arange(0, drawn.duration_s, 1.0):
        values["queue"].append(float(_queued(drawn, at["plaza"], float(time_s))))
    return values


def _covered(drawn: Street, line: Place, time_s: float) -> bool:
    """Whether anybody's rectangle on the ground lies under the line."""
    now = drawn.poses(time_s)
    spots = np.linspace(line.points[0], line.points[1], 80)
    for actor, position, heading in zip(now.actors, now.position, now.heading, strict=True):
        along, across = np.array(actor.size[:2]) / 2
        corners = np.array([(along, across, 0), (along, -across, 0), (-along, -across, 0), (-along, across, 0)])
        shown = drawn.camera.picture(stand(corners, position, heading)).astype(np.float32)
        if any(cv2.pointPolygonTest(shown, (float(x), float(y)), False) >= 0 for x, y in spots):
            return True
    return False


def _queued(drawn: Street, zone: Place, time_s: float) -> int:
    assert isinstance(zone, Zone)
    inside = passing.inside_now(drawn.camera, drawn.actors, zone, time_s)
    slow = [a for a in inside if a.class_ is Class.PERSON and np.hypot(*a.path.state(time_s)[4:]) <= _SLOW]
    spots = np.array([a.path.state(time_s)[:2] for a in slow], np.float64).reshape(-1, 2)
    return len(queue(spots, np.full(len(spots), _NEAR_M), None)[0])


def measured(drawn: Street, at: dict[str, Place], detector: str | Detector) -> Values:
    """The same by the whole way from the frames on."""
    camera = drawn.camera
    drawing = {name: [list(point) for point in place.points] for name, place in at.items()}
    text = _CONFIG.format(height=camera.height_m, tilt=camera.tilt_deg, focal=camera.focal * PICTURE[1], **drawing)
    values: Values = defaultdict(list)

    def take(played: Played, _: Tally) -> None:
        for seen in () if played.step is None else played.step.observations:
            if isinstance(seen, Pass):
                for name, value in seen.values.items():
                    if name != "dwell_s" or seen.class_ is Class.PERSON:
                        values[name].append(value)
                if seen.movement in ("near>far", "far>near"):
                    values["movements"].append(float(seen.movement == "far>near"))
            elif isinstance(seen, Sample) and seen.quantity in ("occupancy", "queue"):
                values[seen.quantity].append(seen.value)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "street.toml"
        path.write_text(text)
        film = Drawn(drawn, fps=FPS, size=PICTURE)
        run(prepare(Wish([film], config=path, detector=detector, every_frame=True)), take)
    return values


def rows(found: dict[str, Values]) -> Iterator[tuple[str, list[str]]]:
    """The table: a quantity, and what each way says of it."""
    says = list(found.values())
    for name, label in (("speed_mps", "speed, m/s"), ("headway_s", "headway, s"), ("dwell_s", "dwell, s")):
        yield f"{label}: passes", [str(len(v[name])) for v in says]
        yield f"{label}: mean", [f"{np.mean(v[name]):.2f}" for v in says]
        yield f"{label}: 85th percentile", [f"{np.percentile(v[name], 85):.2f}" for v in says]
    yield "occupancy of the line", [f"{np.mean(v['occupancy']):.3f}" for v in says]
    yield "queue: mean heads", [f"{np.mean(v['queue']):.2f}" for v in says]
    yield (
        "movements `near>far`, `far>near`",
        [" and ".join(str(Counter(v["movements"])[way]) for way in (0.0, 1.0)) for v in says],
    )


def main(arguments: Sequence[str]) -> int:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="how many streets")
    wanted = parser.parse_args(arguments)
    ways = ("truth", "boxes with faults", "`motion` on the pictures")
    found: dict[str, Values] = {way: defaultdict(list) for way in ways}
    for seed in SEEDS[: wanted.seeds]:
        drawn = street(seed, duration_s=DURATION_S)
        at = places(drawn)
        for way, values in zip(
            ways,
            (true(drawn, at), measured(drawn, at, Boxes(drawn, seed)), measured(drawn, at, "motion")),
            strict=True,
        ):
            for name, some in values.items():
                found[way][name] += some
    print("| | " + " | ".join(ways) + " |\n|---|" + "---|" * len(ways))
    for label, cells in rows(found):
        print(f"| {label} | " + " | ".join(cells) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
