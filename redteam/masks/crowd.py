"""Rendered identities that pass many times, and what each way of redacting leaves of them to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Bgr, Frame, Planes, Size
from passerby.geometry import Point
from passerby.redact import fill
from passerby.redact.grid import Cells, Grid
from passerby.redact.planning import Eyes, plan
from passerby.scene import Pinhole
from passerby.scene.script import Mover, scripted
from passerby.sources.synthetic.source import Drawn
from passerby.stages import Crop
from passerby.trackers.passer import Passer
from redteam.processors import all_processors

Floats = NDArray[np.float64]

STYLES: Final[tuple[fill.Style, ...]] = ("solid", "pixelate", "blur")
CAMERA: Final = Pinhole(height_m=5.5, tilt_deg=24.0, pan_deg=20.0, focal=1.5)  # shows people large: 80-160 px
SIZE: Final = (640, 480)
FPS: Final = 5.0
PASS_S: Final = 2.0  # a pass lasts so long,
AT_S: Final = (0.4, 0.8, 1.2, 1.6)  # and is looked at so often
LANES: Final = (0.22, 0.78)  # of the width: two people at a time, far enough apart for masks of their own
DEPTH: Final = (0.62, 0.92)  # of the height, where feet are
TILT: Final = 0.3  # rad: passes lead towards the camera or away from it, so that they stay in their lane
CROP: Final = (16, 32)  # px: everything that is recognised is brought to this size
CHUNK: Final = 40  # passes in a film


@dataclass(frozen=True, slots=True)
class Person:
    """A body and a way of dressing and walking, drawn by chance."""

    size: tuple[float, float, float]  # m: length, width, height
    variant: int  # of clothes, hair and bag
    speed: float  # m/s

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Person:
        """Height, width and pace spread as those of adults are (recalled, not measured)."""
        tall = float(np.clip(rng.normal(1.71, 0.09), 1.45, 2.0))
        wide = float(np.clip(rng.normal(0.5, 0.05), 0.38, 0.65))
        return cls(
            (0.35, wide, tall), int(rng.integers(1, 2**31)), float(np.clip(rng.normal(1.35, 0.2), 0.8, 1.9))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One moment of one pass: whom it shows, and what was left of them."""

    person: int
    passing: int  # number of the pass
    bulk: Floats  # (5,): the mask's lower edge, middle, height and width in px, and how far it went in 0.4 s
    pictures: dict[str, NDArray[np.uint8]]  # "clear", "mean" and styles -> (32, 16, 3): at one size


class Blind:
    """A detector that finds nobody, so that masks are what moved: outlines, which tell more than boxes."""

    name = "blind"
    input: Size | None = Size(416, 416)

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """Nothing."""
        return [Detections.empty() for _ in crops]


def seen(people: Sequence[Person], passes: int, seed: int) -> Iterator[Seen]:
    """That many passes of each person, in an order that is chance, through the masks of `passerby redact`."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(np.repeat(np.arange(len(people)), passes))
    walks = [
        _walk(people[who], _start_s(row % CHUNK), LANES[row % len(LANES)], rng) for row, who in enumerate(order)
    ]
    begins = range(0, len(order), CHUNK)
    with all_processors() as pool:  # each film is on its own
        for begin, film in zip(begins, pool.map(_film, (walks[b : b + CHUNK] for b in begins)), strict=True):
            for row, bulk, pictures in film:
                yield Seen(int(order[begin + row]), begin + row, bulk, pictures)


def _start_s(row: int) -> float:
    return 1.0 + row // len(LANES) * PASS_S


def _film(movers: Sequence[Mover]) -> list[tuple[int, Floats, dict[str, NDArray[np.uint8]]]]:
    """The moments of these passes: the row of the pass, its bulk and pictures."""
    starts = [_start_s(row) for row in range(len(movers))]
    street = scripted(movers, duration_s=starts[-1] + PASS_S + 1.0, camera=CAMERA)
    film = Drawn(street, fps=FPS, size=SIZE)
    drawn = list(film.frames())  # drawn once, read twice
    hidden = plan(map(_again, drawn), Eyes(Blind(), Passer()), lambda _stage, _time: None)
    due = {round((s + at) * FPS): at for s in starts for at in AT_S}
    last: dict[int, Floats] = {}
    found = []
    for frame in drawn:
        with frame:
            if frame.index not in due:
                continue
            cells = hidden.of(frame.index, frame.time_s, frame.size)
            if cells is None:
                continue
            shown, where = _pictures(frame, cells), Grid(frame.size).pixels(cells)
            for row, start_s in enumerate(starts):
                if not start_s < frame.time_s < start_s + PASS_S:
                    continue
                box = _part(cells, movers[row], frame)
                if box is None:
                    continue
                now = np.array((box[3], (box[0] + box[2]) / 2, box[3] - box[1], box[2] - box[0]), np.float64)
                went = 0.0 if row not in last else float(np.hypot(*(now - last[row])[:2]))
                last[row] = now
                found.append((row, np.append(now, went), _crops(shown, where, box)))
    return found


def _again(frame: Frame) -> Frame:
    """The same picture as another frame, since whoever reads a film closes what it has read."""
    planes = Planes.from_bgr(frame.bgr(frame.whole, SIZE))
    return Frame(planes, camera="", index=frame.index, time_s=frame.time_s)


def _walk(person: Person, start_s: float, lane: float, rng: np.random.Generator) -> Mover:
    way = float(rng.choice((-1.0, 1.0))) * np.pi / 2 + rng.normal(0, TILT)
    pace = person.speed * rng.normal(1, 0.08)
    middle = CAMERA.ground((lane + rng.uniform(-0.04, 0.04), rng.uniform(*DEPTH)))
    reach = np.array((np.cos(way), np.sin(way))) * pace * PASS_S / 2
    a, b = middle - reach, middle + reach
    route = ((start_s, float(a[0]), float(a[1])), (start_s + PASS_S, float(b[0]), float(b[1])))
    return Mover(Class.PERSON, route, person.size, person.variant)


def _part(cells: Cells, mover: Mover, frame: Frame) -> tuple[int, int, int, int] | None:
    """The box (px) of the connected mask that lies on somebody; None where it is not theirs alone or is cut."""
    box = mover.actor().boxes(CAMERA, np.array([frame.time_s]))[0]
    middle: Point = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    side = Grid(frame.size).side
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cells.astype(np.uint8))
    row, column = int(middle[1] * SIZE[1] / side), int(middle[0] * SIZE[0] / side)
    if not (0 <= row < cells.shape[0] and 0 <= column < cells.shape[1]) or labels[row, column] == 0:
        return None
    left, top, width, height, _ = (stats[labels[row, column]] * side).tolist()
    is_cut = left <= 0 or top <= 0 or left + width >= SIZE[0] or top + height >= SIZE[1]
    return None if is_cut or width > SIZE[0] / 2 else (left, top, left + width, top + height)


def _pictures(frame: Frame, cells: Cells) -> dict[str, Bgr]:
    """The frame as it was and as each style leaves it."""
    grid = Grid(frame.size)
    clear = frame.bgr(frame.whole, SIZE).copy()
    found: dict[str, Bgr] = {"clear": clear}
    for style in STYLES:
        planes = Planes.from_bgr(clear)
        fill.hide(planes, cells, grid, style)
        with Frame(planes, camera="", index=0, time_s=0.0) as redacted:
            found[style] = redacted.bgr(redacted.whole, SIZE).copy()
    return found


def _crops(
    shown: dict[str, Bgr], hidden: NDArray[np.bool_], box: tuple[int, int, int, int]
) -> dict[str, NDArray[np.uint8]]:
    """What the mask's box shows at one size, black beside the mask."""
    part = np.s_[box[1] : box[3], box[0] : box[2]]
    found = {}
    for name, picture in shown.items():
        alone = np.where(hidden[part][..., None], picture[part], 0).astype(np.uint8)
        found[name] = np.asarray(cv2.resize(alone, CROP, interpolation=cv2.INTER_AREA), np.uint8)
    mean = shown["clear"][part][_body(hidden[part].shape)].mean(axis=(0, 1))
    found["mean"] = np.full((*CROP[::-1], 3), mean).astype(np.uint8)
    return found


def _body(shape: tuple[int, int]) -> tuple[slice, slice]:
    """The middle of a box, where there is more body than street: a mask of its mean colour looks private."""
    height, width = shape
    return np.s_[height // 4 : 3 * height // 4, 2 * width // 5 : 3 * width // 5]
