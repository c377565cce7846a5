"""Thresholds that a figure must keep, for builds that fail when counting gets worse."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isnan, nan
from typing import Literal

from passerby.errors import ThresholdMissed, UsageError

Side = Literal["above", "below"]
Value = int | float | None

_PAST = {"above": operator.gt, "below": operator.lt}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure must not be above (or below) a bound; the bound itself is kept."""

    key: str
    side: Side
    bound: float

    def complaint(self, figures: Mapping[str, Value]) -> str | None:
        """What to say if the figure is past the bound or cannot be had; None if it is kept."""
        value = figures[self.key]
        if value is None:
            return f"{self.key} cannot be had here, so it is not known to keep {self.bound:g}"
        if _PAST[self.side](value, self.bound):
            return f"{self.key} is {value:.4g}, {self.side} {self.bound:g}"
        return None


def parse(texts: Iterable[str], side: Side, keys: Sequence[str]) -> list[Threshold]:
    """Thresholds from ``KEY=VALUE`` options, KEY one of `keys`; raises `UsageError`."""
    found = []
    for text in texts:
        key, _, bound = text.partition("=")
        if key not in keys:
            near = get_close_matches(key, keys, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"There is: {', '.join(keys)}."
            raise UsageError(f"--fail-{side} {text}: there is no figure {key!r} here.", hint)
        found.append(Threshold(key, side, _number(bound, f"--fail-{side} {text}", key)))
    return found


def _number(bound: str, option: str, key: str) -> float:
    try:
        value = float(bound)
    except ValueError:
        value = nan
    if isnan(value):
        raise UsageError(f"{option}: {bound!r} is not a number.", f"Write {key}=0.05.")
    return value


def check(thresholds: Iterable[Threshold], figures: Mapping[str, Value]) -> None:
    """Raise `ThresholdMissed`, naming every figure that is past its bound."""
    complaints = [c for c in (threshold.complaint(figures) for threshold in thresholds) if c]
    if complaints:
        raise ThresholdMissed(f"Threshold not met: {'; '.join(complaints)}.")
