"""What the sign at a place has to say of a configuration, before somebody walks into the picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from passerby import plugins
from passerby.config import Config
from passerby.ghost import Live

_LIVE: Final[tuple[Live, ...]] = ("off", "bands", "numbers", "ghost")  # from least to most
_CROWDS: Final = ("density", "queue")
_CONFLICTS: Final = ("conflicts", "signal")


@dataclass(frozen=True, slots=True)
class Sign:
    """Facts only: whoever shows them puts them into words, in the language of the place."""

    site: str
    operator: str  # who is responsible; empty: not written yet
    contact: str  # where to ask; empty: not written yet
    counts: bool  # how many pass, or are inside
    crowds: bool  # how dense it is, or how long queues are
    conflicts: bool  # how near road users come to each other
    alerts: bool  # somebody is told at once when a rule comes true
    safety: bool  # one person may cause such an alert
    grain_min: float  # the shortest interval of a row
    k: int  # passes that a row rests on, at least
    keeps: bool  # rows are stored
    days: int  # how long; 0: until they are deleted
    live: Live  # the most that is shown of this moment, of any camera
    sends: bool  # rows and alerts go elsewhere


def sign(config: Config) -> Sign:
    """What is true of this configuration."""
    cameras = config.cameras.values()
    rules = [rule for camera in cameras for rule in camera.alerts.values() if rule.place] + [
        *config.alerts.values()
    ]
    uses = {use.name for camera in cameras for use in camera.measures.values()}
    return Sign(
        site=config.site.name,
        operator=config.site.operator,
        contact=config.site.contact,
        counts=any(camera.places for camera in cameras),
        crowds=not uses.isdisjoint(_CROWDS),
        conflicts=not uses.isdisjoint(_CONFLICTS),
        alerts=bool(rules),
        safety=any(rule.safety is not None for rule in rules),
        grain_min=config.rule.grain.total_seconds() / 60,
        k=config.rule.k,
        keeps=config.store is not None,
        days=_days(None if config.store is None else config.store.options.get("keep")),
        live="off" if config.web is None else max((c.live for c in cameras), key=_LIVE.index, default="off"),
        sends=bool(config.sinks),
    )


def _days(keep: object) -> int:
    """A term in whole days, rather one more than one less."""
    return -(-plugins.duration(keep) // timedelta(days=1)) if isinstance(keep, str) else 0
