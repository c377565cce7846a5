"""What is kept of alerts on disk: the log of 72 hours, and what somebody takes care of; each to the hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from passerby import files
from passerby.alerts import Acknowledged, Log
from passerby.office import Rules
from passerby.records import Alert

OFTEN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stands in the file."""

    alerts: tuple[Alert, ...] = ()
    acknowledged: tuple[Acknowledged, ...] = ()


_FORM: Final = TypeAdapter(_Kept)


class AlertFile:
    """Written whole once a minute, whether an alert was or not: the time of the file says nothing of one.

    So no byte of what is older stays in it, and a crash loses a minute at most. Only its owner may read it.
    `tell`: is told once that it cannot be written.
    """

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._path, self._tell = path, tell
        self._due: datetime | None = None
        self._is_broken = False

    def load(self, now: datetime) -> tuple[Log, tuple[Acknowledged, ...]]:
        """What was kept, without alerts that are too old; nothing where it cannot be read."""
        for half in self._path.parent.glob(f".{self._path.name}.*"):
            half.unlink(missing_ok=True)
        try:
            kept = _FORM.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return Log(), ()
        except (OSError, ValidationError):
            self._tell("the alert log cannot be read; it begins anew.")
            return Log(), ()
        log = Log(kept.alerts)
        log.forget(now)
        return log, kept.acknowledged

    def tick(self, rules: Rules, now: datetime) -> None:
        """Write it if that is due."""
        if self._due is None or now >= self._due or now < self._due - OFTEN:
            self._due = now + OFTEN
            self.write(rules)

    def write(self, rules: Rules) -> None:
        """Write it, unless there is none and nothing to be written."""
        kept = _Kept(rules.log.entries(), rules.acknowledged)
        try:
            if kept != _Kept() or self._path.exists():
                files.replace_private(self._path, _FORM.dump_json(kept))
            self._is_broken = False
        except OSError as error:
            if not self._is_broken:
                self._tell(f"the alert log cannot be kept on the disk ({error.strerror}).")
            self._is_broken = True
