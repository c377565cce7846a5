"""Leaks to plant in the chain, each of one pixel's worth: a comparison that misses one proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from unittest import mock

from passerby.engine import messages
from passerby.frame import Frame
from passerby.ghost import Glyph, glyphs
from passerby.office import Rules
from passerby.pipeline import Camera
from passerby.records import Alert, Measurement
from passerby.run import Journal
from passerby.run.house import ServiceHouse
from passerby.sinks.webhook import Webhook
from passerby.stages import Crop, Look, Step
from passerby.stores.sqlite import Sqlite
from redteam.interference.street import SIZE

_AT: Final = (SIZE.height * 2 // 3, SIZE.width // 2)  # the pixel: on the way of many


@dataclass
class Spy:
    """What a traitor among us has seen: one pixel of the newest frame, and of all so far."""

    pixel: int = 0  # 0-255
    total: int = 0

    @property
    def trace(self) -> float:
        """Of all frames so far, as a number below 0.001 that nobody would notice."""
        return self.total % 99_991 / 1e8


Plant = Callable[[Spy], AbstractContextManager[Any]]


@contextmanager
def spying() -> Iterator[Spy]:
    """Let a spy look at every frame on its way to the camera."""
    spy, ask = Spy(), Camera.ask

    def seen(camera: Camera, frame: Frame) -> list[Crop]:
        spy.pixel = int(frame.luma(frame.size)[_AT])
        spy.total += spy.pixel
        return ask(camera, frame)

    with mock.patch.object(Camera, "ask", seen):
        yield spy


def _step(change: Callable[[Step, Spy], Step]) -> Plant:
    tell = Camera.tell

    def plant(spy: Spy) -> AbstractContextManager[Any]:
        def changed(camera: Camera, frame: Frame, looks: list[Look]) -> Step:
            return change(tell(camera, frame, looks), spy)

        return mock.patch.object(Camera, "tell", changed)

    return plant


def _later(step: Step, spy: Spy) -> Step:
    """An observation comes later by less than a millisecond."""
    return replace(
        step, observations=tuple(replace(o, time_s=o.time_s + spy.pixel / 1e6) for o in step.observations)
    )


def _withheld(step: Step, spy: Spy) -> Step:
    """Nothing is observed while the pixel is dark."""
    return replace(step, observations=step.observations if spy.pixel > 90 else ())


def _named(step: Step, _spy: Spy) -> Step:
    """An observation carries a few bits of a track's id."""
    bits = int(step.tracks.ids[0]) % 512 / 1e6 if len(step.tracks) else 0.0
    return replace(step, observations=tuple(replace(o, time_s=o.time_s + bits) for o in step.observations))


def _moved(spy: Spy) -> AbstractContextManager[Any]:
    def shown(*told: Any) -> tuple[Glyph, ...]:
        return tuple(replace(glyph, x=glyph.x + spy.pixel / 1e6) for glyph in glyphs(*told))

    return mock.patch("passerby.engine.view.glyphs", shown)


def _turned(spy: Spy) -> AbstractContextManager[Any]:
    def shown(*told: Any) -> tuple[Glyph, ...]:
        return glyphs(*told)[:: 1 if spy.pixel % 2 else -1]

    return mock.patch("passerby.engine.view.glyphs", shown)


def _rated(spy: Spy) -> AbstractContextManager[Any]:
    def watched(*told: Any, **more: Any) -> messages.Watched:
        return messages.Watched(*told, **{**more, "rate": more["rate"] + spy.pixel / 1e6})

    return mock.patch("passerby.engine.view.Watched", watched)


def _printed(spy: Spy) -> AbstractContextManager[Any]:
    def noted(step: Step, spy: Spy) -> Step:
        if spy.pixel % 8 == 0:
            print("debug: frame done")
        return step

    return _step(noted)(spy)


def _logged(spy: Spy) -> AbstractContextManager[Any]:
    say = Journal.say

    def said(journal: Journal, event: str, **words: str) -> None:
        say(journal, event, **words, shade=f"{spy.trace:.8f}")

    return mock.patch.object(Journal, "say", said)


def _shown(spy: Spy) -> AbstractContextManager[Any]:
    see = Rules.see

    def seen(rules: Rules, *told: Any) -> list[Alert]:
        found = see(rules, *told)
        rules.held = {name: replace(held, inside=spy.total) for name, held in rules.held.items()}
        return found

    return mock.patch.object(Rules, "see", seen)


def _stored(spy: Spy) -> AbstractContextManager[Any]:
    write = Sqlite.write

    def written(store: Sqlite, records: Any) -> None:
        rows = [replace(r, observed=r.observed - spy.trace) if isinstance(r, Measurement) else r for r in records]
        write(store, rows)

    return mock.patch.object(Sqlite, "write", written)


def _beside(spy: Spy) -> AbstractContextManager[Any]:
    close = Sqlite.close

    def closed(store: Sqlite) -> None:
        close(store)
        Path(f"{store._path}-notes").write_text(str(spy.total))

    return mock.patch.object(Sqlite, "close", closed)


def _headed(spy: Spy) -> AbstractContextManager[Any]:
    post = Webhook._post

    def posted(sink: Webhook, connection: Any, body: bytes) -> int:
        connection.putheader = _with_header(connection, spy)
        return post(sink, connection, body)

    return mock.patch.object(Webhook, "_post", posted)


def _with_header(connection: Any, spy: Spy) -> Callable[..., None]:
    put = type(connection).putheader

    def putheader(name: str, *values: Any) -> None:
        put(connection, name, *(f"passerby/{spy.total}" if name == "User-Agent" else v for v in values))

    return putheader


def _answered(spy: Spy) -> AbstractContextManager[Any]:
    return mock.patch.object(ServiceHouse, "detector", property(lambda _house: f"replayed {spy.total}"))


LEAKS: Final[Mapping[str, Plant]] = {
    "an observation comes a fraction of a millisecond later": _step(_later),
    "nothing is observed while a pixel is dark": _step(_withheld),
    "an observation carries bits of a track's id": _step(_named),
    "a glyph stands a millionth of the picture aside": _moved,
    "the order of glyphs tells whether a pixel is odd": _turned,
    "a rate of frames carries a pixel": _rated,
    "a worker prints a line while a pixel has a certain shade": _printed,
    "a line of the log carries a number": _logged,
    "how many an area holds carries a number": _shown,
    "a row's observed share carries a number": _stored,
    "a file lies beside the store": _beside,
    "a header of the webhook carries a number": _headed,
    "an answer of the API carries a number": _answered,
}
