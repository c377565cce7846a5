"""Alert rules and areas together: what must leave now, how many each area holds, what is kept of alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from passerby.alerts import Acknowledged, Alerts, Care, Log, Rule, Standing, alert
from passerby.alerts.readings import Key, View
from passerby.areas import Area, Areas, Held, readings
from passerby.records import Alert, Observation


class Rules:
    """Of one site; memory only. `log`, `acknowledged`: what is kept of alerts before."""

    def __init__(
        self,
        rules: Sequence[Rule] = (),
        areas: Sequence[Area] = (),
        zone: tzinfo = UTC,
        *,
        log: Log | None = None,
        acknowledged: Iterable[Acknowledged] = (),
    ) -> None:
        self._zone = zone
        self._alerts, self._areas = Alerts(rules, zone), Areas(areas)
        self._care = Care(acknowledged)
        self.log = Log() if log is None else log
        self.held: Mapping[str, Held] = {}  # by area, as of the last `see`

    def changed(self, rules: Sequence[Rule], areas: Sequence[Area], zone: tzinfo) -> Rules:
        """Those of another configuration; what did not change goes on, and so does what is kept."""
        new = Rules(zone=zone, log=self.log)
        new._alerts, new._areas = self._alerts.changed(rules, zone), self._areas.changed(areas)
        new._care = self._care
        return new

    @property
    def firing(self) -> tuple[Rule, ...]:
        """The rules that fire now."""
        return self._alerts.firing

    @property
    def standing(self) -> tuple[Standing, ...]:
        """The rules that fire now, and those of which nobody can say."""
        return tuple(self._care.of(rule, state) for rule, state in self._alerts.standing)

    @property
    def acknowledged(self) -> tuple[Acknowledged, ...]:
        """What may be kept of who takes care of what."""
        return self._care.kept

    def acknowledge(self, key: str, by: str) -> None:
        """Somebody takes care of an alarm, which then is not escalated; KeyError for one that does not stand."""
        self._care.acknowledge(key, by)

    def set_area(self, name: str, at: datetime, inside: int) -> None:
        """Somebody has counted by hand how many an area holds; KeyError if there is no such area."""
        self._areas.set(name, at, inside)

    def take(self, camera: str, observations: Sequence[Observation]) -> None:
        """What one frame of a camera came to."""
        self._areas.take(camera, observations)

    def see(self, at: datetime, values: Mapping[Key, float], health: Mapping[str, View]) -> list[Alert]:
        """What is to be told now, as `alerts.Alerts.see`; at least once a second."""
        self.held = self._areas.now(at, values, health)
        found = self._alerts.see(at, {**values, **readings(self.held)}, health)
        self.log.keep(found)
        self.log.forget(at)
        return found

    def unheeded(self, at: datetime) -> list[tuple[Alert, tuple[str, ...]]]:
        """What nobody acknowledged in time, and which sinks are told again (none named: all); after `see`."""
        local = at.astimezone(self._zone)
        due = self._care.see(at, self._alerts.standing)
        return [(alert(rule, state, local, told="escalated"), rule.escalate_to) for rule, state in due]
