"""One rule over time: when it fires, is resolved, or cannot be evaluated.

::

    value beyond the limit                          clear ──(for so long)──► firing ──► resolved = clear
    no value for 10 s                               any   ──► unknown
    a value again, beyond `clear` as it was before  unknown ──► firing
    a value again                                   unknown ──► resolved
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from passerby.alerts.readings import FRESH
from passerby.alerts.rule import Rule
from passerby.records import AlertState

BLIND: Final = timedelta(seconds=10)  # a rule that had no value for so long is itself an alarm


class Watch:
    """What is remembered of one rule."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self.firing = False
        self._unknown = False
        self._last: datetime | None = None  # seen, with or without a value
        self._since: datetime | None = None  # the condition holds
        self._lost: datetime | None = None  # there is no value
        self._ended: datetime | None = None  # when it was last resolved

    @property
    def state(self) -> AlertState:
        """What was told last: that it fires, that nobody can say, or neither, which is as good as resolved."""
        if self._unknown:
            return "unknown"
        return "firing" if self.firing else "resolved"

    def see(self, at: datetime, value: float | None, *, quiet: bool = False) -> AlertState | None:
        """What is to be told now, if anything; in quiet hours only what was told to have begun may end."""
        broke_off = self._last is not None and at - self._last > FRESH
        self._last = at
        if value is None:
            return self._without(at, quiet=quiet)
        back, self._unknown, self._lost = self._unknown, False, None
        if self.firing:
            return self._while_firing(at, value, back=back)
        if not self._rule.condition.holds(value):
            self._since = None
        elif self._since is None or broke_off:
            self._since = at
        if self._due(at) and not quiet:
            self.firing = True
            return "firing"
        return "resolved" if back else None

    def _without(self, at: datetime, *, quiet: bool) -> AlertState | None:
        self._since = None
        self._lost = at if self._lost is None else self._lost
        if self._unknown or quiet or at - self._lost < BLIND:
            return None
        self._unknown = True
        return "unknown"

    def _while_firing(self, at: datetime, value: float, *, back: bool) -> AlertState | None:
        if self._rule.condition.holds(value, self._rule.clear):
            return "firing" if back else None
        self.firing, self._since, self._ended = False, None, at
        return "resolved"

    def _due(self, at: datetime) -> bool:
        if self._since is None or at - self._since < self._rule.lasting:
            return False
        return self._ended is None or at - self._ended >= self._rule.cooldown
