"""How much may be looked at now: milliseconds of a live engine turned into detector inputs, and what they buy."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from passerby.frame import Size
from passerby.stages import Crop

_FIRST_GUESS_S: Final = 0.02  # of processor time for one input, until it was measured
_FORGET: Final = 0.1  # part of the newest measurement in the mean
_SAVED_S: Final = 0.5  # what is not spent within so long is lost, else a quiet night would buy a frantic morning


def inputs(crops: Sequence[Crop], size: Size | None) -> float:
    """Pixels of the crops at the scales that they want, in inputs of the detector; one frame is 1 at most."""
    if size is None:
        return 0.0
    return sum(c.region.size.width * c.region.size.height * c.scale**2 for c in crops) / (size.width * size.height)


def shed(crops: Sequence[Crop], size: Size | None, left: float) -> list[Crop]:
    """The crops that so many inputs allow, in their order: what can wait longest is left out first.

    A crop that is due at its frame's time is always kept; whoever has too many of these takes fewer frames.
    """
    spare = left - inputs(crops, size)
    patience = sorted(crops, key=lambda crop: crop.frame.time_s - crop.due_s)
    dropped = set()
    for crop in patience:
        if spare >= 0 or crop.due_s <= crop.frame.time_s:
            break
        spare += inputs([crop], size)
        dropped.add(id(crop))
    return [crop for crop in crops if id(crop) not in dropped]


class Budget:
    """Detector inputs that an engine may spend: a share of a core's time, at what an input has cost lately.

    A token bucket: it fills with time, may be overdrawn by one round, and is then waited for.
    """

    def __init__(self, share: float | None, clock: Callable[[], float]) -> None:
        self._share, self._clock = share, clock
        self._cost_s = _FIRST_GUESS_S
        self._saved_s = 0.0  # processor time in hand
        self._last_s = clock()

    def left(self) -> float:
        """Inputs that may be spent now; 0 or less: none."""
        if self._share is None:
            return math.inf
        now_s = self._clock()
        self._saved_s = min(self._saved_s + self._share * (now_s - self._last_s), self._share * _SAVED_S)
        self._last_s = now_s
        return self._saved_s / self._cost_s

    def wait_s(self) -> float:
        """Seconds until something may be spent."""
        return 0.0 if self._share is None or self.left() > 0 else -self._saved_s / self._share + 1e-3

    def spend(self, spent: float, cpu_s: float) -> None:
        """So many inputs were looked at, for so much processor time."""
        if spent > 0:
            self._cost_s += _FORGET * (cpu_s / spent - self._cost_s)
        self._saved_s -= cpu_s
