"""What may be shown of this moment: glyphs, bands and numbers that say how many there are, and not who."""

from passerby.ghost.glyphs import CELLS, RATE_HZ, Glyph, Limiter, glyphs
from passerby.ghost.moment import Condition, Live, Moment, Value, band

__all__ = ["CELLS", "RATE_HZ", "Condition", "Glyph", "Limiter", "Live", "Moment", "Value", "band", "glyphs"]
