"""How well the density of drawn crowds is estimated, on seeds and looks that nothing was chosen by.

    python benchmarks/crowd.py              # the table of docs/crowd.md, a few minutes
    python benchmarks/crowd.py --learn      # learns src/passerby/motion/learned.py anew, from other seeds

A look is a camera (height, tilt, pan, lens) with a contrast, a light, a sun and a noise. Under each look the
square is first empty, then holds crowds from sparse to dense. In sparse times boxes are given as a detector would
find them: those of people of whom a third or more is seen. Normalised error: the sum of |estimated - true| density
over the sum of true density, each of a zone, averaged over the instants of one crowd.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.frame import Frame, Planes
from passerby.ground import Ground
from passerby.motion.crowd import MOST, OFFSET, Crowd, bends, regressors, smooth
from passerby.motion.windows import Windows
from passerby.scene import Gathering, Pinhole, Street, crowd
from passerby.sources.synthetic import Drawn

Floats = NDArray[np.float64]

SIZE = (768, 576)
BANDS = ((0.2, 1.0), (1.0, 2.0), (2.0, 3.5), (3.5, 5.0), (5.0, 6.2))
LOOKS = (100, 180)  # seeds of the looks that are learned from
_FOLDS = 6
TIMES_S = (0.1, 2.1, 4.1)
SEEN = 1 / 3  # share of a person that a detector must see
RIM_M = 2.0  # of a gathering that its zone leaves out
LEARNED = Path(__file__).parents[1] / "src/passerby/motion/learned.py"


@dataclass(frozen=True)
class Look:
    """How one camera sees."""

    camera: Pinhole
    middle: tuple[float, float]  # m: of the crowd
    contrast: float
    light: float  # factor on all grey levels
    sun: float
    noise: float


class Seen(NamedTuple):
    """One zone under one look at one density."""

    look: Look
    true: float  # 1/m2, mean over the instants
    estimated: float
    error: float  # standard, as the map says


class Remembering(Crowd):
    """An eye for crowds that keeps the signs of what it saw."""

    def __init__(self, plane: Ground) -> None:
        super().__init__(plane)
        self.seen: list[Floats] = []

    def _look(self, windows: Windows, frame: Frame) -> Floats:
        signs = super()._look(windows, frame)
        self.seen.append(signs)
        return signs


def look(seed: int) -> Look:
    """A random look whose crowd is neither too near nor too far to be seen."""
    rng = np.random.default_rng([seed, 41])
    while True:
        camera = Pinhole(
            height_m=float(rng.uniform(4.5, 14)),
            tilt_deg=float(rng.uniform(16, 48)),
            pan_deg=float(rng.uniform(-25, 60)),
            focal=float(rng.uniform(0.9, 1.6)),
        )
        x, y = camera.ground([(0.5, 0.52)])[0]
        if 9 < math.hypot(x, y) < 34:
            break
    contrast, light, noise = map(float, rng.uniform((0.5, 0.55, 0.003), (1.0, 1.15, 0.012)))
    return Look(camera, (float(x), float(y)), contrast, light, float(rng.choice([0, 0.5, 1])), noise)


def gathering(look: Look, density: float, rng: np.random.Generator) -> Gathering:
    """A crowd in the middle of the view."""
    half = float(np.clip(0.32 * math.hypot(*look.middle), 5.5, 7.5))
    x, y = look.middle
    return Gathering(
        (x - half, y - half),
        (x + half, y + half),
        density,
        stand=float(rng.choice([0, 0.5, 1])),
        against=float(rng.choice([0, 0.4])),
    )


def frames(look: Look, street: Street, start_s: float) -> Iterator[tuple[Frame, Street, float]]:
    """What the camera sees of a street at a few instants, from a stream time on."""
    drawn = Drawn(street, size=SIZE, contrast=look.contrast, sun=look.sun, noise=look.noise, light=0.0)
    painter, exposure = drawn.painter(), drawn._exposure()
    for index, time_s in enumerate(TIMES_S):
        picture = exposure.expose(painter.picture(time_s), time_s, index)
        lit = np.asarray(cv2.convertScaleAbs(picture, alpha=look.light), np.uint8)
        yield Frame(Planes.from_bgr(lit), camera="square", index=index, time_s=start_s + time_s), street, time_s


def plane(camera: Pinhole) -> Ground:
    """The camera's ground, as four measured points would give it."""
    shares = np.array([(0.2, 0.9), (0.8, 0.9), (0.8, 0.6), (0.2, 0.6)])
    return Ground.fit(np.concatenate([shares, camera.ground(shares)], axis=1).tolist())


def boxes(street: Street, time_s: float) -> Floats:
    """Feet (n, 2) of people whom a detector would find."""
    truth = street.truth(time_s)
    found: Floats = truth.foot[(truth.class_id == Class.PERSON) & (truth.visible >= SEEN)]
    return found


def watch(seed: int, densities: Sequence[float]) -> Iterator[tuple[Look, Gathering, Remembering, list[Floats]]]:
    """An eye for crowds after each of several crowds under one look, with where everybody stood."""
    seen = look(seed)
    rng = np.random.default_rng([seed, 42])
    eye = Remembering(plane(seen.camera))
    for index, density in enumerate([0.0, *densities]):
        group = gathering(seen, density, rng)
        street = crowd(seed + 1000 * index, [group], camera=seen.camera, duration_s=TIMES_S[-1] + 0.1)
        street = replace(street, seed=seed)  # the same place behind all crowds
        eye._density = None  # no memory of the crowd before
        eye.seen.clear()
        people = []
        for frame, _, time_s in frames(seen, street, 60.0 * index):
            with frame:
                eye.update(frame, boxes(street, time_s) if density < 1 else None)
            people.append(street.people(time_s))
        if density:
            yield seen, group, eye, people


def zone(eye: Crowd, group: Gathering) -> NDArray[np.bool_]:
    """Which cells (rows, columns) that the eye sees lie in the zone of a gathering."""
    assert eye._map is not None
    middle = eye._map.cells.centres
    within = (middle > np.array(group.low) + RIM_M) & (middle < np.array(group.high) - RIM_M)
    return np.asarray(within.all(axis=-1) & np.isfinite(eye._map.people), np.bool_)


def accept(seeds: Sequence[int]) -> list[Seen]:
    """True and estimated density of a zone in each band under each look."""
    found = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 43])
        for seen, group, eye, people in watch(seed, [float(rng.uniform(*band)) for band in BANDS]):
            assert eye._map is not None
            here = zone(eye, group)
            if here.sum() < 16:
                continue
            true = np.mean([eye._map.cells.count(p)[here].mean() for p in people])
            found.append(
                Seen(seen, float(true), float(eye._map.people[here].mean()), float(eye._map.error[here].mean()))
            )
        print(f"look {seed}: {len(found)} zones", file=sys.stderr)
    return found


def normalised(found: Sequence[Seen]) -> float:
    """Sum of absolute errors over the sum of true densities."""
    return sum(abs(s.estimated - s.true) for s in found) / sum(s.true for s in found)


def table(found: Sequence[Seen]) -> str:
    """The figures by band and by look, in Markdown."""
    rows = [
        "| people per m² | zones | error | bias | within two standard errors |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    parts = [(f"{low:g} to {high:g}", [s for s in found if low <= s.true < high]) for low, high in BANDS]
    rows += [_row(name, part) for name, part in [*parts, ("**all**", found)] if part]
    rows += [
        "",
        "| look | zones | error | bias | within two standard errors |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    looks = [
        ("tilt below 25°", [s for s in found if s.look.camera.tilt_deg < 25]),
        ("tilt 25° to 36°", [s for s in found if 25 <= s.look.camera.tilt_deg < 36]),
        ("tilt 36° or more", [s for s in found if s.look.camera.tilt_deg >= 36]),
        ("camera below 8 m", [s for s in found if s.look.camera.height_m < 8]),
        ("camera 8 m high or more", [s for s in found if s.look.camera.height_m >= 8]),
        ("contrast below 0.75", [s for s in found if s.look.contrast < 0.75]),
        ("contrast 0.75 or more", [s for s in found if s.look.contrast >= 0.75]),
        ("light below 0.8", [s for s in found if s.look.light < 0.8]),
        ("light 0.8 or more", [s for s in found if s.look.light >= 0.8]),
        ("hard shadows", [s for s in found if s.look.sun == 1]),
        ("weak or no shadows", [s for s in found if s.look.sun < 1]),
    ]
    return "\n".join([*rows, *(_row(name, part) for name, part in looks if part)])


def _row(name: str, part: Sequence[Seen]) -> str:
    bias = sum(s.estimated - s.true for s in part) / sum(s.true for s in part)
    sure = np.mean([abs(s.estimated - s.true) <= 2 * s.error for s in part])
    return f"| {name} | {len(part)} | {normalised(part):.1%} | {bias:+.1%} | {sure:.0%} |"


class Lesson(NamedTuple):
    """What cells of one crowd under one look show, and how many really stand there."""

    look: int  # seed
    shows: Floats  # (n, regressors)
    true: Floats  # (n,) 1/m2


def lessons(seeds: Sequence[int]) -> Iterator[Lesson]:
    """Every other cell in and beside crowds, at each instant."""
    for seed in seeds:
        rng = np.random.default_rng([seed, 44])
        densities = [float(rng.uniform(*band)) for band in ((0.2, 1.0), (1.0, 2.2), (2.2, 4.0), (4.0, 6.3))]
        for _, group, eye, people in watch(seed, densities):
            windows, there = eye._windows, eye._map
            assert windows is not None
            assert there is not None
            middle = there.cells.centres
            beside = np.maximum(np.array(group.low) - middle, middle - np.array(group.high)).max(axis=-1)
            chosen = np.isfinite(there.people) & ((beside < -1.4) | ((beside > 1.5) & (beside < 6)))
            chosen[::2] = chosen[:, ::2] = False  # neighbours say the same
            at = np.searchsorted(windows.rows, np.flatnonzero(chosen.ravel()))
            shows, true = [], []
            for signs, standing in zip(eye.seen, people, strict=True):
                wide = smooth(windows.spread(signs))
                shows.append(regressors(windows.sine[at], windows.scale[at], wide[chosen]))
                true.append(smooth(there.cells.count(standing)[..., None])[chosen][:, 0])
            yield Lesson(seed, np.concatenate(shows), np.concatenate(true))
        print(f"look {seed}", file=sys.stderr)


def learn(found: Sequence[Lesson]) -> tuple[Floats, Floats]:
    """Weights, and the curve that straightens what they guess under looks that they were not learned from.

    A regression on noisy signs draws all guesses towards the middle; the curve draws them back.
    """
    guesses, truths = [], []
    for fold in range(_FOLDS):
        weights = ridge([lesson for lesson in found if lesson.look % _FOLDS != fold])
        for lesson in found:
            crowded = lesson.true > 0.15
            if lesson.look % _FOLDS == fold and crowded.sum() >= 6:
                guessed = np.exp(np.clip(lesson.shows[crowded] @ weights, -5, math.log(MOST))) - OFFSET
                guesses.append(max(float(guessed.mean()), 0.05))
                truths.append(float(lesson.true[crowded].mean()))
    weight = np.sqrt(truths)[:, None]
    curve, *_ = np.linalg.lstsq(bends(np.array(guesses)) * weight, np.log(truths) * weight[:, 0])
    return ridge(found), np.asarray(curve, np.float64)


def ridge(found: Sequence[Lesson]) -> Floats:
    """Ridge regression on the logarithm of density (Hoerl and Kennard, 1970), denser cells weighing more."""
    x, y = (np.concatenate(parts) for parts in zip(*((f.shows, f.true) for f in found), strict=True))
    mean, spread, weight = x[:, 1:].mean(axis=0), x[:, 1:].std(axis=0) + 1e-9, y + 0.2
    z = np.concatenate([x[:, :1], (x[:, 1:] - mean) / spread], axis=1)
    penalty = np.diag([0.0, *np.ones(z.shape[1] - 1)])
    weights: Floats = np.linalg.solve((z.T * weight) @ z + penalty, (z.T * weight) @ np.log(y + OFFSET))
    weights[1:] /= spread
    weights[0] -= weights[1:] @ mean
    return weights


def write(weights: Floats, curve: Floats) -> None:
    """Put what was learned where the estimation finds it."""
    texts = [f"{w:.6g}" for w in weights]
    lines = [", ".join(texts[i : i + 8]) for i in range(0, len(texts), 8)]
    body = "".join(f"    {line},\n" for line in lines)
    LEARNED.write_text(
        '"""What was learned from drawn crowds, and only from them, by `benchmarks/crowd.py --learn`."""\n\n'
        "from __future__ import annotations\n\nfrom typing import Final\n\n"
        f"CURVE: Final = ({', '.join(f'{c:.6g}' for c in curve)})  # of the bends in `crowd`\n"
        f"WEIGHTS: Final = (  # of the regressors in `crowd`, in their order\n{body})  # fmt: skip\n"
    )


def main() -> None:
    """Print the table, or learn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learn", action="store_true", help="learn anew before the table is made")
    parser.add_argument("--looks", type=int, default=16, help="how many looks the table is made of")
    parser.add_argument("--first", type=int, default=9000, help="seed of the first look")
    args = parser.parse_args()
    if args.learn:
        write(*learn(list(lessons(range(*LOOKS)))))
        return
    found = accept(range(args.first, args.first + args.looks))
    print(table(found))


if __name__ == "__main__":
    main()
