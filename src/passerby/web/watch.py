"""The page that shows a film being counted: lines, glyphs, the film's clock and counts that rise."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import anyio
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from passerby.geometry import Place
from passerby.ghost import Glyph
from passerby.records import Picture
from passerby.web import site

PACES: Final[Mapping[str, float | None]] = {"1": 1.0, "4": 4.0, "max": None}
# what a viewer may wish -> film seconds per second; None = as fast as it goes
EVERY_S: Final = 0.5  # a page is told of what is new at most so often

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]  # place -> "in" | "out" -> class -> passes so far


@dataclass(frozen=True, slots=True)
class Live:
    """What the page shows at one instant of the film."""

    clock_s: float  # stream time
    clock: str  # the film's clock as it is written, e.g. "00:01:23" or "08:15:02"
    duration_s: float | None  # of the film; None if it does not say
    glyphs: tuple[Glyph, ...]
    counts: Counts  # of a zone, "in" are its entries and "out" its exits
    inside: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # zone -> class -> inside now
    done: bool = False  # the counts are final
    rate: float | None = None  # film seconds per second; None = not known yet
    note: str = ""  # one sentence, e.g. why the film ended early


@dataclass(frozen=True, slots=True)
class _Shown:
    """All that a page shows and that changes."""

    picture: Picture | None
    plate: int  # number of the picture, 0 = none
    live: Live | None = None  # None before the first


class Page:
    """A page on a film. `publish` may be called from any thread; only the newest is kept and sent."""

    def __init__(
        self,
        title: str,
        picture: Picture | None,
        aspect: float,
        places: Sequence[Place],
        note: str = "",
        *,
        pace: float | None = None,
    ) -> None:
        self.pace = pace  # film seconds per second that the viewer wishes; None = as fast as it goes
        self._title = title
        self._aspect = aspect
        self._places = tuple(places)
        self._note = note
        self._shown = _Shown(picture, plate=0 if picture is None else 1)
        self._watchers = 0
        self._changed = threading.Condition()

    @property
    def watchers(self) -> int:
        """How many browsers look at the page now."""
        return self._watchers

    def publish(self, live: Live) -> None:
        """Replace what is shown; never blocks, and costs nothing while nobody looks."""
        self._shown = replace(self._shown, live=live)

    def show(self, picture: Picture) -> None:
        """Replace the picture of the empty place, e.g. by a better one built from more of the film."""
        self._shown = replace(self._shown, picture=picture, plate=self._shown.plate + 1)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until somebody looks; False if the time (s) ran out."""
        with self._changed:
            return self._changed.wait_for(lambda: self._watchers > 0, timeout)

    def wait_alone(self, timeout: float | None = None) -> bool:
        """Block until nobody looks any more; False if the time (s) ran out."""
        with self._changed:
            return self._changed.wait_for(lambda: self._watchers == 0, timeout)

    def routes(self) -> Sequence[BaseRoute]:
        """What `serve` serves."""
        pages = site.routes(
            "watch.html", title=self._title, scene=self._scene, picture=lambda: self._shown.picture
        )
        return [*pages, WebSocketRoute("/live", self._live)]

    def _scene(self) -> dict[str, Any]:
        return {
            "title": self._title,
            "aspect": self._aspect,
            "note": self._note,
            "places": site.drawing(self._places),
        }

    async def _live(self, socket: WebSocket) -> None:
        await socket.accept()
        with self._looking():
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._tell, socket)
                while (message := await socket.receive())["type"] != "websocket.disconnect":
                    self._hear(message.get("text") or "")
                tasks.cancel_scope.cancel()

    async def _tell(self, socket: WebSocket) -> None:
        """Send what is new, at most twice a second; what was replaced in between is never sent."""
        told = ""
        with suppress(WebSocketDisconnect):
            while True:
                if (message := _message(self._shown, self.pace)) != told:
                    await socket.send_text(message)
                    told = message
                await anyio.sleep(EVERY_S)

    def _hear(self, text: str) -> None:
        """Take the wish for another pace; anything else is not understood and has no effect."""
        if text in PACES:
            self.pace = PACES[text]

    @contextmanager
    def _looking(self) -> Iterator[None]:
        self._come_or_go(1)
        try:
            yield
        finally:
            self._come_or_go(-1)

    def _come_or_go(self, change: int) -> None:
        with self._changed:
            self._watchers += change
            self._changed.notify_all()


def _message(shown: _Shown, pace: float | None) -> str:
    """What goes over the socket; ``live`` is null before the first `publish`, ``plate`` numbers the picture."""
    live = shown.live
    state = None if live is None else _state(live)
    return json.dumps({"live": state, "plate": shown.plate, "pace": pace}, separators=(",", ":"))


def _state(live: Live) -> dict[str, Any]:
    return {
        "clock_s": _number(live.clock_s, 2),
        "clock": live.clock,
        "duration_s": _number(live.duration_s, 2),
        "glyphs": [[g.class_label, round(g.x, 4), round(g.y, 4)] for g in live.glyphs],
        "counts": live.counts,
        "inside": live.inside,
        "done": live.done,
        "rate": _number(live.rate, 1),
        "note": live.note,
    }


def _number(value: float | None, digits: int) -> float | None:
    """JSON has no infinity and no nan."""
    return None if value is None or not math.isfinite(value) else round(value, digits)
