"""Released rows by the page, each a bounded piece of work whatever the time that is asked for."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from passerby.outlets import Query
from passerby.records import Measurement

_STRIDE: Final = timedelta(days=7)  # of time that is read at once


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Where a row stands in the order of all rows."""

    start: datetime
    end: datetime
    names: tuple[str, ...]

    @classmethod
    def of(cls, row: Measurement) -> Mark:
        """The mark of a row: no two have the same."""
        return cls(
            row.start,
            row.end,
            (row.camera, row.place, row.cut, ";".join(row.part), row.quantity, row.revision),
        )

    def __str__(self) -> str:
        """As a client carries it to the next page."""
        said = [self.start.isoformat(), self.end.isoformat(), *self.names]
        return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Mark:
        """Back from `str`; ValueError for what is none."""
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            first, last, *names = map(str, json.loads(urlsafe_b64decode(padded)))
            start, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"'{text}' is no mark of a row") from error
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError(f"'{text}' is no mark of a row: its times have no zone")
        return cls(start, end, tuple(names))


def page(
    read: Callable[[Query], Sequence[Measurement]],
    query: Query,
    *,
    limit: int,
    after: Mark | None = None,
    quantities: Sequence[str] = (),
) -> tuple[list[Measurement], Mark | None]:
    """Up to `limit` rows after a mark, and the mark of the last of them if there are more.

    The query must have a start and an end.
    """
    if query.start is None or query.end is None:
        raise ValueError("a page needs a start and an end")
    begin = query.start if after is None else max(query.start, after.start)
    is_first, stride, rows = True, _STRIDE, list[Measurement]()
    while begin < query.end and len(rows) <= limit:
        until = min(begin + stride, query.end)
        found = [
            row
            for row in read(replace(query, start=begin, end=until))
            if (is_first or row.start >= begin)
            and (after is None or Mark.of(row) > after)
            and (not quantities or row.quantity in quantities)
        ]
        rows += sorted(found, key=Mark.of)
        is_first, begin, stride = False, until, stride if found else 2 * stride
    shown = rows[:limit]
    return shown, Mark.of(shown[-1]) if len(rows) > limit else None
