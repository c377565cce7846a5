"""A service that is not there: what pages ask of it is set by hand, and what they change is written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from passerby.areas import Held
from passerby.config import Config, Edit
from passerby.config.reading import parse
from passerby.errors import StoreError
from passerby.ghost import Moment
from passerby.outlets import Query
from passerby.records import Alert, Measurement
from passerby.web.house import Alarm, CameraNow, Changed, PlateNow, Ready, Totals

NOON = datetime(2026, 6, 1, 11, 0, tzinfo=UTC)  # 12:00 in Lisbon

EMPTY = """
site = { name = "Market", timezone = "Europe/Lisbon" }
"""
STREET = """
site = { name = "Market", timezone = "Europe/Lisbon" }

[camera.north]
source = { use = "stream", url = "rtsp://10.0.4.12/2" }
live   = "ghost"

[camera.north.place]
gate   = { line = [[0.10, 0.60], [0.90, 0.62]] }
square = { zone = [[0.1, 0.4], [0.9, 0.4], [0.9, 0.95], [0.1, 0.95]] }

[camera.north.measure]
crossings = { use = "line", at = "gate", classes = ["person", "bicycle"] }
inside    = { use = "zone", at = "square" }

[camera.north.alert]
full = { when = "square.inside > 30", for = "30s" }

[camera.south]
source = { use = "stream", url = "rtsp://10.0.4.13/2" }

[camera.south.place]
pitch = { zone = [[0.2, 0.3], [0.8, 0.3], [0.8, 0.9], [0.2, 0.9]] }

[camera.south.measure]
inside = { use = "zone", at = "pitch" }

[area.fairground]
zones = ["north.square", "south.pitch"]
capacity = 80
"""


class FakeHouse:
    """A `House` of a configuration; its attributes are what it answers, and may be set at any time.

    `calls` holds what it was asked to change, as (method, arguments...); `watched` the cameras that somebody looks
    at now.
    """

    def __init__(self, text: str = STREET, path: Path = Path("site.toml")) -> None:
        self.config: Config = parse(text, path)
        self.detector = "yolox_nano"
        self.clock = NOON
        self.readiness = Ready(ok=True)
        self.counters = Totals({}, {}, {}, {}, {}, {}, {})
        self.known: dict[str, CameraNow] = {
            name: CameraNow(name, "online", "", camera.live, camera.places, 16 / 9, rate=5.0, wanted=5.0)
            for name, camera in self.config.cameras.items()
        }
        self.moments: dict[str, Moment] = {
            name: Moment(name, camera.live, "silent") for name, camera in self.config.cameras.items()
        }
        self.held: dict[str, Held] = {
            name: Held(None, area.capacity, since=None) for name, area in self.config.areas.items()
        }
        self.stores = True
        self.rows: list[Measurement] = []
        self.broken_store = ""  # why nothing can be read
        self.firing: list[Alarm] = []
        self.log: list[Alert] = []
        self.sinks: tuple[str, ...] = ()
        self.plates: dict[str, PlateNow] = {name: PlateNow("none") for name in self.known}
        self.answer = Changed("", written=False)  # to `change`
        self.secrets: dict[str, str] = {}
        self.calls: list[tuple[object, ...]] = []
        self.watched: list[str] = []

    def now(self) -> datetime:
        return self.clock

    def ready(self) -> Ready:
        return self.readiness

    def totals(self) -> Totals:
        return self.counters

    def cameras(self) -> Sequence[CameraNow]:
        return list(self.known.values())

    def camera(self, name: str) -> CameraNow:
        return self.known[name]

    @contextmanager
    def looking(self, camera: str) -> Iterator[None]:
        self.known[camera]
        self.watched.append(camera)
        try:
            yield
        finally:
            self.watched.remove(camera)

    def moment(self, camera: str) -> Moment:
        return self.moments[camera]

    def areas(self) -> dict[str, Held]:
        return dict(self.held)

    def set_area(self, name: str, inside: int, by: str) -> None:
        self.held[name] = replace(self.held[name], inside=float(inside), since=self.clock, passes=0)
        self.calls.append(("set_area", name, inside, by))

    def has_store(self) -> bool:
        return self.stores

    def read(self, query: Query) -> list[Measurement]:
        if self.broken_store:
            raise StoreError(self.broken_store)
        return [row for row in self.rows if _matches(row, query)]

    def alarms(self) -> list[Alarm]:
        return list(self.firing)

    def alert_log(self) -> list[Alert]:
        return list(self.log)

    def acknowledge(self, key: str, by: str) -> None:
        at = next((i for i, alarm in enumerate(self.firing) if alarm.key == key), None)
        if at is None:
            raise KeyError(key)
        self.firing[at] = replace(self.firing[at], acknowledged=by)
        self.calls.append(("acknowledge", key, by))

    def try_alert(self, by: str) -> tuple[str, ...]:
        self.calls.append(("try_alert", by))
        return self.sinks

    def plate(self, camera: str) -> PlateNow:
        return self.plates[camera]

    def collect_plate(self, camera: str, *, strict: bool, by: str) -> None:
        self._show(camera, replace(self.plates[camera], state="collecting", coverage=0.0, strict=strict))
        self.calls.append(("collect_plate", camera, strict, by))

    def approve_plate(self, camera: str, candidate_id: str, by: str) -> None:
        plate = self.plates[camera]
        if plate.candidate is None or plate.candidate_id != candidate_id:
            raise KeyError(candidate_id)
        self._show(camera, PlateNow("approved", plate.candidate, strict=plate.strict))
        self.calls.append(("approve_plate", camera, candidate_id, by))

    def discard_plate(self, camera: str, by: str) -> None:
        plate = self.plates[camera]
        kept = plate.approved if plate.candidate is not None else None
        self._show(camera, PlateNow("none" if kept is None else "approved", kept))
        self.calls.append(("discard_plate", camera, by))

    def _show(self, camera: str, plate: PlateNow) -> None:
        self.plates[camera] = plate
        self.known[camera] = replace(self.known[camera], plate=plate.state)

    def change(self, edits: Sequence[Edit], *, write: bool, by: str) -> Changed:
        self.calls.append(("change", tuple(edits), write, by))
        return self.answer

    def keep_secret(self, name: str, value: str, by: str) -> None:
        self.secrets[name] = value
        self.calls.append(("keep_secret", name, by))


def _matches(row: Measurement, query: Query) -> bool:
    return (
        (not query.cameras or row.camera in query.cameras)
        and (not query.places or row.place in query.places)
        and (not query.cuts or row.cut in query.cuts)
        and (query.start is None or row.end > query.start)
        and (query.end is None or row.start < query.end)
    )
