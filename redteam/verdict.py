"""What an attack is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

Figure = int | float | str | bool


class Size(StrEnum):
    """How much of an attack is run: enough to catch a mistake, or enough for the published figures."""

    SMALL = "small"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one attack."""

    name: str  # of its module
    held: bool | None  # the promise held; None = skipped, for the reason that `sentence` gives
    sentence: str  # what came of it, for somebody who reads nothing else; ends with a full stop
    figures: Mapping[str, Figure] = field(default_factory=dict)  # what was measured, "n" among it; name -> value
    goals: Mapping[str, str] = field(default_factory=dict)  # what some of these must be, name -> words; read first
    limits: tuple[str, ...] = ()  # what this attack cannot show, a sentence each

    def __post_init__(self) -> None:
        if not self.sentence.endswith("."):
            raise ValueError(f"a verdict is a sentence that ends with a full stop: {self.sentence!r}")
        if self.figures and (unknown := self.goals.keys() - self.figures.keys()):
            raise ValueError(f"goals of what was not measured: {', '.join(sorted(unknown))}")


class Attack(Protocol):
    """The one function of an attack's module."""

    def __call__(self, size: Size) -> Verdict:
        """Attack; an exception means that the attack itself is broken, which counts as not held."""
        ...


def skipped(name: str, reason: str) -> Verdict:
    """The verdict where a program or privilege is missing; `reason` is as short as "no ffmpeg here"."""
    return Verdict(name, None, f"Skipped: {reason}.")
