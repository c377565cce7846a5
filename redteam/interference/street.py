"""A street whose people can be exchanged: who walks where is one thing, and what they look like another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.frame import Bgr, Size
from passerby.geometry import Cells
from passerby.motion.crowd import CrowdMap

SIZE: Final = Size(256, 192)  # px
EVERY_S: Final = 2.0  # between two frames
LASTS_S: Final = 340.0
WALKERS: Final = 80
CELLS: Final = Cells((0.0, 0.0), 1.0, rows=12, columns=10)
_CLASSES: Final = (Class.PERSON, Class.PERSON, Class.PERSON, Class.BICYCLE, Class.CAR)
_STRANGERS: Final = 3  # at a time, whom nobody follows


@dataclass(frozen=True, slots=True)
class Walker:
    """One road user, on a straight way across the picture."""

    begin_s: float
    end_s: float
    start: tuple[float, float]  # foot, shares of the picture
    goal: tuple[float, float]
    height: float  # share of the picture's height
    class_: Class


@dataclass(frozen=True, slots=True)
class Script:
    """Who walks where, and how the crowd is spread; the same whoever they are."""

    walkers: tuple[Walker, ...]
    crowds: NDArray[np.float32]  # (steps, rows, columns) people a cell
    lasts_s: float = LASTS_S

    @classmethod
    def drawn(cls, seed: int, lasts_s: float = LASTS_S) -> Script:
        """The script of a seed, or its beginning."""
        rng = np.random.default_rng((7, seed))
        steps = int(LASTS_S / EVERY_S) + 1
        crowds = rng.gamma(1.5, 0.4, (steps, CELLS.rows, CELLS.columns)).astype(np.float32)
        crowds += np.float32(2.5) * (np.sin(np.arange(steps) / 25) > 0)[:, None, None].astype(np.float32)
        begins = np.sort(rng.uniform(0, LASTS_S - 25, WALKERS))
        return cls(tuple(_walker(rng, float(begin)) for begin in begins), crowds, lasts_s)

    def tracks(self, time_s: float, ids: NDArray[np.uint64]) -> Tracks:
        """Where they are; `ids` (walkers,) tell them apart, and nothing depends on them."""
        there = [i for i, w in enumerate(self.walkers) if w.begin_s <= time_s <= w.end_s]
        if not there:
            return Tracks.empty()
        foot = np.array([self.foot(i, time_s) for i in there])
        velocity = np.array([np.subtract(w.goal, w.start) / (w.end_s - w.begin_s) for w in map(self._of, there)])
        height = np.array([w.height for w in map(self._of, there)])
        return Tracks(
            ids=ids[there],
            xyxy=np.array([self.box(i, time_s) for i in there], np.float32),
            foot=foot,
            velocity=velocity,
            class_id=np.array([w.class_ for w in map(self._of, there)], np.uint8),
            confirmed=np.ones(len(there), np.bool_),
            lost_s=np.zeros(len(there)),
            height=height,
        )

    def foot(self, number: int, time_s: float) -> tuple[float, float]:
        """Bottom centre of a walker, shares of the picture."""
        walker = self.walkers[number]
        part = (time_s - walker.begin_s) / (walker.end_s - walker.begin_s)
        (x0, y0), (x1, y1) = walker.start, walker.goal
        return x0 + part * (x1 - x0), y0 + part * (y1 - y0)

    def box(self, number: int, time_s: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in px."""
        x, y = self.foot(number, time_s)
        tall = self.walkers[number].height * SIZE.height
        half = tall * (0.2 if self.walkers[number].class_ == Class.PERSON else 0.5)
        return x * SIZE.width - half, y * SIZE.height - tall, x * SIZE.width + half, y * SIZE.height

    def crowd(self, time_s: float) -> CrowdMap:
        """How the crowd is spread."""
        people = self.crowds[min(int(time_s / EVERY_S), len(self.crowds) - 1)]
        return CrowdMap(time_s, CELLS, people, np.full_like(people, 0.1))

    def _of(self, number: int) -> Walker:
        return self.walkers[number]


def _walker(rng: np.random.Generator, begin_s: float) -> Walker:
    end_s = begin_s + float(rng.uniform(12, 25))
    x0, x1 = rng.uniform(0.1, 0.9, 2)
    y0, y1 = (0.35, 0.98) if rng.random() < 0.5 else (0.98, 0.35)
    class_ = _CLASSES[int(rng.integers(len(_CLASSES)))]
    return Walker(begin_s, end_s, (float(x0), y0), (float(x1), y1), float(rng.uniform(0.15, 0.3)), class_)


Look = Callable[[Bgr, tuple[float, float, float, float], float], None]


class Cast:
    """What the people of a script look like; another seed is other people."""

    def __init__(self, script: Script, scenery: int, seed: int) -> None:
        self._script = script
        rng = np.random.default_rng((11, scenery))
        rough = rng.integers(60, 190, (12, 16, 3), np.uint8)
        self._empty = np.asarray(cv2.resize(rough, SIZE, interpolation=cv2.INTER_CUBIC), np.uint8)
        self._rng = np.random.default_rng((13, scenery, seed))
        self._clothes = self._rng.integers(0, 256, (len(script.walkers), 6, 4, 3), np.uint8)
        self._gaits = self._rng.uniform(1.0, 3.0, len(script.walkers))  # rad/s
        self._strangers = self._rng.uniform(0, 1, (_STRANGERS, 4))

    def picture(self, time_s: float) -> Bgr:
        """The street at this time, in BGR."""
        picture = self._empty.copy()
        for number, walker in enumerate(self._script.walkers):
            if walker.begin_s <= time_s <= walker.end_s:
                self._draw(picture, number, time_s)
        for x, y, pace, shade in self._strangers:
            at = int(((x + pace * time_s / 40) % 1) * SIZE.width), int(y * SIZE.height)
            cv2.circle(picture, at, 4, (255 * shade, 255 * pace, 255 * x), -1)
        return picture

    def _draw(self, picture: Bgr, number: int, time_s: float) -> None:
        """One figure: a body of coloured patches, a head, and limbs that swing as they do."""
        left, top, right, bottom = (int(side) for side in self._script.box(number, time_s))
        width, height = max(right - left, 2), max(bottom - top, 3)
        body = cv2.resize(self._clothes[number], (width, height), interpolation=cv2.INTER_NEAREST)
        shape = np.zeros((height, width), np.uint8)
        cv2.ellipse(shape, (width // 2, height // 2), (max(width // 3, 1), height // 2), 0, 0, 360, 1, -1)
        swing = int(width / 2 * np.sin(self._gaits[number] * time_s))
        cv2.line(shape, (width // 2, height // 2), (width // 2 + swing, height - 1), 1, max(width // 6, 1))
        cv2.line(shape, (width // 2, height // 3), (width // 2 - swing, height // 2), 1, max(width // 8, 1))
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + width, SIZE.width), min(top + height, SIZE.height)
        if x0 < x1 and y0 < y1:
            inside = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
            there = picture[y0:y1, x0:x1]
            there[shape[inside] > 0] = body[inside][shape[inside] > 0]
