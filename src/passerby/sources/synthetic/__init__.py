"""Drawn streets as films: pictures that show nobody, with exact truth."""

from passerby.sources.synthetic.painter import Painter
from passerby.sources.synthetic.source import Drawn, Synthetic

__all__ = ["Drawn", "Painter", "Synthetic"]
