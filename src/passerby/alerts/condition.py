"""What must be so for a rule to fire, written as ``square.density > 3.5``.

::

    when      = place "." quantity ("<" | ">") number ["capacity"]
              | "camera.blind" | "camera.moved"
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

VIEWS: Final = ("blind", "moved")

_COMPARED: Final = re.compile(r"([\w-]+)\.(\w+)\s*([<>])\s*(\d+(?:\.\d+)?)(?:\s*(capacity))?")
_VIEW: Final = re.compile(r"camera\.(blind|moved)")


@dataclass(frozen=True, slots=True)
class Condition:
    """A reading of a place on one side of a limit; above it, or below it."""

    place: str  # empty: the camera itself
    quantity: str  # a name of `Readings`
    above: bool
    limit: float
    of_capacity: bool = False  # the limit is a share of an area's capacity

    def holds(self, value: float, limit: float | None = None) -> bool:
        """Whether a value is beyond the limit, or beyond another one."""
        bound = self.limit if limit is None else limit
        return value > bound if self.above else value < bound


def condition(text: str) -> Condition:
    """Read a condition; raises ValueError in one sentence."""
    view = _VIEW.fullmatch(text.strip())
    if view:
        return Condition("", view[1], above=True, limit=0.0)
    found = _COMPARED.fullmatch(text.strip())
    if not found:
        raise ValueError(
            f"'{text}' is no condition: write one like 'square.density > 3.5', 'site.inside > 0.9 capacity' or "
            "'camera.blind'"
        )
    place, quantity, sign, number, capacity = found.groups()
    return Condition(place, quantity, sign == ">", float(number), capacity is not None)
