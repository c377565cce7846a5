"""passerby turns the cameras a place already has into numbers, and keeps nothing that singles a person out."""

__version__ = "0.1.0"
