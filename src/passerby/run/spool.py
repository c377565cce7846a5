"""Files of what sinks have not taken yet: released rows, and of alerts the rule, place and hour."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from passerby import files
from passerby.office.waiting import to_keep
from passerby.records import Alert, Measurement, Record


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What stands in a file."""

    rows: tuple[Measurement, ...] = ()
    alerts: tuple[Alert, ...] = ()


_FORM: Final = TypeAdapter(_Waiting)


class SpoolFile:
    """What waits for one sink; only its owner may read it. `clock`: the time of day (UTC)."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path, self._clock = path, clock

    def load(self) -> tuple[Record, ...]:
        """What was saved last and may still be told; nothing where it cannot be read."""
        try:
            found = _FORM.validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return ()
        rows, alerts = to_keep([*found.rows, *found.alerts], self._clock())
        return *rows, *alerts

    def save(self, records: Sequence[Record]) -> None:
        """Keep these in the place of those before, or no file where there are none; raises OSError."""
        rows, alerts = to_keep(records, self._clock())
        if rows or alerts:
            files.replace_private(self._path, _FORM.dump_json(_Waiting(rows, alerts)))
        else:
            self._path.unlink(missing_ok=True)


def leave_only(folder: Path, names: Collection[str]) -> list[str]:
    """Delete what waits for sinks that are not there any more, and what was half written; raises OSError."""
    gone = [path for path in folder.iterdir() if path.name not in names] if folder.is_dir() else []
    for path in gone:
        path.unlink()
    return sorted(path.name for path in gone if not path.name.startswith("."))
