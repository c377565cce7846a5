"""What pages say of alert rules, and who may hear of which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from passerby.alerts import Rule
from passerby.config import Config
from passerby.records import Severity

About = Literal["crowding", "track", "edge", "wrong-way", "blind", "moved", "more", "fewer"]


@dataclass(frozen=True, slots=True)
class Watched:
    """A rule, for a reader."""

    key: str
    name: str
    camera: str  # empty: it is about an area
    place: str
    about: About
    quantity: str  # of a crowd or a limit; empty: the rule has none
    limit: float
    clear: float
    lasting: timedelta
    severity: Severity
    escalate: timedelta | None
    escalate_to: tuple[str, ...]  # sinks; none named: all


def watched(config: Config, sees: Callable[[str], bool]) -> list[Watched]:
    """The rules that somebody may know of who sees these cameras, in the order of the configuration."""
    return [_watched(rule) for rule in _rules(config) if may_hear(config, sees, rule.camera, rule.place)]


def may_hear(config: Config, sees: Callable[[str], bool], camera: str, place: str) -> bool:
    """Whether somebody who sees these cameras may hear of an alarm; of an area: who sees all that it adds up."""
    if camera:
        return sees(camera)
    return all(map(sees, config.areas[place].cameras if place in config.areas else config.cameras))


def _rules(config: Config) -> Iterator[Rule]:
    for camera in config.cameras.values():
        yield from camera.alerts.values()
    yield from config.alerts.values()


def _watched(rule: Rule) -> Watched:
    about = _about(rule)
    return Watched(
        rule.key,
        rule.name,
        rule.camera,
        rule.place,
        about,
        rule.condition.quantity if about in ("crowding", "more", "fewer") else "",
        rule.condition.limit,
        rule.clear,
        rule.lasting,
        rule.severity,
        rule.escalate,
        rule.escalate_to,
    )


def _about(rule: Rule) -> About:
    if rule.safety is not None:
        return rule.safety
    if not rule.place:
        return "blind" if rule.condition.quantity == "blind" else "moved"
    return "more" if rule.condition.above else "fewer"
