"""passerby turns the cameras a place already has into numbers, and keeps nothing that singles a person out."""

from passerby.version import VERSION as __version__

__all__ = ["__version__"]
