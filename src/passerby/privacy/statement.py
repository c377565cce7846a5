"""Says of a configuration, in plain words, what it means for the people who pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from passerby.config import Camera, Config, overlaps
from passerby.release.rule import K_FLOOR

PROMISE: Final = (
    "Nothing that passerby keeps or shows lets someone find a person whom they could not already see or whose "
    "presence they did not already know."
)
NEVER: Final = (
    "Faces are not recognised and plates are not read; nobody is told from anybody else, and nobody and no "
    "vehicle is linked between two cameras or two visits.",
    "Age, gender, ethnicity, emotion, gait and clothing are not looked at.",
    "Pictures live in memory only, for as long as they are looked at. No raw video is kept or shown, to an "
    "administrator neither.",
)
LIMITS: Final = (
    "A dot in an almost empty place can be recognised by whoever knows who is there.",
    "Of someone who comes every day at the same time, the counts of many days tell more than those of one.",
    "Whoever is root on this machine can read its memory, and the cameras themselves show what they show.",
    "The processing in memory is processing of personal data: the law applies to it, and the sign at the place "
    "and the impact assessment are the operator's to make.",
)
_LIVE: Final[Mapping[str, str]] = {
    "off": "nothing",
    "bands": "how many there are now, in bands: none, few, then steps of five",
    "numbers": "how many there are now, to people who are signed in, never stored or sent",
    "ghost": "an approved picture of the empty place with neutral marks, all alike, on a coarse grid, "
    "to people who are signed in, never stored or sent",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """Sentences under headings, for the page, the terminal and the sign."""

    site: str
    watches: tuple[str, ...]
    keeps: tuple[str, ...]
    shows: tuple[str, ...]
    sends: tuple[str, ...]
    never: tuple[str, ...] = NEVER
    limits: tuple[str, ...] = LIMITS


def statement(config: Config) -> Statement:
    """What this configuration keeps, shows and sends, and the limits of that."""
    cameras = config.cameras.values()
    return Statement(
        site=config.site.name or str(config.path),
        watches=tuple(map(_watched, cameras)),
        keeps=tuple(_kept(config)),
        shows=tuple(_shown(config)),
        sends=tuple(_sent(config)),
        limits=(*LIMITS, *(warning for camera in cameras for warning in _overlapping(camera))),
    )


def _watched(camera: Camera) -> str:
    places = ", ".join(f"{place.name} ({type(place).__name__.lower()})" for place in camera.places)
    source = "films only" if camera.source is None else f"source {camera.source.name}"
    return f"{camera.name}: {source}; counted at {places or 'no place'}."


def _shown(config: Config) -> Iterator[str]:
    if config.web is None:
        yield "Nothing: no pages are served."
        return
    yield "Released rows of the cameras that each may see, to people who are signed in and programs with a key."
    for camera in config.cameras.values():
        yield f"{camera.name}, of this moment: {_LIVE[camera.live]}."


def _kept(config: Config) -> Iterator[str]:
    if config.alerts or any(camera.alerts for camera in config.cameras.values()):
        yield "Of alerts the rule, place and hour, several within the hour as one: for 72 hours, on this machine."
        yield from map(_safety, config.cameras.values())
    if config.sinks:
        yield (
            "What a receiver has not taken yet waits on this machine: rows, and of alerts the rule, place and "
            "hour, for 72 hours."
        )
    if config.store is None:
        yield "Nothing: no store is configured."
        return
    rule = config.rule
    grain = f"{rule.grain.total_seconds() / 60:g} minutes"
    yield (
        f"Counts of passes in the store ({config.store.name}), each over {grain} or longer and resting on at "
        f"least {rule.k} passes. Where there were fewer, time or kinds of traffic are put together until there "
        "are."
    )
    yield (
        "By mode of transport and direction for an hour or longer, by class for a day or longer, by movement for "
        "a week or longer. Means and percentiles of a row rest on its passes; there is no shortest, longest, "
        "first or last."
    )
    yield f"How many are inside a zone: as a mean over intervals in which that mean is {rule.k} or more."
    yield f"Conflicts, where measured: how many in a week or longer in which {rule.k} or more were exposed."
    keep = config.store.options.get("keep")
    term = (
        "until they are deleted from the store" if keep is None else f"for {keep}, then are deleted within a day"
    )
    yield (
        f"Rows stay {term}; deleting leaves no bytes of them in its file. No row "
        "holds a time of a single pass, a position, a path or a number that stands for one person."
    )


def _safety(camera: Camera) -> str:
    """Which rules may be caused by one person, and which by ten or more only."""
    rules = [f"{rule.name} ({rule.safety})" for rule in camera.alerts.values() if rule.safety is not None]
    if not rules:
        return f"{camera.name}: no alert can be caused by fewer than {K_FLOOR} people."
    return f"{camera.name}: one person may cause {', '.join(rules)}; any other alert takes {K_FLOOR} or more."


def _sent(config: Config) -> Iterator[str]:
    for name, sink in config.sinks.items():
        yield f"{name} ({sink.name}): the same rows, and alerts with their rule, place, state and hour."
    if config.sinks and config.live_outputs:
        yield (
            "To each of them, once a minute: about how many are at each place at that moment, in bands (none, "
            "few, then steps of five), of cameras that show anything live. Nothing of it waits or is kept here; "
            "what a receiver keeps is its operator's to answer for."
        )
    if not config.sinks:
        yield "Nothing: no outlet is configured. The only connections are those to the cameras."


def _overlapping(camera: Camera) -> Iterator[str]:
    for pair in overlaps(camera.places):
        yield (
            f"{camera.name}: {pair.first} and {pair.second}: {pair.why}. Whoever compares the rows of both "
            "learns their difference, which may rest on fewer passes than a row."
        )
