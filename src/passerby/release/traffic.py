"""Passes held in memory until their row may be shown: how many, and the values that came with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from passerby.release.cuts import Atom, Label


class Traffic:
    """Passes without order and without time, as numbers by atom."""

    __slots__ = ("counts", "values")

    def __init__(self) -> None:
        self.counts: dict[Atom, int] = {}
        self.values: dict[str, dict[Atom, list[float]]] = {}  # column -> one value a pass that has one

    def __len__(self) -> int:
        return sum(self.counts.values())

    def add(self, other: Traffic) -> None:
        """Take in the passes of another."""
        for atom, n in other.counts.items():
            self.counts[atom] = self.counts.get(atom, 0) + n
        for column, values in other.values.items():
            mine = self.values.setdefault(column, {})
            for atom, some in values.items():
                mine.setdefault(atom, []).extend(some)

    def by_series(self, names: Mapping[Atom, str], candidates: Label) -> dict[str, int]:
        """Passes of every candidate series, zeros included, in the order of the candidates."""
        counts = dict.fromkeys(candidates, 0)
        for atom, n in self.counts.items():
            counts[names[atom]] += n
        return counts

    def only(self, names: Mapping[Atom, str], label: Label) -> Traffic:
        """The passes of some series."""
        part = Traffic()
        part.counts = {atom: n for atom, n in self.counts.items() if names[atom] in label}
        for column, values in self.values.items():
            some = {atom: v for atom, v in values.items() if names[atom] in label}
            if some:
                part.values[column] = some
        return part

    def column(self, name: str) -> list[float]:
        """Every value of a column."""
        return [value for some in self.values.get(name, {}).values() for value in some]


def joined(several: Iterable[Traffic]) -> Traffic:
    """All of their passes."""
    whole = Traffic()
    for traffic in several:
        whole.add(traffic)
    return whole
