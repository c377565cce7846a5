"""Plugins with a method or two replaced: each keeps its Protocol, and knows nothing of being watched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

Plugin = TypeVar("Plugin")


def dressed(plugin: Plugin, **methods: Callable[..., Any]) -> Plugin:
    """The plugin, with these functions in place of its own methods; all else is passed on to it."""
    return cast(Plugin, _Dressed(plugin, methods))


class _Dressed:
    def __init__(self, plugin: object, methods: dict[str, Callable[..., Any]]) -> None:
        self._plugin = plugin
        self.__dict__.update(methods)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plugin, name)
