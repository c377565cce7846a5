"""Named sums of lines or zones over cameras: how many are on the site, and how sure that is.

An area adds numbers and links nobody. Over zones it is the sum of how many are inside each; where a zone measures
density, people are taken from that estimate, for in a crowd few can be followed one by one. Over lines it is what
came in minus what went out since it was last set; every missed pass stays in such a sum, so it drifts, and the
drift is shown::

    net count   ─── 4 in, 1 missed ───►  4     counted
    really      ───────────────────────►  5     somebody counts by hand and sets it: drift -1 in 4 passes
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from passerby.classes import Class
from passerby.records import Observation, Pass

Member = tuple[str, str]  # camera, place
Key = tuple[str, str, str]  # camera, place, quantity


@dataclass(frozen=True, slots=True)
class Area:
    """Zones whose numbers add up, or lines around a place whose passes do."""

    name: str
    zones: tuple[Member, ...] = ()
    crowds: frozenset[Member] = frozenset()  # zones of which people are estimated, too
    lines: tuple[tuple[Member, int], ...] = ()  # +1: `in` leads into the area, -1: out of it
    capacity: int | None = None
    classes: frozenset[Class] = frozenset(Class)  # counted over lines

    @property
    def cameras(self) -> frozenset[str]:
        """All cameras that it needs."""
        return frozenset(camera for camera, _ in (*self.zones, *(member for member, _ in self.lines)))


@dataclass(frozen=True, slots=True)
class Held:
    """How many an area holds."""

    inside: float | None  # None: a camera sees nothing now
    capacity: int | None
    since: datetime | None = None  # lines: when it was last set
    passes: int = 0  # lines: counted since then
    unseen: timedelta = timedelta()  # lines: how long since then a camera saw nothing
    below: int = 0  # lines: by how many the sum fell below nobody since then: so many entries at least were missed
    drift: float | None = None  # lines: counted minus true, a pass, when it was last set; None: it never was

    @property
    def off(self) -> float | None:
        """By how many the sum may be off now: the drift of before, or what fell below nobody."""
        known = None if self.drift is None else abs(self.drift) * self.passes
        return max(known or 0.0, float(self.below)) if known is not None or self.below else None


class Count:
    """One area's sum over time."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self._ways = dict(area.lines)
        self._net = self._passes = self._below = 0
        self._drift: float | None = None
        self._since: datetime | None = None
        self._seen: datetime | None = None
        self._unseen = timedelta()

    def take(self, camera: str, observations: Iterable[Observation]) -> None:
        """Add what passed its lines."""
        for seen in observations:
            way = self._ways.get((camera, seen.place))
            if way is None or not isinstance(seen, Pass) or seen.class_ not in self.area.classes:
                continue
            self._net += way if seen.way == "in" else -way
            self._passes += 1
            self._below = max(self._below, -self._net)

    def set(self, at: datetime, inside: int) -> None:
        """Somebody says how many there really are: the difference was drift, and the sum begins anew."""
        if self._passes:
            self._drift = (self._net - inside) / self._passes
        self._net, self._passes, self._below = inside, 0, 0
        self._since, self._unseen = at, timedelta()

    def now(self, at: datetime, values: Mapping[Key, float], health: Mapping[str, str]) -> Held:
        """What it holds; of lines never less than nobody."""
        capacity = self.area.capacity
        sees = all(health.get(camera) == "ok" for camera in self.area.cameras)
        if self.area.zones:
            each = [_inside(member, values, is_crowd=member in self.area.crowds) for member in self.area.zones]
            known = [value for value in each if value is not None]
            return Held(sum(known) if sees and len(known) == len(each) else None, capacity)
        if self._seen is not None and not sees:
            self._unseen += at - self._seen
        self._seen = at
        self._since = at if self._since is None else self._since
        inside = float(max(self._net, 0)) if sees else None
        return Held(inside, capacity, self._since, self._passes, self._unseen, self._below, self._drift)


def _inside(zone: Member, values: Mapping[Key, float], *, is_crowd: bool) -> float | None:
    """How many a zone holds; in one with an estimate of people that and the others. None: nobody can tell."""
    inside, followed = (values.get((*zone, quantity)) for quantity in ("inside", "inside person"))
    if inside is None or not is_crowd or followed is None:
        return inside
    estimated = values.get((*zone, "people"))
    return None if estimated is None else inside - followed + estimated


class Areas:
    """All areas of a site."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._counts = {area.name: Count(area) for area in areas}

    def changed(self, areas: Sequence[Area]) -> Areas:
        """Those of another configuration; areas that are as they were go on."""
        new = Areas(areas)
        new._counts |= {name: self._counts[name] for name, count in new._counts.items() if self._has(count.area)}
        return new

    def _has(self, area: Area) -> bool:
        return area.name in self._counts and self._counts[area.name].area == area

    def take(self, camera: str, observations: Sequence[Observation]) -> None:
        """Take what one frame of a camera came to."""
        for count in self._counts.values():
            count.take(camera, observations)

    def set(self, name: str, at: datetime, inside: int) -> None:
        """Say how many an area really holds; KeyError if there is no such area."""
        self._counts[name].set(at, inside)

    def now(self, at: datetime, values: Mapping[Key, float], health: Mapping[str, str]) -> Mapping[str, Held]:
        """What each area holds, from what was last read and how each camera sees, as `Alerts.see` takes them."""
        return {name: count.now(at, values, health) for name, count in self._counts.items()}


def readings(held: Mapping[str, Held]) -> dict[Key, float]:
    """How many each area holds, as rules read it; those that nobody can tell are left out."""
    return {("", name, "inside"): area.inside for name, area in held.items() if area.inside is not None}
