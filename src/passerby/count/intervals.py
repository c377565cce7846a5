"""Tables by interval: exact ones of a film for its owner, or rows as the release rule gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from passerby.count.tally import Tally
from passerby.geometry import Line, Place
from passerby.pipeline import Gap
from passerby.records import Measurement


@dataclass(frozen=True, slots=True)
class Clock:
    """The film's clock: seconds since its first frame, or times of day where its start is known."""

    start: datetime | None = None  # aware
    zone: tzinfo = UTC

    def offset_s(self, interval_s: float) -> float:
        """Seconds between the last mark of the grid (from local midnight) and the film's start."""
        if self.start is None:
            return 0.0
        local = self.start.astimezone(self.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return (local - midnight).total_seconds() % interval_s

    def at(self, time_s: float) -> datetime:
        """The instant in UTC; films without a start begin with the Unix epoch."""
        start = self.start or datetime.fromtimestamp(0, UTC)
        return start.astimezone(UTC) + timedelta(seconds=time_s)

    def text(self, time_s: float) -> str:
        """The instant as ISO 8601 in the site's zone, or as hours:minutes:seconds of the film."""
        if self.start is not None:
            return self.at(time_s).astimezone(self.zone).isoformat(timespec="seconds")
        whole = int(time_s)
        return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def seen_s(begin_s: float, end_s: float, duration_s: float, gaps: Sequence[Gap]) -> float:
    """Seconds between two instants in which the film shows something."""
    missing = sum(max(0.0, min(end_s, gap.end_s) - max(begin_s, gap.start_s)) for gap in gaps)
    return max(0.0, min(end_s, duration_s) - max(begin_s, 0.0)) - missing


def exact(
    tally: Tally, clock: Clock, interval_s: float, duration_s: float, gaps: Sequence[Gap]
) -> list[dict[str, Any]]:
    """Every interval of the grid that the film touches, with what was counted in it."""
    offset_s = clock.offset_s(interval_s)
    table = []
    for number in range(int((duration_s + offset_s) / interval_s - 1e-9) + 1):
        begin_s = number * interval_s - offset_s
        end_s = begin_s + interval_s
        watched_s = seen_s(begin_s, end_s, duration_s, gaps)
        values, movements = tally.values(watched_s, number), tally.movements(number)
        table.append(
            {
                "start": clock.text(begin_s),
                "end": clock.text(end_s),
                "observed": round(watched_s / interval_s, 4),
                "lines": with_values(tally.lines(number), values),
                "zones": with_values(tally.zones(number), values),
                **({"movements": movements} if movements else {}),
            }
        )
    return table


def with_values(counts: Mapping[str, Mapping[Any, Any]], values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The counts of every place, and beside them its speeds, dwells and the like."""
    return {name: {**counted, **values.get(name, {})} for name, counted in counts.items()}


def released(rows: Sequence[Measurement], clock: Clock, places: Sequence[Place]) -> list[dict[str, Any]]:
    """Released rows under their intervals: each place has the parts that could be told apart in that time."""
    start = clock.at(0.0)

    def span(row: Measurement) -> tuple[datetime, datetime]:
        return row.start, row.end

    lines = {place.name for place in places if isinstance(place, Line)}
    table = []
    for (begin, end), group in groupby(sorted(rows, key=span), key=span):
        found: dict[str, dict[str, list[dict[str, Any]]]] = {"lines": {}, "zones": {}}
        observed = 1.0
        for row in group:
            kind = "lines" if row.place in lines else "zones"
            found[kind].setdefault(row.place, []).append(_part(row))
            observed = min(observed, row.observed)
        table.append(
            {
                "start": clock.text((begin - start).total_seconds()),
                "end": clock.text((end - start).total_seconds()),
                "observed": round(observed, 4),
                **found,
            }
        )
    return table


def _part(row: Measurement) -> dict[str, Any]:
    part: dict[str, Any] = {"cut": row.cut, "part": list(row.part) or ["all"], "rest": row.rest}
    if row.count is not None:
        values = {name: asdict(statistics) for name, statistics in row.values.items()}
        return {**part, "count": row.count, **values}
    return {**part, "quantity": row.quantity, "mean": row.mean, "p95": row.p95, "bands": dict(row.bands)}
