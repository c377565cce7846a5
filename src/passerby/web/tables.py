"""Cells of tables that are opened with a spreadsheet."""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@")  # a spreadsheet would work out what begins like this


def cell(text: str) -> str:
    """A text that stays one."""
    return f"'{text}" if text.startswith(_FORMULA) else text
