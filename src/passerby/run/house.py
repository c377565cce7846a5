"""The service as its pages see it: snapshots for any thread, and what people change through pages."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final

from passerby.alerts import Standing
from passerby.areas import Held
from passerby.config import Config, Edit
from passerby.config.changing import Change, change
from passerby.config.keyring import Keyring
from passerby.errors import PasserbyError
from passerby.ghost import Moment
from passerby.outlets import Query
from passerby.records import Alert, Measurement, Severity
from passerby.run.service import Service
from passerby.run.site import made
from passerby.run.states import Status
from passerby.web.house import Alarm, CameraNow, Changed, PlateNow, Ready, Totals

PULSE_S: Final = 10.0  # so long may the loop take to come round
PATIENCE_S: Final = 30.0  # so long may it take until the configuration was read again
_GRAVEST: Final[Mapping[Severity, int]] = {"critical": 0, "warning": 1, "info": 2}


class ServiceHouse:
    """A `House` over a service that runs in another thread. `clock_s`: the machine's monotonic clock."""

    def __init__(self, service: Service, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._service, self._clock_s = service, clock_s
        self._looks: Counter[str] = Counter()  # how many look at each camera
        self._changing = threading.Lock()  # one change after the other
        self._pulse = (service.ticks, clock_s())  # as of the last `ready` that saw it rise

    # -- what there is -----------------------------------------------------------------------------------------

    @property
    def config(self) -> Config:
        """As it was last read."""
        return self._service.site.config

    @property
    def detector(self) -> str:
        """What counts now; empty before it is loaded."""
        return self._service.office.detector

    def now(self) -> datetime:
        """The time of day (UTC)."""
        return self._service.clock()

    def ready(self) -> Ready:
        """Whether its loop comes round; a camera that is offline is no matter."""
        if self._service.is_stopping:
            return Ready(False, "it is stopping.")
        ticks, now_s = self._service.ticks, self._clock_s()
        if not ticks:
            return Ready(False, "it is starting.")
        if ticks != self._pulse[0]:
            self._pulse = ticks, now_s
        if now_s - self._pulse[1] > PULSE_S:
            return Ready(False, f"nothing has been heard from its workers' supervisor for {PULSE_S:g} s.")
        return Ready(True)

    def totals(self) -> Totals:
        """How much it has done since it was started."""
        counters = self._service.counters
        frames = counters.frames()
        return Totals(
            frames={camera: count.frames for camera, count in frames.items()},
            analysed={camera: count.analysed for camera, count in frames.items()},
            dropped={camera: count.dropped for camera, count in frames.items()},
            released=counters.released(),
            outlets={box.name: (len(box), box.dropped) for box in self._service.outlets.all},
            cpu_s=counters.cpu_s(),
            restarts=counters.restarts(),
        )

    def cameras(self) -> Sequence[CameraNow]:
        """All cameras of the configuration, in its order."""
        with self._service.lock:
            states = self._service.states.all
            return [self._camera(name, states) for name in self.config.cameras]

    def camera(self, name: str) -> CameraNow:
        """One of them."""
        with self._service.lock:
            return self._camera(name, self._service.states.all)

    def _camera(self, name: str, states: Mapping[str, Status]) -> CameraNow:
        camera, status = self.config.cameras[name], states.get(name, Status())
        said = self._service.counters.latest(name)
        is_watched = said is not None and status.state in ("online", "degraded")
        return CameraNow(
            name=name,
            state=status.state,
            reason=status.reason,
            live=camera.live,
            places=camera.places,
            aspect=said.width / said.height if said is not None and said.height else None,
            rate=said.rate if said is not None and is_watched else None,
            wanted=said.wanted if said is not None and is_watched else None,
            plate=self.plate(name).state,
        )

    # -- this moment -------------------------------------------------------------------------------------------

    @contextmanager
    def looking(self, camera: str) -> Iterator[None]:
        """Have glyphs of a camera made until the block is left."""
        self.config.cameras[camera]
        self._look(camera, +1)
        try:
            yield
        finally:
            self._look(camera, -1)

    def _look(self, camera: str, more: int) -> None:
        with self._service.lock:
            self._looks[camera] += more
            self._service.show(name for name, count in self._looks.items() if count > 0)

    def moment(self, camera: str) -> Moment:
        """What may be shown of it now."""
        known = self.config.cameras[camera]
        with self._service.lock:
            live = self._service.office.live
            return live.moment(camera, self.now()) if camera in live else Moment(camera, known.live, "silent")

    def areas(self) -> Mapping[str, Held]:
        """How many each area holds now."""
        with self._service.lock:
            held = self._service.office.rules.held
            return {name: held.get(name, Held(None, area.capacity)) for name, area in self.config.areas.items()}

    def set_area(self, name: str, inside: int, by: str) -> None:
        """Somebody has counted by hand how many there are."""
        with self._service.lock:
            self._service.office.rules.set_area(name, self.now(), inside)
        self._service.engine.wake()

    # -- what was released -------------------------------------------------------------------------------------

    def has_store(self) -> bool:
        """Whether rows are kept at all."""
        return self._service.outlets.has_store

    def read(self, query: Query) -> Sequence[Measurement]:
        """Released rows; raises `StoreError`."""
        return self._service.outlets.read(query)

    # -- alerts ------------------------------------------------------------------------------------------------

    def alarms(self) -> Sequence[Alarm]:
        """What fires now, or cannot be evaluated; the gravest first."""
        with self._service.lock:
            standing = self._service.office.rules.standing
        return sorted(map(_alarm, standing), key=lambda alarm: _GRAVEST[alarm.severity])

    def alert_log(self) -> Sequence[Alert]:
        """What is kept of 72 hours: rule, place and hour."""
        with self._service.lock:
            return self._service.office.rules.log.entries()

    def acknowledge(self, key: str, by: str) -> None:
        """Somebody takes care of an alarm."""
        with self._service.lock:
            self._service.office.rules.acknowledge(key, by)

    def try_alert(self, by: str) -> Sequence[str]:
        """Send a test to all sinks; their names."""
        with self._service.lock:
            self._service.office.try_out()
        return tuple(self.config.sinks)

    # -- plates ------------------------------------------------------------------------------------------------

    def plate(self, camera: str) -> PlateNow:
        """What there is to be shown, and to be approved."""
        self.config.cameras[camera]
        try:
            return self._service.plates.now(camera)
        except KeyError:  # it has no source, so nothing is ever collected
            return PlateNow("none")

    def collect_plate(self, camera: str, *, strict: bool, by: str) -> None:
        """Begin to collect a new candidate, over some minutes."""
        self._service.plates.collect(camera, strict=strict)

    def approve_plate(self, camera: str, candidate_id: str, by: str) -> None:
        """An admin has looked at a candidate: nobody is in it."""
        self._service.plates.approve(camera, candidate_id)
        self._put_in_place({camera})

    def discard_plate(self, camera: str, by: str) -> None:
        """Throw away the candidate, or, where there is none, the approved picture."""
        self._service.plates.discard(camera)

    # -- the configuration -------------------------------------------------------------------------------------

    def change(self, edits: Sequence[Edit], *, write: bool, by: str) -> Changed:
        """Try edits of the configuration file, and write and read it again where `write`."""
        with self._changing:
            try:
                tried = change(self._service.path, edits, known=self.config.text)
                secrets = self._service.site.secrets | made(tried.config).secrets
                difference = tried.difference(secrets)
                if write and not difference:
                    self._put_in_place({edit.path[1] for edit in edits if is_drawn(edit)})
                if not write or not difference or not tried.is_writable:
                    return Changed(difference, written=False)
                tried.write()
                self._read_again(tried)
            except PasserbyError as error:
                return Changed("", written=False, problem=error.message, hint=error.hint)
        return Changed(difference, written=True)

    def keep_secret(self, name: str, value: str, by: str) -> None:
        """Keep a secret that was typed in a browser; cameras that name it take it at once."""
        keyring = Keyring(self.config.state)
        if value:
            keyring.keep(name, value)
        else:
            keyring.forget(name)
        self._service.reload()

    def _put_in_place(self, cameras: Iterable[str]) -> None:
        """Take what was approved, or saved as it was, to mean that places lie right where a camera looks now."""
        with self._service.lock:
            moved = self._service.office.moved.intersection(cameras)
        for camera in moved:
            self._service.in_place(camera)

    def _read_again(self, written: Change) -> None:
        """Have the service take what was written; what it refuses is written back."""
        try:
            said = self._service.read_again().result(PATIENCE_S)
        except TimeoutError:
            raise PasserbyError(
                "the file was written, and has not been read again yet.", "Look at the log."
            ) from None
        if said:
            replace(written, before=written.after, after=written.before).write()
            raise PasserbyError(said)


def is_drawn(edit: Edit) -> bool:
    """Whether an edit is about where places or ground points lie in a camera's picture."""
    return len(edit.path) > 2 and edit.path[0] == "camera" and edit.path[2] in ("place", "ground")


def _alarm(standing: Standing) -> Alarm:
    rule = standing.rule
    return Alarm(
        rule.key,
        rule.name,
        rule.camera,
        rule.place,
        standing.state,
        rule.severity,
        acknowledged=standing.acknowledged,
        escalated=standing.escalated,
    )
