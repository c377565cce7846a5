"""What becomes of what the cameras say: released rows to the outlets, live values in memory, alerts at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from passerby.alerts.readings import View
from passerby.classes import Class
from passerby.geometry import Place
from passerby.ghost import Glyph, Live
from passerby.office.clock import Clock
from passerby.office.live import Board
from passerby.office.rules import Rules
from passerby.office.turned import Turned
from passerby.records import Bands, Kind, Observation, Record, Trial
from passerby.release import SETTLE, Ledger, Rule
from passerby.version import VERSION

OVERLOADED: Final = 0.5  # less than this share of the frames that were due was analysed
_LASTING: Final = 3  # reports of it, about a second each: connections begin with more frames than can be analysed


@dataclass(frozen=True, slots=True)
class Kept:
    """A place of a camera, and all that may be counted there."""

    place: Place
    classes: tuple[Class, ...] = tuple(Class)
    movements: tuple[str, ...] = ()
    conflicts: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What the office must know of a camera."""

    name: str
    places: tuple[Kept, ...] = ()
    live: Live = "bands"


@dataclass(frozen=True, slots=True)
class Sight:
    """How a camera was watched up to its last frame."""

    time_s: float  # stream time
    view: View
    rate: float  # frames analysed a second
    wanted: float  # frames due a second
    analysed: int = 0  # frames, since whoever watches it began


class Outlet(Protocol):
    """Takes records and never waits, such as an `Outbox`."""

    name: str

    def offer(self, records: Sequence[Record]) -> None:
        """Take records that belong together."""
        ...


@dataclass(slots=True)
class _Watch:
    desk: Desk
    clock: Clock = field(default_factory=Clock)
    seen_s: float = 0.0  # stream time up to which the ledger knows that it was watched
    short: int = 0  # reports in a row of too few frames analysed
    turned: Turned = field(default_factory=Turned)

    def view(self, sight: Sight, at: datetime) -> View:
        """How it sees: one that was moved stays so until it is seen to be back, or somebody says it is right."""
        self.turned.see(sight.view, sight.analysed, at)
        return "moved" if self.turned.is_moved else sight.view


class Office:
    """Hears what the cameras observe, by their stream time; holds what is pending, whatever becomes of an engine.

    `clock`: the time of day (UTC). `since`: where the rows end that the store has of a place; what was before is
    not observed again. `live_outputs`: tell the outlets the bands of this moment, too, once a minute. `moved`:
    cameras that did not look where their places were drawn when they were last watched.
    """

    def __init__(
        self,
        rule: Rule,
        *,
        clock: Callable[[], datetime],
        outlets: Sequence[Outlet] = (),
        rules: Rules | None = None,
        live_outputs: bool = False,
        since: Callable[[str, str], datetime | None] = lambda _camera, _place: None,
        moved: Collection[str] = (),
    ) -> None:
        self.outlets, self.rules = tuple(outlets), rules or Rules()
        self.live, self.live_outputs = Board(), live_outputs
        self._told: datetime | None = None  # the minute of which the outlets were told the bands
        self._clock, self._since = clock, since
        self._ledger = Ledger(rule, detector="", version=VERSION, settle=SETTLE)
        self._watches: dict[str, _Watch] = {}
        self._moved = set(moved)  # of those that are not watched now

    @property
    def moved(self) -> frozenset[str]:
        """Cameras that do not look where their places were drawn, also those that are not watched now."""
        return frozenset(self._moved | {name for name, watch in self._watches.items() if watch.turned.is_moved})

    @property
    def moved_for_long(self) -> frozenset[str]:
        """Those of them of which a restart is to know."""
        now = self._clock()
        return frozenset(self._moved | {name for name, watch in self._watches.items() if watch.turned.lasts(now)})

    @property
    def detector(self) -> str:
        """What rows say they were counted with."""
        return self._ledger.detector

    @detector.setter
    def detector(self, name: str) -> None:
        self._ledger.detector = name

    # -- cameras ---------------------------------------------------------------------------------------------

    def open(self, desk: Desk) -> None:
        """Keep a camera's places from now on; those that stay as they were keep what is pending."""
        before = self._watches.get(desk.name)
        for gone in set() if before is None else _names(before.desk) - _names(desk):
            self._send(self._ledger.close(desk.name, gone))
        for kept in desk.places:
            self._ledger.open(
                desk.name,
                kept.place,
                classes=kept.classes,
                movements=kept.movements,
                conflicts=kept.conflicts,
                since=self._since(desk.name, kept.place.name),
            )
        is_drawn_anew = before is not None and _places(before.desk) != _places(desk)
        if before is None:
            self._watches[desk.name] = _Watch(desk, turned=Turned(was_moved=desk.name in self._moved))
            self._moved.discard(desk.name)
        else:
            self._watches[desk.name] = replace(before, desk=desk)
        if is_drawn_anew:
            self.in_place(desk.name)
        self.live.open(desk.name, desk.live)

    def close(self, camera: str) -> None:
        """Watch a camera no more: what stands is written, the remainder dropped."""
        if (watch := self._watches.pop(camera, None)) is not None:
            self._moved |= {camera} if watch.turned.is_moved else set()
            self._send(self._ledger.close(camera))
            self.live.close(camera)

    def in_place(self, camera: str) -> None:
        """Somebody has seen to it that a camera's places lie where they should in what it shows now."""
        self._moved.discard(camera)
        if (watch := self._watches.get(camera)) is not None:
            watch.turned.settle()

    # -- what they say ---------------------------------------------------------------------------------------

    def anchored(self, camera: str, time_s: float, at: datetime) -> None:
        """From here on a camera's stream time is that time of day; what lies between was not watched."""
        if (watch := self._watches.get(camera)) is not None:
            watch.clock.set(time_s, at)
            watch.seen_s = time_s

    def missed(self, camera: str, start_s: float) -> None:
        """No frame came from then on; where they come again is said by `anchored`."""
        if (watch := self._watches.get(camera)) is not None and watch.clock.is_set:
            self._see(watch, start_s, is_good=True)

    def observed(self, camera: str, observations: Sequence[Observation]) -> None:
        """What one frame came to; a place that is not kept any more is passed over."""
        watch = self._watches.get(camera)
        if watch is None or not watch.clock.is_set or watch.turned.is_moved:
            return
        names = _names(watch.desk)
        for observation in observations:
            if observation.place in names:
                self._ledger.take(camera, watch.clock.at(observation.time_s), observation)
        self.live.readings.take(camera, self._clock(), observations)
        self.rules.take(camera, observations)

    def shown(self, camera: str, glyphs: tuple[Glyph, ...]) -> None:
        """Where glyphs are to be drawn now."""
        self.live.show(camera, self._clock(), glyphs)

    def watched(self, camera: str, sight: Sight) -> None:
        """How a camera was watched; about once a second."""
        watch = self._watches.get(camera)
        if watch is None or not watch.clock.is_set:
            return
        is_new, now = sight.time_s > watch.seen_s, self._clock()
        view = watch.view(sight, now)
        self._see(watch, sight.time_s, is_good=view == "ok")
        if is_new:
            self.live.readings.saw(camera, now, view)
            watch.short = watch.short + 1 if sight.rate < OVERLOADED * sight.wanted else 0
            self.live.load(camera, is_overloaded=watch.short >= _LASTING)
            if watch.clock.compare(sight.time_s, now):
                watch.seen_s = sight.time_s

    # -- time ------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Release what is due, and evaluate the rules; about once a second, whatever the cameras do."""
        now = self._clock()
        rows: list[Record] = []
        for camera in self._watches:
            rows += self._ledger.advance(camera, now)
        self._send(rows)
        self._send(self.rules.see(now, self.live.readings.values(now), self.live.health(now)))
        for alert, to in self.rules.unheeded(now):
            self._send([alert], to)
        self._send_bands(now)

    def stop(self) -> None:
        """Write what stands, once all cameras have said all; the remainder is dropped, its time not observed."""
        now = self._clock()
        rows: list[Record] = []
        for camera in self._watches:
            rows += self._ledger.advance(camera, now, is_settled=True)
        self._send([*rows, *self._ledger.stop()])

    def try_out(self) -> None:
        """Tell all outlets that somebody tries whether alarms arrive."""
        self._send([Trial(self._clock())])

    def _send_bands(self, now: datetime) -> None:
        minute = now.replace(second=0, microsecond=0)
        if not self.live_outputs or minute == self._told:
            return
        self._told = minute
        for camera in self._watches:
            places: dict[str, dict[str, str]] = {}
            for value in self.live.moment(camera, now).values:
                places.setdefault(value.place, {})[value.quantity] = value.band
            if places:
                self._send([Bands(camera, now, places)])

    def _see(self, watch: _Watch, until_s: float, *, is_good: bool) -> None:
        if until_s <= watch.seen_s:
            return
        if is_good:
            self._ledger.seen(watch.desk.name, watch.clock.at(watch.seen_s), watch.clock.at(until_s))
        watch.seen_s = until_s

    def _send(self, records: Sequence[Record], to: Sequence[str] = ()) -> None:
        """To all outlets, or to those that are named."""
        if records:
            for outlet in self.outlets:
                if not to or outlet.name in to:
                    outlet.offer(records)


def _places(desk: Desk) -> list[Place]:
    return [kept.place for kept in desk.places]


def _names(desk: Desk) -> set[str]:
    return {kept.place.name for kept in desk.places}
