"""What a verb leaves behind, and how tests call one."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Ran(NamedTuple):
    """What came of a verb."""

    code: int
    out: str
    err: str


class Verb(Protocol):
    """``passerby("check", path)``: runs the verb as the shell does."""

    def __call__(self, *words: object) -> Ran: ...
