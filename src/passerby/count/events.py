"""What happened in a film, for its owner: alerts from when to when, areas, how crowded it was by the minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from passerby.alerts import Alerts, Readings, Rule
from passerby.areas import Area, Areas, readings
from passerby.count.intervals import Clock
from passerby.measures.service import safety
from passerby.pipeline import Played
from passerby.records import Alert, Sample

_MINUTE_S: Final = 60.0
_STEP: Final = 5  # people in a band


@dataclass(frozen=True, slots=True)
class Watched:
    """What a film is watched for."""

    rules: Sequence[Rule] = ()
    areas: Sequence[Area] = ()


@dataclass(slots=True)
class Spell:
    """An alert from its beginning to its end; s of the film."""

    alert: Alert
    start_s: float
    end_s: float | None = None  # None: it had not ended with the film


@dataclass(slots=True)
class _Minute:
    sums: dict[tuple[str, str], float] = field(default_factory=dict)
    instants: dict[tuple[str, str], set[float]] = field(default_factory=dict)

    def add(self, sample: Sample) -> None:
        key = sample.place, sample.quantity
        self.sums[key] = self.sums.get(key, 0.0) + sample.value
        self.instants.setdefault(key, set()).add(sample.time_s)


class Events:
    """Evaluates rules and areas on a film's own clock, as a live camera's would be."""

    def __init__(self, watched: Watched, camera: str, clock: Clock) -> None:
        self._camera, self._clock = camera, clock
        self._alerts = Alerts(watched.rules, clock.zone)
        self._areas = Areas(watched.areas)
        self._readings = Readings()
        self._spells: list[Spell] = []
        self._most: dict[str, float] = {}
        self._minutes: dict[int, _Minute] = {}
        self._end_s = 0.0

    def take(self, played: Played) -> None:
        """Take what one frame came to."""
        if played.step is None:
            return
        at, seen = self._clock.at(played.time_s), played.step.observations
        self._readings.take(self._camera, at, seen)
        self._readings.saw(self._camera, at, played.step.health.state)
        self._areas.take(self._camera, seen)
        values, health = self._readings.values(at), self._readings.health(at)
        held = self._areas.now(at, values, health)
        for name, area in held.items():
            self._most[name] = max(self._most.get(name, 0.0), area.inside or 0.0)
        for alert in self._alerts.see(at, {**values, **readings(held)}, health):
            self._note(alert, played.time_s)
        for sample in seen:
            if isinstance(sample, Sample) and sample.quantity in ("inside", "density"):
                self._minutes.setdefault(int(sample.time_s // _MINUTE_S), _Minute()).add(sample)
        self._end_s = played.time_s

    def _note(self, alert: Alert, time_s: float) -> None:
        for spell in self._spells:
            if spell.end_s is None and _about(spell.alert) == _about(alert):
                spell.end_s = time_s
        if alert.state != "resolved":
            self._spells.append(Spell(alert, time_s))

    def alerts(self) -> list[dict[str, Any]]:
        """Every alert in order, and every time in which a rule could not be evaluated."""
        text = self._clock.text
        return [
            {
                "rule": spell.alert.rule,
                "place": spell.alert.place,
                "state": spell.alert.state,
                "severity": spell.alert.severity,
                "start": text(spell.start_s),
                "end": None if spell.end_s is None else text(spell.end_s),
            }
            for spell in self._spells
        ]

    def areas(self) -> dict[str, dict[str, Any]]:
        """What each area holds at the end, the most it held, and by how much it may be off."""
        at = self._clock.at(self._end_s)
        held = self._areas.now(at, self._readings.values(at), self._readings.health(at))
        return {
            name: {
                "inside": area.inside,
                "most": self._most.get(name, 0.0),
                "capacity": area.capacity,
                "passes": area.passes,
                "off": area.off,
            }
            for name, area in held.items()
        }

    def bands(self) -> list[dict[str, Any]]:
        """How crowded each zone was, minute by minute, like minutes as one."""
        found = []
        keys = {key for minute in self._minutes.values() for key in minute.sums}
        for place, quantity in sorted(keys):
            if quantity == "inside" and (place, "density") in keys:
                continue  # in a crowd boxes cannot be counted
            named = [
                (number, _band(quantity, minute.sums[place, quantity] / len(minute.instants[place, quantity])))
                for number, minute in sorted(self._minutes.items())
                if (place, quantity) in minute.sums
            ]
            for name, minutes in groupby(named, key=lambda one: one[1]):
                numbers = [number for number, _ in minutes]
                start, end = numbers[0] * _MINUTE_S, min((numbers[-1] + 1) * _MINUTE_S, self._end_s)
                span = {"start": self._clock.text(start), "end": self._clock.text(end)}
                found.append({"place": place, "quantity": quantity, "band": name, **span})
        return found


def watched(rules: Iterable[Rule], area_rules: Iterable[Rule], areas: Iterable[Area], camera: str) -> Watched:
    """What of a configuration a film of one camera tells: its own rules, and areas that need no other camera."""
    own = [area for area in areas if area.cameras == {camera}]
    names = {area.name for area in own}
    return Watched([*rules, *(rule for rule in area_rules if rule.place in names)], own)


def _about(alert: Alert) -> tuple[str, str]:
    return alert.camera, alert.rule


def _band(quantity: str, mean: float) -> str:
    """A band of safety after Still for a density, else steps of five people."""
    if quantity == "density":
        return safety(mean)
    low = int(round(mean) // _STEP * _STEP)
    return f"{low}-{low + _STEP - 1}" if low else "few" if round(mean) else "none"
