"""What is strange about a ground, as far as it can be told without anybody on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from passerby.ground.plane import Ground
from passerby.ground.upright import Upright

RMS_M: Final = 0.5  # points that are off by more were mistyped, or measured badly
HANGS_M: Final = (1.2, 200.0)  # over the ground: cameras between a shop window and a tower


def doubts(ground: Ground, aspect: float | None) -> Iterator[str]:
    """Sentences, each about one thing; `aspect` is the picture's width / height, None where it is not known."""
    if ground.guess:
        yield "the ground is a guess: speeds and lengths may be off by a third."
    if ground.rms_m > RMS_M:
        yield f"the points of the ground are off by {ground.rms_m:.2g} m: check each of them."
    if aspect is None:
        return
    upright = Upright.of(ground, aspect)
    if upright is None:
        yield "no camera with square pixels sees the ground like this: check its points."
    elif not HANGS_M[0] <= upright.height_m <= HANGS_M[1]:
        yield f"by this ground the camera hangs {upright.height_m:.2g} m above it: check its points."
