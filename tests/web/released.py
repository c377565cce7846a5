"""Rows of a drawn street, made by the release rule, and a house that reads them from a real store."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from passerby.classes import Class
from passerby.errors import StoreError
from passerby.geometry import Place, Zone
from passerby.outlets import Query
from passerby.records import Measurement, Pass, Sample
from passerby.release import Ledger, Rule
from passerby.stores.sqlite import Sqlite
from web.houses import STREET, FakeHouse

LISBON = ZoneInfo("Europe/Lisbon")
HOUR = timedelta(hours=1)
BY_DAY = {Class.PERSON: 1.2, Class.BICYCLE: 0.3, Class.CAR: 2.0, Class.BUS: 0.12}  # a minute, at noon


def street(
    place: Place,
    days: Iterable[date],
    *,
    classes: Sequence[Class] = tuple(BY_DAY),
    blind: tuple[datetime, datetime] | None = None,
    camera: str = "north",
) -> Iterator[Measurement]:
    """Released rows of days in a row at a line or zone, with quiet nights; nothing is seen while `blind`."""
    ledger = Ledger(Rule(zone=LISBON), detector="drawn", version="1.0")
    ledger.open(camera, place, classes=classes)
    chance = random.Random(7)
    for day in days:
        begin = datetime.combine(day, time(), LISBON).timestamp()
        end = datetime.combine(day + timedelta(days=1), time(), LISBON).timestamp()
        for start_s in range(int(begin), int(end), 900):
            start = datetime.fromtimestamp(start_s, LISBON)
            stop = start + timedelta(minutes=15)
            is_blind = blind is not None and blind[0] <= start < blind[1]
            if not is_blind:
                ledger.seen(camera, start, stop)
                for at, observation in _quarter(place, start, classes, chance):
                    ledger.take(camera, at, observation)
            yield from ledger.advance(camera, datetime.fromtimestamp(start_s + 900, LISBON))


def _quarter(
    place: Place, start: datetime, classes: Sequence[Class], chance: random.Random
) -> Iterator[tuple[datetime, Pass | Sample]]:
    """What passes in a quarter of an hour: much by day, little by night, fewer people on Sundays."""
    by_hour = 0.02 if start.hour < 6 else 1.0 - abs(start.hour - 14) / 12
    for class_ in classes:
        number = BY_DAY[class_] * by_hour * 15 * (0.6 if start.weekday() == 6 else 1.0)
        for n in range(int(number) + (chance.random() < number % 1)):
            at = start + timedelta(seconds=chance.uniform(0, 899))
            speed = chance.gauss({Class.PERSON: 1.4, Class.BICYCLE: 5.0}.get(class_, 11.0), 0.8)
            way = "in" if n % 5 < 3 else "out"
            yield (
                at,
                Pass(
                    place.name, at.timestamp(), class_, "in" if way == "in" else "out", values={"speed_mps": speed}
                ),
            )
    inside = 60 * by_hour
    for tick in range(90 if isinstance(place, Zone) else 0):
        at = start + timedelta(seconds=10 * tick)
        value = float(round(inside + chance.uniform(-5, 5)))
        yield at, Sample(place.name, at.timestamp(), "inside", Class.PERSON, max(0.0, value))


class KeptHouse(FakeHouse):
    """A fake house whose rows lie in a real store; asking for this moment is an error."""

    def __init__(self, path: Path, rows: Iterable[Measurement], text: str = STREET) -> None:
        super().__init__(text)
        self.store = Sqlite(path)
        self.store.write(list(rows))

    def read(self, query: Query) -> list[Measurement]:
        if self.broken_store:
            raise StoreError(self.broken_store)
        return list(self.store.read(query))
