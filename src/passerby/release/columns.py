"""Which rows may say how a value, such as a dwell or a speed, is spread over their passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from passerby.records import Statistics
from passerby.release.blocks import tight
from passerby.release.cuts import CLASS, Cut, Label
from passerby.release.statistics import summary
from passerby.release.traffic import Traffic

Groups = Sequence[tuple[Label, Traffic]]  # what rows that look alike may hold, and what they hold


def drop_few(parts: Mapping[Label, Traffic], k: int) -> None:
    """In the first cut that has columns: keep a column where k passes of the row have a value."""
    for part in parts.values():
        for name in [name for name in part.values if len(part.column(name)) < k]:
            del part.values[name]


def drop_unsafe(groups: Groups, parts: Mapping[Label, Traffic], k: int) -> None:
    """In a coarser cut: keep a column in all parts of a block, or in none.

    It rests on those passes whose finer row showed it. Finer rows and parts can be subtracted as their passes
    can, so the passes that have a value keep the same rule.
    """
    for name in {name for part in parts.values() for name in part.values}:
        sizes = [(frozenset(label), len(part.column(name))) for label, part in parts.items()]
        rows = [(frozenset(label), len(traffic.column(name))) for label, traffic in groups]
        held = [part for part in sizes if part[1]]
        few = any(n < k for _, n in held)
        if few or tight([row for row in rows if row[1]], held, k):
            for part in parts.values():
                part.values.pop(name, None)


def statistics(part: Traffic, cut: Cut) -> dict[str, Statistics]:
    """The columns of a row. Histograms stand in one cut only, so that no two of them can be subtracted."""
    return {name: summary(part.column(name), histogram=cut == CLASS) for name in sorted(part.values)}
