"""A film's exact intervals as the table that traffic engineers exchange: a row a quarter of an hour and movement.

::

    start     end       observed  approach  exit   turn     person  bicycle  car  ...  total
    07:00:00  07:15:00  1.0       north     south  through       0        3   41          44
    07:00:00  07:15:00  1.0       north     east   left          0        1   12          13

Approach x movement x class, as turning movement counts are kept (FHWA, Traffic Monitoring Guide, 2022); zeros are
written. Where no movements are measured the rows are place x way x class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TextIO

import numpy as np
from numpy.typing import NDArray

from passerby.export.writing import CSV
from passerby.geometry import Place, heights
from passerby.ground import Ground

Turn = Literal["through", "left", "right", "u-turn"]

_ASPECT: Final = 16 / 9  # of a picture that is not known here; only the sense of a turn hangs on it
_STRAIGHT_DEG: Final = 45.0  # to either side
_WAYS: Final = (("in", "in"), ("out", "out"), ("entries", "in"), ("exits", "out"))


def write_intervals(
    intervals: Sequence[Mapping[str, Any]], labels: Sequence[str], turns: Mapping[str, Turn], out: TextIO
) -> int:
    """Write `Result.intervals` of an exact count as CSV; returns how many rows.

    labels: classes, one a column. turns: of every movement; none where no movements are measured.
    """
    head = ("approach", "exit", "turn") if turns else ("place", "way")
    columns = ("start", "end", "observed", *head, *labels, "total")
    rows = (
        {"start": interval["start"], "end": interval["end"], "observed": interval["observed"], **row}
        for interval in intervals
        for row in (_movements(interval, labels, turns) if turns else _ways(interval, labels))
    )
    return CSV(rows, columns, out)


def _movements(
    interval: Mapping[str, Any], labels: Sequence[str], turns: Mapping[str, Turn]
) -> Iterator[dict[str, Any]]:
    for movement, turn in turns.items():
        approach, _, leaves = movement.partition(">")
        counts = interval["movements"].get(movement, {})
        yield {"approach": approach, "exit": leaves, "turn": turn, **_classes(counts, labels)}


def _ways(interval: Mapping[str, Any], labels: Sequence[str]) -> Iterator[dict[str, Any]]:
    for place, counts in {**interval["lines"], **interval["zones"]}.items():
        for key, way in _WAYS:
            if key in counts:
                yield {"place": place, "way": way, **_classes(counts[key], labels)}


def _classes(counts: Mapping[str, int], labels: Sequence[str]) -> dict[str, int]:
    return {**{label: counts.get(label, 0) for label in labels}, "total": sum(counts.values())}


def turns(movements: Sequence[str], places: Sequence[Place], ground: Ground | None = None) -> dict[str, Turn]:
    """Whether each movement goes through or turns, by where its arms lie around the middle of all arms.

    Angles are those on the ground where there is one, else in the picture.
    """
    named = {place.name: place for place in places}
    arms = list(dict.fromkeys(arm for movement in movements for arm in movement.split(">")))
    shown = np.array([np.mean(heights(named[arm].points, _ASPECT), axis=0) for arm in arms]).reshape(-1, 2)
    on_ground = shown
    if ground is not None:
        found = np.array([ground.metres(named[arm].points).mean(axis=0) for arm in arms]).reshape(-1, 2)
        on_ground = found if np.isfinite(found).all() else shown
    found_turns: dict[str, Turn] = {}
    for movement in movements:
        origin, exit_ = (arms.index(arm) for arm in movement.split(">"))
        found_turns[movement] = _turn(origin, exit_, shown, on_ground)
    return found_turns


def _turn(origin: int, exit_: int, shown: NDArray[np.float64], ground: NDArray[np.float64]) -> Turn:
    if origin == exit_:
        return "u-turn"
    (x1, y1), (x2, y2) = _legs(ground, origin, exit_)
    angle = np.degrees(np.arctan2(abs(x1 * y2 - y1 * x2), x1 * x2 + y1 * y2))
    if angle < _STRAIGHT_DEG:
        return "through"
    (x1, y1), (x2, y2) = _legs(shown, origin, exit_)
    return "right" if x1 * y2 - y1 * x2 > 0 else "left"  # y grows downwards


def _legs(arms: NDArray[np.float64], origin: int, exit_: int) -> NDArray[np.float64]:
    """The way in and the way out (2, 2), through the middle of all arms."""
    middle = arms.mean(axis=0)
    return np.array([middle - arms[origin], arms[exit_] - middle])
