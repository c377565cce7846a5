"""Frames on their way from one process to another, in memory that has no name."""

from passerby.ring.ring import Ring

__all__ = ["Ring"]
