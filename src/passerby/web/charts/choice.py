"""Which rows a visitor asked to see: a place, a table, days of the site's calendar, and others to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from passerby.web.charts.tables import PER_S, TABLES, Per, Table

Compare = Literal["", "before", "week"]

COMPARES: Final[tuple[Compare, ...]] = ("", "before", "week")
STEPS: Final[Mapping[str, int]] = {"day": 1, "week": 7, "4weeks": 28}  # days
_USUAL: Final = STEPS["week"]
_EARLIEST: Final = date(1971, 1, 1)
_LATEST: Final = date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is charted; days are whole and both included."""

    place: str
    table: Table
    first: date
    last: date
    per: Per
    compare: Compare
    zone: ZoneInfo  # of the site: where its days begin

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """Where the first day begins (UTC)."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """Where the last day ends (UTC): a day later by the calendar, and 23 to 25 hours."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def back(self) -> int:
        """By how many days the compared days lie before these; 0: nothing is compared."""
        return {"": 0, "before": self.days, "week": 7}[self.compare]

    def moved(self, days: int) -> Choice:
        """The same of so many days later; as it is, where the calendar ends."""
        by = timedelta(days=days)
        if not (_EARLIEST + abs(by) <= self.first and self.last <= _LATEST - abs(by)):
            return self
        return replace(self, first=self.first + by, last=self.last + by)

    def lasting(self, days: int) -> Choice:
        """The same of so many days, up to the same last one."""
        return replace(self, first=max(_EARLIEST, self.last - timedelta(days=days - 1)))

    def address(self) -> str:
        """The query of the page that shows it."""
        asked = {
            "place": self.place,
            "table": self.table.key,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "per": self.per,
            "compare": self.compare,
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def shifted(self, at: datetime) -> datetime:
        """Where an instant of the compared days is drawn: at the same time by the wall clock (UTC)."""
        local = at.astimezone(self.zone)
        return (local + timedelta(days=self.back)).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Where a day begins in a zone (UTC)."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def choose(
    asked: Mapping[str, str], *, places: Sequence[str], now: datetime, zone: ZoneInfo
) -> tuple[Choice, list[str]]:
    """What a query asks for, and the names of those fields that could not be followed.

    ``days``: that it was too many days of the table, of which the last are taken. There must be a place.
    """
    wrong = []
    place, table_key = asked.get("place", places[0]), asked.get("table", "all")
    if place not in places:
        wrong.append("place")
        place = places[0]
    if table_key not in TABLES:
        wrong.append("table")
    table = TABLES.get(table_key, TABLES["all"])
    today = now.astimezone(zone).date()
    last, first = _day(asked.get("to", "")), _day(asked.get("from", ""))
    wrong += [name for name, day in (("from", first), ("to", last)) if day is None and asked.get(name)]
    if last is None:
        last = today if first is None else min(first + timedelta(days=_USUAL - 1), max(today, first))
    if first is None:
        first = max(_EARLIEST, last - timedelta(days=_USUAL - 1))
    if first > last:
        wrong.append("from")
        first = last
    per, compare = asked.get("per", ""), asked.get("compare", "")
    choice = Choice(
        place,
        table,
        first,
        last,
        next((one for one in PER_S if one == per), table.per),
        next((one for one in COMPARES if one == compare), ""),
        zone,
    )
    if choice.days > table.days:
        wrong.append("days")
        choice = choice.lasting(table.days)
    return choice, wrong


def _day(text: str) -> date | None:
    try:
        return min(max(date.fromisoformat(text), _EARLIEST), _LATEST)
    except ValueError:
        return None
