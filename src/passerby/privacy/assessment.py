"""A draft of the data protection impact assessment (GDPR Art. 35 (7)), for the operator to finish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from passerby.config import Camera, Config
from passerby.privacy.risks import HEADS, RISKS
from passerby.privacy.sentence import Gettext, say, translated
from passerby.privacy.statement import PROMISE, Statement, statement
from passerby.version import VERSION

Kind = Literal["text", "fact", "open"]  # a paragraph; what is so; what the operator has to say

OPEN: Final = say("To be filled in")
TITLE: Final = say("Data protection impact assessment: draft")
NOTE: Final = say(
    "A draft, made from the configuration by passerby. It is no legal advice and no assessment until whoever is "
    "responsible has answered what is marked as to be filled in, checked the rest, and decided."
)


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence or some."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part, with a table where it has one."""

    title: str
    items: tuple[Item, ...]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """All parts, in the order of Art. 35 (7)."""

    site: str
    sections: tuple[Section, ...]

    @property
    def open(self) -> int:
        """How many questions the operator has to answer."""
        return sum(item.kind == "open" for section in self.sections for item in section.items)


def assessment(config: Config) -> Assessment:
    """The draft for this configuration."""
    said = statement(config)
    parts = (
        (say("Description of the processing"), _description(config, said)),
        (say("Purposes, necessity and proportionality"), _necessity(config)),
        (say("Risks to the rights and freedoms of people"), _risks()),
        (say("Measures"), _measures(config, said)),
        (say("Advice and views"), _views()),
        (say("Decision"), _decision()),
    )
    tables = {2: (HEADS, RISKS)}
    sections = [
        Section(say("{number}. {title}", number=number + 1, title=title), tuple(items), *tables.get(number, ()))
        for number, (title, items) in enumerate(parts)
    ]
    return Assessment(said.site, tuple(sections))


def markdown(draft: Assessment, gettext: Gettext = str) -> str:
    """The draft as a document to go on with; `gettext`: in another language."""

    def plain(text: str) -> str:
        return _plain(translated(text, gettext))

    def written(item: Item) -> str:
        if item.kind == "open":
            return f"- [ ] **{plain(OPEN)}:** {plain(item.text)}"
        return f"- {plain(item.text)}" if item.kind == "fact" else f"{plain(item.text)}\n"

    def row(cells: Iterable[str]) -> str:
        return f"| {' | '.join(plain(cell).replace('|', '/') for cell in cells)} |"

    lines = [f"# {plain(TITLE)}", "", f"**{plain(draft.site)}**", "", f"> {plain(NOTE)}"]
    for section in draft.sections:
        lines += ["", f"## {plain(section.title)}", "", *map(written, section.items)]
        if section.rows:
            lines += ["", row(section.heads), row("---" for _ in section.heads), *map(row, section.rows)]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """No name in a configuration becomes a heading, a link or markup."""
    return " ".join(text.replace("<", "‹").replace("[", "(").replace("]", ")").split())


def _facts(sentences: Iterable[str]) -> Iterator[Item]:
    return (Item("fact", sentence) for sentence in sentences)


def _open(*questions: str) -> Iterator[Item]:
    return (Item("open", question) for question in questions)


def _description(config: Config, said: Statement) -> Iterator[Item]:
    site = config.site
    yield Item("text", say("What is watched, what becomes of the pictures, who gets what, and for how long."))
    if site.operator:
        yield Item("fact", say("Responsible: {operator}.", operator=site.operator))
    else:
        yield from _open(say("Who is responsible (name and address)? Write it as 'operator' of 'site', too."))
    if site.contact:
        yield Item("fact", say("Contact: {contact}.", contact=site.contact))
    else:
        yield from _open(say("Where can people ask, and who is the data protection officer? 'contact' of 'site'."))
    yield from _facts(said.watches)
    yield Item(
        "fact",
        say(
            "Pictures of these cameras are looked at in the memory of one machine and turned into passes, numbers "
            "in zones and alerts; no picture of anybody is written to a disk. While they are in memory they are "
            "personal data."
        ),
    )
    yield from _facts(say("Kept: {sentence}", sentence=sentence) for sentence in said.keeps)
    yield from _facts(say("Shown: {sentence}", sentence=sentence) for sentence in said.shows)
    yield from _facts(say("Sent: {sentence}", sentence=sentence) for sentence in said.sends)
    yield from _facts(said.never)
    yield Item(
        "fact",
        say(
            "Made with passerby {version}; objects are found by the detector '{detector}'.",
            version=VERSION,
            detector=config.detector.name,
        ),
    )
    yield from _open(
        say(
            "Who passes here: how many people on a usual day, and are there many who need special care, such as "
            "children, patients, or people on their way to a place of worship, a clinic or a demonstration?"
        ),
        say("Where does the machine stand, who runs it, and is there a contract with them (Art. 28)?"),
        say(
            "Do the cameras record by themselves, or send their stream to anybody else? That is not part of this "
            "draft."
        ),
    )


def _necessity(config: Config) -> Iterator[Item]:
    yield from _open(
        say("What is each camera for? Counting for statistics and acting on live alerts are two purposes."),
        say("What is the legal basis (Art. 6), and for a public body the law that gives it the task?"),
        say(
            "Why would no milder means do: counting by hand now and then, loops, light barriers, fewer cameras or "
            "hours?"
        ),
    )
    yield Item(
        "fact",
        say(
            "No row is shorter than {minutes} minutes or rests on fewer than {k} passes; no identity, path "
            "or time of a single pass is kept.",
            minutes=f"{config.rule.grain.total_seconds() / 60:g}",
            k=config.rule.k,
        ),
    )
    for camera in config.cameras.values():
        yield from _about(camera)
    if config.live_outputs:
        yield from _open(
            say("Bands of this moment go to sinks once a minute (live_outputs): what for, and who keeps them?")
        )
    if config.store is not None and config.store.options.get("keep") is None:
        yield from _open(
            say("Rows stay until they are deleted by hand: how long are they needed? Set 'keep' of the store.")
        )
    for name in config.sinks:
        yield from _open(
            say(
                "Who receives what is sent to {name}, how long do they keep it, and under which contract?",
                name=name,
            )
        )
    yield from _open(
        say(
            "How do people learn of this before they walk into the picture (Art. 12 and 13)? passerby drafts "
            "a sign."
        ),
        say(
            "How are the rights of people met (Art. 15 to 21)? Nothing is kept about a single person, so "
            "that there is usually nothing to hand over; somebody must answer all the same."
        ),
    )


def _about(camera: Camera) -> Iterator[Item]:
    if camera.live in ("numbers", "ghost"):
        shown = say("numbers and marks") if camera.live == "ghost" else say("numbers")
        yield from _open(
            say(
                "{camera} shows {what} of this moment to people who are signed in: would bands do?",
                camera=camera.name,
                what=shown,
            )
        )
    rules = [f"{rule.name} ({rule.safety})" for rule in camera.alerts.values() if rule.safety is not None]
    if rules:
        yield from _open(
            say(
                "{camera}: one person may cause {rules}. Why is it needed here, and who is told?",
                camera=camera.name,
                rules=rules,
            )
        )
    yield from _open(
        say(
            "{camera}: does it see private ground, windows, or places where people work or rest?",
            camera=camera.name,
        )
    )


def _risks() -> Iterator[Item]:
    yield Item(
        "text",
        say(
            "Who might learn something about a person, what stands in the way, and what remains. The attacks "
            "on it that are run as tests, with their figures, are in the documentation of passerby "
            "(docs/privacy/results.md)."
        ),
    )
    yield from _open(
        say(
            "How likely and how grave is each of these here (low, medium, high)? Which others are there at this "
            "place, such as a feeling of being watched, or a count that is used against a group?"
        )
    )


def _measures(config: Config, said: Statement) -> Iterator[Item]:
    yield Item("text", PROMISE)
    yield Item("fact", say("Structural: the code that shows, sends or stores cannot receive a picture."))
    yield Item(
        "fact", say("Frame memory has no name in the file system, stays out of dumps and is wiped after use.")
    )
    yield Item(
        "fact",
        say("The picture of the empty place is shown only after an admin has looked at it and approved it."),
    )
    if config.web is not None:
        yield Item(
            "fact", say("Pages only for people with an account and a role; no access log; a chained audit log.")
        )
        local = say("Pages are reached from this machine only.")
        yield Item("fact", local if config.web.is_loopback else say("Pages are reached over TLS."))
    yield Item(
        "fact", say("Rows divide the passes into parts of the least size, so that differences tell no less.")
    )
    yield from _facts(say("Limit: {sentence}", sentence=sentence) for sentence in said.limits)
    yield from _open(
        say("Who has which account, and who looks at the audit log, how often?"),
        say("Is the disk of the machine encrypted, is it locked away, and who installs updates?"),
        say("Who has the passwords of the cameras, and is their network kept apart?"),
    )


def _views() -> Iterator[Item]:
    yield from _open(
        say("What does the data protection officer advise (Art. 35 (2))?"),
        say(
            "What do those who are concerned, or their representatives, say (Art. 35 (9))? Where staff pass: the "
            "works council, before it begins."
        ),
    )


def _decision() -> Iterator[Item]:
    yield from _open(
        say(
            "Which risk remains after the measures, and is it accepted? If it is high, the authority is "
            "asked first (Art. 36)."
        ),
        say("Who decides, and when?"),
        say("When is this looked at again: at the latest when cameras, rules, receivers or the purpose change?"),
    )
