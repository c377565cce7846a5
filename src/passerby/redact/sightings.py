"""What was found in the frames that were looked at, as boxes for every frame between and around them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.detections import Tracks
from passerby.look.regions import grown, sizes

Floats = NDArray[np.float64]

_MARGIN: Final = 0.15  # sizes by which every box is too small: detectors cut off feet, bags and elbows
_DRIFT: Final = 0.3  # sizes/s by which what was not looked at may be elsewhere than thought
_MOST_DRIFT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class _Way:
    """Boxes that go evenly from one place to another."""

    start_s: float
    end_s: float
    start: Floats  # (4,) px
    end: Floats  # (4,) px

    def at(self, time_s: float) -> Floats:
        """The box at a time within."""
        length = max(self.end_s - self.start_s, 1e-9)
        share = min(max((time_s - self.start_s) / length, 0.0), 1.0)
        return self.start + share * (self.end - self.start)

    def away_s(self, time_s: float) -> float:
        """How far the nearer end is in time."""
        return max(min(time_s - self.start_s, self.end_s - time_s), 0.0)


class Sightings:
    """Remembers what was found in looks at a film; when all are known, says what to hide in each frame.

    ::

        look          look          look          look
         │ found ──────┼► held       │             │         each box: from the look before to the look after
         ├─────────────┼─────────────┤             │
         │   ▣ ─ ─ ─ ─ ▣ ─ ─ (missed) ─ ─ ─ ─ ─ ─ ▣│         each track: on a straight line between its sightings,
         ◄── held_s                                 ──►      over looks that missed it, and on before and after

    `held_s`: s for which a track is believed to go on before it was first seen, and after it was last seen.
    """

    def __init__(self, *, held_s: float = 1.5) -> None:
        self._held_s = held_s
        self._looked_s: list[float] = []
        self._found: list[Floats] = []
        self._seen: defaultdict[int, list[tuple[float, Floats]]] = defaultdict(list)
        self._ways: defaultdict[int, list[_Way]] | None = None

    def saw(self, time_s: float, boxes: NDArray[np.floating], tracks: Tracks) -> None:
        """In this frame boxes (n, 4) px were found, and tracks followed."""
        self._ways = None
        self._looked_s.append(time_s)
        self._found.append(boxes.astype(np.float64))
        here = tracks.lost_s <= 0
        for identity, box in zip(tracks.ids[here].tolist(), tracks.xyxy[here].astype(np.float64), strict=True):
            self._seen[identity].append((time_s, box))

    def at(self, time_s: float) -> Floats:
        """Boxes (n, 4) px to be hidden at a time, with their margins."""
        if self._ways is None:
            self._ways = self._join()
        ways = [way for way in self._ways[self._slot(time_s)] if way.start_s <= time_s <= way.end_s]
        boxes = np.array([way.at(time_s) for way in ways]).reshape(-1, 4)
        drift = _DRIFT * np.minimum([way.away_s(time_s) for way in ways], _MOST_DRIFT_S)
        return grown(boxes, (_MARGIN + drift) * sizes(boxes))

    def _slot(self, time_s: float) -> int:
        """Between which looks a time is."""
        return bisect_right(self._looked_s, time_s)

    def _join(self) -> defaultdict[int, list[_Way]]:
        ways: defaultdict[int, list[_Way]] = defaultdict(list)
        for way in [*self._held(), *(way for seen in self._seen.values() for way in _line(seen, self._held_s))]:
            for slot in range(self._slot(way.start_s), self._slot(way.end_s) + 1):
                ways[slot].append(way)
        return ways

    def _held(self) -> list[_Way]:
        """Every box that was found, where it was, until the look before and the look after."""
        times = self._looked_s
        before, after = [times[0], *times] if times else [], [*times[1:], np.inf]
        return [
            _Way(min(start_s, time_s), min(end_s, time_s + self._held_s), box, box)
            for start_s, time_s, end_s, boxes in zip(before, times, after, self._found, strict=False)
            for box in boxes
        ]


def _line(seen: Sequence[tuple[float, Floats]], held_s: float) -> list[_Way]:
    """The way of one track through its sightings, and on at both ends as it came and as it went."""
    (first_s, first), (last_s, last) = seen[0], seen[-1]
    before, after = np.zeros(4), np.zeros(4)
    if len(seen) > 1:
        before, after = _pace(seen[1], seen[0]), _pace(seen[-2], seen[-1])
    ends = [(first_s - held_s, first + held_s * before), *seen, (last_s + held_s, last + held_s * after)]
    return [_Way(a_s, b_s, a, b) for (a_s, a), (b_s, b) in pairwise(ends)]


def _pace(origin: tuple[float, Floats], to: tuple[float, Floats]) -> Floats:
    """Px a second (4,) from one sighting to the next, the same for all edges: what goes on does not grow."""
    middle = (to[1] - origin[1]).reshape(2, 2).mean(axis=0)
    return np.tile(middle / max(abs(to[0] - origin[0]), 1e-9), 2)
