"""What is kept of alerts: rule, place and hour, several within the hour as one, for 72 hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from passerby.records import Alert

KEEP: Final = timedelta(hours=72)


class Log:
    """The alerts of the last 72 hours, without order within an hour."""

    def __init__(self, kept: Iterable[Alert] = ()) -> None:
        self._kept = {alert for alert in kept if alert.kept}

    def keep(self, alerts: Iterable[Alert]) -> None:
        """Take alerts; those that are there already change nothing."""
        self._kept |= {alert for alert in alerts if alert.kept}

    def forget(self, at: datetime) -> None:
        """Drop what is 72 hours old."""
        self._kept = {alert for alert in self._kept if at - alert.hour < KEEP}

    def entries(self) -> tuple[Alert, ...]:
        """By hour, then by name: which of an hour came first is not known."""
        return tuple(sorted(self._kept, key=lambda a: (a.hour, a.camera, a.place, a.rule, a.state)))
