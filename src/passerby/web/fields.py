"""Fields of a form that stand for keys of the configuration: read, checked, and turned into edits."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from passerby import plugins
from passerby.config import Edit, Use

Kind = Literal["text", "whole", "number", "check", "choice", "length"]

_KINDS: Final[Mapping[str, Kind]] = {
    "whole number": "whole",
    "number": "number",
    "true or false": "check",
    "length of time": "length",
}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST: Final = 200  # characters of a text


@dataclass(frozen=True, slots=True)
class Field:
    """One key that a page may change."""

    name: str  # in the form
    path: tuple[str, ...]  # in the file
    kind: Kind
    now: object | None  # as it is in force; None: nothing is said
    choices: tuple[str, ...] = ()
    doc: str = ""  # of a plugin's option
    default: str = ""  # of a plugin's option, as it would be written

    @property
    def shown(self) -> str:
        """The value as it stands in a form."""
        if isinstance(self.now, bool):
            return "on" if self.now else ""
        if isinstance(self.now, timedelta):
            return length(self.now)
        if isinstance(self.now, float):
            return f"{self.now:g}"
        return "" if self.now is None else str(self.now)

    @property
    def label(self) -> str:
        """The name of an option, for people."""
        return self.path[-1].replace("_", " ").capitalize()

    @property
    def help(self) -> str:
        """What an option does, as a sentence."""
        return self.doc[:1].upper() + self.doc[1:]


def length(value: timedelta) -> str:
    """A length of time as people write it: ``15min``, ``400d``."""
    seconds = value.total_seconds()
    units = (("d", 86400), ("h", 3600), ("min", 60))
    unit, size = next(((unit, size) for unit, size in units if seconds and seconds % size == 0), ("s", 1))
    return f"{seconds / size:g}{unit}"


def options(kind: plugins.Kind, use: Use, path: tuple[str, ...]) -> list[Field]:
    """The options of a plugin that a browser may set: numbers, choices and lengths of time; no texts and paths."""
    found = []
    for option in plugins.options(kind, use.name):
        choices = tuple(re.findall(r'"([^"]*)"', option.type)) if option.type.startswith('"') else ()
        form: Kind | None = "choice" if choices else _KINDS.get(option.type)
        if form is None:
            continue
        now = use.options.get(option.name)
        default = (option.default or "").strip('"')
        if now is None and form in ("choice", "check"):
            now = default == "true" if form == "check" else default
        name = f"option-{option.name}"
        found.append(Field(name, (*path, option.name), form, now, choices, option.doc, default))
    return found


def read(form: Mapping[str, object], fields: Sequence[Field]) -> tuple[list[Edit], dict[str, str]]:
    """The edits that a form comes to, and what is wrong with it by field."""
    edits: list[Edit] = []
    wrong: dict[str, str] = {}
    for field in fields:
        try:
            value = _value(field, form)
        except ValueError as error:
            wrong[field.name] = str(error)
            continue
        if not _says_the_same(field, value):
            edits.append(Edit(field.path, value))
    return edits, wrong


def effects(edits: Sequence[Edit]) -> list[str]:
    """What a change does besides: ``workers`` begin anew, open ``intervals`` do, ``outlets`` are opened again."""
    return list(dict.fromkeys(_effects(edits)))


def _effects(edits: Sequence[Edit]) -> Iterator[str]:
    for edit in edits:
        match edit.path:
            case ("detector" | "engine", *_):
                yield "workers"
            case ("privacy", "live_outputs"):
                yield "sent" if edit.value else "unsent"
            case ("privacy", *_) | ("site", "timezone"):
                yield "intervals"
            case ("store" | "sink", *_) | ("site", "name"):
                yield "outlets"
            case ("camera", _, "live"):
                yield "live"
            case ("camera", _, "enabled"):
                yield "enabled" if edit.value else "disabled"
            case ("camera", *_):
                yield "camera"


def _value(field: Field, form: Mapping[str, object]) -> object | None:
    typed = str(form.get(field.name, "")).strip()
    if field.kind == "check":
        return typed == "on"
    if not typed:
        return None
    if field.kind == "choice":
        if typed not in field.choices:
            raise ValueError("Choose one of these.")
        return typed
    if field.kind == "text":
        if len(typed) > _LONGEST or _CONTROL.search(typed):
            raise ValueError(f"Use at most {_LONGEST} characters, on one line.")
        return typed
    if field.kind == "length":
        try:
            plugins.duration(typed)
        except (ValueError, OverflowError):
            raise ValueError("Write a length of time such as 30s, 15min, 12h or 400d.") from None
        return typed
    return _number(typed.replace(",", "."), whole=field.kind == "whole")


def _number(typed: str, *, whole: bool) -> int | float:
    try:
        value = int(typed) if whole else float(typed)
    except ValueError:
        raise ValueError("Write a whole number." if whole else "Write a number.") from None
    if not math.isfinite(value):
        raise ValueError("Write a number.")
    return int(value) if value == int(value) else value


def _says_the_same(field: Field, value: object | None) -> bool:
    if isinstance(value, str) and isinstance(field.now, timedelta):
        return plugins.duration(value) == field.now
    return value == field.now and isinstance(value, bool) == isinstance(field.now, bool)
