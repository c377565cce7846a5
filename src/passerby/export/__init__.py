"""Released rows for other programs: as they are, or on a regular grid, as CSV or JSON Lines."""

from passerby.export.regular import Slot, regular
from passerby.export.writing import CSV, JSONL, Form, write_rows, write_slots

__all__ = ["CSV", "JSONL", "Form", "Slot", "regular", "write_rows", "write_slots"]
