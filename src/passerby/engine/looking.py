"""An engine worker: frames of many cameras in, observations out; started by the office as a process of its own."""

from __future__ import annotations

import os
import selectors
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final

from passerby import plugins
from passerby.engine import commands, headers, messages
from passerby.engine.budget import Budget, inputs, shed
from passerby.engine.commands import Add, Attach, Begin, Collect, Remove, Show, Stop
from passerby.engine.emptying import Emptying
from passerby.engine.headers import EndHeader, FrameHeader, RingHeader
from passerby.engine.messages import Begun, Failed, Message, Spent, State
from passerby.engine.plan import CameraPlan, PlateWish
from passerby.engine.process import Terminated, cpu_s, settle
from passerby.engine.view import Clocks, View
from passerby.engine.wire import Channel
from passerby.errors import PasserbyError
from passerby.look import Attention
from passerby.pipeline import Camera
from passerby.stages import Chosen, Detector, Look, Measure, Tracker

_LATE_S: Final = 0.5  # a frame that has waited so long is no longer what is seen now
_REPORT_S: Final = 1.0
_LEARN: Final = 0.2  # part of the newest frame in what a camera's frames are expected to cost


class Rounds:
    """Looks at one frame each of many cameras together: all crops of a round go through the detector in one call.

    Cameras take turns by who has waited longest, so that all slow down alike where the budget does not suffice.
    """

    def __init__(self, detector: Detector, budget: Budget) -> None:
        self._detector, self._budget = detector, budget
        self.rounds, self.crops, self.inputs = 0, 0, 0.0

    def look(self, ready: list[View]) -> None:
        """One round over cameras that have a frame waiting; those that it cannot afford go on waiting."""
        left = self._budget.left()
        asked = [(view, view.ask()) for view in self._chosen(ready, left)]
        size = self._detector.input
        kept = shed([crop for _, crops in asked for crop in crops], size, left)
        began_s = cpu_s()
        found = self._detector.detect(kept) if kept else []
        spent = inputs(kept, size)
        self._budget.spend(spent, cpu_s() - began_s)
        looks: dict[str, list[Look]] = {view.name: [] for view, _ in asked}
        for crop, detections in zip(kept, found, strict=True):
            looks[crop.frame.camera].append(Look(crop, detections))
        for view, crops in asked:
            view.cost += _LEARN * (inputs(crops, size) - view.cost)
            view.looked(looks[view.name])
        self.rounds, self.crops, self.inputs = self.rounds + 1, self.crops + len(kept), self.inputs + spent

    def _chosen(self, ready: list[View], left: float) -> list[View]:
        chosen: list[View] = []
        for view in sorted(ready, key=lambda view: view.analysed_s):
            if left <= 0:
                break
            chosen.append(view)
            left -= view.cost
        return chosen


class Worker:
    """Hears the office and the decode workers, and holds rounds."""

    def __init__(self, office: Channel, begin: Begin, detector: Detector, clocks: Clocks) -> None:
        self._office, self._begin, self._detector, self._clocks = office, begin, detector, clocks
        self._budget = Budget(begin.share if begin.live else None, clocks.monotonic)
        self._rounds = Rounds(detector, self._budget)
        self._views: dict[int, View] = {}
        self._selector = selectors.DefaultSelector()
        self._begin_s: float | None = None  # when the next round begins; None: nobody waits for it
        self._is_broke = False  # the budget was used up when last looked at
        self._shown: frozenset[str] = frozenset()
        self._wishes: Mapping[str, PlateWish] = {}
        self._plans: dict[str, CameraPlan] = {}
        self._report_s = clocks.monotonic() + _REPORT_S
        self._stopped = False
        self._is_final = False  # the office has said stop, and not the machine

    def run(self) -> None:
        """Until the office says stop, or is gone; then what is open is settled and told."""
        with Terminated() as terminated:
            self._selector.register(self._office, selectors.EVENT_READ, self._hear_office)
            self._selector.register(terminated, selectors.EVENT_READ, self._stop)
            held = False
            while not self._stopped:
                for key, _ in self._selector.select(0.0 if held else self._patience_s()):
                    key.data()
                held = self._hold()
                if self._clocks.monotonic() >= self._report_s:
                    self._report()
        for view in self._views.values():
            view.stop(is_final=self._is_final)
        self._report_spent()

    def _hold(self) -> bool:
        """Hold a round if it is time for one; whether it was."""
        ready = [view for view in self._views.values() if view.next_frame() is not None]
        for number in [number for number, view in self._views.items() if view.is_over]:
            del self._views[number]
        if not ready or not self._may_begin(ready):
            return False
        self._rounds.look(ready)
        self._begin_s = None
        self._refresh()
        return True

    def _may_begin(self, ready: list[View]) -> bool:
        """Films wait for each other, so that a round never depends on who was faster; live ones for a moment."""
        everybody = len(ready) == len(self._views)
        if not self._begin.live:
            return everybody
        now_s = self._clocks.monotonic()
        if (pause_s := self._budget.wait_s()) > 0:
            self._begin_s, self._is_broke = now_s + pause_s, True
            return False
        if self._is_broke:
            self._begin_s, self._is_broke = None, False
            self._refresh()
        if self._begin_s is None:
            self._begin_s = now_s + self._begin.gather_s
        return everybody or now_s >= self._begin_s

    def _refresh(self) -> None:
        """Frames that have waited for long make room for newer ones, which the next round then finds."""
        if self._begin.live:
            for view in self._views.values():
                view.drop_late(_LATE_S)

    def _patience_s(self) -> float:
        """How long to wait for news."""
        until_s = self._report_s if self._begin_s is None else min(self._begin_s, self._report_s)
        return max(0.0, until_s - self._clocks.monotonic())

    # -- the office ------------------------------------------------------------------------------------------

    def _hear_office(self) -> bool:
        """Hear what the office says, if it does; whether it did."""
        try:
            data, fds = self._office.receive(wait=False)
        except BlockingIOError:
            return False
        match commands.decode(data):
            case Attach():
                decoder = Channel.of(fds[0])
                self._selector.register(decoder, selectors.EVENT_READ, partial(self._hear_decoder, decoder))
            case Add(number, plan):
                self._add(number, plan)
            case Remove(number):
                if (view := self._views.pop(number, None)) is not None:
                    view.stop(is_final=True)
            case Show(cameras):
                self._shown = cameras
                for view in self._views.values():
                    view.is_shown = view.name in cameras
            case Collect(wishes):
                self._wishes = wishes
                for view in self._views.values():
                    self._collect(view)
            case Stop():
                self._is_final = True
                self._stop()
        return True

    def _add(self, number: int, plan: CameraPlan) -> None:
        try:
            camera = Camera(
                plan.name,
                tracker=plugins.build("tracker", plan.tracker, Tracker),
                measures=[plugins.build("measure", table, Measure, ground=plan.ground) for table in plan.measures],
                looks_with=self._detector.input,
                ground=plan.ground,
                attention=None if plan.every_frame else Attention(),
            )
        except PasserbyError as error:
            self._tell(State(plan.name, "offline", str(error)))
            self._tell(messages.Ended(plan.name, 0.0, str(error)))
            return
        view = View(number, camera, live=self._begin.live, clocks=self._clocks, tell=self._tell)
        view.is_shown = view.name in self._shown
        self._views[number] = view
        self._plans[view.name] = plan
        self._collect(view)

    def _collect(self, view: View) -> None:
        """Begin, go on or stop collecting the picture of a camera's empty place, as is wished."""
        wish = self._wishes.get(view.name)
        if view.emptying is not None and view.emptying.wish != wish:
            view.emptying.close()
            view.emptying = None
        if wish is not None and view.emptying is None:
            ground = self._plans[view.name].ground
            view.emptying = Emptying(
                view.name, wish, looks_with=self._detector.input, ground=ground, tell=self._tell
            )

    def _stop(self) -> None:
        self._stopped = True

    def _tell(self, message: Message) -> None:
        try:
            self._office.send(messages.encode(message))
        except ConnectionError:
            self._stopped = True  # nobody is left to tell

    def _report(self) -> None:
        self._report_s = self._clocks.monotonic() + _REPORT_S
        for view in self._views.values():
            view.report()
        self._report_spent()

    def _report_spent(self) -> None:
        rounds = self._rounds
        self._tell(Spent("", cpu_s(), rounds.rounds, rounds.crops, rounds.inputs))

    # -- decode workers --------------------------------------------------------------------------------------

    def _hear_decoder(self, decoder: Channel) -> None:
        while True:
            try:
                data, fds = decoder.receive(most=headers.LONGEST, wait=False)
            except BlockingIOError:
                return
            if not data:
                self._lose(decoder)
                return
            self._take(headers.unpack(data), fds, decoder)

    def _take(self, header: headers.Header, fds: list[int], decoder: Channel) -> None:
        if header.camera not in self._views:  # the office may have told of it by now: decode workers hear later
            while not self._stopped and self._hear_office():
                pass
        view = self._views.get(header.camera)
        if view is None:
            for fd in fds:
                os.close(fd)
            return
        match header:
            case RingHeader():
                view.take_ring(header, fds[0], decoder)
            case FrameHeader():
                view.take_frame(header)
            case EndHeader():
                view.take_end(header)

    def _lose(self, decoder: Channel) -> None:
        self._selector.unregister(decoder)
        for view in self._views.values():
            if view.decoder is decoder:
                view.lose()
        decoder.close()


def _utc() -> datetime:
    return datetime.now(UTC)


def serve(office: Channel, begin: Begin, clock: Callable[[], float] = time.monotonic) -> None:
    """Load the detector, then work; what makes that impossible is told to the office."""
    try:
        detector = plugins.build("detector", begin.detector, Detector)
    except PasserbyError as error:
        office.send(messages.encode(Failed(type(error).__name__, error.message, error.hint)))
        return
    office.send(messages.encode(Begun("", detector.name, _notes(detector))))
    Worker(office, begin, detector, Clocks(clock, _utc)).run()


def _notes(detector: Detector) -> tuple[str, ...]:
    said = (detector.why, detector.better) if isinstance(detector, Chosen) else ()
    return tuple(sentence for sentence in said if sentence)


def main() -> None:
    """``python -m passerby.engine.looking FD PARENT``."""
    settle(int(sys.argv[2]))
    office = Channel.of(int(sys.argv[1]))
    first = commands.decode(office.receive()[0])
    if isinstance(first, Begin):
        serve(office, first)


if __name__ == "__main__":
    main()
