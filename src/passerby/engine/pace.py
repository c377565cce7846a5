"""When something is due: the frame that is analysed next, the next try after a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_SLACK_S: Final = 1e-6


class Cadence:
    """Which frames of a stream are due at so many a second, by their own time; as `pipeline.play` does it."""

    def __init__(self, fps: float | None) -> None:
        self._period_s = 0.0 if fps is None else 1.0 / fps
        self._due_s = 0.0

    def due(self, time_s: float) -> bool:
        """Whether the frame of this time is to be analysed."""
        if time_s < self._due_s - _SLACK_S:
            return False
        self._due_s = max(self._due_s + self._period_s, time_s)
        return True


class Backoff:
    """How long to wait before trying again: twice as long each time, within a limit, never quite the same.

    Jitter keeps cameras that were cut off together from coming back together (M. Brooker, "Exponential backoff and
    jitter", AWS 2015). `random` gives numbers from 0 to 1.
    """

    def __init__(self, random: Callable[[], float], *, first_s: float = 0.5, most_s: float = 8.0) -> None:
        self._random = random
        self._first_s, self._most_s = first_s, most_s
        self._next_s = first_s

    def wait_s(self) -> float:
        """The next pause, in seconds: between half and all of what the number of failures gives."""
        pause_s = self._next_s
        self._next_s = min(2 * pause_s, self._most_s)
        return pause_s * (0.5 + 0.5 * self._random())

    def reset(self) -> None:
        """It worked: begin anew."""
        self._next_s = self._first_s
