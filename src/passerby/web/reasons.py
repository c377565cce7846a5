"""Tells in one of a few words why a camera shows nothing, so that pages can say what to do about it."""

from __future__ import annotations

from typing import Final

from passerby.ghost import Condition
from passerby.web.house import State

_TOLD: Final = (  # part of a reason as sources and workers word it -> key; the first that fits
    ("refuses the user or the password", "password"),
    ("no such stream", "address"),
    ("does not exist", "address"),
    ("of a kind that", "address"),
    ("film is over", "over"),
    ("is started again", "restarting"),
    ("no frame for", "frozen"),
    ("sent no picture", "frozen"),
    ("stopped sending", "unreachable"),
    ("did not answer", "unreachable"),
    ("refuses the connection", "unreachable"),
    ("closed the connection", "unreachable"),
    ("cannot be reached", "unreachable"),
)
_STATES: Final = {"starting": "starting", "disabled": "disabled", "offline": "offline", "degraded": "degraded"}
_CONDITIONS: Final = ("moved", "blind", "overloaded")

REASONS: Final = tuple(
    dict.fromkeys(("", *(key for _, key in _TOLD), *_STATES.values(), *_CONDITIONS, "silent"))
)  # all that `reason_key` can say


def reason_key(state: State, reason: str, condition: Condition) -> str:
    """Why nothing, or less, is shown of a camera; empty where all is well."""
    if state in ("online", "degraded") and condition in _CONDITIONS:
        return condition
    if state == "online":
        return "silent" if condition == "silent" else ""
    told = next((key for part, key in _TOLD if part in reason), None)
    return told or _STATES[state]
