"""Names for densities: Fruin's levels of service of a walkway, and Still's bands of safety."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, Literal

Level = Literal["A", "B", "C", "D", "E", "F"]
Safety = Literal["calm", "watch", "warn", "danger"]

FRUIN: Final[tuple[float, float, float, float, float]] = (0.31, 0.43, 0.72, 1.08, 2.17)
# 1/m2: A/B to E/F (Fruin, 1971: 35, 25, 15, 10 and 5 square feet a person)
STILL: Final[tuple[float, float, float]] = (2.0, 3.5, 5.0)
# 1/m2: watch, warn, danger (Still, "Introduction to Crowd Science", 2014)
NOT_VALIDATED: Final = "Density is not validated on real crowds; an aid, not a safety system."

_LEVELS: Final[tuple[Level, ...]] = ("A", "B", "C", "D", "E", "F")
_SAFETIES: Final[tuple[Safety, ...]] = ("calm", "watch", "warn", "danger")


def level(density: float, bounds: Sequence[float] = FRUIN) -> Level:
    """The level of service at people per m2."""
    return _LEVELS[min(bisect_right(bounds, density), len(_LEVELS) - 1)]


def safety(density: float, bounds: Sequence[float] = STILL) -> Safety:
    """The band of safety at people per m2."""
    return _SAFETIES[min(bisect_right(bounds, density), len(_SAFETIES) - 1)]
