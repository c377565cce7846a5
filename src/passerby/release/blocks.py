"""Which rows of a finer cut are divided together, so that no comparison of two tables is smaller than a row.

Two tables that are both shown can be subtracted. If every motorist of a day passed in an hour in which motor
traffic had a row of its own, 483 in all, and the day's table said "480 cars", then everyone could see that 3
were something else. The tables together are safe if the passes of any parts that are *not* known to be in rows
made for them alone are k or more, or none can be. That number is the slack; it can be computed from what is
shown. `docs/release.md` has the argument, `tests/release` the attack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from passerby.release.cuts import Label
from passerby.release.partition import partition

Sized = tuple[frozenset[str], int]  # the series that a row or a part may hold, and its passes


@dataclass(frozen=True, slots=True)
class Block:
    """Groups of rows that are divided together, and the parts that they are divided into."""

    members: tuple[int, ...]  # which groups
    parts: tuple[Label, ...]


def blocks(groups: Sequence[Mapping[str, int]], series: Sequence[str], k: int) -> Iterator[Block]:
    """Divide rows of a finer cut into parts of k or more, telling apart as much as is safe.

    All rows are tried together. Where that would be unsafe, the rows whose passes would be known too well are
    divided on their own, and so are the others; rows that look alike are always safe.

    groups: for rows with the same label, their passes by each series they may hold, zeros included.
    series: all series in their order.
    """
    pending = [tuple(range(len(groups)))]
    while pending:
        members = pending.pop()
        possible = [s for s in series if any(s in groups[m] for m in members)]
        totals = {s: sum(groups[m].get(s, 0) for m in members) for s in possible}
        parts = partition(totals, k)
        closed = tight(
            [(frozenset(groups[m]), sum(groups[m].values())) for m in members],
            [(frozenset(part), sum(totals[s] for s in part)) for part in parts],
            k,
        )
        if closed:
            pending.append(tuple(m for at, m in enumerate(members) if at in closed))
            pending.append(tuple(m for at, m in enumerate(members) if at not in closed))
        else:
            yield Block(members, parts)


def apart(groups: Sequence[Mapping[str, int]], alike: Sequence[bool], k: int) -> Iterator[Block]:
    """Divide each group on its own, and only where all its passes are alike to every table so far.

    For the cut below one that was divided by `blocks`: three tables can be compared, and a group of passes that
    the first could tell apart may not be divided by the third.
    """
    for at, (counts, same) in enumerate(zip(groups, alike, strict=True)):
        yield Block((at,), partition(counts, k) if same else (tuple(counts),))


def tight(rows: Sequence[Sized], parts: Sequence[Sized], k: int) -> list[int]:
    """The rows to set apart because their parts have a slack below k; empty where rows and parts are safe.

    For parts B let A be the rows that can hold nothing else. slack(B) = passes of B - passes of A: what of B
    lies in other rows, known to everyone who sees both tables. Only unions of what single rows may hold need
    be looked at; any other B has a whole part more. Cf. Gale 1957, A theorem on flows in networks.
    """
    reach = [sum(1 << at for at, (label, _) in enumerate(parts) if label & row) for row, _ in rows]
    unions = {0}
    for mask in set(reach):
        unions |= {union | mask for union in unions}
    unsafe = []
    for union in unions - {0, (1 << len(parts)) - 1}:
        inside = [at for at, mask in enumerate(reach) if not mask & ~union]
        slack = sum(n for at, (_, n) in enumerate(parts) if union >> at & 1) - sum(rows[at][1] for at in inside)
        if slack < k and any(mask & union and mask & ~union for mask in reach):
            unsafe.append(inside)
    return min(unsafe, default=[])  # by the rows' order, which tells nothing of what they hold
