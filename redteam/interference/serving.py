"""The half of the chain that sees no picture: the service, fed with messages, and all that leaves it."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final
from unittest import mock

import numpy as np

from passerby.engine import Engine, Message, Tick
from passerby.engine.messages import Failed, decode
from passerby.ghost import Live
from passerby.plate.pictures import png
from passerby.run import Journal, Service
from passerby.run.counting import Counters
from passerby.run.plate_files import PlateFiles, named
from passerby.run.plate_files import Said as Approved
from passerby.run.site import load
from passerby.sinks.webhook import Webhook
from passerby.web.house import Paths
from redteam.interference.receiver import Receiver
from redteam.interference.site import CAMERA, NOON, Hand, written
from redteam.interference.street import SIZE
from redteam.interference.visiting import visiting
from redteam.interference.watching import Said


@dataclass(frozen=True, slots=True)
class Served:
    """Every byte that left the service."""

    shown: bytes  # what goes out on the pages' sockets and all that it is made of, every few seconds
    pages: bytes  # every answer to GET at the end, to an admin; empty where nobody asks
    log: bytes  # journal, stdout, stderr
    sent: bytes  # requests to the webhook, headers included
    files: Mapping[str, bytes]  # all that lies there at the end, by name: the store, the plate


_LOOK_S: Final = 4  # between two looks at what is shown


class Scripted:
    """Stands for the engine: says what was recorded, and a tick a second; what it is told it does not hear."""

    def __init__(self, said: Said, clock: Hand) -> None:
        self._said, self._clock = said, clock
        self.tick: Callable[[], None]
        self.last: Callable[[], None]
        self.engine = mock.MagicMock(spec=Engine)
        self.engine.__enter__.return_value = self.engine
        self.engine.messages.side_effect = self._messages

    def _messages(self) -> Iterator[Message]:
        for at_s, data in self._said:
            while self._clock.now_s + 1 <= at_s:
                self._clock.now_s += 1
                yield Tick()
                if self._clock.now_s % _LOOK_S == 0:
                    self.tick()
            message = decode(data)
            assert not isinstance(message, Failed)
            yield message
        self.last()


def serve(said: Said, live: Live, receiver: Receiver, *, visit: bool) -> Served:
    """What the service shows, logs, sends and stores of what an engine said; `visit`: and each of its pages."""
    clock, shown, pages, numbers = Hand(), list[bytes](), list[bytes](), count()
    # The sink works on a thread of its own, so that its clock stands still.
    text, fixed = io.StringIO(), {"clock": lambda: NOON, "ids": lambda: f"{next(numbers):032x}"}
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as state,
        chdir(folder),
        redirect_stdout(text),
        redirect_stderr(text),
        mock.patch("passerby.run.service.Engine", return_value=(scripted := Scripted(said, clock)).engine),
        mock.patch("passerby.run.service.Counters", partial(Counters, cpu_s=lambda: 0.0)),
        mock.patch.dict(Webhook.__init__.__kwdefaults__, fixed),
    ):
        path = written(Path(folder), live, receiver.url)
        _approve(path)
        service = Service(path, journal=Journal(text, clock.utc), clock=clock.utc)
        with visiting(service, Path(state)) as visits:
            scripted.tick = lambda: shown.append(visits.live() + _seen(service, clock.utc()))
            scripted.last = lambda: pages.append(visits.pages() if visit else b"")
            service.run()
        left = (file for file in sorted(Path(folder).rglob("*")) if file.is_file() and file != path)
        files = {str(file.relative_to(folder)): file.read_bytes() for file in left}
    return Served(b"\n".join(shown), b"".join(pages), text.getvalue().encode(), receiver.taken(), files)


def _approve(path: Path) -> None:
    """Give the camera a plate, the same whoever walks there."""
    config = load(path).config
    source = config.cameras[CAMERA].source
    assert source is not None
    empty = np.zeros((SIZE.height, SIZE.width, 3), np.uint8) + np.arange(SIZE.width, dtype=np.uint8)[:, None]
    said = Approved(False, NOON.date(), named(source.options), SIZE.width / SIZE.height)
    PlateFiles(Paths(config.state).plates).write(CAMERA, png(empty), said)


def _seen(service: Service, now: datetime) -> bytes:
    """All that a page could be given now, to the last digit."""
    office = service.office
    seen = {
        "moment": asdict(office.live.moment(CAMERA, now)),
        "states": {name: asdict(status) for name, status in service.states.all.items()},
        "areas": {name: asdict(held) for name, held in office.rules.held.items()},
        "firing": [rule.name for rule in office.rules.firing],
    }
    return json.dumps(seen, default=str).encode()
