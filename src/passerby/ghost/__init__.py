"""What may be shown of this moment: glyphs, bands and numbers that say how many there are, and not who."""

from passerby.ghost.glyphs import CELLS, RATE_HZ, Glyph, Limiter, cells, glyphs
from passerby.ghost.moment import SHOWN, STEP, Condition, Live, Moment, Value, band
from passerby.ghost.pictures import checked

__all__ = [
    "CELLS",
    "RATE_HZ",
    "SHOWN",
    "STEP",
    "Condition",
    "Glyph",
    "Limiter",
    "Live",
    "Moment",
    "Value",
    "band",
    "cells",
    "checked",
    "glyphs",
]
