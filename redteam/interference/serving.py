"""The half of the chain that sees no picture: the service, fed with messages, and all that leaves it."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Self
from unittest import mock

from passerby.engine import Message, Tick
from passerby.engine.messages import decode
from passerby.ghost import Live
from passerby.run import Journal, Service
from passerby.sinks.webhook import Webhook
from redteam.interference.receiver import Receiver
from redteam.interference.site import CAMERA, NOON, Hand, written
from redteam.interference.watching import Said


@dataclass(frozen=True, slots=True)
class Served:
    """Every byte that left the service."""

    shown: bytes  # live values, glyphs, areas, states, firing rules: all that a page could be given, each second
    log: bytes  # journal, stdout, stderr
    sent: bytes  # requests to the webhook, headers included
    files: Mapping[str, bytes]  # of the store, by name


class Scripted:
    """Stands for the engine: says what was recorded, and a tick a second."""

    def __init__(self, said: Said, clock: Hand, tick: Callable[[], None]) -> None:
        self._said, self._clock, self._tick = said, clock, tick

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def messages(self) -> Iterator[Message]:
        """As `engine.Engine.messages`."""
        for at_s, data in self._said:
            while self._clock.now_s + 1 <= at_s:
                self._clock.now_s += 1
                yield Tick()
                self._tick()
            message = decode(data)
            assert not isinstance(message, Tick)
            yield message  # type: ignore[misc]  # a worker that failed says nothing of the kind here

    def show(self, _cameras: Iterable[str]) -> None:
        """Glyphs are recorded whether somebody looks or not."""


def serve(said: Said, live: Live, receiver: Receiver) -> Served:
    """What the service shows, logs, sends and stores of what an engine said."""
    clock, shown, numbers = Hand(), list[bytes](), count()
    # The sink works on a thread of its own, so that its clock stands still.
    text, fixed = io.StringIO(), {"clock": lambda: NOON, "ids": lambda: f"{next(numbers):032x}"}
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(text), redirect_stderr(text):
        path = written(Path(folder), live, receiver.url)
        engine = Scripted(said, clock, lambda: shown.append(_seen(service, clock.utc())))
        with (
            mock.patch("passerby.run.service.Engine", return_value=engine),
            mock.patch.dict(Webhook.__init__.__kwdefaults__, fixed),
        ):
            service = Service(path, journal=Journal(text, clock.utc), clock=clock.utc)
            service.run()
        files = {file.name: file.read_bytes() for file in sorted(Path(folder).iterdir()) if file != path}
    return Served(b"\n".join(shown), text.getvalue().encode(), receiver.taken(), files)


def _seen(service: Service, now: datetime) -> bytes:
    """All that a page could be given now."""
    office = service.office
    seen = {
        "moment": asdict(office.live.moment(CAMERA, now)),
        "states": {name: asdict(status) for name, status in service.states.all.items()},
        "areas": {name: asdict(held) for name, held in office.rules.held.items()},
        "firing": [rule.name for rule in office.rules.firing],
    }
    return json.dumps(seen, default=str).encode()
