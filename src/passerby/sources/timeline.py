"""Turns the time stamps of a stream into a time that starts at 0 and never runs backwards."""

from __future__ import annotations

from typing import Final

_JUMP_S: Final = 2.0  # back by more than this: the stream has begun to count anew
_ABSURD_S: Final = 86_400.0  # ahead by more than this: a clock was set, nobody filmed a day of nothing


class Timeline:
    """Stream time of one connection, in seconds.

    =============================== ==================================================================
    a time stamp that               becomes
    =============================== ==================================================================
    is ahead of the last one        itself, less the first; a gap stays a gap, of hours too
    is missing                      the last time and one average step
    repeats, or is up to 2 s back   the same, until the stream's own stamps have caught up
    is further back, or a day ahead the same, and from there on the stream counts from here
    =============================== ==================================================================
    """

    def __init__(self, step_s: float) -> None:
        self._step_s = step_s  # between two pictures, on average
        self._last_s: float | None = None
        self._shift_s: float | None = None  # stream time = stamp + shift; None: no stamp seen yet

    def place(self, stamp_s: float | None) -> float:
        """The stream time of the next picture, greater than that of the one before."""
        expected = 0.0 if self._last_s is None else self._last_s + self._step_s
        now = expected
        if stamp_s is not None:
            if self._shift_s is None:
                self._shift_s = expected - stamp_s
            ahead = stamp_s + self._shift_s - (self._last_s or 0.0)
            if not -_JUMP_S <= ahead <= _ABSURD_S:
                self._shift_s = expected - stamp_s
            elif ahead > 0:
                now = stamp_s + self._shift_s
        self._last_s = now
        return now
