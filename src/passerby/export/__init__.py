"""Rows for other programs: released ones, on a regular grid too, and the exact ones of a film."""

from passerby.export.junction import peak_hour, write_intervals
from passerby.export.regular import Slot, regular
from passerby.export.turning import turns
from passerby.export.writing import CSV, JSONL, Form, write_rows, write_slots

__all__ = [
    "CSV",
    "JSONL",
    "Form",
    "Slot",
    "peak_hour",
    "regular",
    "turns",
    "write_intervals",
    "write_rows",
    "write_slots",
]
