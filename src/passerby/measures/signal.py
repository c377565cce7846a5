"""Who goes over a line while the signal there shows stop.

What a lamp shows is not looked at: the measure is given the signal's programme, as the junction's plan has it, and
goes by the stream's own time::

    cycle_s = 60, stop = [25, 60]      0 s ──── go ──── 25 s ──────── stop ──────── 60 s = 0 s

So it is for signals with a fixed programme and films whose beginning in the cycle is known; one that follows the
traffic cannot be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from passerby.classes import MODES, Class, Label, parse
from passerby.geometry import Line
from passerby.measures.line import LineMeasure
from passerby.records import Conflict, Kind, Observation, Way
from passerby.stages import Scene


class SignalMeasure:
    """Counts passes over `at` as `line` does, and tells of those against the signal; only `classes` where given.

    `cycle_s`: s after which the signal's programme begins anew. `stop`: [from, to], s of the cycle in which it
    shows stop; over the cycle's end where the first is greater. `begins_s`: where in the cycle the stream's time 0
    lies. `grace_s`: so long after the signal has turned nobody is told of. `way`: only who goes this way faces it;
    by default both.
    """

    def __init__(
        self,
        at: Line,
        *,
        cycle_s: float,
        stop: tuple[float, float],
        begins_s: float = 0.0,
        grace_s: float = 0.5,
        way: Way | None = None,
        classes: Sequence[Label] | None = None,
    ) -> None:
        if cycle_s <= 0 or not all(0 <= end <= cycle_s for end in stop) or stop[0] == stop[1]:
            raise ValueError(f"stop is [from, to] within a cycle of {cycle_s:g} s, not {list(stop)}")
        self._line = LineMeasure(at, classes=classes)
        self._name, self._way = at.name, way
        self._classes = tuple(Class if classes is None else map(parse, classes))
        self._cycle_s, self._begins_s, self._grace_s = cycle_s, begins_s, grace_s
        self._from_s = stop[0]
        self._lasts_s = (stop[1] - stop[0]) % cycle_s or cycle_s

    @property
    def conflicts(self) -> Mapping[str, tuple[Kind, ...]]:
        """All the modes of which somebody may go against the signal."""
        modes = [mode for mode in MODES if any(c.mode == mode for c in self._classes)]
        return {self._name: tuple(((mode,), "signal") for mode in modes)}

    def update(self, scene: Scene) -> Iterable[Observation]:
        """Passes that became certain with this frame, each followed by its conflict if it was one."""
        for _, seen in self._line.passes(scene):
            yield seen
            since_s = (seen.time_s + self._begins_s - self._from_s) % self._cycle_s
            faces = self._way in (None, seen.way)
            if faces and self._grace_s <= since_s < self._lasts_s:
                yield Conflict(self._name, seen.time_s, (seen.class_.mode,), "signal", since_s)
