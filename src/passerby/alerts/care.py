"""Which alarms somebody takes care of, and which nobody took care of in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from passerby.alerts.rule import Rule
from passerby.records import AlertState

SOMEBODY: Final = "*"  # who acknowledged an alarm before a restart; no account is called so
LATELY: Final = timedelta(minutes=70)  # after the beginning of its hour an acknowledgement is too old
BACK: Final = timedelta(minutes=1)  # after a start, and what the rule waits for: later it is another alarm


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What outlives a restart of an acknowledgement: of which rule and in which hour, and not by whom."""

    rule: str  # its key
    has_fired: bool  # False: that nobody could say was acknowledged, and not that it fires
    hour: datetime  # UTC; the last one in which it stood


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule that fires now, or of which nobody can say."""

    rule: Rule
    state: AlertState
    acknowledged: str = ""  # by whom, or `SOMEBODY`
    escalated: bool = False


@dataclass(slots=True)
class _Cared:
    since: datetime
    has_fired: bool
    acknowledged: str = ""
    escalated: bool = False


class Care:
    """Follows what stands. An alarm that is over is forgotten, and another time is another alarm.

    Who acknowledged that a rule could not be evaluated has not acknowledged that it fires: that is told anew.

    `before`: what was acknowledged before a restart; it holds for alarms that stand again soon after it.
    """

    def __init__(self, before: Iterable[Acknowledged] = ()) -> None:
        self._known: dict[str, _Cared] = {}
        self._before = {each.rule: each for each in before}
        self._began: datetime | None = None
        self._kept = dict(self._before)

    def see(self, at: datetime, standing: Iterable[tuple[Rule, AlertState]]) -> list[tuple[Rule, AlertState]]:
        """Take what stands now; those are told that nobody has taken care of for as long as their rule allows."""
        known, due = {}, []
        hour = at.replace(minute=0, second=0, microsecond=0)
        self._began = at if self._began is None else self._began
        self._kept = {key: each for key, each in self._kept.items() if each.hour == hour}
        for rule, state in standing:
            cared = self._known.get(rule.key)
            if cared is None or (state == "firing" and not cared.has_fired):
                cared = self._back(rule, state, at) or _Cared(at, has_fired=state == "firing")
            known[rule.key] = cared
            if cared.acknowledged and not (cared.has_fired and rule.is_of_one):
                self._kept[rule.key] = Acknowledged(rule.key, cared.has_fired, hour)
            if _is_due(rule, cared, at):
                cared.escalated = True
                due.append((rule, state))
        self._known = known
        return due

    @property
    def kept(self) -> tuple[Acknowledged, ...]:
        """What may be written down: to the hour, also if it is over; of no rule that one person may cause."""
        return tuple(self._kept.values())

    def _back(self, rule: Rule, state: AlertState, at: datetime) -> _Cared | None:
        """An alarm that stood before a restart and was acknowledged, once."""
        before = self._before.get(rule.key)
        if before is None or self._began is None or (state == "firing" and not before.has_fired):
            return None
        del self._before[rule.key]
        if at - self._began > rule.lasting + BACK or not timedelta() <= at - before.hour < LATELY:
            return None
        return _Cared(at, before.has_fired, SOMEBODY)

    def acknowledge(self, key: str, by: str) -> None:
        """Somebody takes care of an alarm; KeyError for one that does not stand."""
        self._known[key].acknowledged = by

    def of(self, rule: Rule, state: AlertState) -> Standing:
        """What is known of an alarm."""
        cared = self._known.get(rule.key)
        if cared is None:
            return Standing(rule, state)
        return Standing(rule, state, cared.acknowledged, cared.escalated)


def _is_due(rule: Rule, cared: _Cared, at: datetime) -> bool:
    if rule.escalate is None or cared.acknowledged or cared.escalated:
        return False
    return at - cared.since >= rule.escalate
