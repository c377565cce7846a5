"""The marks of clock and calendar on which intervals end, in the zone of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Grid:
    """Marks every so many minutes, every midnight, or every midnight before a Monday.

    Instants go in as any aware datetime and come out in UTC. Where clocks are changed, a day has 23 or 25
    hours; the minutes of the hour go on as they were.
    """

    every: timedelta  # divides an hour, or is a day or a week
    zone: ZoneInfo

    def after(self, at: datetime) -> datetime:
        """The first mark after an instant."""
        if self.every < DAY:
            return (at + self.every - self._past(at)).astimezone(UTC)
        return (self._midnight(at) + self.every).astimezone(UTC)  # by the wall clock

    def before(self, at: datetime) -> datetime:
        """The last mark at or before an instant."""
        if self.every < DAY:
            return (at - self._past(at)).astimezone(UTC)
        return self._midnight(at).astimezone(UTC)

    def shares(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, float]]:
        """A span cut at the marks: (the mark that ends a piece's interval, seconds of the piece)."""
        while start < end:
            mark = self.after(start)
            yield mark, (min(mark, end) - start).total_seconds()
            start = mark

    def _past(self, at: datetime) -> timedelta:
        local = at.astimezone(self.zone)
        return timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond) % self.every

    def _midnight(self, at: datetime) -> datetime:
        midnight = at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return midnight - timedelta(days=midnight.weekday()) if self.every == WEEK else midnight
