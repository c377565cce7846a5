"""On which side of a border a track has settled, however its box wavers on the way there.

::

        settled on -1 │  band  │        │ settled on +1
          ●───────────┼───┊────┼────────┼───►   clear of the border: settles at once
          ●───────────┼───┊────┼──► …   │       out of the band: settles if it is still there a moment later
          ●───────────┼───┊──► │        │       in the band: undecided, for as long as it stays
                          border        clear

Offsets are signed distances from the border; all lengths are heights of the picture, margins heights of the
object, so that neither the resolution nor the distance from the camera matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Side = Literal[-1, 0, 1]

USUAL_HEIGHT: Final = 0.15  # heights of the picture, where a tracker does not say how tall something is
EXACT: Final = 1e-9  # heights of the picture, or shares of a line: as near as numbers can tell
_TINY_S: Final = 1e-6  # s by which times may differ from what they stand for


@dataclass(frozen=True, slots=True)
class Margins:
    """How far from a border, in heights of the object, something must be to count as being beyond it."""

    band: float = 0.07  # half the width of the dead band
    clear: float = 0.3  # beyond this it settles at once
    settle_s: float = 0.5  # s outside the band after which it settles before that
    travel: float = 0.25  # how far across a track must have gone that was born or lost in the band


@dataclass(slots=True)
class Standing:
    """Where one track stands to a border."""

    offset: float
    height: float
    time_s: float
    settled: Side = 0  # 0: it was born in the band and has not settled
    far: float = 0.0  # how far it has been on the settled side; before it settles, where it was born
    raw: Side = 0  # side of the border itself; 0: it has only stood exactly on it
    out_s: float | None = None  # since when it has been outside the band on that side

    @classmethod
    def born(cls, offset: float, height: float, time_s: float, margins: Margins) -> Standing:
        """First sight: it has settled where it is, unless that is in the band."""
        standing = cls(offset, height, time_s, far=offset, raw=side_of(offset))
        if abs(offset) > margins.band * height:
            standing.settled, standing.out_s = standing.raw, time_s
        return standing

    def went(self, margins: Margins) -> bool:
        """Whether it has gone far enough from where it was to have passed."""
        return abs(self.offset - self.far) >= margins.travel * self.height

    def step(self, offset: float, height: float, time_s: float, margins: Margins) -> None:
        """It is seen here now."""
        self.offset, self.height, self.time_s = offset, height, time_s
        side = side_of(offset)
        if abs(offset) <= margins.band * height:
            self.out_s = None
        elif self.out_s is None or side != self.raw:
            self.out_s = time_s
        self.raw = side or self.raw

    def arrived(self, margins: Margins) -> bool:
        """Whether it is on a side for good, so that it may settle there."""
        if self.out_s is None:
            return False
        clear = abs(self.offset) > margins.clear * self.height
        return clear or self.raw == self.settled or self.time_s - self.out_s >= margins.settle_s - _TINY_S

    def settle(self) -> None:
        """It has settled on the side where it is."""
        same = self.settled == self.raw
        self.far = self.raw * max(self.raw * self.far, self.raw * self.offset) if same else self.offset
        self.settled = self.raw


def side_of(offset: float) -> Side:
    """Side of the border: 1, -1, or 0 exactly on it, as far as numbers can tell."""
    return 1 if offset > EXACT else -1 if offset < -EXACT else 0
