"""Packs rectangles into as few and as small sheets as they fit in; it sees no pixel."""

from passerby.pack.packing import Packing, Room, pack

__all__ = ["Packing", "Room", "pack"]
