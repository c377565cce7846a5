"""A decode worker: libav and its cameras, no more; started by the office as a process of its own."""

from __future__ import annotations

import os
import selectors
import sys
import threading
import time
from typing import Final

from passerby.engine import commands, headers, messages
from passerby.engine.commands import Add, Attach, Begin, Remove, Stop
from passerby.engine.feed import Feed
from passerby.engine.headers import FreeHeader
from passerby.engine.lane import Lane
from passerby.engine.messages import Spent, State
from passerby.engine.process import Terminated, cpu_s, settle
from passerby.engine.wire import Channel

_QUIET_S: Final = 2.0  # without a frame a camera is degraded
_TICK_S: Final = 1.0
_SLOTS_WHEN_KEEPING: Final = 4  # enough that decoder and engine seldom wait for each other


class Decoder:
    """Hears the office and the engine, while each camera's thread reads."""

    def __init__(self, office: Channel, begin: Begin) -> None:
        self._office, self._begin = office, begin
        self._engine: Channel | None = None
        self._feeds: dict[int, Feed] = {}
        self._telling = threading.Lock()
        self._tick_s = time.monotonic() + _TICK_S
        self._selector = selectors.DefaultSelector()

    def run(self) -> None:
        """Until the office says stop, or is gone."""
        with Terminated() as terminated:
            self._selector.register(self._office, selectors.EVENT_READ, self._hear_office)
            self._selector.register(terminated, selectors.EVENT_READ, lambda: False)
            while all(key.data() for key, _ in self._selector.select(_TICK_S)):
                self._tick()
        for feed in self._feeds.values():
            feed.stop()
        self._tell(Spent("", cpu_s()))

    def _tick(self) -> None:
        """Once a second: which cameras are silent, and what all of it has cost."""
        now_s = time.monotonic()
        if now_s < self._tick_s:
            return
        self._tick_s = now_s + _TICK_S
        for feed in self._feeds.values():
            feed.check(_QUIET_S)
        self._tell(Spent("", cpu_s()))

    def _hear_office(self) -> bool:
        data, fds = self._office.receive()
        match commands.decode(data):
            case Attach():
                self._attach(Channel.of(fds[0]))
            case Add(number, camera):
                live = self._begin.live
                lane = Lane(number) if live else Lane(number, keeps=True, slots=_SLOTS_WHEN_KEEPING)
                self._feeds[number] = feed = Feed(camera, lane, live=live, tell=self._tell)
                if self._engine is not None:
                    lane.attach(self._engine)
                feed.start()
            case Remove(number):
                if (removed := self._feeds.pop(number, None)) is not None:
                    removed.stop()
            case Stop():
                return False
        return True

    def _attach(self, engine: Channel) -> None:
        self._detach()
        self._engine = engine
        self._selector.register(engine, selectors.EVENT_READ, self._hear_engine)
        for feed in self._feeds.values():
            feed.lane.attach(engine)

    def _detach(self) -> None:
        if self._engine is not None:
            self._selector.unregister(self._engine)
            for feed in self._feeds.values():
                feed.lane.detach()
            self._engine.close()
            self._engine = None

    def _hear_engine(self) -> bool:
        assert self._engine is not None
        while True:
            try:
                data, _ = self._engine.receive(most=headers.LONGEST, wait=False)
            except BlockingIOError:
                return True
            if not data:
                self._detach()
                return True
            match headers.unpack(data):
                case FreeHeader(camera, generation, slot) if camera in self._feeds:
                    self._feeds[camera].lane.free(generation, slot)

    def _tell(self, message: State | Spent) -> None:
        with self._telling:
            try:
                self._office.send(messages.encode(message))
            except ConnectionError:
                return  # the office is gone, and this worker is about to notice


def main() -> None:
    """``python -m passerby.engine.decoding FD PARENT``."""
    settle(int(sys.argv[2]))
    office = Channel.of(int(sys.argv[1]))
    first = commands.decode(office.receive()[0])
    if isinstance(first, Begin):
        Decoder(office, first).run()
    sys.stderr.flush()
    os._exit(0)  # threads that wait for a camera that does not answer are not waited for


if __name__ == "__main__":
    main()
