"""Changes of single keys of a configuration's text; comments, order and all other keys stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """Sets the key at a path, e.g. ``("camera", "north", "live")``, or removes it where `value` is None.

    A value is what TOML can say: text, numbers, booleans, lists, and dicts (written as inline tables).
    """

    path: tuple[str, ...]
    value: object | None


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits made; raises `ConfigError` where that cannot be done safely."""
    raise NotImplementedError
