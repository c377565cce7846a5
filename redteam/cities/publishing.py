"""All that the service publishes of drawn passes: what an attacker has."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator

from passerby.alerts import Log
from passerby.classes import Class
from passerby.export import CSV, regular, write_slots
from passerby.geometry import Line, Place, Zone
from passerby.outlets import Query
from passerby.records import Alert, Cut, Measurement, Observation, Pass, Sample
from passerby.release import Ledger, Rule
from passerby.release.cuts import Atom, Universe
from passerby.stores.sqlite import Sqlite
from redteam.cities.city import CELL, CELLS, CLASSES, START, Counts, Series, Spot
from redteam.cities.differencing import Bound

Seen = tuple[datetime, Observation]

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


@dataclass(frozen=True)
class Published:
    """What lies open of one place after some days, and what truly passed."""

    rows: list[Measurement]  # of the store
    bounds: list[Bound]  # of its export and of the alert log
    passes: list[tuple[datetime, Atom]]
    universe: Universe
    offered_again: int  # rows of a second run that the store took; it must take none of a time that it has


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to a place while it is watched: nothing, or one of these."""

    name: str
    is_edited: bool = False  # the line is moved in mid-day
    is_restarted: bool = False  # the service is stopped, and begins again with another k; rows are offered again
    is_killed: bool = False  # ... is killed, and what was pending is lost
    is_zone: bool = False  # people enter and leave, with stays, movements, samples and a crowding alert


PLANS: Final = (
    Plan("a line"),
    Plan("a line that is moved", is_edited=True),
    Plan("a service that is stopped and begins with another k", is_restarted=True),
    Plan("a service that is killed", is_killed=True),
    Plan("a zone with movements, samples and alerts", is_zone=True),
)
_OTHER_K: Final = 30
_CROWDED: Final = 25  # inside, at which the zone's alert fires
_EXITS: Final = ("west>east", "west>north")


def site(counts: Counts, plan: Plan, rng: Generator) -> Published:
    """Run a place for some days with the real ledger, store, export and alert log."""
    end = START + len(counts) // CELLS * timedelta(days=1)
    if plan.is_zone:
        universe, seen = Universe((Class.PERSON, Class.BICYCLE), _EXITS), _entering(counts, rng, end)
    else:
        universe, seen = Universe(CLASSES), _passing(counts, rng)
    place = Zone("gate", ((0, 0), (1, 0), (1, 1))) if plan.is_zone else GATE
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.sqlite"
        written = _watch(seen, universe, place, plan, path, end)
        again = _ledger(universe, place, Rule(k=_OTHER_K), None)
        again.seen("camera", START, end)
        for at, one in seen:
            again.take("camera", at, one)
        store = Sqlite(path)
        before = len(list(store.read(Query())))
        store.write([*written, *again.advance("camera", end), *again.stop()])
        rows = list(store.read(Query()))
        store.close()
    bounds = _exported(rows)
    if plan.is_zone:
        bounds += _alerted(seen)
    atoms = [(at, (one.class_, one.way, one.movement)) for at, one in seen if isinstance(one, Pass)]
    return Published(rows, bounds, atoms, universe, len(rows) - before)


def _watch(
    seen: Sequence[Seen], universe: Universe, place: Place, plan: Plan, path: Path, end: datetime
) -> list[Measurement]:
    """Take what is seen hour by hour; returns all that was written, to be offered again."""
    ledger, store, written = _ledger(universe, place, Rule(k=K), None), Sqlite(path), list[Measurement]()
    left, hour, due = deque(seen), START, START + (end - START) * 0.55
    while hour < end:
        hour += timedelta(hours=1)
        ledger.seen("camera", hour - timedelta(hours=1), hour)
        while left and left[0][0] < hour:
            ledger.take("camera", *left.popleft())
        rows = ledger.advance("camera", hour)
        if hour >= due:
            due = end + timedelta(days=1)
            if plan.is_edited:
                ledger.open("camera", Line("gate", (0.0, 0.6), (1.0, 0.6)), classes=universe.classes)
            if plan.is_restarted or plan.is_killed:
                rows += [] if plan.is_killed else ledger.stop()
                store.write(rows)
                store.close()
                store = Sqlite(path)
                rule = Rule(k=_OTHER_K if plan.is_restarted else K)
                ledger = _ledger(universe, place, rule, store.until("camera", "gate"))
        store.write(rows)
        written += rows
    rows = ledger.stop()
    store.write(rows)
    store.close()
    return [*written, *rows]


def _ledger(universe: Universe, place: Place, rule: Rule, since: datetime | None) -> Ledger:
    ledger = Ledger(rule, detector="drawn", version="0")
    ledger.open("camera", place, classes=universe.classes, movements=universe.movements, since=since)
    return ledger


def _passing(counts: Counts, rng: Generator) -> list[Seen]:
    """Passes with speeds, at any moment of their quarter."""
    found: list[Seen] = []
    for at, series, number in passes(counts):
        for part in rng.uniform(-0.5, 0.5, number):
            values = {"speed_mps": float(rng.normal(1.4, 0.2))} if rng.random() < 0.9 else {}
            found.append((at + part * CELL, Pass("gate", 0.0, *series, values=values)))
    return sorted(found, key=lambda one: one[0])


def _entering(counts: Counts, rng: Generator, end: datetime) -> list[Seen]:
    """Whoever comes in on foot or by bicycle enters a square, and leaves it after a while by one of its exits."""
    found: list[Seen] = []
    for at, one in _passing(counts, rng):
        if not isinstance(one, Pass) or one.way != "in" or one.class_ not in (Class.PERSON, Class.BICYCLE):
            continue
        stay = float(rng.exponential(600))
        found.append((at, Pass("gate", 0.0, one.class_, "in")))
        leaves = at + timedelta(seconds=stay)
        if leaves < end:
            movement = ("", *_EXITS)[int(rng.choice(3, p=(0.2, 0.6, 0.2)))]
            found.append((leaves, Pass("gate", 0.0, one.class_, "out", movement, {"dwell_s": stay})))
    found.sort(key=lambda one: one[0])
    inside, samples = 0, list[Seen]()
    for at, one in found:
        inside += 1 if isinstance(one, Pass) and one.way == "in" else -1
        seconds = (at - START).total_seconds()
        samples.append((at, Sample("gate", seconds, "inside", Class.PERSON, float(inside))))
    return sorted(found + samples, key=lambda one: one[0])


def _alerted(seen: Sequence[Seen]) -> list[Bound]:
    """What the log of alerts says: in these hours, so many or more were inside at some moment."""
    log = Log()
    for at, one in seen:
        if isinstance(one, Sample) and one.value > _CROWDED:
            hour = at.replace(minute=0, second=0, microsecond=0)
            log.keep([Alert("crowded", "camera", "gate", "firing", "warning", hour)])
    ways = [tuple(f"{c.label} {way}" for c in (Class.PERSON, Class.BICYCLE)) for way in ("in", "out")]
    return [
        Bound(
            "class", ways[0], (START, a.hour + timedelta(hours=1)), _CROWDED + 1, minus=(ways[1], (START, a.hour))
        )
        for a in log.entries()
    ]


def _exported(rows: Sequence[Measurement]) -> list[Bound]:
    """What the regular export says: least and most of each series in the period that a slot tells of."""
    out = StringIO()
    write_slots(regular(rows, timedelta(hours=1), ZoneInfo("UTC")), CSV, out)
    found = set()
    for slot in csv.DictReader(StringIO(out.getvalue())):
        if slot["quantity"] == "passes" and slot["series"] != "all":
            span = datetime.fromisoformat(slot["period_start"]), datetime.fromisoformat(slot["period_end"])
            found.add((slot["cut"], slot["series"], span, int(slot["least"]), int(slot["most"])))
    return [
        Bound(cast("Cut", cut), (series,), span, least, most) for cut, series, span, least, most in sorted(found)
    ]
