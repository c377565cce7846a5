"""A film's exact intervals as the sheet of a turning movement count, which traffic engineers exchange.

::

    class  start     end       observed  north left  north through  ...  north total  ...  total  zebra in
    all    07:00:00  07:15:00  1.0               12             44                59          97        21
    all    07:15:00  07:30:00  1.0                9             51                66         104        30
    car    07:00:00  07:15:00  1.0               11             41                55          88         0

A row a quarter of an hour, columns by approach and turn with a total of each approach and of the junction; the
rows of a class stand together, those of all classes first, so that a block is pasted into the sheet of its class.
Lines and zones beside the arms, zebra crossings for one, follow the total. Zeros are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, TextIO

from passerby.export.turning import TURNS, Turn
from passerby.export.writing import CSV

Counts = Mapping[str, int]  # by class
Interval = Mapping[str, Any]

_ALL: Final = "all"  # classes together
_WAYS: Final = (("in", "in"), ("out", "out"), ("entries", "in"), ("exits", "out"))
_HOUR: Final = timedelta(hours=1)
_WHOLE: Final = 0.99  # share of a quarter: films end a moment early


def write_intervals(
    intervals: Sequence[Interval], labels: Sequence[str], turns: Mapping[str, Turn], out: TextIO
) -> int:
    """Write `Result.intervals` of an exact count as CSV; returns how many rows.

    labels: classes. turns: of every movement; none where no movements are measured.
    """
    columns = _columns(intervals[0], turns) if intervals else []
    return CSV(_rows(intervals, labels, turns), ("class", "start", "end", "observed", *columns), out)


def peak_hour(intervals: Sequence[Interval], every: timedelta) -> tuple[int, int, float] | None:
    """Which intervals in a row make the hour with most movements: first, passes, and its peak hour factor.

    The factor is the hour's volume by four times that of its busiest quarter (Highway Capacity Manual, chapter 4).
    None where the intervals are no quarters of an hour, or no hour was seen whole.
    """
    if every * 4 != _HOUR:
        return None
    volumes = [sum(sum(counts.values()) for counts in interval["movements"].values()) for interval in intervals]
    whole = [interval["observed"] >= _WHOLE for interval in intervals]
    hours = [
        (sum(volumes[n : n + 4]), -n) for n in range(len(intervals) - 3) if all(whole[n : n + 4]) and any(volumes)
    ]
    if not hours:
        return None
    volume, first = max(hours)
    return -first, volume, volume / (4 * max(volumes[-first : 4 - first])) if volume else 0.0


def _rows(
    intervals: Sequence[Interval], labels: Sequence[str], turns: Mapping[str, Turn]
) -> Iterator[dict[str, Any]]:
    for label in (_ALL, *labels):
        for interval in intervals:
            columns = _columns(interval, turns)
            numbers = {name: _number(counts, label) for name, counts in columns.items()}
            about = {name: interval[name] for name in ("start", "end", "observed")}
            yield {"class": label, **about, **numbers}


def _number(several: Sequence[Counts], label: str) -> int:
    return sum(sum(counts.values()) if label == _ALL else counts.get(label, 0) for counts in several)


def _columns(interval: Interval, turns: Mapping[str, Turn]) -> dict[str, list[Counts]]:
    """What is added up in each column."""
    columns: dict[str, list[Counts]] = {}
    arms = list(dict.fromkeys(movement.partition(">")[0] for movement in turns))
    for approach in arms:
        own = [movement for movement in turns if movement.partition(">")[0] == approach]
        for movement in sorted(own, key=lambda one: TURNS.index(turns[one])):
            alike = sum(turns[other] == turns[movement] for other in own) > 1
            exit_ = f" to {movement.partition('>')[2]}" if alike else ""
            columns[f"{approach} {turns[movement]}{exit_}"] = [interval["movements"].get(movement, {})]
        columns[f"{approach} total"] = [interval["movements"].get(movement, {}) for movement in own]
    if turns:
        columns["total"] = [interval["movements"].get(movement, {}) for movement in turns]
    for place, counted in {**interval["lines"], **interval["zones"]}.items():
        if place not in arms:
            columns |= {f"{place} {way}": [counted[key]] for key, way in _WAYS if key in counted}
    return columns
