"""Watches the cameras of a configuration until it is told to stop, and reads it again when it is told to."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from passerby.config import Config
from passerby.engine import Begun, Died, Ended, Engine, Message, PlateWish, State, Tick
from passerby.errors import ConfigError, PartialError, PasserbyError
from passerby.office import Office, Rules
from passerby.run import hearing
from passerby.run.alert_file import AlertFile
from passerby.run.counting import Counters
from passerby.run.errands import Errands
from passerby.run.journal import Journal
from passerby.run.moved_file import MovedFile
from passerby.run.notify import Systemd
from passerby.run.outlets import Outlets
from passerby.run.plate_files import named
from passerby.run.plates import Plates
from passerby.run.roster import Roster
from passerby.run.site import Site, load
from passerby.run.states import States, Status
from passerby.web.house import Paths

TICK_S: Final = 1.0


def utc() -> datetime:
    """The machine's time of day."""
    return datetime.now(UTC)


class Service:
    """One site, from its configuration to its end; `stop` and `reload` may be called by a signal's handler.

    Its loop runs in the thread that calls `run`. Other threads may read `site`, `office`, `states` and `outlets`,
    and change what is the office's, while they hold `lock`; the loop holds it while it takes in a message, and
    never while it waits.

    Raises `ConfigError` for a configuration that cannot be used, `StoreError` for such a store. `clock`: the time
    of day. `has_pages`: pages are served where the configuration wants any; then it goes on when there is no
    camera to watch, for one may be added there. `plate_s`: stream time that a picture of an empty place takes at
    least, for trials; no configuration can shorten it.
    """

    def __init__(
        self,
        path: Path,
        *,
        journal: Journal | None = None,
        clock: Callable[[], datetime] = utc,
        has_pages: bool = False,
        plate_s: float | None = None,
    ) -> None:
        self._path, self.clock = path, clock
        self.journal = journal or Journal(sys.stderr, clock)
        site = load(path)
        self._stays = has_pages and site.config.web is not None
        self.lock = threading.Lock()
        self.states = States(self._say)
        self._roster = Roster(self.states, self.journal)
        self._site = self._checked(site)
        self.journal.hide(self._site.secrets)
        self.counters = Counters()
        self._systemd = Systemd()
        self._outlets = Outlets(self._site, clock, self.journal)
        self._outlets.take_up()
        paths = Paths(site.config.state)
        self._alert_file = AlertFile(paths.alerts, self._note)
        self._moved_file = MovedFile(paths.moved, self._note)
        log, acknowledged = self._alert_file.load(clock())
        rules = Rules(*self._site.rules, log=log, acknowledged=acknowledged)
        self._office = self._new_office(rules, self._moved_file.load())
        self.plates = Plates(paths.plates, clock=clock, tell=self._collect, least_s=plate_s)
        self._engine = self._new_engine()
        self._open_plates()
        self._shown: frozenset[str] = frozenset()
        self._wants_stop = self._wants_reload = self._begins_anew = False
        self.on_read: Callable[[Config | None, Config], None] = lambda _old, _new: None  # each that is taken
        self._proven: Mapping[str, object] | None = None  # the detector that has begun
        self._errands = Errands(lambda: self._engine.wake())
        self._ticks = 0

    @property
    def path(self) -> Path:
        """The configuration file."""
        return self._path

    @property
    def site(self) -> Site:
        """The configuration as it was last read."""
        return self._site

    @property
    def engine(self) -> Engine:
        """What watches the cameras now; another one after some reloads."""
        return self._engine

    @property
    def office(self) -> Office:
        """Where the numbers are."""
        return self._office

    @property
    def outlets(self) -> Outlets:
        """The store and the sinks."""
        return self._outlets

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._wants_stop

    @property
    def ticks(self) -> int:
        """How often the loop came round, about once a second: it is alive as long as this rises."""
        return self._ticks

    def stop(self) -> None:
        """End within a few seconds, with everything written that stands."""
        self._wants_stop = True
        self._engine.stop()

    def reload(self) -> None:
        """Read the configuration again; one that is wrong changes nothing."""
        self._wants_reload = True
        self._engine.wake()

    def read_again(self) -> Future[str]:
        """As `reload`, for another thread that waits for what came of it: why it was refused, or nothing."""
        return self._errands.ask(self._read_again)

    def in_place(self, camera: str) -> Future[str]:
        """Somebody has seen to it that a camera's places lie right in what it shows now, though it was moved."""
        return self._errands.ask(lambda: self._view_anew(camera))

    def show(self, cameras: Iterable[str]) -> None:
        """Have glyphs of these cameras in the office, as far as they show any; while somebody looks, no longer."""
        self._shown = frozenset(cameras)
        self._engine.show(self._shown & {name for name, desk in self._site.desks.items() if desk.live == "ghost"})

    def run(self) -> None:
        """Until `stop`, or until there is nothing left to watch.

        Raises `PartialError` if some cameras could not be watched, and what an engine that cannot work raises.
        """
        try:
            self.on_read(None, self._site.config)
            self._open_all()
            while True:
                self._watch_or_go_back()
                if self._wants_stop or not self._begins_anew:
                    break
                self._engine, self._begins_anew = self._new_engine(), False
                self._open_all()
                self.show(self._shown)
            self.journal.say("stopping")
        finally:
            was_told, self._wants_stop = self._wants_stop, True
            self._systemd.stopping()
            self._errands.close()
            with self.lock:
                self._office.stop()
                self._alert_file.write(self._office.rules)
                self._moved_file.keep(self._office.moved_for_long)
            self._outlets.close()
        said = "\n".join(f"{name}: {reason}" for name, reason in self._roster.lost.items())
        if said and not was_told:
            raise PartialError(
                f"these cameras could not be watched:\n{said}", f"Try `passerby check {self._path}`."
            )

    # -- listening -------------------------------------------------------------------------------------------

    def _watch_or_go_back(self) -> None:
        """As `_watch`; a detector that cannot work and came with a reload is left for the one before it."""
        try:
            self._watch()
        except PasserbyError as error:
            if self._proven is None or self._site.detector == self._proven:
                raise
            self.journal.say("reload refused", reason=f"{error} The detector of before goes on.")
            self._site = replace(self._site, detector=self._proven)
            self._begins_anew = True

    def _watch(self) -> None:
        if self._wants_stop:
            return
        with self._engine as engine:
            self._systemd.ready()
            for message in engine.messages():
                with self.lock:
                    self._take(message)
                if self._wants_reload:
                    self._wants_reload = False
                    self._read_again()
                self._errands.run()

    def _take(self, message: Message) -> None:
        message = self._unsaid(message)
        hearing.tell(self._office, message)
        self.counters.hear(message)
        self.plates.hear(message)
        match message:
            case State(camera, state, reason):
                self.states.stream(camera, state, reason)
            case Begun(_, detector, notes):
                self._proven = self._site.detector
                self.journal.say("detecting", detector=detector, note=" ".join(notes))
            case Died(worker, reason):
                self.journal.say("died", worker=worker, reason=reason)
            case Ended(camera, _, reason):
                self._ended(camera, reason)
            case Tick():
                self._tick()

    def _unsaid(self, message: Message) -> Message:
        """Without secrets: a worker's words are shown on pages, and a stranger's plugin may say what it likes."""
        blanked = self.journal.blanked
        match message:
            case State(reason=reason) | Ended(reason=reason) | Died(reason=reason):
                return replace(message, reason=blanked(reason))
            case Begun(detector=detector, notes=notes):
                return replace(message, detector=blanked(detector), notes=tuple(map(blanked, notes)))
        return message

    def _tick(self) -> None:
        self._ticks += 1
        self._office.tick()
        for camera in self._site.cameras:
            self.states.sight(camera, self._office.live.condition(camera, self.clock()))
        self._outlets.tick()
        self._alert_file.tick(self._office.rules, self.clock())
        self._moved_file.keep(self._office.moved_for_long)
        self._systemd.alive()

    def _ended(self, camera: str, reason: str) -> None:
        came_by_itself = self._roster.ended(camera, self._site, self._office)
        if came_by_itself and not self._begins_anew and not self._wants_stop:
            self._roster.end(camera, reason)

    # -- making ----------------------------------------------------------------------------------------------

    def _view_anew(self, camera: str) -> str:
        if camera not in self._site.cameras:
            return f"{camera} is not watched."
        with self.lock:
            self._site = self._roster.view_anew(camera, self._site, self._office)
            self._engine.change(self._site.cameras.values())
        return ""

    def _checked(self, site: Site) -> Site:
        if not site.cameras and not self._stays:
            hint = "Give one a source, and do not switch it off."
            raise ConfigError(f"{self._path} has no camera to watch.", hint)
        return self._roster.viewed(site)

    def _new_office(self, rules: Rules, moved: frozenset[str]) -> Office:
        return Office(
            self._site.config.rule,
            clock=self.clock,
            outlets=(*self._outlets.all, self.counters),
            rules=rules,
            live_outputs=self._site.config.live_outputs,
            since=lambda camera, place: self._outlets.until(camera, place),
            moved=moved,
        )

    def _new_engine(self) -> Engine:
        engine = Engine(self._site.plan(), tick_s=TICK_S, stays=self._stays)
        engine.collect(self.plates.wishes)
        return engine

    def _collect(self, wishes: Mapping[str, PlateWish]) -> None:
        self._engine.collect(wishes)

    def _open_plates(self) -> None:
        """Have pictures of the empty places of all cameras that have a source."""
        sources = {name: camera.source for name, camera in self._site.config.cameras.items()}
        for name, source in sources.items():
            if source is None:
                self.plates.close(name)
            else:
                self.plates.open(name, named(source.options))

    def _open_all(self) -> None:
        with self.lock:
            self._roster.open_all(self._site, self._office)

    # -- reading again ---------------------------------------------------------------------------------------

    def _read_again(self) -> str:
        """Why it was refused, or nothing."""
        self._systemd.reloading()
        try:
            new = self._checked(load(self._path))
            has_other_rule = new.config.rule != self._site.config.rule
            is_same = self._outlets.suit(new) and not has_other_rule
            before = None if has_other_rule else self._outlets
            outlets = self._outlets if is_same else Outlets(new, self.clock, self.journal, before)
        except PasserbyError as error:
            self.journal.say("reload refused", reason=str(error))
            self._systemd.ready()
            return str(error)
        self.journal.hide(self._site.secrets | new.secrets)
        if has_other_rule:
            with self.lock:
                self._office.stop()
        if not is_same:
            self._outlets.close(outlets)
            outlets.take_up()
        old = self._site.config
        with self.lock:
            self._replace(new, outlets, has_other_rule=has_other_rule)
        self.on_read(old, new.config)
        self._systemd.ready()
        return ""

    def _replace(self, new: Site, outlets: Outlets, *, has_other_rule: bool) -> None:
        old, self._site, self._outlets = self._site, new, outlets
        rules = self._office.rules.changed(*new.rules)
        if has_other_rule:
            self._office = self._new_office(rules, self._office.moved)
        else:
            self._office.rules = rules
            self._office.outlets = (*outlets.all, self.counters)
            self._office.live_outputs = new.config.live_outputs
        for name in old.config.cameras.keys() - new.config.cameras.keys():
            self.plates.close(name)
        self._open_plates()
        self.journal.say("reloaded")
        self.show(self._shown)
        if has_other_rule or (new.detector, new.config.engine) != (old.detector, old.config.engine):
            self._begins_anew = True
            self._engine.stop()
        else:
            self._roster.change(old, new, self._office)
            self._engine.change(new.cameras.values())

    def _note(self, said: str) -> None:
        self.journal.say("note", reason=said)

    def _say(self, camera: str, status: Status) -> None:
        self.journal.say(status.state, camera=camera, reason=status.reason)
