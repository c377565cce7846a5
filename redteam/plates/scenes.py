"""Drawn places in which people stay, filmed slowly; a texture that nothing else has stands for their looks."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr, Frame, Planes

SIZE: Final = (320, 240)  # width, height: no plate without a ground is larger
NOISE: Final = 2.0  # grey levels of the sensor
_TALL_M: Final = 1.7  # of a person
_SWAY_M: Final = 0.01  # standing still, a body sways by a centimetre, every few seconds,
_SHIFT_M: Final = 0.04  # and shifts its weight by some centimetres, every few minutes (Duarte & Zatsiorsky 1999)
_BANK: Final = 24  # pictures of noise, turned and shifted for each frame

Floats = NDArray[np.float32]
Box = tuple[float, float, float, float]  # left, top, right, bottom, px


def texture(seed: int) -> Floats:
    """A person (48, 24): 12 x 6 random checks."""
    checks = np.random.default_rng(seed).integers(0, 2, (12, 6)).astype(np.float32) * 215 + 20
    return np.asarray(cv2.resize(checks, (24, 48), interpolation=cv2.INTER_NEAREST), np.float32)


def place(seed: int) -> Floats:
    """A street without anybody (h, w, 3)."""
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(70, 190, (SIZE[1] // 8, SIZE[0] // 8, 3)).astype(np.float32)
    fine = rng.uniform(-12, 12, (SIZE[1] // 2, SIZE[0] // 2, 1)).astype(np.float32)
    large = cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large + cv2.resize(fine, SIZE)[..., None], np.float32)


@dataclass(frozen=True, eq=False)
class Person:
    """Somebody at a spot during stays, who comes and goes on foot; never quite still, unless a statue."""

    foot: tuple[float, float]  # px, bottom centre
    tall: float  # px
    stays: tuple[tuple[float, float], ...]  # from, until: s
    seed: int
    restless_s: float = 150.0  # between two shifts of weight, on average; inf: a statue
    walks: bool = True  # comes and goes on foot; else appears and vanishes
    mirrored: bool = False  # a mirror or screen: the texture turned, seen half as often by a detector
    skin: Floats = field(init=False)
    _shifts: tuple[list[float], NDArray[np.float64]] = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        last = self.stays[-1][1]
        times = [0.0]
        while math.isfinite(self.restless_s) and times[-1] < last:
            times.append(times[-1] + rng.exponential(self.restless_s))
        offsets = rng.normal(0, _SHIFT_M, (len(times), 2)) * (1, 0.4) * self.tall / _TALL_M
        skin = texture(self.seed)
        object.__setattr__(self, "skin", np.ascontiguousarray(skin[:, ::-1]) if self.mirrored else skin)
        object.__setattr__(self, "_shifts", (times, offsets))

    def box(self, time_s: float) -> Box | None:
        """Where they are; None: elsewhere."""
        for since_s, until_s in self.stays:
            if since_s <= time_s < until_s:
                return self._standing(time_s)
            if self.walks:
                away_s = since_s - time_s if time_s < since_s else time_s - until_s
                side = -1 if time_s < since_s else 1
                left, top, right, bottom = self._standing(since_s if side < 0 else until_s)
                gone = side * away_s * self.tall * 0.7
                if away_s >= 0 and -40 < (left + right) / 2 + gone < SIZE[0] + 40:
                    return left + gone, top, right + gone, bottom
        return None

    def is_still(self, time_s: float) -> bool:
        """Whether they stand or sit, and do not walk."""
        return any(since_s <= time_s < until_s for since_s, until_s in self.stays)

    def _standing(self, time_s: float) -> Box:
        x, y = self.foot
        if math.isfinite(self.restless_s):
            times, offsets = self._shifts
            dx, dy = offsets[bisect(times, time_s) - 1]
            sway = _SWAY_M * self.tall / _TALL_M
            x += float(dx) + sway * (math.sin(time_s * 1.9 + self.seed) + math.sin(time_s * 0.63))
            y += float(dy)
        return x - self.tall / 4, y - self.tall, x + self.tall / 4, y


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is where, in which light, and where the camera looks."""

    people: Sequence[Person]
    seed: int = 5
    light: Callable[[float], float] = lambda _: 1.0
    moved: Callable[[float], float] = lambda _: 0.0  # px to the left


class Film:
    """The pictures of a scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.empty = scene, place(scene.seed)
        self._rng = np.random.default_rng(scene.seed)
        bank = self._rng.standard_normal((_BANK, SIZE[1], SIZE[0], 1), np.float32) * NOISE
        self._noise = bank

    def place(self, time_s: float) -> Floats:
        """What the camera would see without anybody."""
        return np.roll(self.empty, -round(self.scene.moved(time_s)), axis=1)

    def shown_place(self, time_s: float, size: tuple[int, int]) -> Floats:
        """The same as it would be decoded at (width, height), without noise."""
        picture = np.asarray(np.clip(self.place(time_s), 0, 255), np.uint8)
        with Frame(Planes.from_bgr(picture), camera="square", index=0, time_s=time_s) as frame:
            return frame.bgr(frame.whole, size).astype(np.float32)

    def boxes(self, time_s: float) -> list[tuple[Person, Box]]:
        """Who is in the picture, and where."""
        left = self.scene.moved(time_s)
        there = [(person, box) for person in self.scene.people if (box := person.box(time_s)) is not None]
        return [(person, (box[0] - left, box[1], box[2] - left, box[3])) for person, box in there]

    def picture(self, time_s: float) -> Bgr:
        """What the camera sees (h, w, 3)."""
        shown = self.place(time_s).copy()
        for person, box in self.boxes(time_s):
            paint(shown, person.skin, box)
        shown *= self.scene.light(time_s)
        noise = self._noise[self._rng.integers(_BANK)]
        shown += np.roll(noise, int(self._rng.integers(SIZE[0])), axis=1)
        return np.asarray(np.clip(shown, 0, 255), np.uint8)

    def frame(self, time_s: float, index: int) -> Frame:
        """The same as it comes from a camera."""
        return Frame(Planes.from_bgr(self.picture(time_s)), camera="square", index=index, time_s=time_s)


def paint(picture: Floats, skin: Floats, box: Box) -> None:
    """Draw a texture into a box (px, fractions too), with soft edges."""
    left, top, right, bottom = box
    x0, y0 = max(math.floor(left), 0), max(math.floor(top), 0)
    x1, y1 = min(math.ceil(right), picture.shape[1]), min(math.ceil(bottom), picture.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    scale = ((right - left) / skin.shape[1], (bottom - top) / skin.shape[0])
    way = np.array([[scale[0], 0, left - x0], [0, scale[1], top - y0]], np.float32)
    patch = cv2.warpAffine(skin, way, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR, borderValue=0)
    cover = cv2.warpAffine(np.ones_like(skin), way, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR, borderValue=0)
    there = picture[y0:y1, x0:x1]
    there *= 1 - cover[..., None]
    there += patch[..., None]
