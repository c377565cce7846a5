"""Alert rules from their tables: what they speak of must be there, and must not tell of single people.

Only the closed list of safety rules, `alerts.SAFETY`, may be caused by fewer than `K_FLOOR` people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from passerby import plugins
from passerby.alerts import SAFETY, Condition, Rule, condition
from passerby.alerts.readings import driven, people
from passerby.areas import Area
from passerby.classes import Class
from passerby.config import limits
from passerby.config.schema import AlertTable
from passerby.errors import ConfigError
from passerby.geometry import Line, Place, Zone
from passerby.ground import Ground
from passerby.measures.service import STILL
from passerby.release.rule import K_FLOOR

Where = Callable[[str], str]

CROWD: Final = STILL[0]  # 1/m2: less is no crowding
CROWD_M2: Final = 4.0  # a smaller zone holds no crowd
_OFTEN_S: Final = 2.0  # an alert leaves so soon after its rule has come true
_QUANTITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "zone": ("inside",),
    "density": ("people", "density", "density_peak"),
    "queue": ("queue", "queue_m"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules of one camera may speak of."""

    camera: str
    ground: Ground | None
    places: Mapping[str, Place]
    measures: Sequence[Mapping[str, object]]  # tables, with their places

    def told(self, place: Place) -> dict[str, Mapping[str, object]]:
        """The quantities that are sampled at a place, each with the table of its measure."""
        return {
            quantity: table
            for table in self.measures
            if place in _at(table)
            for quantity in _QUANTITIES.get(str(table["use"]), ())
        }

    def counts(self, place: Place, wanted: Iterable[Class], where: str) -> None:
        """Raise where what counts at a place counts none of these classes."""
        labels = {c.label for c in wanted}
        here = [t for t in self.measures if place in _at(t) and (isinstance(place, Line) or t["use"] == "zone")]
        limits = [table.get("classes") for table in here]
        counted = {str(label) for limit in limits if isinstance(limit, list | tuple) for label in limit}
        if None not in limits and labels.isdisjoint(counted):
            raise ConfigError(f"{where}: '{place.name}' counts {', '.join(sorted(counted))} only.")


@dataclass(frozen=True, slots=True)
class _Table:
    """One table with all that is needed to judge it."""

    name: str
    written: AlertTable
    where: Where

    def wrong(self, key: str, said: str, hint: str = "") -> ConfigError:
        return ConfigError(f"{self.where(key)}: {said}", hint)

    def rule(self, camera: str, when: Condition) -> Rule:
        t = self.written
        clear = when.limit if t.clear is None else t.clear
        if t.clear is not None and (not when.place or when.holds(t.clear)):
            raise self.wrong("clear", "'clear' lies on the other side of the limit: there the rule is resolved.")
        severity = t.severity or ("critical" if t.safety else "warning")
        safety = next((kind for kind in SAFETY if kind == t.safety), None)
        lasting = t.for_ or timedelta()
        if t.escalate_to and t.escalate is None:
            raise self.wrong("escalate_to", "'escalate' is missing.", 'Say after how long: escalate = "2min"')
        to = tuple(t.escalate_to)
        return Rule(self.name, camera, when, clear, lasting, t.cooldown, t.quiet, severity, safety, t.escalate, to)


def camera_rules(tables: Mapping[str, AlertTable], known: Known, where: Callable[[str], Where]) -> dict[str, Rule]:
    """The rules of one camera; raises `ConfigError` with the rule's place in the file."""
    rules: dict[str, Rule] = {}
    levels: list[limits.Level] = []
    for name, written in tables.items():
        table = _Table(name, written, where(name))
        rules[name], found = _ordinary(table, known) if written.safety is None else _safety(table, known)
        levels += found
    limits.apart(levels)
    return rules


def area_rules(
    tables: Mapping[str, AlertTable], areas: Mapping[str, Area], where: Callable[[str], Where]
) -> dict[str, Rule]:
    """The rules about areas; raises as `camera_rules` does."""
    rules: dict[str, Rule] = {}
    levels: list[limits.Level] = []
    for name, written in tables.items():
        table = _Table(name, written, where(name))
        if written.safety is not None:
            raise table.wrong("safety", "safety rules are about one place of one camera.", "Write it there.")
        when = _condition(table)
        if when.place not in areas:
            there = ", ".join(areas) or "there is none"
            said = f"there is no area '{when.place}' ({there}){plugins.ending(when.place, areas)}"
            raise table.wrong("when", said, "Rules about a camera's places stand in [camera.NAME.alert].")
        if when.quantity != "inside":
            raise table.wrong("when", f"of an area only 'inside' is told, not '{when.quantity}'.")
        rules[name] = _sized(table, when, areas[when.place].capacity)
        levels += _levels(table, rules[name])
    limits.apart(levels)
    return rules


def check_told(tables: Mapping[str, AlertTable], sinks: Iterable[str], where: Callable[[str], Where]) -> None:
    """Raise `ConfigError` where a rule is to be escalated to a sink that is not there."""
    known = tuple(sinks)
    for name, written in tables.items():
        for sink in written.escalate_to:
            if sink not in known:
                said = f"there is no sink '{sink}' ({', '.join(known) or 'there is none'})"
                raise ConfigError(f"{where(name)('escalate_to')}: {said}{plugins.ending(sink, known)}")


def _sized(table: _Table, when: Condition, capacity: int | None) -> Rule:
    """A rule about an area with its limits in people."""
    if not when.of_capacity:
        return table.rule("", when)
    if capacity is None:
        raise table.wrong("when", f"'{when.place}' has no capacity.", "Give the area one: capacity = 500")
    rule = table.rule("", when)
    whole = replace(when, limit=when.limit * capacity, of_capacity=False)
    return replace(rule, condition=whole, clear=rule.clear * capacity)


def _ordinary(table: _Table, known: Known) -> tuple[Rule, list[limits.Level]]:
    """A rule that many people must cause, and its limits in people; none for the camera's own."""
    for key in ("at", "way"):
        if getattr(table.written, key) is not None:
            raise table.wrong(key, f"'{key}' belongs to a safety rule ({', '.join(SAFETY)}).")
    when = _condition(table)
    if when.of_capacity:
        raise table.wrong("when", "a capacity is an area's.", "Rules about areas stand in [alert].")
    if not when.place:
        return table.rule(known.camera, when), []
    place, options = _measured(table, when, known)
    rule = table.rule(known.camera, when)
    return rule, _levels(table, rule, *limits.people(when.quantity, options, place, known.ground))


def _safety(table: _Table, known: Known) -> tuple[Rule, list[limits.Level]]:
    """A rule of the closed list, which one person may cause, and its limits in people if it is about a crowd."""
    kind, t = table.written.safety, table.written
    if kind not in SAFETY:
        near = plugins.ending(str(kind), SAFETY)
        raise table.wrong("safety", f"'{kind}' is no safety rule ({', '.join(SAFETY)}){near}", _NO_OTHER)
    if kind == "crowding":
        return _crowding(table, known)
    for key, value in (("when", t.when), ("clear", t.clear), ("way", t.way if kind != "wrong-way" else None)):
        if value is not None:
            raise table.wrong(key, f"a rule '{kind}' has no '{key}': it is about 'at'.")
    if t.at is None:
        raise table.wrong("", f"'at' is missing: the {'line' if kind == 'wrong-way' else 'zone'} it watches.")
    place = _place(table, "at", t.at, known)
    if kind == "wrong-way":
        if not isinstance(place, Line) or t.way is None:
            raise table.wrong("at", "a wrong way leads over a line: at = 'LINE', way = 'in' or 'out'.")
        known.counts(place, [c for c in Class if c.mode == "motor"], table.where("at"))
        return table.rule(known.camera, Condition(place.name, driven(t.way), above=True, limit=0.0)), []
    if not isinstance(place, Zone):
        raise table.wrong("at", f"'{place.name}' is a line: nobody is inside it. Draw a zone.")
    known.counts(place, [Class.PERSON], table.where("at"))
    return table.rule(known.camera, Condition(place.name, people("inside"), above=True, limit=0.0)), []


_NO_OTHER: Final = (
    "Only these may be caused by one person; any other rule needs a limit of 10 people or more, under 'when'."
)


def _crowding(table: _Table, known: Known) -> tuple[Rule, list[limits.Level]]:
    when = _condition(table)
    if when.quantity not in ("density", "density_peak") or not when.above or when.of_capacity:
        raise table.wrong("when", f"crowding is a density above a limit, such as 'square.density > {STILL[1]:g}'.")
    place, options = _measured(table, when, known)
    rule = table.rule(known.camera, when)
    for key, limit in (("when", when.limit), ("clear", rule.clear)):
        if limit < CROWD:
            said = f"{limit:g} people per m² is no crowding: below {CROWD:g} a few people would be told."
            raise table.wrong(key, said)
    square = limits.square_metres(place, known.ground)
    if square < CROWD_M2:
        raise table.wrong("when", f"'{place.name}' is only {square:.1f} m²: no crowd fits in.", "Draw 4 m².")
    return rule, _levels(table, rule, *limits.people(when.quantity, options, place, known.ground))


def _condition(table: _Table) -> Condition:
    if table.written.when is None:
        raise table.wrong("", "'when' is missing, such as when = \"square.density > 3.5\".")
    try:
        return condition(table.written.when)
    except ValueError as error:
        raise table.wrong("when", f"{error}.") from None


def _place(table: _Table, key: str, name: str, known: Known) -> Place:
    if name not in known.places:
        there = ", ".join(known.places) or "there is none"
        said = f"this camera has no place '{name}' ({there}){plugins.ending(name, known.places)}"
        raise table.wrong(key, said, "Rules about areas stand in [alert].")
    return known.places[name]


def _measured(table: _Table, when: Condition, known: Known) -> tuple[Place, Mapping[str, object]]:
    """The place of a condition, and the table of the measure that tells its quantity."""
    place = _place(table, "when", when.place, known)
    told = known.told(place)
    if when.quantity not in told:
        use = next((use for use, those in _QUANTITIES.items() if when.quantity in those), None)
        if use is not None and isinstance(place, Zone):
            said = f"'{when.quantity}' is not measured at '{place.name}'."
            raise table.wrong("when", said, f'Measure it: {place.name} = {{ use = "{use}", at = "{place.name}" }}')
        listed = ", ".join(told) or "nothing"
        said = f"no rule can be about '{when.quantity}' of '{place.name}' ({listed})"
        raise table.wrong("when", said + plugins.ending(when.quantity, told))
    often = told[when.quantity].get("sample_s")
    if isinstance(often, int | float) and often > _OFTEN_S:
        said = f"'{place.name}' is sampled every {often:g} s only, and an alert leaves within {_OFTEN_S:g} s."
        raise table.wrong("when", said, f"Give its measure a sample_s of {_OFTEN_S:g} or less.")
    return place, told[when.quantity]


def _levels(table: _Table, rule: Rule, scale: float = 1.0, more: float = 0.0) -> list[limits.Level]:
    """Both limits of a rule in people; raises where one stands for too few and the rule is not one of safety."""
    when = rule.condition
    at = (when.place, limits.crowd(when.quantity))
    levels = []
    for key, limit in (("when", when.limit), ("clear", rule.clear)):
        stands_for = limit * scale + more
        if stands_for < K_FLOOR and rule.safety is None:
            said = f"this limit stands for {stands_for:.3g} people; below {K_FLOOR} it would tell of single ones."
            raise table.wrong(key, said, _HIGHER)
        levels.append(limits.Level(rule.name, at, stands_for, when.above, table.where(key)))
    return levels


_HIGHER: Final = f"Raise it; only safety rules may be caused by fewer ({', '.join(SAFETY)})."


def _at(table: Mapping[str, object]) -> tuple[object, ...]:
    at = table.get("at")
    return at if isinstance(at, tuple) else (at,)
