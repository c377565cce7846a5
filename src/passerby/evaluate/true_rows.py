"""Sums true counts over intervals and classes, and knows which of them were never asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from passerby.classes import Class
from passerby.evaluate.truth_tables import StoreRow, classes_of
from passerby.records import Way

Series = tuple[Class, Way]


class TrueRows:
    """The true counts of every place, in order of time."""

    def __init__(self, rows: Iterable[StoreRow]) -> None:
        self._rows: dict[tuple[str, str], list[StoreRow]] = defaultdict(list)
        for row in sorted(rows, key=lambda r: (r.start, r.end)):
            self._rows[row.camera, row.place].append(row)
        self._named = {place: frozenset(r.group for r in rows) for place, rows in self._rows.items()}
        self._longest = {place: max(r.end - r.start for r in rows) for place, rows in self._rows.items()}
        self._used: set[int] = set()  # by identity of the row

    def over(
        self, camera: str, place: str, series: frozenset[Series], start: datetime, end: datetime
    ) -> int | str:
        """True passes of these series from start to end, or the reason why they cannot be known."""
        key = (camera, place)
        if key not in self._rows:
            return "a place that the truth does not have"
        inside = self._touching(key, start, end)
        if any(row.start < start or row.end > end for row in inside):
            return "where a true count reaches over the ends of the interval"
        if not _covered(inside, start, end):
            return "where the truth does not cover the interval"
        total = 0
        for row in inside:
            spoken = {(class_, row.way) for class_ in classes_of(row.group, self._named[key])}
            if spoken <= series:
                total += row.count
            elif spoken & series:
                return f"where the truth does not tell {row.group} {row.way} apart as the row does"
        self._used |= {id(row) for row in inside}
        return total

    def unused(self) -> list[str]:
        """A sentence on the true counts of each place that lie in no interval asked for."""
        sentences = []
        for (camera, place), rows in self._rows.items():
            left = [row for row in rows if id(row) not in self._used]
            if left:
                first, last = min(r.start for r in left).isoformat(), max(r.end for r in left).isoformat()
                sentences.append(
                    f"{camera}/{place}: {len(left)} rows of truth between {first} and {last}, "
                    f"{sum(r.count for r in left)} passes, lie in no row that could be compared"
                )
        return sentences

    def _touching(self, key: tuple[str, str], start: datetime, end: datetime) -> list[StoreRow]:
        rows = self._rows[key]
        first = bisect_right(rows, start - self._longest[key], key=lambda r: r.start)
        first = max(0, first - 1)
        last = bisect_left(rows, end, key=lambda r: r.start)
        return [row for row in rows[first:last] if row.end > start]


def _covered(rows: Iterable[StoreRow], start: datetime, end: datetime) -> bool:
    """Whether rows, in order of start, leave no time out between start and end."""
    upto = start
    for row in rows:
        if row.start > upto:
            return False
        upto = max(upto, row.end)
    return upto >= end
