"""The whole chain from frames in a ring to rows in a file, with tracks and crowd replayed, clocks and ids fixed.

::

    Cast ─ frames ─► Ring ─► View ─► Camera (real motion and attention; tracker and crowd replay the script)
                                       └ messages, as JSON ─► Service ─► office, release, alerts
                                                                ├ journal, states, live values, glyphs
                                                                └ store (SQLite), sink (webhook, to a real server)
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final, Self
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from passerby import plugins
from passerby.detections import Detections, Tracks
from passerby.engine import CameraPlan, Message, Tick
from passerby.engine.budget import Budget
from passerby.engine.headers import FrameHeader, RingHeader
from passerby.engine.looking import Rounds
from passerby.engine.messages import Begun, State, decode, encode
from passerby.engine.view import Clocks, View
from passerby.engine.wire import Channel
from passerby.frame import Frame, Planes, Size
from passerby.ghost import Live
from passerby.look import Attention
from passerby.motion.crowd import CrowdMap
from passerby.pipeline import Camera
from passerby.ring import Ring
from passerby.run import Journal, Service
from passerby.run.site import load
from passerby.sinks.webhook import Webhook
from passerby.stages import Crop, Measure, Sight
from redteam.interference.receiver import Receiver
from redteam.interference.street import EVERY_S, LASTS_S, SIZE, Cast, Script

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
MODES: Final[tuple[Live, ...]] = ("off", "bands", "numbers", "ghost")
CAMERA: Final = "north"
_SLOTS: Final = 3

CONFIG: Final = """
site = {{ name = "Market", timezone = "Europe/Lisbon" }}
store = {store}
[detector]
use = "motion"
[privacy]
grain = "5min"
k = 10
[sink.control]
use = "webhook"
url = "{url}"
[camera.north]
source = {{ use = "stream", url = "rtsp://127.0.0.1:9/1" }}
live = "{live}"
ground = [[0.05, 0.98, 0, 0], [0.95, 0.98, 10, 0], [0.75, 0.35, 10, 12], [0.25, 0.35, 0, 12]]
[camera.north.place]
gate = {{ line = [[0.02, 0.65], [0.98, 0.65]] }}
square = {{ zone = [[0.1, 0.5], [0.9, 0.5], [0.95, 0.95], [0.05, 0.95]] }}
[camera.north.measure]
passes = {{ use = "line", at = "gate" }}
speeds = {{ use = "speed", at = "gate" }}
gaps = {{ use = "headway", at = "gate" }}
inside = {{ use = "zone", at = "square" }}
crowd = {{ use = "density", at = "square" }}
waits = {{ use = "queue", at = "square" }}
[camera.north.alert]
crush = {{ safety = "crowding", when = "square.density > 2", for = "3s" }}
dark = {{ when = "camera.blind", for = "5s" }}
[area.market]
lines = ["north.gate"]
"""


@dataclass(frozen=True, slots=True)
class Served:
    """Every byte that left the service."""

    shown: bytes  # live values, glyphs, areas, states, firing rules: all that a page could be given, each second
    log: bytes  # journal, stdout, stderr
    sent: bytes  # requests to the webhook, headers included
    files: Mapping[str, bytes]  # of the store, by name


@dataclass(frozen=True, slots=True)
class Outputs:
    """Every byte that left."""

    messages: bytes  # from the engine to the office, and what it printed
    served: Mapping[Live, Served]

    def differences(self, other: Outputs) -> tuple[str, ...]:
        """Where the two differ, e.g. "files (ghost)"; empty: nowhere, byte for byte."""
        found = ["messages"] if self.messages != other.messages else []
        for mode, mine in self.served.items():
            theirs = other.served[mode]
            found += [
                f"{f.name} ({mode})" for f in fields(Served) if getattr(mine, f.name) != getattr(theirs, f.name)
            ]
        return tuple(found)


class Hand:
    """A clock that stands until it is told."""

    now_s = 0.0

    def monotonic(self) -> float:
        """The machine's clock."""
        return self.now_s

    def utc(self) -> datetime:
        """The time of day."""
        return NOON + timedelta(seconds=self.now_s)


class Replayed:
    """Stands for tracker, detector and crowd at once: whatever the picture shows, it says what the script says."""

    name: Final = "replayed"
    input: Final = Size(128, 96)

    def __init__(self, script: Script, ids: NDArray[np.uint64]) -> None:
        self._script, self._ids = script, ids

    def predict(self, time_s: float) -> Tracks:
        """Of a tracker."""
        return self._script.tracks(time_s, self._ids)

    def update(self, sight: Sight) -> Tracks:
        """Of a tracker: what was found is not looked at."""
        return self.predict(sight.time_s)

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        """Of a detector: the boxes of those in the crops, without looking."""
        return [self._found(self.predict(crop.frame.time_s), crop) for crop in crops]

    def crowd(self, frame: Frame, _people: NDArray[np.float64] | None) -> CrowdMap:
        """Of what estimates the crowd."""
        return self._script.crowd(frame.time_s)

    def _found(self, tracks: Tracks, crop: Crop) -> Detections:
        left, top, right, bottom = crop.region
        foot = tracks.foot * SIZE
        low, high = np.array([left, top]), np.array([right, bottom])
        rows = np.flatnonzero(((foot >= low) & (foot <= high)).all(axis=1))
        score = np.full(len(rows), 0.9, np.float32)
        return Detections(tracks.xyxy[rows], score, tracks.class_id[rows])


def observe(script: Script, cast: Cast, *, everywhere: bool, ids: int) -> list[tuple[float, bytes]]:
    """What an engine worker would say of this street, by message, with the time at which it is said.

    `everywhere`: the whole of every frame is looked at, and not where attention wants it. `ids`: seed of the
    tracks' ids.
    """
    clock, said = Hand(), list[tuple[float, bytes]]()
    drawn = np.random.default_rng(ids).integers(1, 1 << 63, len(script.walkers)).astype(np.uint64)
    replayed = Replayed(script, drawn)
    camera = _camera(replayed, everywhere=everywhere)

    def tell(message: Message) -> None:
        said.append((clock.now_s, encode(message)))

    tell(Begun("engine 0", replayed.name))
    tell(State(CAMERA, "online"))
    view = View(0, camera, live=True, clocks=Clocks(clock.monotonic, clock.utc), tell=tell)
    view.is_shown = True
    rounds, ring = Rounds(replayed, Budget(None, clock.monotonic)), Ring.create(SIZE, _SLOTS)
    here, there = Channel.pair()
    view.take_ring(RingHeader(0, 1, *SIZE, _SLOTS), os.dup(ring.fd), there)
    for index in range(int(LASTS_S / EVERY_S)):
        clock.now_s = index * EVERY_S
        with Frame(Planes.from_bgr(cast.picture(clock.now_s)), camera="", index=0, time_s=0.0) as drawing:
            ring.write(index % _SLOTS, drawing)
        view.take_frame(FrameHeader(0, 1, index % _SLOTS, 1, index, clock.now_s, clock.now_s, index + 1, 0))
        assert view.next_frame() is not None
        rounds.look([view])
        here.receive()  # that the slot is free again
        view.report()
    view.stop(is_final=False)
    for end in (ring, here, there):
        end.close()
    return said


def _camera(replayed: Replayed, *, everywhere: bool) -> Camera:
    """As an engine worker makes it, of the configuration; what estimates the crowd is replaced."""
    plan = _plan()
    measures = [plugins.build("measure", table, Measure, ground=plan.ground) for table in plan.measures]
    with mock.patch("passerby.pipeline.camera.Crowd") as crowd:
        crowd.return_value.update = replayed.crowd
        return Camera(
            CAMERA,
            tracker=replayed,
            measures=measures,
            looks_with=replayed.input,
            ground=plan.ground,
            attention=None if everywhere else Attention(),
        )


def _plan() -> CameraPlan:
    with tempfile.TemporaryDirectory() as folder:
        return load(_written(Path(folder), "ghost", "http://127.0.0.1:9/")).cameras[CAMERA]


def _written(folder: Path, live: Live, url: str) -> Path:
    path = folder / "street.toml"
    path.write_text(CONFIG.format(store=json.dumps(str(folder / "market.db")), live=live, url=url))
    return path


class Scripted:
    """Stands for the engine: says what was recorded, and a tick a second."""

    def __init__(self, said: Iterable[tuple[float, bytes]], clock: Hand, tick: Callable[[], None]) -> None:
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


def serve(said: Sequence[tuple[float, bytes]], live: Live, receiver: Receiver) -> Served:
    """What the service shows, logs, sends and stores of what an engine said."""
    clock, shown, numbers = Hand(), list[bytes](), count()
    # The sink works on a thread of its own, so that its clock stands still.
    text, fixed = io.StringIO(), {"clock": lambda: NOON, "ids": lambda: f"{next(numbers):032x}"}
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(text), redirect_stderr(text):
        path = _written(Path(folder), live, receiver.url)
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


def run(
    script: Script, cast: Cast, receiver: Receiver, *, everywhere: bool, ids: int, modes: Sequence[Live] = MODES
) -> Outputs:
    """All that leaves, in these modes of what may be shown."""
    with redirect_stdout(io.StringIO()) as printed, redirect_stderr(printed):
        said = observe(script, cast, everywhere=everywhere, ids=ids)
    told = b"\n".join(b"%.3f %s" % (at_s, data) for at_s, data in said) + printed.getvalue().encode()
    return Outputs(told, {mode: serve(said, mode, receiver) for mode in modes})
