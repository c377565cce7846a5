"""What counting a film came to, as an object and as the JSON document that others script against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from passerby.count.intervals import with_values
from passerby.count.tally import LineCounts, ZoneCounts


@dataclass(frozen=True, slots=True)
class Result:
    """Counts of one film, or of several films as one series.

    `lines` is {name: {"in" | "out": {class: n}}}, `zones` {name: {"entries" | "exits": {class: n},
    "mean_inside": {class: mean number}}}; classes that never came are left out, `in` and `out` never are. `values`
    is what `Tally.values` says of lines and zones, `movements` {movement: {class: n}}.
    """

    film: str
    frames: int
    analysed_frames: int
    complete: bool  # False: the film broke off or counting was stopped; the counts are of what came before
    duration_s: float
    detector: str
    accuracy: Literal["model", "rough"]
    cpu_s: float  # user + system, of the process and all its children, start included
    startup_cpu_s: float  # the part of it until film and model were open
    wall_s: float
    lines: Mapping[str, LineCounts]
    zones: Mapping[str, ZoneCounts]
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    movements: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    events: Mapping[str, Any] = field(default_factory=dict)  # {"alerts", "areas", "bands"}, where there are rules
    conflicts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what `Dangers.table` says
    intervals: Sequence[Mapping[str, Any]] = ()
    gaps: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = field(default=())  # what the user should know, one sentence each
    looked_frames: int = 0  # that the model saw something of; the others were looked at for motion alone
    looked_share: float = 0.0  # of all pixels of the analysed frames, what the model saw

    def document(self) -> dict[str, Any]:
        """The JSON document of ``passerby count --json``."""
        return {
            "film": self.film,
            "frames": self.frames,
            "analysed_frames": self.analysed_frames,
            "looked_frames": self.looked_frames,
            "looked_share": round(self.looked_share, 4),
            "complete": self.complete,
            "duration_s": round(self.duration_s, 3),
            "detector": self.detector,
            "accuracy": self.accuracy,
            "cpu_s": round(self.cpu_s, 3),
            "startup_cpu_s": round(self.startup_cpu_s, 3),
            "wall_s": round(self.wall_s, 3),
            "lines": with_values(self.lines, self.values),
            "zones": with_values(self.zones, self.values),
            **({"movements": dict(self.movements)} if self.movements else {}),
            **({"conflicts": dict(self.conflicts)} if self.conflicts else {}),
            **({"events": dict(self.events)} if self.events else {}),
            "intervals": list(self.intervals),
            "gaps": list(self.gaps),
            "notes": list(self.notes),
        }
