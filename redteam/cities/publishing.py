"""All that the service publishes of drawn passes: what an attacker has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from passerby.classes import Class
from passerby.geometry import Line
from passerby.records import Measurement, Pass
from passerby.release import Ledger, Rule
from redteam.cities.city import CELL, CELLS, START, Counts, Series, Spot

GATE: Final = Line("gate", (0.0, 0.5), (1.0, 0.5))
K: Final = 20


def rows(counts: Counts, *, k: int = K, classes: Sequence[Class] | None = None) -> list[Measurement]:
    """Every row that the ledger releases of one line; a place without other classes opens those that it has."""
    if classes is None:
        classes = tuple(class_ for class_, _ in Spot.series)
    ledger = Ledger(Rule(k=k), detector="drawn", version="0")
    ledger.open("camera", GATE, classes=classes)
    ledger.seen("camera", START, START + CELL)  # from here on; `observed` tells the attacker nothing
    seen = {series: Pass("gate", 0.0, *series) for series in Spot.series}
    for at, series, number in passes(counts):
        for _ in range(number):
            ledger.take("camera", at, seen[series])
    return ledger.advance("camera", START + len(counts) // CELLS * timedelta(days=1))


def passes(counts: Counts) -> list[tuple[datetime, Series, int]]:
    """In order of time: when (the middle of the quarter), what, how many."""
    cells, columns = np.nonzero(counts)
    return [
        (START + int(cell) * CELL + CELL / 2, Spot.series[column], int(counts[cell, column]))
        for cell, column in zip(cells, columns, strict=True)
    ]
