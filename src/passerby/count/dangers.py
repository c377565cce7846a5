"""Conflicts of a film by pair of modes and severity, with how many were exposed, for its owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from passerby.geometry import Line, Place
from passerby.records import SEVERITIES, Conflict, Kind, Observation, Pass


class Dangers:
    """Adds up conflicts of all `kinds` there may be at each place; exposed is who enters, or passes a line."""

    def __init__(self, kinds: Mapping[str, Sequence[Kind]], places: Iterable[Place]) -> None:
        self._kinds = kinds
        self._lines = {place.name for place in places if isinstance(place, Line)}
        self._found: Counter[tuple[str, Kind, str]] = Counter()
        self._exposed: Counter[tuple[str, str]] = Counter()

    def add(self, observations: Iterable[Observation]) -> None:
        """Take in what one frame came to."""
        for seen in observations:
            if isinstance(seen, Conflict):
                self._found[seen.place, (seen.modes, seen.indicator), seen.severity] += 1
            elif isinstance(seen, Pass) and (seen.way == "in" or seen.place in self._lines):
                self._exposed[seen.place, seen.class_.mode] += 1

    def table(self) -> dict[str, dict[str, dict[str, Any]]]:
        """{place: {pair: {indicator: {severity: n}, "exposed": {mode: n}}}}, zeros included."""
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for place, kinds in self._kinds.items():
            pairs = found.setdefault(place, {})
            for modes, indicator in kinds:
                exposed = {mode: self._exposed[place, mode] for mode in modes}
                pair = pairs.setdefault("-".join(modes), {"exposed": exposed})
                counts = {s: self._found[place, (modes, indicator), s] for s in SEVERITIES[indicator]}
                pair[indicator] = counts
        return found
