"""The tables of a place that can be charted, with their names and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from passerby.classes import LABELS, MODES
from passerby.geometry import Place, Zone
from passerby.records import Cut, Measurement, Quantity

Per = Literal["15min", "1h", "1d", "7d"]

PER_S: Final[Mapping[Per, int]] = {"15min": 900, "1h": 3600, "1d": 86400, "7d": 604800}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one quantity and one cut, which are charted together."""

    key: str  # in addresses
    quantity: Quantity
    cut: Cut
    per: Per  # the unit of its rates, unless another is chosen
    days: int  # that are charted at most
    unit: str = ""  # of samples

    @property
    def counts(self) -> bool:
        """Whether its rows are counts, so that their height is a rate; else they are means over time."""
        return self.quantity in ("passes", "conflicts", "exposed")

    def holds(self, row: Measurement) -> bool:
        """Whether a row belongs to it."""
        return (row.quantity, row.cut) == (self.quantity, self.cut)


_FINE, _COARSE = 35, 400  # days
TABLES: Final[Mapping[str, Table]] = {
    table.key: table
    for table in (
        Table("all", "passes", "all", "1h", _FINE),
        Table("mode", "passes", "mode", "1h", _FINE),
        Table("class", "passes", "class", "1d", _COARSE),
        Table("movement", "passes", "movement", "7d", _COARSE),
        Table("inside", "inside", "all", "1h", _FINE),
        Table("people", "people", "all", "1h", _FINE),
        Table("density", "density", "all", "1h", _FINE, "1/m²"),
        Table("density_peak", "density_peak", "all", "1h", _FINE, "1/m²"),
        Table("density_error", "density_error", "all", "1h", _FINE, "1/m²"),
        Table("queue", "queue", "all", "1h", _FINE),
        Table("queue_m", "queue_m", "all", "1h", _FINE, "m"),
        Table("occupancy", "occupancy", "all", "1h", _FINE),
        Table("flow", "flow", "all", "1h", _FINE, "1/(m s)"),
        Table("against", "against", "all", "1h", _FINE),
        Table("pressure", "pressure", "all", "1h", _FINE, "1/s²"),
        Table("waves", "waves", "all", "1h", _FINE),
        Table("conflicts", "conflicts", "mode", "7d", _COARSE),
        Table("exposed", "exposed", "mode", "7d", _COARSE),
    )
}


def offered(place: Place, rows: Iterable[Measurement]) -> list[Table]:
    """The tables of a place: those that each has, and those that it has rows of."""
    found = {(row.quantity, row.cut) for row in rows}
    usual = {"all", "mode", "class"} | ({"inside"} if isinstance(place, Zone) else set())
    return [table for table in TABLES.values() if table.key in usual or (table.quantity, table.cut) in found]


def order(series: str) -> tuple[int, int, str]:
    """Where a series stands among others: by mode and class as everywhere, `in` before `out`."""
    who, _, where = series.partition(" ")
    known = (*MODES, *LABELS)
    return known.index(who) if who in known else len(known), where == "out", where
