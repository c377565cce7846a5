"""The division of a group of passes into parts of which each is large enough to be shown."""

from __future__ import annotations

from collections.abc import Mapping

from passerby.release.cuts import Label


def partition(counts: Mapping[str, int], k: int) -> tuple[Label, ...]:
    """Labels of the parts; each series is in one of them, and each part has at least k passes if the whole has.

    A series with k passes stands alone; all others, empty ones too, share one part, the rest. Where the rest
    has less than k, the smallest series that stands joins it. So no part tells whether a series in the rest
    was empty.

    counts: passes of every series that the group may hold, zeros included.
    """
    standing = [s for s, n in counts.items() if n >= k]
    rest = [s for s, n in counts.items() if n < k]
    if rest and standing and sum(counts[s] for s in rest) < k:
        smallest = min(standing, key=lambda s: counts[s])
        standing.remove(smallest)
        rest.append(smallest)
    parts: list[Label] = [(s,) for s in standing]
    if rest:
        parts.append(tuple(s for s in counts if s in rest))
    return tuple(parts)
