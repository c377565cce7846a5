"""Scripted walks: as tracks for measures, and as boxes for trackers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.frame import Size
from passerby.records import Observation, Pass
from passerby.stages import Measure, Scene, Sight, Tracker

ASPECT = 4 / 3
SIZE = Size(640, 480)
WHOLE = np.array([[0, 0, 1, 1]], np.float32)
NOWHERE = np.empty((0, 4), np.float32)


@dataclass(frozen=True)
class Walk:
    """A foot that goes straight from one (time s, x, y) to the next; x and y are shares of the picture."""

    way: Sequence[tuple[float, float, float]]
    tall: float = 0.2  # heights of the picture
    wide: float = 0.4  # own heights
    class_: Class = Class.PERSON
    score: float = 0.9
    hidden: Sequence[tuple[float, float]] = ()  # spans of time in which it is not seen
    confirmed_from: float = 0.0  # s
    renamed: Sequence[float] = ()  # times at which its track gets another id
    bob: Callable[[float], tuple[float, float]] = field(default=lambda _: (0.0, 0.0))  # own heights

    def there(self, time_s: float) -> bool:
        return self.way[0][0] <= time_s <= self.way[-1][0]

    def seen(self, time_s: float) -> bool:
        return self.there(time_s) and not any(a <= time_s < b for a, b in self.hidden)

    def foot(self, time_s: float) -> tuple[float, float]:
        times, xs, ys = np.array(self.way).T
        dx, dy = self.bob(time_s)
        x, y = np.interp(time_s, times, xs), np.interp(time_s, times, ys)
        return float(x + dx * self.tall / ASPECT), float(y + dy * self.tall)

    def box(self, time_s: float, size: Size) -> list[float]:
        x, y = self.foot(time_s)
        half, tall = self.tall * self.wide * size.height / 2, self.tall * size.height
        box = [x * size.width - half, y * size.height - tall, x * size.width + half, y * size.height]
        return [min(max(v, 0.0), float(edge)) for v, edge in zip(box, (*size, *size), strict=True)]


def clock(fps: float, until_s: float) -> list[float]:
    """Times of the frames of a film."""
    return [k / fps for k in range(round(until_s * fps) + 1)]


def scenes(walks: Sequence[Walk], times: Iterable[float], *, first_id: int = 1) -> Iterator[Scene]:
    """What a perfect tracker would make of the walks, and at the end an empty scene that is over."""
    names = [[first_id + 10 * k + j for j in range(len(w.renamed) + 1)] for k, w in enumerate(walks)]
    last_seen: dict[int, float] = {}
    time_s = 0.0
    for time_s in times:
        rows = []
        for walk, ids in zip(walks, names, strict=True):
            name = ids[sum(time_s >= t for t in walk.renamed)]
            if walk.seen(time_s):
                last_seen[name] = time_s
            if walk.there(time_s) and name in last_seen:
                rows.append((name, walk, time_s - last_seen[name]))
        yield Scene(time_s, ASPECT, _tracks(rows, time_s), WHOLE)
    yield Scene(time_s, 1.0, Tracks.empty(), NOWHERE, over=True)


def _tracks(rows: list[tuple[int, Walk, float]], time_s: float) -> Tracks:
    n = len(rows)
    return Tracks(
        ids=np.array([name for name, _, _ in rows], np.uint64),
        xyxy=np.array([w.box(time_s, SIZE) for _, w, _ in rows], np.float32).reshape(n, 4),
        foot=np.array([w.foot(time_s) for _, w, _ in rows], np.float64).reshape(n, 2),
        velocity=np.zeros((n, 2)),
        class_id=np.array([w.class_ for _, w, _ in rows], np.uint8),
        confirmed=np.array([time_s >= w.confirmed_from for _, w, _ in rows], np.bool_),
        lost_s=np.array([lost for _, _, lost in rows], np.float64),
        height=np.array([w.tall for _, w, _ in rows], np.float64),
    )


def sights(walks: Sequence[Walk], times: Iterable[float], *, size: Size = SIZE) -> Iterator[Sight]:
    """What a perfect detector would make of the walks."""
    whole = np.array([[0, 0, *size]], np.float32)
    for time_s in times:
        seen = [w for w in walks if w.seen(time_s)]
        boxes = np.array([w.box(time_s, size) for w in seen], np.float32).reshape(-1, 4)
        good = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
        found = Detections(
            boxes,
            np.array([w.score for w in seen], np.float32),
            np.array([w.class_ for w in seen], np.uint8),
        )
        yield Sight(time_s, size, found.keep(good), whole)


def numbers() -> Callable[[], int]:
    """A source of ids that counts."""
    return count(1).__next__


def follow(tracker: Tracker, shown: Iterable[Sight]) -> list[Tracks]:
    """All that a tracker says."""
    return [tracker.update(sight) for sight in shown]


def tracked(tracker: Tracker, shown: Iterable[Sight]) -> Iterator[Scene]:
    """What a tracker makes of sights, as scenes, and at the end an empty one that is over."""
    time_s = 0.0
    for sight in shown:
        time_s = sight.time_s
        aspect = sight.size.width / sight.size.height
        yield Scene(time_s, aspect, tracker.update(sight), WHOLE[: len(sight.looked)])
    yield Scene(time_s, 1.0, Tracks.empty(), NOWHERE, over=True)


def observe(measure: Measure, shown: Iterable[Scene]) -> list[Observation]:
    """All that a measure says."""
    return [observation for scene in shown for observation in measure.update(scene)]


def ways(observations: Iterable[Observation]) -> list[str]:
    """The ways of the passes, in order."""
    return [o.way for o in observations if isinstance(o, Pass)]
