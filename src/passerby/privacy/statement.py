"""Says of a configuration, in plain words, what it means for the people who pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from passerby.config import Camera, Config, overlaps
from passerby.privacy.sentence import say
from passerby.release.rule import K_FLOOR

PROMISE: Final = say(
    "Nothing that passerby keeps or shows lets someone find a person whom they could not already see or whose "
    "presence they did not already know."
)
NEVER: Final = (
    say(
        "Faces are not recognised and plates are not read; nobody is told from anybody else, and nobody and no "
        "vehicle is linked between two cameras or two visits."
    ),
    say("Age, gender, ethnicity, emotion, gait and clothing are not looked at."),
    say(
        "Pictures live in memory only, for as long as they are looked at. No raw video is kept or shown, to an "
        "administrator neither."
    ),
)
LIMITS: Final = (
    say("A dot in an almost empty place can be recognised by whoever knows who is there."),
    say("Of someone who comes every day at the same time, the counts of many days tell more than those of one."),
    say("Whoever is root on this machine can read its memory, and the cameras themselves show what they show."),
    say(
        "The processing in memory is processing of personal data: the law applies to it, and the sign at the "
        "place and the impact assessment are the operator's to make."
    ),
)
_LIVE: Final[Mapping[str, str]] = {
    "off": say("nothing"),
    "bands": say("how many there are now, in bands: none, few, then steps of five"),
    "numbers": say("how many there are now, to people who are signed in, never stored or sent"),
    "ghost": say(
        "an approved picture of the empty place with neutral marks, all alike, on a coarse grid, "
        "to people who are signed in, never stored or sent"
    ),
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
    kinds = {"Line": say("line"), "Zone": say("zone")}
    places = [say("{place} ({kind})", place=each.name, kind=kinds[type(each).__name__]) for each in camera.places]
    source = say("films only") if camera.source is None else say("source {name}", name=camera.source.name)
    return say(
        "{camera}: {source}; counted at {places}.",
        camera=camera.name,
        source=source,
        places=places or say("no place"),
    )


def _shown(config: Config) -> Iterator[str]:
    if config.web is None:
        yield say("Nothing: no pages are served.")
        return
    yield say(
        "Released rows of the cameras that each may see, to people who are signed in and programs with a key."
    )
    for camera in config.cameras.values():
        yield say("{camera}, of this moment: {shown}.", camera=camera.name, shown=_LIVE[camera.live])


def _kept(config: Config) -> Iterator[str]:
    yield from _rows(config)
    if config.alerts or any(camera.alerts for camera in config.cameras.values()):
        yield say(
            "Of alerts the rule, place and hour, several within the hour as one: for 72 hours, on this "
            "machine; for an hour, too, that somebody takes care of one, but not who."
        )
        yield from map(_safety, config.cameras.values())
    if config.sinks:
        yield say(
            "What a receiver has not taken yet waits on this machine: rows, and of alerts the rule, place and "
            "hour, for 72 hours."
        )
    if config.web is not None:
        yield say("Pictures of empty places that an admin has approved, on this machine until one discards them.")
        yield say("Accounts of those who may sign in, and for a year who of them changed what, on this machine.")


def _rows(config: Config) -> Iterator[str]:
    if config.store is None:
        yield say("No counts: no store is configured.")
        return
    rule = config.rule
    yield say(
        "Counts of passes in the store ({store}), each over {minutes} minutes or longer and resting on at "
        "least {k} passes. Where there were fewer, time or kinds of traffic are put together until there are.",
        store=config.store.name,
        minutes=f"{rule.grain.total_seconds() / 60:g}",
        k=rule.k,
    )
    yield say(
        "By mode of transport and direction for an hour or longer, by class for a day or longer, by movement for "
        "a week or longer. Means and percentiles of a row rest on its passes; there is no shortest, longest, "
        "first or last."
    )
    yield say("How many are inside a zone: as a mean over intervals in which that mean is {k} or more.", k=rule.k)
    yield say(
        "Conflicts, where measured: how many in a week or longer in which {k} or more were exposed.", k=rule.k
    )
    keep = config.store.options.get("keep")
    if keep is None:
        yield say("Rows stay until they are deleted from the store; deleting leaves no bytes of them in its file.")
    else:
        yield say(
            "Rows stay for {time}, then are deleted within a day; deleting leaves no bytes of them in its file.",
            time=keep,
        )
    yield say("No row holds a time of a single pass, a position, a path or a number that stands for one person.")


def _safety(camera: Camera) -> str:
    """Which rules may be caused by one person, and which by ten or more only."""
    rules = [f"{rule.name} ({rule.safety})" for rule in camera.alerts.values() if rule.safety is not None]
    if not rules:
        return say("{camera}: no alert can be caused by fewer than {k} people.", camera=camera.name, k=K_FLOOR)
    return say(
        "{camera}: one person may cause {rules}; any other alert takes {k} or more.",
        camera=camera.name,
        rules=rules,
        k=K_FLOOR,
    )


def _sent(config: Config) -> Iterator[str]:
    for name, sink in config.sinks.items():
        yield say(
            "{name} ({kind}): the same rows, and alerts with their rule, place, state and hour.",
            name=name,
            kind=sink.name,
        )
    if config.sinks and config.live_outputs:
        yield say(
            "To each of them, once a minute: about how many are at each place at that moment, in bands (none, "
            "few, then steps of five), of cameras that show anything live. Nothing of it waits or is kept here; "
            "what a receiver keeps is its operator's to answer for."
        )
    if not config.sinks:
        yield say("Nothing: no outlet is configured. The only connections are those to the cameras.")


def _overlapping(camera: Camera) -> Iterator[str]:
    for pair in overlaps(camera.places):
        yield say(
            "{camera}: {first} and {second}: {why}. Whoever compares the rows of both learns their "
            "difference, which may rest on fewer passes than a row.",
            camera=camera.name,
            first=pair.first,
            second=pair.second,
            why=pair.why,
        )
