"""One alert rule: what must be so, for how long, and how it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal, get_args

from passerby.alerts.condition import Condition
from passerby.records import Severity

Safety = Literal["crowding", "track", "edge", "wrong-way"]
SAFETY: Final[tuple[Safety, ...]] = get_args(Safety)  # no other rule may be caused by fewer than the floor of k

_QUIET: Final = re.compile(r"(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the site's day in which a rule does not begin to fire; they may go over midnight."""

    start: time
    end: time

    def holds(self, local: datetime) -> bool:
        """Whether a time on the site's clock lies in them."""
        now = local.time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule of the configuration."""

    name: str
    camera: str  # empty: it is about an area
    condition: Condition
    clear: float  # it is resolved when the reading is no longer beyond this
    lasting: timedelta = timedelta()  # so long must the condition hold
    cooldown: timedelta = timedelta()  # between resolved and firing again
    quiet: Quiet | None = None
    severity: Severity = "warning"
    safety: Safety | None = None
    escalate: timedelta | None = None  # so long may nobody acknowledge it; None: it is told once
    escalate_to: tuple[str, ...] = ()  # sinks that are told then; none named: all

    @property
    def is_of_one(self) -> bool:
        """Whether one person may cause it."""
        return self.safety is not None and self.safety != "crowding"

    @property
    def key(self) -> str:
        """What it is called in addresses; names have no dot, so no two are the same."""
        return f"{self.camera}.{self.name}"

    @property
    def place(self) -> str:
        """Zone, line or area; empty for the camera itself."""
        return self.condition.place


def quiet(text: str) -> Quiet:
    """``"22:00-06:00"`` as hours of a day; raises ValueError in one sentence."""
    found = _QUIET.fullmatch(text.strip())
    numbers = [int(part) for part in found.groups()] if found else []
    if not numbers or max(numbers[::2]) > 23 or max(numbers[1::2]) > 59 or numbers[:2] == numbers[2:]:
        raise ValueError(f"'{text}' are no quiet hours: write them like '22:00-06:00'")
    from_h, from_min, to_h, to_min = numbers
    return Quiet(time(from_h, from_min), time(to_h, to_min))
