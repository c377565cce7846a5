"""The ground plane: what it takes to say metres of a picture."""

from passerby.ground.doubts import doubts
from passerby.ground.forms import ground
from passerby.ground.guess import guess
from passerby.ground.needed import needed
from passerby.ground.plane import Ground
from passerby.ground.stature import Stature
from passerby.ground.upright import Upright

__all__ = ["Ground", "Stature", "Upright", "doubts", "ground", "guess", "needed"]
