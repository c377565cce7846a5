"""How well conflicts are measured: drawn streets whose road users are known to a centimetre, tracked perfectly.

.venv/bin/python benchmarks/conflicts.py [SEED...]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from passerby.classes import Class
from passerby.geometry import Zone, inside
from passerby.ground import Ground
from passerby.measures.conflicts import MOST_S, ConflictsMeasure
from passerby.measures.encroachment import SIZES, STEP_S, Motion, pet
from passerby.records import Conflict
from passerby.scene import Actor, Street, street

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from streets import scenes

SEEDS: Final = range(20, 32)
SECONDS: Final = 60.0
CORNERS: Final = ((0.406, 0.730), (0.521, 0.638), (0.764, 0.442), (0.956, 0.468), (0.841, 0.726), (0.779, 0.864))
CROSSING: Final = Zone("crossing", CORNERS)
KNOWN: Final = np.array([(14, 0), (14, 14), (30, 2), (30, 16), (22, 8)], np.float64)  # m
_LATE_S: Final = 1.5  # a conflict is the true one if it was told of so near to it

Found = tuple[float, tuple[str, ...], float]  # s, modes, PET s


def main(seeds: list[int]) -> None:
    """Print how many true conflicts were found, how many were none, and how far the values are off."""
    hits, missed, false, graded = 0, 0, 0, 0
    errors: list[float] = []
    for seed in seeds:
        drawn = street(seed, duration_s=SECONDS)
        left = list(measured(drawn))
        for time_s, modes, value in sorted(truth(drawn)):
            near = [one for one in left if one[1] == modes and abs(one[0] - time_s) < _LATE_S]
            if near:
                best = min(near, key=lambda one: abs(one[2] - value) + abs(one[0] - time_s))
                left.remove(best)
                errors.append(best[2] - value)
                graded += value <= MOST_S and (best[2] < 1) == (value < 1)
            hits += bool(near) and value <= MOST_S
            missed += not near and value <= MOST_S
            false += bool(near) and value > MOST_S
        false += len(left)
    print(f"{len(seeds)} streets: {hits} of {hits + missed} conflicts found, {graded} with the right severity")
    print(f"{false} found that were none; mean error {np.abs(errors).mean():.2f} s")


def measured(drawn: Street) -> Iterator[Found]:
    """What the measure finds."""
    spots = drawn.camera.picture(np.column_stack([KNOWN, np.zeros(len(KNOWN))]))
    ground = Ground.fit(np.hstack([spots, KNOWN]).tolist())
    measure = ConflictsMeasure(CROSSING, ground=ground)
    for scene in scenes(drawn, ground):
        for seen in measure.update(scene):
            if isinstance(seen, Conflict) and seen.indicator == "pet":
                yield seen.time_s, seen.modes, seen.value_s


def truth(drawn: Street) -> Iterator[Found]:
    """What really was, from exact positions and sizes, up to a second beyond what is a conflict."""
    bodies = [(actor.class_, body) for actor in drawn.actors if (body := _body(drawn, actor)) is not None]
    for number, (one, first) in enumerate(bodies):
        for other, second in bodies[:number]:
            if one.mode == other.mode == "foot":
                continue
            found = pet(first, second, MOST_S + 1)
            if found is not None:
                modes = sorted((one.mode, other.mode), key=("foot", "cycle", "motor").index)
                yield found[1], tuple(modes), found[0]


def _body(drawn: Street, actor: Actor) -> Motion | None:
    """The way of one road user through the zone."""
    times = np.arange(0, drawn.duration_s, STEP_S)
    times = times[(times >= actor.path.start_s) & (times <= actor.path.end_s)]
    places = actor.path.at(times)
    feet = drawn.camera.picture(np.column_stack([places, np.zeros(len(places))]))
    within = np.flatnonzero(inside(feet, CROSSING.points)) if len(feet) else np.empty(0, np.intp)
    if len(within) < 10:
        return None
    rows = slice(int(within[0]), int(within[-1]) + 1)
    angle = actor.path.headings(times[rows])
    length, width = SIZES[Class.PERSON] if actor.class_ is Class.PERSON else actor.size[:2]
    heading = np.column_stack([np.cos(angle), np.sin(angle)])
    first = round(float(times[rows][0]) / STEP_S)
    return Motion(first, places[rows], heading, (length / 2, width / 2), actor.path.velocity(times[rows]))


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or list(SEEDS))
