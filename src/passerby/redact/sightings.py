"""What was found in the frames that were looked at, as boxes for every frame between and around them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from passerby.detections import Tracks
from passerby.look.regions import grown, sizes

Floats = NDArray[np.float64]

_MARGIN: Final = 0.15  # sizes by which every box is too small: detectors cut off feet, bags and elbows
_DRIFT: Final = 0.3  # sizes/s by which what was not looked at may be elsewhere than thought,
_MOST_DRIFT_S: Final = 1.0  # for so long at most


class _Way(NamedTuple):
    """A box that goes evenly from one place to another; it was seen at one of the two or at both."""

    start_s: float
    end_s: float
    seen_first: bool
    seen_last: bool
    first: Floats  # (4,) px
    last: Floats  # (4,) px


class Sightings:
    """Remembers what was found in looks at a film; when all are known, says what to hide in each frame.

    ::

        look          look          look          look
         ├─────────────▣─────────────┤             │         each box: from the look before to the look after
         │             │             │             │
     ◄───▣ ─ ─ ─ ─ ─ ─ ▣ ─ ─ (missed)─ ─ ─ ─ ─ ─ ─ ▣───►     each track: straight from sighting to sighting, over
                                                             looks that missed it, and on before and after

    `held_s`: s for which a track is believed to go on before it was first seen, and after it was last seen.
    """

    def __init__(self, *, held_s: float = 1.5) -> None:
        self._held_s = held_s
        self._looked_s: list[float] = []
        self._found: list[Floats] = []
        self._seen: defaultdict[int, list[tuple[float, Floats]]] = defaultdict(list)
        self._ways: list[Floats] | None = None  # a row a way that touches the time between two looks

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
        ways = self._ways[self._slot(time_s)]
        ways = ways[(ways[:, 0] <= time_s) & (time_s <= ways[:, 1])]
        since_s, until_s, first, last = time_s - ways[:, 0], ways[:, 1] - time_s, ways[:, 4:8], ways[:, 8:]
        share = since_s / np.maximum(since_s + until_s, 1e-9)
        boxes = first + share[:, None] * (last - first)
        unseen_s = np.minimum(*np.where(ways[:, 2:4] > 0, np.stack([since_s, until_s], axis=1), np.inf).T)
        return grown(boxes, (_MARGIN + _DRIFT * np.minimum(unseen_s, _MOST_DRIFT_S)) * sizes(boxes))

    def _slot(self, time_s: float) -> int:
        """Between which looks a time is."""
        return bisect_right(self._looked_s, time_s)

    def _join(self) -> list[Floats]:
        """Rows of a way's columns (n, 12), for each time between two looks."""
        slots: list[list[Floats]] = [[] for _ in range(len(self._looked_s) + 1)]
        for way in self._all():
            row = np.concatenate([way[:4], way.first, way.last])
            for slot in range(self._slot(way.start_s), self._slot(way.end_s) + 1):
                slots[slot].append(row)
        return [np.array(rows).reshape(-1, 12) for rows in slots]

    def _all(self) -> Iterator[_Way]:
        yield from self._held()
        for seen in self._seen.values():
            yield from _line(seen, self._held_s)

    def _held(self) -> Iterator[_Way]:
        """Every box that was found, where it was, until the look before and the look after."""
        around = [-np.inf, *self._looked_s, np.inf]
        for row, (time_s, boxes) in enumerate(zip(self._looked_s, self._found, strict=True)):
            start_s = max(around[row], time_s - self._held_s)
            end_s = min(around[row + 2], time_s + self._held_s)
            for box in boxes:
                yield _Way(start_s, time_s, False, True, box, box)
                yield _Way(time_s, end_s, True, False, box, box)


def _line(seen: Sequence[tuple[float, Floats]], held_s: float) -> Iterator[_Way]:
    """The way of one track through its sightings, and on at both ends as it came and as it went."""
    (first_s, first), (last_s, last) = seen[0], seen[-1]
    before, after = np.zeros(4), np.zeros(4)
    if len(seen) > 1:
        before, after = _pace(seen[1], seen[0]), _pace(seen[-2], seen[-1])
    yield _Way(first_s - held_s, first_s, False, True, first + held_s * before, first)
    for (start_s, start), (end_s, end) in pairwise(seen):
        yield _Way(start_s, end_s, True, True, start, end)
    yield _Way(last_s, last_s + held_s, True, False, last, last + held_s * after)


def _pace(origin: tuple[float, Floats], to: tuple[float, Floats]) -> Floats:
    """Px a second (4,) from one sighting to another, the same for all edges: what goes on does not grow."""
    middle = (to[1] - origin[1]).reshape(2, 2).mean(axis=0)
    return np.tile(middle / max(abs(to[0] - origin[0]), 1e-9), 2)
