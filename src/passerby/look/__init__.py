"""Where to look: a cheap decision that spares the detector most of the picture."""

from passerby.look.attention import Attention, Wanted
from passerby.look.known import Pace

__all__ = ["Attention", "Pace", "Wanted"]
