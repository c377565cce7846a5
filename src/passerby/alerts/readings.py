"""The latest values of every place, as rules read them; what is old is no value at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Final, Literal

from passerby.classes import Class
from passerby.records import Observation, Pass, Sample, Way

Key = tuple[str, str, str]  # camera (empty: an area), place, quantity
View = Literal["ok", "blind", "moved"]

FRESH: Final = timedelta(seconds=5)  # an older value is no data
HOLD: Final = timedelta(seconds=30)  # so long after a pass somebody is taken to be going that way

_DRIVES: Final = frozenset(c for c in Class if c.mode == "motor")


def people(quantity: str) -> str:
    """The reading of a quantity that counts people on foot alone."""
    return f"{quantity} person"


def driven(way: Way) -> str:
    """The reading of motor vehicles that lately passed this way."""
    return f"driven {way}"


def lasts(quantity: str) -> bool:
    """Whether a quantity has a value only after something happened, and is 0 else."""
    return quantity.startswith("driven ")


class Readings:
    """What was last observed at every place of every camera, and how each camera sees."""

    def __init__(self) -> None:
        self._values: dict[Key, tuple[datetime, float]] = {}
        self._views: dict[str, tuple[datetime, View]] = {}

    def take(self, camera: str, at: datetime, observations: Iterable[Observation]) -> None:
        """Take what one frame came to; samples of one quantity add up over the classes."""
        found: dict[Key, float] = {}
        for seen in observations:
            if isinstance(seen, Sample):
                self._add(found, (camera, seen.place, seen.quantity), seen.value)
                if seen.class_ is Class.PERSON:
                    self._add(found, (camera, seen.place, people(seen.quantity)), seen.value)
            elif isinstance(seen, Pass) and seen.class_ in _DRIVES:
                self._add(found, (camera, seen.place, driven(seen.way)), 1.0)
        for key, value in found.items():
            if isfinite(value):
                self._values[key] = at, value
            else:
                self._values.pop(key, None)  # nobody knows now

    def saw(self, camera: str, at: datetime, view: View) -> None:
        """How a camera sees, as of a frame; say it at least every few seconds."""
        self._views[camera] = at, view

    def values(self, at: datetime) -> Mapping[Key, float]:
        """All values that are fresh."""
        return {
            key: value
            for key, (since, value) in self._values.items()
            if at - since <= (HOLD if lasts(key[2]) else FRESH)
        }

    def health(self, at: datetime) -> Mapping[str, View]:
        """How each camera sees that was heard of lately."""
        return {camera: view for camera, (since, view) in self._views.items() if at - since <= FRESH}

    @staticmethod
    def _add(found: dict[Key, float], key: Key, value: float) -> None:
        found[key] = found.get(key, 0.0) + value
