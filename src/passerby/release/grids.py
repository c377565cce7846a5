"""The marks of clock and calendar on which intervals end, in the zone of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Final
from zoneinfo import ZoneInfo

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
LONGEST: Final = 6 * WEEK  # for which a quiet place goes on, once it has k
SURE: Final = 2  # times k: passes for each of its days that a row needs to end before that


@dataclass(frozen=True, slots=True)
class Grid:
    """Marks every so many minutes, every midnight, or every midnight before a Monday.

    Instants go in as any aware datetime and come out in UTC. Where clocks are changed, a day has 23 or 25
    hours; the minutes of the hour go on as they were.
    """

    every: timedelta  # divides a day, or is a day or a week
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
        t = at.astimezone(self.zone).time()
        past = timedelta(hours=t.hour, minutes=t.minute, seconds=t.second, microseconds=t.microsecond)
        return past % self.every

    def _midnight(self, at: datetime) -> datetime:
        midnight = at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return midnight - timedelta(days=midnight.weekday()) if self.every == WEEK else midnight


def visits(start: datetime, end: datetime) -> int:
    """How often somebody who comes every day comes in an interval; at least once, however short it is."""
    return max(1, round((end - start) / DAY))


def needed(k: int, times: int) -> int:
    """How many passes a row needs: `SURE` times k for each time that somebody who comes every day is in it.

    Thirty of his visits would be told among k others each, in two tables, more often than is promised; see
    docs/decisions/0015-a-row-needs-twice-k.md.
    """
    return k * SURE * times


class Ladder:
    """Where an interval that waits for enough passes may end: on the sparser marks, the longer it has lasted.

    Were every mark of the grid allowed, an interval of a quiet night would end with the very quarter of an hour
    in which the last of its k passes came: the end would tell of one pass. So an interval ends only on marks of
    a grid at least half as wide as the interval: of 15 min, 30 min, 1, 2, 4, 8 or 12 hours, a day, a week.

    And it ends only if it holds the passes that are `needed`, or else on the next sixth Monday, which is the same
    for all.
    """

    def __init__(self, grain: timedelta, zone: ZoneInfo) -> None:
        self._grid, self._days = Grid(grain, zone), Grid(DAY, zone)
        steps = [grain]
        while HOUR % (steps[-1] * 2) == timedelta() and steps[-1] * 2 < HOUR:
            steps.append(steps[-1] * 2)
        steps += [n * HOUR for n in (1, 2, 4, 8, 12) if n * HOUR > grain]
        self._widest_first = steps[::-1]

    def may_end(self, start: datetime, mark: datetime, times_k: float = inf) -> bool:
        """Whether an interval from `start` that holds so many times k may end on a mark of the grain's grid."""
        widest = self._widest(mark)
        if widest == LONGEST:
            return True
        return mark - start <= 2 * widest and times_k >= SURE * visits(start, mark)

    def end(self, start: datetime, since: datetime, now: datetime, times_k: float = inf) -> datetime | None:
        """The first mark on which an interval from `start` may end, of those from `since` to `now`."""
        while since <= now:
            if self.may_end(start, since, times_k):
                return since
            since = self._grid.after(since)
        return None

    def _widest(self, mark: datetime) -> timedelta:
        """The step of the widest grid that a mark lies on."""
        local = mark.astimezone(self._grid.zone)
        if not local.minute and self._days.before(mark) == mark:
            if local.weekday():
                return DAY
            return WEEK if (local.toordinal() - 1) % LONGEST.days else LONGEST
        past = timedelta(hours=local.hour, minutes=local.minute)
        return next(step for step in self._widest_first if not past % step)
