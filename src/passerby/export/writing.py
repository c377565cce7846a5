"""Writes released rows and slots to a text stream, as CSV or as JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from typing import Any, Final, TextIO

from passerby.export.regular import Slot
from passerby.records import Measurement

Form = Callable[[Iterable[Mapping[str, Any]], "tuple[str, ...]", TextIO], int]

_ROW: Final = tuple(field.name for field in fields(Measurement))
_SLOT: Final = (*(field.name for field in fields(Slot) if field.name not in ("values", "present")), "is_own")


def write_rows(rows: Iterable[Measurement], form: Form, out: TextIO) -> int:
    """Write rows with all their columns, in the order of `records.Measurement`; returns how many."""
    return form(({name: _plain(getattr(row, name)) for name in _ROW} for row in rows), _ROW, out)


def write_slots(slots: Iterable[Slot], form: Form, out: TextIO) -> int:
    """Write the slots of a grid, with `is_own` telling values of their own from those of a longer period.

    Each value has columns of its own, e.g. `speed_mps_mean`, if any slot has it.
    """
    rows = [({name: _plain(getattr(slot, name)) for name in _SLOT}, _spread(slot)) for slot in slots]
    found = sorted({name for _, values in rows for name in values})
    nothing = dict.fromkeys(found)
    return form(({**row, **nothing, **values} for row, values in rows), (*_SLOT, *found), out)


def _spread(slot: Slot) -> dict[str, Any]:
    values = {
        f"{name}_{part}": value for name, column in slot.values.items() for part, value in _plain(column).items()
    }
    return {**slot.present, **values}


def CSV(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], out: TextIO) -> int:  # noqa: N802
    """RFC 4180 with a header; lists are joined with ``;``, tables are JSON, what is not known is empty."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    number = 0
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])
        number += 1
    return number


def JSONL(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...], out: TextIO) -> int:  # noqa: N802
    """One JSON object a line, with the same keys."""
    del columns
    number = 0
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        number += 1
    return number


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(part) for key, part in asdict(value).items()}
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return json.dumps(value) if value and isinstance(value[0], list) else _text(";".join(map(str, value)))
    if isinstance(value, dict):
        return json.dumps(value) if value else ""
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    """Text that a spreadsheet would run as a formula is marked as text (OWASP, CSV injection)."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
