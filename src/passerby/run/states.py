"""How each camera is doing, in one word and why; told when it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Word = Literal["starting", "online", "degraded", "offline", "disabled"]

_SIGHT: Final[Mapping[str, str]] = {
    "blind": "its view is blind: too dark, too bright or covered.",
    "moved": "it was moved: its lines and zones are not where they were drawn.",
    "overloaded": "the machine is too slow: less than half of the frames are analysed.",
}


@dataclass(frozen=True, slots=True)
class Status:
    """A camera's state, and the reason where it is not online."""

    state: Word = "starting"
    reason: str = ""


@dataclass(slots=True)
class _Known:
    stream: Status = Status()  # what decode workers and engine say
    sight: str = "ok"
    told: Status = Status()


class States:
    """The states of all cameras; `tell` hears of each change."""

    def __init__(self, tell: Callable[[str, Status], None]) -> None:
        self._tell = tell
        self._known: dict[str, _Known] = {}

    @property
    def all(self) -> dict[str, Status]:
        """Every camera's state, by its name."""
        return {name: known.told for name, known in self._known.items()}

    def stream(self, camera: str, state: Word, reason: str = "") -> None:
        """Whether its frames come."""
        known = self._known.setdefault(camera, _Known())
        known.stream = Status(state, reason)
        self._update(camera, known)

    def sight(self, camera: str, sight: str) -> None:
        """What its frames are good for: ok, blind, moved or overloaded."""
        known = self._known.setdefault(camera, _Known())
        known.sight = sight
        self._update(camera, known)

    def forget(self, camera: str) -> None:
        """It is in the configuration no more."""
        self._known.pop(camera, None)

    def _update(self, camera: str, known: _Known) -> None:
        now = known.stream
        if now.state == "online" and known.sight in _SIGHT:
            now = Status("degraded", _SIGHT[known.sight])
        if now != known.told:
            known.told = now
            self._tell(camera, now)
