"""Remembers where a camera looked, so that one that was turned is known to be turned until it looks there again.

Motion takes another view for the usual one within seconds, since it must go on. Lines and zones lie elsewhere
all the same::

    in place ── "moved" ──► away ── the old view is seen again, and for a while ──► in place
"""

from __future__ import annotations

import math
from typing import Final, Literal

from passerby.frame import Frame
from passerby.motion import view
from passerby.motion.halves import Halves

LOOK_S: Final = 1.0  # s between two looks at the view as a whole
BACK_S: Final = 5.0  # s for which the old view must be there
KNOWN: Final = 0.6  # share of the textured blocks that must be as they were
USUAL_S: Final = 60.0  # s after which a view that changed by itself, as lamps change it, is the one to look for
_WIDTH: Final = 160  # px


class Home:
    """Of one camera; give it the frames in the order of their time, with what motion said of each."""

    def __init__(self) -> None:
        self._view: view.Floats | None = None
        self._seen_s = self._looked_s = -math.inf  # when the view was as it is known; when it was last looked at
        self._back_s: float | None = None  # since when the old view is there again
        self._is_away = False

    def update(self, frame: Frame, state: Literal["ok", "moved", "blind"]) -> bool:
        """Whether the camera looks where it did."""
        if state == "moved":
            self._is_away, self._back_s = True, None
        elif state == "ok" and frame.time_s - self._looked_s >= LOOK_S:
            self._looked_s = frame.time_s
            self._look(frame)
        return not self._is_away

    def _look(self, frame: Frame) -> None:
        halves = Halves.of(frame)
        now = view.reduce(halves.halved(halves.times(_WIDTH)))
        before = self._view
        like = view.same_texture(now, before) if before is not None and before.shape == now.shape else None
        is_known = like is not None and like >= KNOWN
        if self._is_away:
            if not is_known:
                self._back_s = None
            elif self._back_s is None:
                self._back_s = frame.time_s
            self._is_away = self._back_s is None or frame.time_s - self._back_s < BACK_S
        if not self._is_away and (is_known or frame.time_s - self._seen_s >= USUAL_S):
            self._view, self._seen_s = now, frame.time_s
