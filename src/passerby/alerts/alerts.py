"""All rules of a site, seen once a second or with every frame: what must leave now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from passerby.alerts.condition import VIEWS
from passerby.alerts.readings import Key, View, lasts
from passerby.alerts.rule import Rule
from passerby.alerts.watch import Watch
from passerby.records import Alert, AlertState, Told


class Alerts:
    """Evaluates rules; depends on no clock but the times it is given. `zone`: of the site, for quiet hours.

    Call `see` at least once a second, frames or not: an alert leaves with the call after its rule has come true.
    """

    def __init__(self, rules: Sequence[Rule], zone: tzinfo = UTC) -> None:
        self._watches = [(rule, Watch(rule)) for rule in rules]
        self._zone = zone

    def changed(self, rules: Sequence[Rule], zone: tzinfo) -> Alerts:
        """Those of another configuration; rules that are as they were go on."""
        new, known = Alerts(rules, zone), dict(self._watches)
        new._watches = [(rule, known.get(rule, watch)) for rule, watch in new._watches]
        return new

    @property
    def firing(self) -> tuple[Rule, ...]:
        """The rules that fire now."""
        return tuple(rule for rule, watch in self._watches if watch.firing)

    @property
    def standing(self) -> tuple[tuple[Rule, AlertState], ...]:
        """The rules that fire now, and those of which nobody can say."""
        states = ((rule, watch.state) for rule, watch in self._watches)
        return tuple((rule, state) for rule, state in states if state != "resolved")

    def see(self, at: datetime, values: Mapping[Key, float], health: Mapping[str, View]) -> list[Alert]:
        """What is to be told now, in the order of the rules.

        values: what was last read, without what is too old (`Readings.values`; areas have camera ``""``).
        health: how each camera sees, without cameras that are silent (`Readings.health`).
        """
        local = at.astimezone(self._zone)
        found = []
        for rule, watch in self._watches:
            quiet = rule.quiet is not None and rule.quiet.holds(local)
            state = watch.see(at, _value(rule, values, health), quiet=quiet)
            if state is not None:
                found.append(alert(rule, state, local))
        return found


def _value(rule: Rule, values: Mapping[Key, float], health: Mapping[str, View]) -> float | None:
    """What a rule reads; None where nobody can say."""
    quantity = rule.condition.quantity
    if not rule.camera:
        return values.get(("", rule.place, quantity))
    view = health.get(rule.camera)
    if not rule.place and quantity in VIEWS:
        return None if view is None else float(view == quantity)
    if view != "ok":
        return None
    return values.get((rule.camera, rule.place, quantity), 0.0 if lasts(quantity) else None)


def alert(rule: Rule, state: AlertState, local: datetime, told: Told = "new") -> Alert:
    """What is told of a rule at a time on the site's clock, of which only the hour is said."""
    hour = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    return Alert(rule.name, rule.camera, rule.place, state, rule.severity, hour, told)
