"""What a rule of the gate complains of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something behind a red line."""

    where: str  # e.g. "passerby/trackers/passer.py:12", "the package boxmot", "[camera] record"
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
