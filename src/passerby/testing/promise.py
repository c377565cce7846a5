"""How a check says that a promise is broken."""

from __future__ import annotations


class Broken(AssertionError):
    """A plugin does not keep what its Protocol promises."""


def promise(kept: object, what: str) -> None:
    """Raise `Broken` unless a promise is kept; `what` says what was promised, and what came instead."""
    if not kept:
        raise Broken(what)
