"""The numbers of the release rule, and the floors under them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from passerby.errors import ConfigError
from passerby.release.grids import HOUR, needed

GRAIN_FLOOR: Final = timedelta(minutes=5)
K_FLOOR: Final = 10


def _utc() -> ZoneInfo:
    return ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Rule:
    """How fine released rows may be; raises `ConfigError` below the floors."""

    grain: timedelta = timedelta(minutes=15)  # shortest interval; 5 min or more, divides an hour
    k: int = 20  # passes, or people inside on average, that a row rests on at least; 10 or more
    zone: ZoneInfo = field(default_factory=_utc)  # of the site: where its hours, days and weeks begin

    @property
    def passes(self) -> int:
        """How many a row of a day or less needs to be written."""
        return needed(self.k, 1)

    def __post_init__(self) -> None:
        if self.grain < GRAIN_FLOOR or HOUR % self.grain:
            raise ConfigError(
                f"privacy.grain is {self.grain.total_seconds() / 60:g} minutes, which is not allowed.",
                "Take 5, 6, 10, 12, 15, 20, 30 or 60 minutes: finer rows tell of single people.",
            )
        if self.k < K_FLOOR:
            raise ConfigError(
                f"privacy.k is {self.k}, which is below {K_FLOOR}.",
                "Take 10 or more (20 is usual): smaller groups tell of single people.",
            )
