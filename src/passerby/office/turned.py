"""Whether a camera looks where its lines and zones were drawn: once moved, until it is seen to be back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from passerby.alerts.readings import View

LASTS: Final = timedelta(minutes=1)  # who covers the lens is gone by then, and so is what looked like a move


class Turned:
    """Of one camera. Whoever watches it knows where it looked, but for one who began after it was moved.

    `was_moved`: it was when it was last watched, before a restart.
    """

    def __init__(self, *, was_moved: bool = False) -> None:
        self.is_moved = self._is_lost = was_moved
        self._since: datetime | None = None
        self._analysed = 0

    def see(self, view: View, analysed: int, at: datetime) -> None:
        """How it sees now; `analysed`: frames since whoever watches it began."""
        if view == "moved" and not self.is_moved:
            self.is_moved, self._since = True, at
        self._is_lost = self.is_moved and (self._is_lost or analysed < self._analysed)
        self._analysed = analysed
        if view == "ok" and not self._is_lost:
            self.is_moved = False

    def settle(self) -> None:
        """Somebody has seen to it that all lies right in what it shows now."""
        self.is_moved = self._is_lost = False

    def lasts(self, at: datetime) -> bool:
        """Whether it was moved so long ago that a restart is to know of it."""
        return self.is_moved and (self._since is None or at - self._since >= LASTS)
