"""Which alarms somebody takes care of, and which nobody took care of in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from passerby.alerts.rule import Rule
from passerby.records import AlertState


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule that fires now, or of which nobody can say."""

    rule: Rule
    state: AlertState
    acknowledged: str = ""  # by whom
    escalated: bool = False


@dataclass(slots=True)
class _Cared:
    since: datetime
    has_fired: bool
    acknowledged: str = ""
    escalated: bool = False


class Care:
    """Follows what stands; memory only. An alarm that is over is forgotten, and another time is another alarm.

    Who acknowledged that a rule could not be evaluated has not acknowledged that it fires: that is told anew.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Cared] = {}

    def see(self, at: datetime, standing: Iterable[tuple[Rule, AlertState]]) -> list[tuple[Rule, AlertState]]:
        """Take what stands now; those are told that nobody has taken care of for as long as their rule allows."""
        known, due = {}, []
        for rule, state in standing:
            cared = self._known.get(rule.key)
            if cared is None or (state == "firing" and not cared.has_fired):
                cared = _Cared(at, has_fired=state == "firing")
            known[rule.key] = cared
            if _is_due(rule, cared, at):
                cared.escalated = True
                due.append((rule, state))
        self._known = known
        return due

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
