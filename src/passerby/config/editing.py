"""Changes of single keys of a configuration's text; comments, order and all other keys stay."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable, Item, Table

from passerby.config.lines import Lines, Path
from passerby.errors import ConfigError

_UNSAFE: Final = "the configuration is written in a way that cannot be changed safely."


@dataclass(frozen=True, slots=True)
class Edit:
    """Sets the key at a path, e.g. ``("camera", "north", "live")``, or removes it where `value` is None.

    A value is what TOML can say: text, numbers, booleans, lists, and dicts, which are written as inline tables,
    those of dicts as tables. A key that says so already stays as it is written.
    """

    path: tuple[str, ...]
    value: object | None


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with the edits made, one after the other, which then says just that and all that it said before.

    What a removed table held goes with it, and so do the comments right above it. Raises `ConfigError` where that
    cannot be done safely; its hint then holds the lines to write by hand.
    """
    by_hand = f"Write this in by hand:\n{lines_for(edits)}"
    plain = text.replace("\r\n", "\n")
    try:
        wanted = tomllib.loads(plain)
        for edit in edits:
            _apply(wanted, edit)
        changed = _rewritten(plain, edits)
        is_right = _same(tomllib.loads(changed), wanted)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}.", by_hand) from None
    except (TOMLKitError, LookupError, TypeError, ValueError, AttributeError):  # tables scattered over the file
        is_right = False
    if not is_right:
        raise ConfigError(_UNSAFE, by_hand)
    return changed.replace("\n", "\r\n") if "\r\n" in text else changed


def lines_for(edits: Sequence[Edit]) -> str:
    """The shortest text that says what the edits set; what they remove is named in comments."""
    document = tomlkit.document()
    for edit in edits:
        if edit.value is not None:
            _set(document, edit.path, edit.value)
    gone = [f"# without {'.'.join(edit.path)}\n" for edit in edits if edit.value is None]
    return tomlkit.dumps(document).lstrip() + "".join(gone)


def _apply(data: dict[str, Any], edit: Edit) -> None:
    """Make an edit in plain data."""
    table: Any = data
    for key in edit.path[:-1]:
        if key not in table and edit.value is None:
            return
        table = table.setdefault(key, {})
        if not isinstance(table, dict):
            raise TypeError(f"{key} is no table")
    if edit.value is None:
        table.pop(edit.path[-1], None)
    else:
        table[edit.path[-1]] = edit.value


def _same(one: object, other: object) -> bool:
    """Whether two values say the same: the order of keys does not matter, and 5 is 5.0 but not true."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)


# -- the text --------------------------------------------------------------------------------------------------


def _rewritten(text: str, edits: Sequence[Edit]) -> str:
    """Edit with tomlkit what is between the headers' own comments, which it takes for the table's before."""
    bare, above = _without_comments_above(text)
    document = tomlkit.parse(bare)
    for edit in edits:
        if edit.value is None:
            _remove(document, edit.path)
        else:
            _set(document, edit.path, edit.value)
    return _with_comments_above(tomlkit.dumps(document), above)


def _without_comments_above(text: str) -> tuple[str, dict[Path, str]]:
    """The text without the blank lines and comments above each header and at its end, and these by header."""
    above: dict[Path, str] = {}
    parts, reached = list[str](), 0
    for path, start, end in Lines(text).gaps:
        parts.append(text[reached:start])
        above[path] = text[start:end]
        reached = end
    return "".join([*parts, text[reached:]]), above


def _with_comments_above(text: str, above: Mapping[Path, str]) -> str:
    """Put them back; of a header that is gone, what a blank line parts from it goes to the next one."""
    places = {path: (start, end) for path, start, end in Lines(text).gaps}
    left: dict[Path, str] = {}
    over = ""
    for path, said in above.items():
        if path in places:
            left[path], over = over + said, ""
        else:
            over += said[: said.rfind("\n\n") + 1]
    parts, reached = list[str](), 0
    for path, (start, end) in places.items():
        parts += (text[reached:start], left.get(path, text[start:end]))
        reached = end
    return "".join([*parts, text[reached:]])


def _set(document: TOMLDocument, path: Sequence[str], value: object) -> None:
    table: Any = document
    for depth, key in enumerate(path[:-1]):
        if key not in table:
            table.append(key, tomlkit.table(is_super_table=depth < len(path) - 2))
        if isinstance(table[key], InlineTable):
            _edit_inline(table, key, Edit(tuple(path[depth + 1 :]), value))
            return
        table = table[key]
    if isinstance(table, Table) and table.is_super_table():
        table.trivia.comment_ws = table.trivia.comment = ""  # that of the header below it, which stays there
    _put(table, path[-1], value)


def _remove(document: TOMLDocument, path: Sequence[str]) -> None:
    table: Any = document
    for depth, key in enumerate(path[:-1]):
        if key not in table:
            return
        if isinstance(table[key], InlineTable):
            _edit_inline(table, key, Edit(tuple(path[depth + 1 :]), None))
            return
        table = table[key]
    if path[-1] in table:
        del table[path[-1]]


def _put(table: Any, key: str, value: object) -> None:
    """Make a key of a table say this, and leave alone whatever says so already."""
    there = table.get(key)
    if there is None:
        table.append(key, _item(value))
    elif _same(there.unwrap(), value):
        return
    elif isinstance(there, MutableMapping) and not isinstance(there, InlineTable) and isinstance(value, Mapping):
        for gone in [name for name in there if name not in value]:
            del there[gone]
        for name, part in value.items():
            _put(there, name, part)
    else:
        table[key] = tomlkit.value(_kept(there, value))


def _edit_inline(table: Any, key: str, edit: Edit) -> None:
    plain = table[key].unwrap()
    _apply(plain, edit)
    _put(table, key, plain)


def _item(value: object) -> Item:
    if (
        not isinstance(value, Mapping)
        or not value
        or not all(isinstance(part, Mapping) for part in value.values())
    ):
        return tomlkit.value(_written(value))
    table = tomlkit.table()
    for key, part in value.items():
        table.append(key, tomlkit.value(_written(part)))
    return table


def _kept(there: Any, value: object) -> str:
    """A value as it is written already, as far as it says the same, else as `_written`."""
    if there is not None and _same(there.unwrap(), value):
        return str(there.as_string())
    if isinstance(there, InlineTable) and isinstance(value, Mapping):
        parts = (f"{tomlkit.key(key).as_string()} = {_kept(there.get(key), part)}" for key, part in value.items())
        return f"{{ {', '.join(parts)} }}" if value else "{}"
    return _written(value)


def _written(value: object) -> str:
    """A value as people write it: ``{ use = "line", at = ["gate"] }``."""
    if isinstance(value, Mapping):
        parts = (f"{tomlkit.key(key).as_string()} = {_written(part)}" for key, part in value.items())
        return f"{{ {', '.join(parts)} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    return tomlkit.item(value).as_string()
