"""How much of everyone the hidden cells of a film leave to be seen, and of how many they ever do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from passerby.frame import Size
from passerby.redact.grid import Grid
from passerby.redact.plan import Plan

PARTS = (0.0, 0.05, 0.5)  # of what is to be seen of somebody, above which a frame leaks them
SMALL = 200  # px: of whom less is to be seen is reported apart


@dataclass(slots=True)
class Leaks:
    """Everyone of some films, as columns of what was to be seen of them and what was left, frame by frame."""

    frames: int = 0
    blank: int = 0
    hidden: float = 0.0  # sum over the frames of the share of the picture
    people: defaultdict[Hashable, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def frame(self, hidden: NDArray[np.bool_] | None) -> None:
        """One frame, hidden where True (h, w); None: all of it."""
        self.frames += 1
        self.blank += hidden is None
        self.hidden += 1.0 if hidden is None else float(hidden.mean())

    def person(self, who: Hashable, pixels: int, left: int) -> None:
        """So many pixels of somebody were in the picture, and so many of them were left."""
        self.people[who].append((pixels, left))

    @property
    def area(self) -> float:
        """Share of all pixels that is hidden."""
        return self.hidden / max(self.frames, 1)

    def coverage(self) -> float:
        """Share of all pixels of people that is hidden."""
        seen = np.concatenate([np.array(rows) for rows in self.people.values()])
        return 1 - float(seen[:, 1].sum() / seen[:, 0].sum())

    def tracks(self, part: float, least: int = 0) -> int:
        """How many are ever left by more than a part, in frames that show `least` px of them or more."""
        rows = (np.array(rows) for rows in self.people.values())
        return sum(bool(((r[:, 1] > part * r[:, 0]) & (r[:, 0] >= least)).any()) for r in rows)


def hidden(plan: Plan, index: int, time_s: float, size: Size) -> NDArray[np.bool_] | None:
    """Where (h, w) a frame is hidden; None: everywhere."""
    cells = plan.of(index, time_s, size)
    return None if cells is None else Grid(size).pixels(cells)


def silhouettes(
    kinds: Iterable[tuple[Leaks, Iterable[int]]],
    scene: Hashable,
    stencil: NDArray[np.int32],
    mask: NDArray[np.bool_] | None,
) -> None:
    """One frame: count the pixels of a stencil (h, w) of ids that a mask leaves, each kind's ids for itself."""
    pixels = np.bincount(stencil.ravel())
    left = np.zeros_like(pixels) if mask is None else np.bincount(stencil[~mask], minlength=len(pixels))
    for leaks, chosen in kinds:
        leaks.frame(mask)
        for identity in chosen:
            if identity < len(pixels) and pixels[identity]:
                leaks.person((scene, identity), int(pixels[identity]), int(left[identity]))


def boxes(
    leaks: Leaks, rows: Iterable[tuple[Hashable, NDArray[np.float64]]], size: Size, mask: NDArray[np.bool_] | None
) -> None:
    """Count the pixels of boxes (4,) px that a mask leaves."""
    for who, xyxy in rows:
        left, top, right, bottom = np.clip(np.round(xyxy), 0, (*size, *size)).astype(int)
        if right > left and bottom > top:
            area = int((right - left) * (bottom - top))
            shown = 0 if mask is None else int((~mask[top:bottom, left:right]).sum())
            leaks.person(who, area, shown)
