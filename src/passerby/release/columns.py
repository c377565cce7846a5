"""Which rows may say how a value, such as a dwell or a speed, is spread over their passes.

Not every pass has a value: entries have no dwell, and who was lost too soon has no speed. How many have none is a
number of passes too, and often that of a series that the row hides: of 103 passes with 100 dwells, 3 went in. So a
row of fewer than 2k passes shows a column only if it is of one series and each of its passes has a value; and `n`
leaves k passes open, in one cut only, lest two of them are subtracted.
"""

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
    for label, part in parts.items():
        for name in [name for name in part.values if not _may_show(label, part, name, k)]:
            del part.values[name]


def drop_unsafe(groups: Groups, parts: Mapping[Label, Traffic], k: int) -> None:
    """In a coarser cut: keep a column in all parts of a block, or in none.

    It rests on those passes whose finer row showed it. Finer rows and parts can be subtracted as their passes
    can, so the passes that have a value keep the same rule.
    """
    for name in {name for part in parts.values() for name in part.values}:
        rows = [(frozenset(label), len(traffic.column(name))) for label, traffic in groups]
        held = {label: part for label, part in parts.items() if part.column(name)}
        sizes = [(frozenset(label), len(part.column(name))) for label, part in held.items()]
        few = not all(_may_show(label, part, name, k) for label, part in held.items())
        if few or tight([row for row in rows if row[1]], sizes, k):
            for part in parts.values():
                part.values.pop(name, None)


def statistics(label: Label, part: Traffic, cut: Cut, k: int) -> dict[str, Statistics]:
    """The columns of a row. Numbers of values stand in one cut only, so that no two of them can be subtracted."""
    found = {}
    for name in sorted(part.values):
        values = part.column(name)
        counted = len(values) if _is_whole(label, part, name) else min(len(values), len(part) - k)
        found[name] = summary(values, k=k, counted=counted if cut == CLASS else 0)
    return found


def _may_show(label: Label, part: Traffic, name: str, k: int) -> bool:
    return len(part.column(name)) >= k and (len(part) >= 2 * k or _is_whole(label, part, name))


def _is_whole(label: Label, part: Traffic, name: str) -> bool:
    """Whether a row of one series has a value of each of its passes, so that it hides nothing in their number."""
    return len(label) == 1 and len(part.column(name)) == len(part)
