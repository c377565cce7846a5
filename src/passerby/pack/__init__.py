"""Packs rectangles into as few and as small sheets as they fit in; it sees no pixel."""

from passerby.pack.packing import Packing, Spot, pack

__all__ = ["Packing", "Spot", "pack"]
