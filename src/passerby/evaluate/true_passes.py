"""True passes over lines, from where the feet of true boxes are.

The rule is that of the drawn streets (`scene.passing`), and shares no code with what counts:

* The foot is the bottom centre of the box, and goes straight from frame to frame.
* A line is passed when the foot crosses it between its ends and then gets at least `travel` box heights away
  from it. Turning back before that is no pass; neither is walking around an end.
* The time is that of the last crossing before the foot got so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.evaluate.trajectories import Trajectories
from passerby.geometry import Line, heights, offset, share_along
from passerby.records import Pass

TRAVEL: Final = 0.08  # heights of the box

Floats = NDArray[np.float64]


def true_passes(
    truth: Trajectories,
    lines: Sequence[Line],
    size: tuple[int, int],
    fps: float,
    class_: Class,
    *,
    travel: float = TRAVEL,
) -> tuple[Pass, ...]:
    """All passes of the trajectories, boxes in px of a picture of `size` (width, height), in order of time.

    Frame 1 is at 0 s. All trajectories are taken to be of one class.
    """
    aspect = size[0] / size[1]
    feet = heights(truth.foot() / size, aspect)
    tall = (truth.xyxy[:, 3] - truth.xyxy[:, 1]) / size[1]
    found: list[Pass] = []
    for identity in np.unique(truth.identity):
        rows = np.flatnonzero(truth.identity == identity)
        times = (truth.frame[rows] - 1) / fps
        for line in lines:
            a, b = heights(line.points, aspect)
            d = offset(feet[rows], a, b)
            along = share_along(feet[rows], a, b)
            for index, part in _crossings(d, travel * tall[rows]):
                if 0 <= _between(along, index, part) <= 1:
                    rises = d[index + 1] > d[index]
                    found.append(Pass(line.name, _between(times, index, part), class_, "in" if rises else "out"))
    return tuple(sorted(found, key=lambda p: p.time_s))


def _crossings(d: Floats, travel: Floats) -> Iterator[tuple[int, float]]:
    """Where a signed distance (n,) gets to the other side for good: the step's index, and the share of it."""
    away = np.flatnonzero(d)
    side = float(np.sign(d[away[0]])) if len(away) else 0.0
    for index in np.flatnonzero(np.abs(d) >= travel):
        sign = float(np.sign(d[index]))
        if sign == -side:
            last = int(np.flatnonzero(sign * d[:index] <= 0)[-1])
            yield last, float(d[last] / (d[last] - d[last + 1]))
            side = sign


def _between(values: Floats, index: int, part: float) -> float:
    return float(values[index] + part * (values[index + 1] - values[index]))
