"""The ground plane: what it takes to say metres of a picture."""

from passerby.ground.needed import needed
from passerby.ground.plane import Ground

__all__ = ["Ground", "needed"]
