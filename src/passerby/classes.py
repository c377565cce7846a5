"""The closed list of what passerby counts; nothing outside it can be detected, stored or sent."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, Literal

Mode = Literal["foot", "cycle", "motor", "rail", "other"]
Label = Literal[
    "person", "bicycle", "motorcycle", "car", "bus", "truck", "train", "animal", "vehicle", "unknown"
]  # of every class, for options and forms


class Class(IntEnum):
    """What a road user is; the value is the `class_id` of every column of detections and tracks."""

    PERSON = 0
    BICYCLE = 1
    MOTORCYCLE = 2
    CAR = 3
    BUS = 4
    TRUCK = 5
    TRAIN = 6
    ANIMAL = 7
    VEHICLE = 8
    UNKNOWN = 9

    @property
    def label(self) -> str:
        """The name used in configs, tables and JSON, e.g. ``"person"``."""
        return self.name.lower()

    @property
    def mode(self) -> Mode:
        """The mode of transport under which coarser tables count this class."""
        return _MODES[self]


_MODES: Final[dict[Class, Mode]] = {
    Class.PERSON: "foot",
    Class.BICYCLE: "cycle",
    Class.MOTORCYCLE: "motor",
    Class.CAR: "motor",
    Class.BUS: "motor",
    Class.TRUCK: "motor",
    Class.VEHICLE: "motor",
    Class.TRAIN: "rail",
    Class.ANIMAL: "other",
    Class.UNKNOWN: "other",
}

LABELS: Final = tuple(c.label for c in Class)
MODES: Final[tuple[Mode, ...]] = ("foot", "cycle", "motor", "rail", "other")


def parse(label: str) -> Class:
    """The class of a label; KeyError if it is not on the list."""
    return Class[label.upper()]
