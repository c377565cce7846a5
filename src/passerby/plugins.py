"""Plugins: found by kind and name through entry points, built from a table of the configuration.

Built-ins and strangers' plugins come through the same door, the entry-point groups ``passerby.source`` …
``passerby.store``, and are imported only when they are named. One rule holds for every table: ``use`` names the
plugin, every other key is a keyword of its constructor. The annotated constructor is the schema, and the
help of an option is what its docstring says after the option's name: ```option`: what it does``. Parameters
named in `HOUSE` are filled by the caller, never by a table.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from importlib.metadata import Distribution, EntryPoint, entry_points
from inspect import Parameter
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin

from pydantic import ConfigDict, SecretStr, TypeAdapter, ValidationError
from pydantic_core import to_json
from typing_extensions import TypeForm, get_protocol_members

from passerby.errors import ConfigError, PluginError

Kind = Literal["source", "detector", "tracker", "measure", "sink", "store"]
Where = str | Callable[[str], str]  # where a table stands, for messages; or the same of a key of it

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
HOUSE: Final = frozenset({"camera", "ground", "ids", "clock", "site"})  # parameters that no table may set

_T = TypeVar("_T")
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UNITS: Final = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Option:
    """One key that a plugin takes from its table."""

    name: str
    type: str  # in words, e.g. "list of text"
    default: str | None  # as it would be written; None: no value unless given
    required: bool
    doc: str


def names(kind: Kind) -> tuple[str, ...]:
    """The installed plugins of a kind, in alphabetical order; none of them is imported."""
    return tuple(sorted({point.name for point in _points(kind)}))


def load(kind: Kind, name: str, *, where: Where = "") -> Callable[..., Any]:
    """The constructor of a plugin: a class, or a function that returns a plugin.

    Raises `PluginError` if there is none of this name, or if it needs a package that is not installed.
    """
    found = {point.value: point for point in _points(kind) if point.name == name}
    if not found:
        there = names(kind)
        message = f"no {kind} is called '{name}' ({_listed(there)}){ending(name, there)}"
        raise PluginError(_at(where, "use", message))
    if len(found) > 1:
        owners = " and ".join(sorted(_owner(point) for point in found.values()))
        raise PluginError(
            _at(where, "use", f"two plugins are called {kind} '{name}', from {owners}."), "Uninstall one."
        )
    (point,) = found.values()
    try:
        return cast(Callable[..., Any], point.load())
    except (ImportError, AttributeError) as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) and error.name else point.module
        raise PluginError(
            _at(where, "use", f"{kind} '{name}' cannot be loaded: {error}."), _remedy(point, missing)
        ) from error


def build(
    kind: Kind,
    table: Mapping[str, object],
    wanted: TypeForm[_T],
    /,
    *,
    where: Where = "",
    **filled: object,
) -> _T:
    """Build the plugin that a table names; `wanted` is the Protocol that it must keep.

    `filled` is what the house gives by name: a parameter in `HOUSE` is given to whoever has it, every other one
    must exist. Raises `PluginError` for an unknown name or option, a wrong value or a missing one, `ConfigError`
    where the constructor refuses them.
    """
    make = bind(kind, table, where=where, **filled)
    try:
        built = make()
    except ConfigError as error:
        raise type(error)(_at(where, "", error.message), error.hint) from error
    except ValueError as error:
        raise ConfigError(_at(where, "", f"{str(error).rstrip('.')}.")) from error
    lacking = [m for m in get_protocol_members(cast(type, wanted)) if not hasattr(built, m)]
    if lacking:
        raise PluginError(
            _at(where, "use", f"'{table['use']}' is no {kind}: it has no {', '.join(sorted(lacking))}.")
        )
    return cast(_T, built)


def bind(kind: Kind, table: Mapping[str, object], /, *, where: Where = "", **filled: object) -> Callable[[], Any]:
    """Check a table against the plugin that it names, and return what would build it; raises as `build` does."""
    name = table.get("use")
    if not isinstance(name, str):
        raise PluginError(_at(where, "", f"'use' is missing: it names the {kind} ({_listed(names(kind))})."))
    factory = load(kind, name, where=where)
    parameters = _parameters(factory)
    given = {key: value for key, value in table.items() if key != "use"}
    for key in given:
        _known(key, name, parameters, where)
    keywords = {key: _value(key, value, parameters[key], where) for key, value in given.items()}
    for key, value in filled.items():
        if key in parameters:
            keywords[key] = value
        elif key not in HOUSE:
            raise PluginError(_at(where, key, f"{kind} '{name}' takes no '{key}'."))
    for key, parameter in parameters.items():
        if parameter.default is Parameter.empty and key not in keywords:
            raise PluginError(_at(where, "", f"'{key}' is missing: {name} needs it."))
    return partial(factory, **keywords)


def rooted(kind: Kind, table: Mapping[str, object], folder: Path, *, where: Where = "") -> Mapping[str, object]:
    """The table with its relative paths from a folder, that of the file in which it stands.

    An option is a path where its type says so; where it may be text, too, unless it is an address (``rtsp://…``)
    or a name (``yolox_nano``) that no file there has. Raises as `load` does.
    """
    if not isinstance(table.get("use"), str):
        return table
    parameters = _parameters(load(kind, str(table["use"]), where=where))
    return {
        key: _rooted(value, _leaves(parameters[key].annotation), folder) if key in parameters else value
        for key, value in table.items()
    }


def options(kind: Kind, name: str) -> tuple[Option, ...]:
    """What a plugin takes from its table, in the order of its constructor; raises as `load` does."""
    factory = load(kind, name)
    docs = _docs(factory)
    return tuple(
        Option(
            key,
            _words(parameter.annotation),
            None if parameter.default in (Parameter.empty, None) else _written(parameter.default),
            parameter.default is Parameter.empty,
            docs.get(key, ""),
        )
        for key, parameter in _parameters(factory).items()
        if key not in HOUSE
    )


def suggestion(word: str, known: Iterable[str]) -> str:
    """``Did you mean 'gate'?``, or nothing where no known word is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"Did you mean '{near[0]}'?" if near else ""


def ending(word: str, known: Iterable[str]) -> str:
    """How a sentence about an unknown word ends: ``; did you mean 'gate'?``, or ``.`` where nothing is near."""
    asked = suggestion(word, known)
    return f"; {asked[0].lower()}{asked[1:]}" if asked else "."


def duration(text: str) -> timedelta:
    """``"15min"``, ``"30s"``, ``"1h"``, ``"1.5h"`` as a length of time; raises ValueError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)", text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not a length of time such as 30s, 15min or 1h")
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def _points(kind: Kind) -> Iterable[EntryPoint]:
    return entry_points(group=f"passerby.{kind}")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "there is none"


def _owner(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value


def _remedy(point: EntryPoint, missing: str) -> str:
    package = missing.partition(".")[0]
    if package == point.module.partition(".")[0]:
        return f"The installation of {_owner(point)} is not whole; install it again."
    return f"Run: pip install '{_extra(point.dist, package) or package}'"


def _extra(dist: Distribution | None, package: str) -> str:
    """``name[extra]`` where the distribution names an extra that brings the package."""
    for requirement in (dist.requires if dist is not None else None) or ():
        match = re.match(r"([\w.-]+).*extra\s*==\s*['\"]([\w.-]+)", requirement)
        if dist is not None and match and match[1].lower().replace("-", "_") == package.lower():
            return f"{dist.name}[{match[2]}]"
    return ""


def _at(where: Where, key: str, message: str) -> str:
    place = where(key) if callable(where) else where
    return f"{place}: {message}" if place else message


def _parameters(factory: Callable[..., Any]) -> dict[str, Parameter]:
    kinds = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    signature = inspect.signature(factory, eval_str=True)
    return {name: parameter for name, parameter in signature.parameters.items() if parameter.kind in kinds}


def _known(key: str, name: str, parameters: Mapping[str, Parameter], where: Where) -> None:
    if key in HOUSE and key in parameters:
        raise PluginError(_at(where, key, f"'{key}' is filled by passerby itself."), "Leave it out.")
    if key not in parameters:
        there = [parameter for parameter in parameters if parameter not in HOUSE]
        message = f"'{key}' is not an option of {name} ({_listed(there)}){ending(key, there)}"
        raise PluginError(_at(where, key, message))


def _value(key: str, value: object, parameter: Parameter, where: Where) -> object:
    """A value of a table as the constructor wants it, checked as strictly as JSON."""
    annotation = parameter.annotation if parameter.annotation is not Parameter.empty else object
    if SecretStr not in _leaves(annotation):
        value = _revealed(value)
    try:
        if timedelta in _leaves(annotation) and isinstance(value, str):
            value = duration(value)
        adapter: TypeAdapter[object] = TypeAdapter(annotation, config=_config(annotation))
        if _is_plain(value):
            return adapter.validate_json(to_json(value, inf_nan_mode="constants"), strict=True)
        return adapter.validate_python(value, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        inner = "".join(f"[{part}]" for part in first["loc"] if isinstance(part, int))
        message = re.sub(r"^Input|^Value error,", "", first["msg"]).replace("an object", "a table").strip()
        if first["type"] == "dataclass_exact_type" and not _is_plain(value):  # a line where a zone is wanted
            message = f"should be a {first['ctx']['class_name'].lower()}, not a {type(value).__name__.lower()}"
        raise PluginError(_at(where, key, f"'{key}{inner}' {message[:1].lower()}{message[1:]}.")) from None
    except ValueError as error:
        raise PluginError(_at(where, key, f"'{key}': {error}.")) from None


def _config(annotation: object) -> ConfigDict | None:
    """Pydantic takes no configuration for types that carry one of their own."""
    return None if is_dataclass(annotation) else ConfigDict(arbitrary_types_allowed=True)


def _rooted(value: object, types: set[object], folder: Path) -> object:
    if Path not in types or not isinstance(value, str | SecretStr):
        return value
    text = _revealed(value)
    assert isinstance(text, str)
    path = folder / Path(text).expanduser()
    if str in types and (_ADDRESS.match(text) or ("/" not in text and not path.exists())):
        return value
    return str(path) if isinstance(value, str) else SecretStr(str(path))


def _is_plain(value: object) -> bool:
    """Whether a value is such as stands in a file, and not an object that the house has put there."""
    if isinstance(value, Mapping):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | float | timedelta | Path)


def _revealed(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Mapping):
        return {key: _revealed(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_revealed(part) for part in value]
    return value


def _leaves(annotation: object) -> set[object]:
    parts = annotation if isinstance(annotation, list) else get_args(annotation)  # a list: arguments of a Callable
    inner = [part for part in parts if part is not Ellipsis]
    if not inner:
        return set() if isinstance(annotation, list) else {annotation}
    return set().union(*map(_leaves, inner))


_NOUNS: Final[Mapping[object, str]] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Path: "path",
    timedelta: "length of time",
    SecretStr: "secret text",
    NoneType: "nothing",
}


def _words(annotation: object) -> str:
    """A type as a reader of a configuration would say it."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _words(inner[0])
    if origin is Literal:
        return " or ".join(_written(value) for value in inner)
    if origin in (Union, UnionType):
        return " or ".join(_words(part) for part in inner if part is not NoneType)
    if origin is tuple and Ellipsis not in inner:
        return f"[{', '.join(map(_words, inner))}]"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"table of {_words(inner[-1])}"
    if isinstance(origin, type) and inner:
        return f"list of {_words(inner[0])}"
    noun = getattr(annotation, "__name__", "any").lower()
    return _NOUNS.get(annotation) or (f"name of a {noun}" if is_dataclass(annotation) else noun)


def _written(value: object) -> str:
    """A default as it would stand in a configuration."""
    if isinstance(value, timedelta):
        return f'"{value.total_seconds():g}s"'
    if isinstance(value, str | Path):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | set | frozenset):
        return f"[{', '.join(map(_written, value))}]"
    return str(value)


def _docs(factory: Callable[..., Any]) -> dict[str, str]:
    """What the docstring says of each parameter.

    That is all from ```name`:`` to the next of its kind or to an empty line, else the first sentence with it.
    """
    found: dict[str, str] = {}
    opening = r"(?:`\w+`, )*`\w+`: "
    for documented in (factory, getattr(factory, "__init__", None)):
        text = "\n" + (inspect.getdoc(documented) or "")
        for opened, said in re.findall(rf"(?<=\s)({opening})(.+?)(?=\s{opening}|\n\n|\Z)", text, re.DOTALL):
            for name in re.findall(r"\w+", opened):
                found.setdefault(name, " ".join(said.split()))
        for sentence in re.split(r"(?<=\.)\s|\n\n", text):
            for name in re.findall(r"`(\w+)`", sentence):
                found.setdefault(name, " ".join(sentence.split()))
    return found
