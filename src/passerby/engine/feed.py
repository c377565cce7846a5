"""One camera in a decode worker: a thread that reads its source, tries again when it fails, and never gives up."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from typing import Final

from passerby import plugins
from passerby.engine.lane import Lane
from passerby.engine.messages import CameraState, State
from passerby.engine.pace import Backoff, Cadence
from passerby.engine.plan import CameraPlan
from passerby.errors import PasserbyError, SourceError
from passerby.frame import Frame
from passerby.stages import Finite, Source

_USUAL: Final = 3.0  # times what lies between two frames anyway
_LASTS_S: Final = 10.0  # what showed frames for so long worked; what ends sooner is tried again ever more rarely


class Feed:
    """Reads a camera's source for as long as the worker lives.

    Live, a film runs at its own pace and a failure is retried; else everything is read once, as fast as frames
    are taken. `tell` says how it goes, each state once.
    """

    def __init__(
        self,
        plan: CameraPlan,
        lane: Lane,
        *,
        live: bool,
        tell: Callable[[State], None],
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._plan, self.lane, self._live = plan, lane, live
        self._tell, self._clock = tell, clock
        self._backoff = Backoff(jitter)
        self._stopped = threading.Event()
        self._told: State | None = None
        self._connection = 0
        self._last_s = 0.0
        self._shown_s = math.inf  # when this connection's first frame came
        self._step_s = 0.0  # between the last two frames: a stream of key frames has few
        self._thread = threading.Thread(target=self._run, name=plan.name, daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read no more, and tell the engine; the thread ends with the call that it is in."""
        self._stopped.set()
        self.lane.end(self._connection, self._last_s, is_final=True)
        self.lane.close()

    def check(self, quiet_s: float) -> None:
        """Say so where a connected camera has sent no frame for so long."""
        silent_s = self._clock() - self.lane.last_read_s
        is_online = self._told is not None and self._told.state == "online"
        if self._live and is_online and silent_s > max(quiet_s, _USUAL * self._step_s):
            self._say("degraded", f"no frame for {quiet_s:g} s")

    def _run(self) -> None:
        try:
            source = plugins.build("source", self._plan.source, Source, camera=self._plan.name)
        except PasserbyError as error:
            self._end(str(error))
            return
        while not self._stopped.is_set():
            reason = self._read(source)
            is_over = not self._live or (_ends(source) and not reason)
            if is_over and (reason or not self._plan.loop):
                self._end(reason)
                return
            self.lane.end(self._connection, self._last_s, is_final=False)
            if not is_over:
                if self._clock() - self._shown_s >= _LASTS_S:
                    self._backoff.reset()
                self._say("offline", reason or "its stream has ended.")
                self._stopped.wait(self._backoff.wait_s())

    def _read(self, source: Source) -> str:
        """One connection, from its first frame to its last; says why it ended, or nothing where it just did."""
        cadence = Cadence(self._plan.fps)
        began_s: float | None = None
        self._connection = time.monotonic_ns()  # of the machine: grows over restarts of this worker too
        self._shown_s = math.inf
        try:
            for frame in source.frames():
                if began_s is None:
                    self._shown_s = self._clock()
                    began_s = self._shown_s - frame.time_s
                if self._live and _ends(source):  # at its own pace
                    self._stopped.wait(began_s + frame.time_s - self._clock())
                self._take(frame, cadence)
                if self._stopped.is_set():
                    return ""
        except SourceError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - a stranger's plugin must not take other cameras down with it
            return f"its source failed by a mistake of its own ({type(error).__name__})."
        return "there is no frame in it." if began_s is None else ""

    def _take(self, frame: Frame, cadence: Cadence) -> None:
        self.lane.seen()
        self._step_s = max(0.0, frame.time_s - self._last_s)
        self._last_s = frame.time_s
        if cadence.due(frame.time_s):
            self.lane.bring(frame, self._connection)
        else:
            frame.close()
        if self._told is None or self._told.state != "online":
            self._say("online")

    def _end(self, reason: str) -> None:
        if reason:
            self._say("offline", reason)
        self.lane.end(self._connection, self._last_s, is_final=True, reason=reason)

    def _say(self, state: CameraState, reason: str = "") -> None:
        told = State(self._plan.name, state, reason)
        if told != self._told and not self._stopped.is_set():
            self._told = told
            self._tell(told)


def _ends(source: Source) -> bool:
    return isinstance(source, Finite) and source.finite
