"""Watches the cameras of a configuration until it is told to stop, and reads it again when it is told to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from passerby.engine import Begun, Ended, Engine, Message, State, Tick
from passerby.errors import PartialError, PasserbyError
from passerby.office import Office, Rules
from passerby.run import hearing
from passerby.run.journal import Journal
from passerby.run.notify import Systemd
from passerby.run.outlets import Outlets
from passerby.run.site import Site, load
from passerby.run.states import States, Status

TICK_S: Final = 1.0


def utc() -> datetime:
    """The machine's time of day."""
    return datetime.now(UTC)


class Service:
    """One site, from its configuration to its end; `stop` and `reload` may be called by a signal's handler.

    Raises `ConfigError` for a configuration that cannot be used, `StoreError` for such a store. `clock`: the time
    of day.
    """

    def __init__(
        self,
        path: Path,
        *,
        journal: Journal | None = None,
        clock: Callable[[], datetime] = utc,
    ) -> None:
        self._path, self._clock = path, clock
        self._journal = journal or Journal(sys.stderr, clock)
        self._site = load(path)
        self._journal.hide(self._site.secrets)
        self.states = States(self._say)
        self._systemd = Systemd()
        self._outlets = Outlets(self._site, clock, self._journal)
        self._office = self._new_office()
        self._engine = self._new_engine()
        self._coming: set[str] = set()  # cameras that have changed, and whose old selves are still watched
        self._over: dict[str, str] = {}  # cameras that have ended by themselves, and why; empty: a film's end
        self._shown: frozenset[str] = frozenset()
        self._wants_stop = self._wants_reload = self._begins_anew = False

    @property
    def engine(self) -> Engine:
        """What watches the cameras now; another one after some reloads."""
        return self._engine

    @property
    def office(self) -> Office:
        """Where the numbers are."""
        return self._office

    def stop(self) -> None:
        """End within a few seconds, with everything written that stands."""
        self._wants_stop = True
        self._engine.stop()

    def reload(self) -> None:
        """Read the configuration again; one that is wrong changes nothing."""
        self._wants_reload = True
        self._engine.wake()

    def show(self, cameras: Iterable[str]) -> None:
        """Have glyphs of these cameras in the office, as far as they show any; while somebody looks, no longer."""
        self._shown = frozenset(cameras)
        self._engine.show(self._shown & {name for name, desk in self._site.desks.items() if desk.live == "ghost"})

    def run(self) -> None:
        """Until `stop`, or until there is nothing left to watch.

        Raises `PartialError` if some cameras could not be watched, and what an engine that cannot work raises.
        """
        try:
            self._open_all()
            while True:
                self._watch()
                if self._wants_stop or not self._begins_anew:
                    break
                self._engine, self._begins_anew = self._new_engine(), False
                self._open_all()
                self.show(self._shown)
            self._journal.say("stopping")
        finally:
            self._systemd.stopping()
            self._office.stop()
            self._outlets.close()
        said = "\n".join(f"{name}: {reason}" for name, reason in self._over.items() if reason)
        if said and not self._wants_stop:
            raise PartialError(
                f"these cameras could not be watched:\n{said}", f"Try `passerby check {self._path}`."
            )

    # -- listening -------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        if self._wants_stop:
            return
        with self._engine as engine:
            self._systemd.ready()
            for message in engine.messages():
                self._take(message)
                if self._wants_reload:
                    self._wants_reload = False
                    self._read_again()

    def _take(self, message: Message) -> None:
        hearing.tell(self._office, message)
        match message:
            case State(camera, state, reason):
                self.states.stream(camera, state, reason)
            case Begun(_, detector, notes):
                self._journal.say("detecting", detector=detector, note=" ".join(notes))
            case Ended(camera, _, reason):
                self._ended(camera, reason)
            case Tick():
                self._tick()

    def _tick(self) -> None:
        self._office.tick()
        for camera in self._site.cameras:
            self.states.sight(camera, self._office.live.condition(camera, self._clock()))
        self._outlets.tick()
        self._systemd.alive()

    def _ended(self, camera: str, reason: str) -> None:
        if camera in self._coming:
            self._coming.discard(camera)
            self._open(camera)
        elif camera not in self._site.cameras:
            self._office.close(camera)
            if camera not in self._site.disabled:
                self.states.forget(camera)
                self._journal.say("removed", camera=camera)
        elif not self._begins_anew and not self._wants_stop:
            self._over[camera] = reason
            self.states.stream(camera, "disabled", reason or "its film is over.")

    # -- making ----------------------------------------------------------------------------------------------

    def _new_office(self) -> Office:
        return Office(
            self._site.config.rule,
            clock=self._clock,
            outlets=self._outlets.all,
            rules=Rules(*self._site.rules),
            since=lambda camera, place: self._outlets.until(camera, place),
        )

    def _new_engine(self) -> Engine:
        return Engine(self._site.plan(), tick_s=TICK_S)

    def _open_all(self) -> None:
        for name, reason in self._site.disabled.items():
            self.states.stream(name, "disabled", reason)
        for name in self._site.cameras:
            self._open(name)

    def _open(self, camera: str) -> None:
        self._over.pop(camera, None)
        self._office.open(self._site.desks[camera])
        self.states.stream(camera, "starting")

    # -- reading again ---------------------------------------------------------------------------------------

    def _read_again(self) -> None:
        self._systemd.reloading()
        old = self._site
        try:
            new = load(self._path)
            has_other_rule = new.config.rule != old.config.rule
            is_same = self._outlets.suit(new) and not has_other_rule
            outlets = self._outlets if is_same else Outlets(new, self._clock, self._journal)
        except PasserbyError as error:
            self._journal.say("reload refused", reason=str(error))
            self._systemd.ready()
            return
        self._site = new
        self._journal.hide(old.secrets | new.secrets)
        if has_other_rule:
            self._office.stop()
        if not is_same:
            self._outlets.close()
            self._outlets = outlets
        if has_other_rule:
            self._office = self._new_office()
        else:
            self._office.rules = self._office.rules.changed(*new.rules)
        self._office.outlets = outlets.all
        self._journal.say("reloaded")
        self.show(self._shown)
        if has_other_rule or (new.detector, new.config.engine) != (old.detector, old.config.engine):
            self._begins_anew = True
            self._engine.stop()
        else:
            self._change(old)
        self._systemd.ready()

    def _change(self, old: Site) -> None:
        new = self._site
        for name in old.disabled.keys() - new.disabled.keys() - new.cameras.keys():
            self.states.forget(name)
        for name, reason in new.disabled.items():
            self.states.stream(name, "disabled", reason)
        for name, plan in new.cameras.items():
            if name not in old.cameras or name in self._over:
                self._open(name)
            elif plan != old.cameras[name]:
                self._coming.add(name)
            else:
                self._office.open(new.desks[name])
        self._engine.change(new.cameras.values())

    def _say(self, camera: str, status: Status) -> None:
        self._journal.say(status.state, camera=camera, reason=status.reason)
