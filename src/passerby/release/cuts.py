"""The chain of cuts in which passes are reported, finest time first, finest class last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from passerby import records
from passerby.classes import Class
from passerby.records import Way
from passerby.release.grids import DAY, HOUR, WEEK

Atom = tuple[Class, Way, str]  # the finest that is told apart: class, way, movement ("" = none known)
Label = tuple[str, ...]  # the series that share a row, in the order of the place's universe

WAYS: Final[tuple[Way, ...]] = ("in", "out")


@dataclass(frozen=True, slots=True)
class Cut:
    """How finely one table tells road users apart, and how often it may."""

    name: records.Cut
    every: timedelta | None  # None: the rule's grain
    series: Callable[[Atom], str]  # under which name a pass is counted


def _all(_: Atom) -> str:
    return "all"


def _mode(atom: Atom) -> str:
    return f"{atom[0].mode} {atom[1]}"


def _class(atom: Atom) -> str:
    return f"{atom[0].label} {atom[1]}"


def _movement(atom: Atom) -> str:
    return f"{atom[0].label} {atom[2] or 'elsewhere'}"


ALL: Final = Cut("all", None, _all)
MODE: Final = Cut("mode", HOUR, _mode)
CLASS: Final = Cut("class", DAY, _class)
MOVEMENT: Final = Cut("movement", WEEK, _movement)


class Universe:
    """Every series a place may have, whether anything was ever counted in it or not.

    What a series may hold is known to everyone, so it must not depend on what was counted.
    """

    def __init__(self, classes: Sequence[Class], movements: Sequence[str] = ()) -> None:
        self.classes = tuple(sorted(set(classes)))
        self.movements = tuple(dict.fromkeys(movements))
        places = (*self.movements, "") if self.movements else ("",)
        self._atoms = [(c, way, m) for c in self.classes for way in WAYS for m in places]
        self.cuts = (ALL, MODE, CLASS, MOVEMENT) if self.movements else (ALL, MODE, CLASS)
        self._names = {cut.name: {a: cut.series(a) for a in self._atoms} for cut in self.cuts}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Universe):
            return NotImplemented
        return (self.classes, self.movements) == (other.classes, other.movements)

    __hash__ = None  # type: ignore[assignment]

    def names(self, cut: Cut) -> dict[Atom, str]:
        """The series of every atom in a cut."""
        return self._names[cut.name]

    def within(self, finer: Cut, label: Label, cut: Cut) -> Label:
        """The series of a cut that may hold passes of a row of the finer cut."""
        names, row = self._names[cut.name], self._names[finer.name]
        return tuple(dict.fromkeys(names[atom] for atom in self._atoms if row[atom] in label))
