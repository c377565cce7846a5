"""Starts decode and engine workers, listens to them, and starts those again that die; no pixel comes here."""

from __future__ import annotations

import random
import selectors
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, Self

from passerby import errors
from passerby.engine.child import Child, Kind
from passerby.engine.commands import Add, Attach, Begin, Collect, Remove, Show, Stop
from passerby.engine.messages import Anchored, Begun, Died, Ended, Failed, Message, Spent, State, Tick
from passerby.engine.pace import Backoff
from passerby.engine.plan import CameraPlan, Plan, PlateWish
from passerby.engine.seats import Seat, Seats
from passerby.engine.wire import Channel
from passerby.errors import PasserbyError

_PATIENCE_S: Final = 3.0  # after which a worker that was told to stop is killed
_STEADY_S: Final = 10.0  # a worker that has lived so long is started again at once


class Engine:
    """Watches the cameras of a plan in workers of its own; see `passerby.engine` for how.

    Whoever iterates over `messages` keeps it running: workers are listened to, and started again, there and then,
    in that thread. `stop`, `show`, `collect` and `wake` may be called from any thread and from a signal's handler.

    `tick_s`: how often to say `Tick` at least; None: never. `stays`: goes on when there is no camera left, or none
    yet.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        tick_s: float | None = None,
        stays: bool = False,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._plan, self._clock = plan, clock
        self._cameras = dict(enumerate(plan.cameras))  # by number
        self._next = len(plan.cameras)  # numbers are not used again
        self._open = {number: camera.name for number, camera in enumerate(plan.cameras)}
        self._leaving: set[int] = set()  # open, and told to end
        self._joining: dict[str, CameraPlan] = {}  # to be watched once those of their name have ended
        self._seats = Seats(plan, lambda: Backoff(jitter))
        self._spares: dict[Kind, Child] = {}
        self._wants_spares = plan.live
        self._states: dict[str, State] = {}  # what decode workers said last
        self._troubled: set[str] = set()  # cameras whose engine worker is being started again
        self._selector = selectors.DefaultSelector()
        self._ear, self._bell = socket.socketpair()
        self._bell.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ)
        self._shown: frozenset[str] = frozenset()
        self._shown_told = self._shown
        self._wishes: dict[str, PlateWish] = {}
        self._wishes_told = self._wishes
        self._is_stopping = False
        self._tick_s, self._stays = tick_s, stays
        self._ticked_s = clock()
        self._killed_s: float | None = None  # when patience with workers that were told to stop ends

    def __enter__(self) -> Self:
        for seat in self._seats:
            self._start(seat)
        return self

    def __exit__(self, *_: object) -> None:
        for spare in self._spares.values():
            spare.end(0.0)
        children = [seat.child for seat in self._seats if seat.child is not None]
        for child in children:
            child.tell(Stop())
        until_s = self._clock() + _PATIENCE_S
        for child in children:
            child.end(max(0.0, until_s - self._clock()))
        for seat in self._seats:
            seat.child = None
        self._spares.clear()
        self._selector.close()
        self._ear.close()
        self._bell.close()

    def messages(self) -> Iterator[Message]:
        """What the workers say, until all cameras have ended or `stop` was called and all is said.

        Raises the error of an engine worker that cannot work at all, e.g. `ModelError`; and `PasserbyError` when a
        worker dies while films are played, for their counts would be wrong.
        """
        while not (self._is_over and all(seat.is_empty for seat in self._seats)):
            rang = False
            for key, _ in self._selector.select(self._patience_s()):
                if key.fileobj is self._ear:
                    rang = bool(self._ear.recv(64))
                elif isinstance(key.data, Seat):
                    yield from self._hear(key.data)
                else:
                    self._hear_spare(key.data)
            self._tend()
            if self._tick_s is not None and (rang or self._clock() >= self._ticked_s + self._tick_s):
                self._ticked_s = self._clock()
                yield Tick()

    @property
    def _is_over(self) -> bool:
        return self._is_stopping or not self._stays

    def stop(self) -> None:
        """End as soon as what stands has been said."""
        self._is_stopping = True
        self._ring_bell()

    def show(self, cameras: Iterable[str]) -> None:
        """Send glyphs of these cameras, as long as somebody looks at them, and of no others."""
        self._shown = frozenset(cameras)
        self._ring_bell()

    def collect(self, wishes: Mapping[str, PlateWish]) -> None:
        """Collect pictures of the empty places of these cameras, and of no others."""
        self._wishes = dict(wishes)
        self._ring_bell()

    def wake(self) -> None:
        """Say `Tick` now, if it is said at all."""
        self._ring_bell()

    def change(self, cameras: Iterable[CameraPlan]) -> None:
        """Watch these cameras from now on: those that are watched like this already go on undisturbed.

        Others end, as `Ended` says; one of a name that is still ending begins after that. Only in the thread that
        listens to `messages`.
        """
        wanted = {camera.name: camera for camera in cameras}
        staying = set()
        for number, name in self._open.items():
            if number in self._leaving:
                continue
            if wanted.get(name) == self._cameras[number]:
                staying.add(name)
            else:
                self._leaving.add(number)
                for seat in self._seats.having(number):
                    if seat.child is not None:
                        seat.child.tell(Remove(number))
        self._joining = {name: camera for name, camera in wanted.items() if name not in staying}
        self._ring_bell()

    @property
    def pids(self) -> dict[str, int]:
        """The processes of the workers, by their names, and of those that stand by: "spare engine"."""
        at_work = {seat.name: seat.child.pid for seat in self._seats if seat.child is not None}
        return at_work | {f"spare {kind}": spare.pid for kind, spare in self._spares.items()}

    # -- listening -------------------------------------------------------------------------------------------

    def _hear(self, seat: Seat) -> Iterator[Message]:
        if seat.child is None:
            return
        match _heard(seat.child):
            case None:
                yield from self._bury(seat, seat.child)
            case Failed(name, message, hint):
                raise getattr(errors, name, PasserbyError)(message, hint)
            case Spent() as spent:
                yield replace(spent, worker=seat.name)
                self._keep_spares()
            case State() as state if seat.kind == "decode":
                self._states[state.camera] = state
                yield state
            case Anchored(camera=name) as anchored:
                yield anchored
                if name in self._troubled and name in self._states:
                    yield self._states[name]
                self._troubled.discard(name)
            case Ended(camera=name) as ended:
                numbers = [number for number, open_ in self._open.items() if open_ == name]
                for number in numbers:
                    self._forget(number)
                if numbers:
                    yield ended
            case Begun() as begun:
                yield replace(begun, worker=seat.name)
            case message:
                yield message

    def _bury(self, seat: Seat, child: Child) -> Iterator[Message]:
        self._selector.unregister(child)
        said = f"{seat.name} {child.end()}"
        seat.child = None
        if self._is_stopping:
            return
        for number in self._leaving.intersection(seat.numbers if seat.kind == "engine" else ()):
            yield Ended(self._open[number], 0.0)
            self._forget(number)
        mine = [self._open[number] for number in seat.numbers if number not in self._leaving]
        if not mine:
            return
        if not self._plan.live:
            raise PasserbyError(f"{said}; what it had seen is lost.", "Run it again.")
        is_steady = self._clock() - seat.began_s >= _STEADY_S
        if is_steady:
            seat.backoff.reset()
        seat.again_s = self._clock() + (0.0 if is_steady or seat.kind in self._spares else seat.backoff.wait_s())
        yield Died(seat.name, said)
        for name in mine:
            if seat.kind == "engine":
                self._troubled.add(name)
            yield State(name, "degraded" if seat.kind == "engine" else "offline", f"{said}; it is started again.")

    def _tend(self) -> None:
        """Do what is due: stop, show, watch what has joined, start again."""
        if not self._open and not self._joining and not self._stays:
            self._is_stopping = True
        if self._is_stopping:
            self._end_all()
            return
        if self._shown != self._shown_told:
            self._shown_told = self._shown
            for seat in self._seats:
                if seat.kind == "engine" and seat.child is not None:
                    seat.child.tell(Show(self._shown))
        if self._wishes != self._wishes_told:
            self._wishes_told = self._wishes
            for seat in self._seats:
                if seat.kind == "engine" and seat.child is not None:
                    seat.child.tell(Collect(self._wishes))
        for name in self._joining.keys() - self._open.values():
            self._join(self._joining.pop(name))
        for seat in self._seats:
            if seat.again_s is not None and self._clock() >= seat.again_s:
                self._start(seat)

    def _end_all(self) -> None:
        if self._killed_s is None:
            self._killed_s = self._clock() + _PATIENCE_S
            for seat in self._seats:
                seat.again_s = None
                if seat.child is not None:
                    seat.child.tell(Stop())
        elif self._clock() >= self._killed_s:
            for seat in self._seats:
                if seat.child is not None:
                    self._selector.unregister(seat.child)
                    seat.child.end(0.0)
                    seat.child = None

    def _patience_s(self) -> float | None:
        due = [seat.again_s for seat in self._seats if seat.again_s is not None]
        if self._tick_s is not None:
            due.append(self._ticked_s + self._tick_s)
        if self._killed_s is not None:
            due.append(self._killed_s)
        return max(0.0, min(due) - self._clock()) if due else None

    def _ring_bell(self) -> None:
        try:
            self._bell.send(b"!")
        except OSError:
            return  # it rings already, or nobody is there any more

    # -- starting --------------------------------------------------------------------------------------------

    def _start(self, seat: Seat) -> None:
        spare = self._spares.pop(seat.kind, None)
        if spare is not None:
            self._selector.unregister(spare)
        seat.child = child = spare or self._new(seat.kind)
        seat.began_s, seat.again_s = self._clock(), None
        self._selector.register(child, selectors.EVENT_READ, seat)
        for number in seat.numbers:
            if number not in self._leaving:
                child.tell(Add(number, self._cameras[number]))
        if seat.kind == "engine":
            child.tell(Show(self._shown))
            child.tell(Collect(self._wishes))
        for partner in seat.partners:
            if partner.child is not None:
                _link(child, partner.child)

    def _join(self, camera: CameraPlan) -> None:
        number = self._next
        self._next += 1
        self._cameras[number], self._open[number] = camera, camera.name
        for seat in self._seats.place(number):  # the engine worker is told first
            if seat.child is not None:
                seat.child.tell(Add(number, camera))
            elif seat.is_empty:
                self._start(seat)

    def _forget(self, number: int) -> None:
        for seat in self._seats.having(number):
            if seat.kind == "decode" and seat.child is not None:
                seat.child.tell(Remove(number))
        self._seats.leave(number)
        self._leaving.discard(number)
        del self._cameras[number], self._open[number]

    def _new(self, kind: Kind) -> Child:
        plan, child = self._plan, Child(kind)
        child.tell(
            Begin(plan.live) if kind == "decode" else Begin(plan.live, plan.detector, plan.share, plan.gather_s)
        )
        return child

    def _keep_spares(self) -> None:
        """Have a worker of each kind at hand that has loaded all it needs, once the others are at work."""
        for kind in ("decode", "engine"):
            if self._wants_spares and kind not in self._spares and not self._is_stopping:
                self._spares[kind] = spare = self._new(kind)
                self._selector.register(spare, selectors.EVENT_READ, kind)

    def _hear_spare(self, kind: Kind) -> None:
        """A spare that ends by itself is not replaced: whatever ended it would end the next one."""
        spare = self._spares.get(kind)
        if spare is not None and _heard(spare) is None:
            del self._spares[kind]
            self._selector.unregister(spare)
            spare.end()
            self._wants_spares = False


def _heard(child: Child) -> Message | Failed | None:
    """What a worker says; None once it is gone, or has said what no worker says."""
    try:
        return child.hear()
    except ValueError:
        return None


def _link(one: Child, other: Child) -> None:
    ends = Channel.pair()
    for child, end in zip((one, other), ends, strict=True):
        child.tell(Attach(), [end.fileno()])
        end.close()
