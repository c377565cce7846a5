"""Alert rules and areas together: what must leave now, how many each area holds, what is kept of alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from passerby.alerts import Alerts, Care, Log, Rule, Standing, alert
from passerby.alerts.readings import Key, View
from passerby.areas import Area, Areas, Held, readings
from passerby.records import Alert, Observation


class Rules:
    """Of one site; memory only. `log`: what is kept of alerts before."""

    def __init__(
        self,
        rules: Sequence[Rule] = (),
        areas: Sequence[Area] = (),
        zone: tzinfo = UTC,
        *,
        log: Log | None = None,
    ) -> None:
        self._made_of = tuple(rules), tuple(areas), zone
        self._alerts, self._areas = Alerts(rules, zone), Areas(areas)
        self._care = Care()
        self.log = Log() if log is None else log
        self.held: Mapping[str, Held] = {}  # by area, as of the last `see`

    def changed(self, rules: Sequence[Rule], areas: Sequence[Area], zone: tzinfo) -> Rules:
        """Those of another configuration; what did not change goes on, and so does what is kept."""
        old_rules, old_areas, old_zone = self._made_of
        new = Rules(rules, areas, zone, log=self.log)
        if (tuple(rules), zone) == (old_rules, old_zone):
            new._alerts, new._care = self._alerts, self._care
        if tuple(areas) == old_areas:
            new._areas = self._areas
        return new

    @property
    def firing(self) -> tuple[Rule, ...]:
        """The rules that fire now."""
        return self._alerts.firing

    @property
    def standing(self) -> tuple[Standing, ...]:
        """The rules that fire now, and those of which nobody can say."""
        return tuple(self._care.of(rule, state) for rule, state in self._alerts.standing)

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
        local = at.astimezone(self._made_of[2])
        due = self._care.see(at, self._alerts.standing)
        return [(alert(rule, state, local, told="escalated"), rule.escalate_to) for rule, state in due]
