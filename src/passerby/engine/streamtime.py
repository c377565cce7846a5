"""One clock for all connections of a camera, which runs on through the gaps between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GAP_S: Final = 2.0  # between two frames: time not seen, not a slow frame
_UNUSUAL: Final = 2.0  # times what lies between two frames anyway, e.g. where only key frames are decoded


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a frame stands in all that a camera has sent."""

    index: int
    time_s: float
    is_new: bool  # of a new connection, or after a gap
    before_s: float | None  # time of the frame before; None: there was none


class StreamTime:
    """Puts frames of several connections on one clock; the first connection keeps its own times."""

    def __init__(self) -> None:
        self._connection: int | None = None
        self._shift_s = 0.0
        self._shift = 0
        self._last: Placed | None = None
        self._last_read_s = 0.0
        self._steps_s = (0.0, 0.0)  # between the last frames

    def place(self, connection: int, index: int, time_s: float, read_s: float) -> Placed:
        """The frame's index and time; `read_s` is when it was read, on a clock that all connections share."""
        last, is_new = self._last, connection != self._connection
        if is_new and last is not None:
            # Between two connections as much time has passed as on the machine's clock.
            self._shift_s = last.time_s + max(read_s - self._last_read_s, 1e-3) - time_s
            self._shift = last.index + 1 - index
        placed_s = time_s + self._shift_s
        step_s = 0.0 if last is None else placed_s - last.time_s
        is_gap = step_s > max(GAP_S, _UNUSUAL * min(self._steps_s))
        self._steps_s = self._steps_s[1], step_s
        self._connection, self._last_read_s = connection, read_s
        self._last = Placed(index + self._shift, placed_s, is_new or is_gap, None if last is None else last.time_s)
        return self._last

    def at(self, connection: int, time_s: float) -> float:
        """A time of the last connection on the common clock; of any other one, that of the last frame."""
        last_s = 0.0 if self._last is None else self._last.time_s
        return max(last_s, time_s + self._shift_s) if connection == self._connection else last_s
