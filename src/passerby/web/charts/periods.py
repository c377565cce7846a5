"""From when to when a row is, in the words of the site's calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_MIDNIGHT: Final = time()


def period(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """``"Mon 1 Jun 2026, 14:00 – 14:15"``; of whole days their dates only.

    Where clocks are set back an hour comes twice, so that its name in the calendar is told too.
    """
    begin, stop = start.astimezone(zone), end.astimezone(zone)
    if begin.time() == stop.time() == _MIDNIGHT and begin.date() < stop.date():
        last = stop.date() - timedelta(days=1)
        return _day(begin) if last == begin.date() else f"{_day(begin)} – {_day(last)}"
    until = _clock(stop) if stop.date() == begin.date() else f"{_day(stop)}, {_clock(stop)}"
    return f"{_day(begin)}, {_clock(begin)} – {until}"


def _day(at: datetime | date) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"


def _clock(at: datetime) -> str:
    comes_twice = at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()
    return f"{at:%H:%M %Z}" if comes_twice else f"{at:%H:%M}"
