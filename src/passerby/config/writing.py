"""Writes drawn places into a configuration file, and leaves everything else in it as it was."""

from __future__ import annotations

import contextlib
import os
import secrets
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from passerby.config.reading import parse
from passerby.errors import ConfigError
from passerby.geometry import Line, Place

_DIGITS: Final = 4  # of a coordinate: a tenth of a pixel in a picture of 1000


def write_places(path: str | Path, camera: str, places: Sequence[Place]) -> None:
    """Make these the places of a camera, in a file that need not exist yet.

    Comments, order and all other keys stay. The file is replaced in one step, or not at all: raises
    `ConfigError` if it is not valid now, would not be valid afterwards, or cannot be written; the hint then
    holds the lines to add by hand.
    """
    path = Path(path).resolve()
    by_hand = f"Write this in by hand:\n{_fragment(camera, places)}"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the configuration {path}: {error}.", by_hand) from None
    parse(text, path)
    changed = _changed(text, camera, places) if text.strip() else _fragment(camera, places)
    if changed is None:
        raise ConfigError(f"{path} is written in a way that cannot be changed safely.", by_hand)
    parse(changed, path)
    try:
        _replace(path, changed)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}.", by_hand) from None


def _fragment(camera: str, places: Sequence[Place]) -> str:
    """The shortest text that gives a camera these places."""
    table = tomlkit.table()
    for place in places:
        table.append(place.name, _entry(place))
    inner = tomlkit.table(is_super_table=True)
    inner.append("place", table)
    outer = tomlkit.table(is_super_table=True)
    outer.append(camera, inner)
    return tomlkit.dumps({"camera": outer}).lstrip()


def _changed(text: str, camera: str, places: Sequence[Place]) -> str | None:
    """The text with the new places, or None where the result would not say what it should."""
    wanted = tomllib.loads(text)
    wanted.setdefault("camera", {}).setdefault(camera, {})["place"] = {p.name: _plain(p) for p in places}
    try:
        changed = tomlkit.dumps(_with_places(tomlkit.parse(text), camera, places))
        return changed if tomllib.loads(changed) == wanted else None
    except (TOMLKitError, tomllib.TOMLDecodeError, LookupError):  # tables scattered over the file
        return None


def _with_places(document: TOMLDocument, camera: str, places: Sequence[Place]) -> TOMLDocument:
    table: Any = document
    for key in ("camera", camera, "place"):
        if key not in table:
            table.append(key, _child(table, super_table=key != "place"))
        table = table[key]
    for name in [name for name in table if name not in {place.name for place in places}]:
        del table[name]
    for place in places:
        if place.name not in table or table[place.name].unwrap() != _plain(place):
            table[place.name] = _entry(place)
    return document


def _child(parent: Any, *, super_table: bool) -> Any:
    return tomlkit.inline_table() if isinstance(parent, InlineTable) else tomlkit.table(is_super_table=super_table)


def _plain(place: Place) -> dict[str, list[list[float]]]:
    points = [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in place.points]
    return {"line" if isinstance(place, Line) else "zone": points}


def _entry(place: Place) -> InlineTable:
    ((key, points),) = _plain(place).items()
    entry = tomlkit.value(f"{{ {key} = {points} }}")
    assert isinstance(entry, InlineTable)
    return entry


def _replace(path: Path, text: str) -> None:
    """Replace a file in one step, with the old one's rights."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        with contextlib.suppress(FileNotFoundError):
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
