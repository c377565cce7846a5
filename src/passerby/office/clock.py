"""The time of day (UTC) of one camera's stream time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

APART: Final = timedelta(seconds=2)  # stream and machine may differ by so much
WINDOW: Final = timedelta(seconds=60)  # over which they are compared


class Clock:
    """Set where a connection begins and after a gap; set anew where the camera's own clock runs fast or slow.

    Pictures may come in bursts, seconds after they were taken, so one that is early or late proves nothing: what
    counts is the least difference within a minute.
    """

    def __init__(self) -> None:
        self._anchor: tuple[float, datetime] | None = None
        self._least: timedelta | None = None
        self._since: datetime | None = None

    @property
    def is_set(self) -> bool:
        """Whether there has been a picture at all."""
        return self._anchor is not None

    def set(self, time_s: float, at: datetime) -> None:
        """From here on, this stream time is that time of day."""
        self._anchor = time_s, at
        self._least, self._since = None, None

    def at(self, time_s: float) -> datetime:
        """The time of day of a stream time; raises ValueError before the clock is set."""
        if self._anchor is None:
            raise ValueError("the clock of this camera was never set")
        since_s, at = self._anchor
        return at + timedelta(seconds=time_s - since_s)

    def compare(self, time_s: float, now: datetime) -> bool:
        """Hold a picture that has just come against the machine's time; whether the clock was set anew by it."""
        late = now - self.at(time_s)
        if self._since is None or self._least is None:
            self._since, self._least = now, late
        if abs(late) < abs(self._least):
            self._least = late
        if now - self._since < WINDOW:
            return False
        least, self._least, self._since = self._least, None, None
        if abs(least) <= APART:
            return False
        self.set(time_s, self.at(time_s) + least)
        return True
