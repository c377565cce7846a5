"""What needs no run: by imports, types and messages, no frame can reach the code that shows, stores or sends."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tomllib
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import grimp
import numpy as np

import passerby
from passerby import frame, stages
from passerby.engine import messages
from redteam.pages import ROOT

CONTRACT: Final = "what shows, sends or stores cannot receive a frame"
# Rooms that the contract must name, whoever edits it.
ROOMS: Final = frozenset(
    f"passerby.{room}"
    for room in (
        "web", "stores", "outlets", "ghost", "release", "records", "export", "privacy", "alerts", "areas",
        "office", "sinks", "engine.messages", "engine.supervisor",
    )
)  # fmt: skip
_PIXELS: Final = (frame.Frame, frame.Planes, stages.Crop, stages.Look, np.uint8, memoryview)
TEXTS: Final = frozenset(
    "camera place movement values reason worker detector note notes error message hint id class_label".split()
)
PICTURES: Final = frozenset({"Collected.png"})  # of the empty place, for an admin's yes; see the attack on plates
_PLAIN: Final = (str, int, float, bool, NoneType, datetime)


def chains() -> Iterator[str]:
    """Each way by which one of those rooms imports `frame`, and each room that the contract forgot."""
    named = contract()
    yield from (f"the contract does not name {room}" for room in sorted(ROOMS - set(named)))
    graph = grimp.build_graph("passerby", cache_dir=None)
    for room in named:
        for module in sorted({room, *graph.find_descendants(room)} & graph.modules):
            chain = graph.find_shortest_chain(importer=module, imported="passerby.frame")
            if chain:
                yield " imports ".join(chain)


def contract() -> tuple[str, ...]:
    """The modules of which pyproject.toml says so."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (found,) = (entry for entry in told if entry["name"] == CONTRACT)
    return tuple(found["source_modules"])


def signatures() -> Iterator[str]:
    """Each function or field of those rooms that takes, gives or holds a frame, a piece of one or pixels."""
    for module in modules():
        for where, hint in _hints(module):
            for leaf in leaves(hint):
                if leaf in _PIXELS:
                    yield f"{where}: {leaf.__name__}"


def modules() -> list[ModuleType]:
    """All modules of those rooms."""
    named = contract()
    found = (info.name for info in pkgutil.walk_packages(passerby.__path__, "passerby."))
    there = sorted(name for name in found if any(name == room or name.startswith(f"{room}.") for room in named))
    return [importlib.import_module(name) for name in there]


def said() -> Iterator[str]:
    """Each field of a message from an engine worker that is anything but numbers, times and the words of a list.

    A text could hold a picture; so texts are listed by the names of their fields. One does, and it is the plate's.
    """
    found = inspect.getmembers(messages, lambda thing: inspect.isclass(thing) and is_dataclass(thing))
    kinds = [kind for _, kind in found if kind.__module__ == messages.__name__]
    assert len(kinds) > 5
    for kind in kinds:
        yield from unspeakable(kind, kind.__name__, frozenset())


def unspeakable(hint: Any, where: str, above: frozenset[Any]) -> Iterator[str]:
    """Where a type holds what JSON cannot, or what could hold a picture: bytes, arrays, anything."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        hint, inner = inner[0], ()
        origin = get_origin(hint)
    if hint is str and where.rpartition(".")[2] not in TEXTS and where not in PICTURES:
        yield f"{where}: a text that nobody has argued for"
    if origin is Literal or hint is Ellipsis or (isinstance(hint, type) and issubclass(hint, (*_PLAIN, Enum))):
        return
    if is_dataclass(hint) and isinstance(hint, type):
        told = typing.get_type_hints(hint, include_extras=True)
        for f in fields(hint) if hint not in above else ():
            yield from unspeakable(told[f.name], f"{where}.{f.name}", above | {hint})
    elif origin in (Union, UnionType, tuple, list, dict) or (inner and issubclass(origin, typing.Mapping)):
        for part in inner:
            yield from unspeakable(part, where, above)
    else:
        yield f"{where}: {hint}"


def leaves(hint: Any) -> Iterator[Any]:
    """All types inside a type."""
    inner = get_args(hint)
    if get_origin(hint) is Literal:
        return
    yield hint
    for part in inner:
        yield from leaves(part)


def _hints(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """What each function and field of a module is annotated with."""
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        members = [(name, thing)]
        if inspect.isclass(thing):
            members += [(f"{name}.{part}", value) for part, value in vars(thing).items()]
        for where, member in members:
            function = getattr(member, "fget", None) or getattr(member, "__func__", member)
            if inspect.isfunction(function) or inspect.isclass(function):
                for key, hint in typing.get_type_hints(function).items():
                    yield f"{module.__name__}.{where}({key})", hint
