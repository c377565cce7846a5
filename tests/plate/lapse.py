"""Drawn places with people in a texture that nothing else has, filmed slowly, and what a gate makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr, Frame, Planes, Size
from passerby.plate import Candidate, PlateGate

SIZE = (200, 150)  # width, height
LOOKS_WITH = Size(416, 416)
Box = tuple[int, int, int, int]
Boxes = list[Box]
Hit = Callable[[float, Box], bool]


def place() -> Bgr:
    """A textured street (h, w, 3), the same every time."""
    rng = np.random.default_rng(5)
    coarse = rng.integers(70, 190, (SIZE[1] // 6, SIZE[0] // 6, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC), np.uint8)


def canary(size: tuple[int, int]) -> Bgr:
    """A person (h, w, 3) in 12 x 6 random checks."""
    rng = np.random.default_rng(99)
    checks = rng.integers(0, 2, (12, 6, 1), dtype=np.uint8) * 215 + 20
    return np.asarray(cv2.resize(np.repeat(checks, 3, axis=2), size, interpolation=cv2.INTER_NEAREST), np.uint8)


def always(_: float, __: Box) -> bool:
    """A detector that misses nobody."""
    return True


def never(_: float, __: Box) -> bool:
    """A detector that finds nobody."""
    return False


def at_times(share: float, seed: int = 3) -> Hit:
    """A detector that finds each of them in this share of its looks."""
    hits = np.random.default_rng(seed)
    return lambda _, __: bool(hits.random() < share)


@dataclass
class Lapse:
    """A film with people in it.

    `who`: boxes of everybody at a time. `hit`: whether the detector finds one of them. `light`: factor at a time.
    `view`: the empty place at a time.
    """

    who: Callable[[float], Boxes]
    hit: Hit = always
    light: Callable[[float], float] = lambda _: 1.0
    view: Callable[[float], Bgr] = lambda _: place()
    noise: float = 2.0
    extra: Callable[[float], Boxes] = lambda _: []  # found where nobody is
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(11))

    def frame(self, time_s: float, index: int) -> Frame:
        """What the camera shows then."""
        picture = self.view(time_s).astype(np.float32)
        for left, top, right, bottom in self.who(time_s):
            x0, x1 = max(left, 0), min(right, SIZE[0])
            if x0 < x1:
                picture[top:bottom, x0:x1] = canary((right - left, bottom - top))[:, x0 - left : x1 - left]
        picture *= self.light(time_s)
        picture += self.rng.standard_normal((*picture.shape[:2], 1), np.float32) * self.noise
        grey = np.clip(picture, 0, 255).astype(np.uint8)
        return Frame(Planes.from_bgr(grey), camera="c", index=index, time_s=time_s)

    def found(self, time_s: float) -> NDArray[np.float64]:
        """What the detector finds then."""
        people = [box for box in self.who(time_s) if self.hit(time_s, box)]
        return np.array(people + self.extra(time_s), np.float64).reshape(-1, 4)

    def play(self, gate: PlateGate, seconds: float, fps: float = 2.0) -> Candidate | None:
        """Show it to a gate for so long, or until it is done."""
        for index in range(round(seconds * fps)):
            time_s = index / fps
            with self.frame(time_s, index) as frame:
                gate.add(frame, self.found(time_s))
            if gate.is_over:
                break
        return gate.candidate()


def decoded(candidate: Candidate) -> Bgr:
    """Its picture (h, w, 3) at the size of the place."""
    found = cv2.imdecode(np.frombuffer(candidate.picture.png, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return np.asarray(cv2.resize(found, SIZE, interpolation=cv2.INTER_AREA), np.uint8)


def share(candidate: Candidate, boxes: Sequence[Box], clean: Bgr | None = None) -> float:
    """How much of a canary is in it at most: the slope of (plate - place) over (canary - place), box by box."""
    shown, empty = decoded(candidate).astype(float), (place() if clean is None else clean).astype(float)
    worst = 0.0
    for left, top, right, bottom in boxes:
        here = np.s_[top:bottom, max(left, 0) : min(right, SIZE[0])]
        wanted = canary((right - left, bottom - top))[:, max(-left, 0) : SIZE[0] - left] - empty[here]
        wanted -= wanted.mean()
        there = shown[here] - empty[here]
        grey = np.all(shown[here] == 128, axis=-1)
        there[grey] = 0.0
        worst = max(worst, abs(float((wanted * there).sum())) / float((wanted * wanted).sum()))
    return worst
