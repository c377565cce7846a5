"""A camera at this moment, to the degree to which it may be shown; it is never stored and never sent by a sink."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from passerby.ghost.glyphs import Glyph

Live = Literal["off", "bands", "numbers", "ghost"]
Condition = Literal["ok", "blind", "moved", "overloaded", "silent"]

STEP: Final = 5  # people in a band
SHOWN: Final[Mapping[str, float]] = {"inside": STEP, "people": STEP, "queue": STEP, "density": 0.5}
# what is shown of a place -> how wide its bands are


@dataclass(frozen=True, slots=True)
class Value:
    """One quantity of a place now."""

    place: str
    quantity: str
    band: str  # none, few, then steps
    number: float | None  # only where numbers are shown


@dataclass(frozen=True, slots=True)
class Moment:
    """A camera now. No values and no glyphs where it is not `ok`, or shows none: that is "no data", not zero."""

    camera: str
    live: Live
    condition: Condition
    values: tuple[Value, ...] = ()
    glyphs: tuple[Glyph, ...] | None = None  # None: not shown


def band(value: float, width: float) -> str:
    """``"none"``, ``"few"`` below one step, then steps: ``"5-9"``, ``"10-14"``; of densities ``"0.5-1"``."""
    if round(value, 3) <= 0:
        return "none"
    if value < width:
        return "few"
    low = value // width * width
    return f"{low:g}-{low + width - 1:g}" if width >= 1 else f"{low:g}-{low + width:g}"
