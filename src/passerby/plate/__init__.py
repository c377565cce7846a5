"""Pictures of places without anyone in them: the only way by which pixels leave, and so a gate."""

from passerby.plate.film import Plate, PlateBuilder
from passerby.plate.gate import Candidate, PlateGate

__all__ = ["Candidate", "Plate", "PlateBuilder", "PlateGate"]
