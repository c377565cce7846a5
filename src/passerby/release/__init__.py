"""The only maker of measurements: what may be shown of what was observed, and when."""

from passerby.release.grids import Grid
from passerby.release.ledger import SETTLE, Ledger
from passerby.release.rule import Rule

__all__ = ["SETTLE", "Grid", "Ledger", "Rule"]
