"""Serves the pages of a service while it runs, and tells whoever started it where they are."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self, TextIO

from passerby.config import Config
from passerby.run.house import ServiceHouse
from passerby.run.service import Service
from passerby.web.app import make_app
from passerby.web.doors.audit import HOUSE, Audit
from passerby.web.house import Paths
from passerby.web.serving import served

LINK: Final = "first-admin-link"  # in the state folder


class Front:
    """``with Front(service, terminal) as front: service.run()``; without ``[web]`` it does nothing.

    `resets_admin`: the password of the last admin is lost, so that there is a link as for the first account.
    `terminal`: where the link is printed. None: nobody watches, and what is printed is kept
    in a log that others may read; so the link is written into a file of the state folder.

    Raises `ConfigError` for an address that cannot be used, `StoreError` where the state cannot be kept.
    """

    def __init__(self, service: Service, terminal: TextIO | None = None, *, resets_admin: bool = False) -> None:
        self._service, self._terminal, self._resets = service, terminal, resets_admin
        self._open = ExitStack()
        self._began = service.site.config
        self._closing: threading.Thread | None = None
        self.house = ServiceHouse(service)
        self.url = ""  # where the pages are; empty: nowhere
        self.first = ""  # where the first account is made; empty: there is one

    def __enter__(self) -> Self:
        config = self._service.site.config
        if config.web is not None:
            with ExitStack() as opening:
                app = make_app(self.house, Paths(config.state), config.web, say=self._failed)
                opening.callback(app.doors.close)
                link = config.state / LINK
                opening.callback(link.unlink, missing_ok=True)
                self.url = opening.enter_context(served(app.asgi, config.web))
                self._open = opening.pop_all()
            self._service.journal.say("serving", address=self.url)
            if self._resets:
                app.doors.reset_admin()
            self.first = app.first_link(self.url)
            self._tell_link(link)
            self._service.on_read = lambda old, new: self._was_read(app.audit, old, new)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._closing is not None:
            self._closing.join()
        self._open.close()  # what was opened after it was told to stop

    def stop(self) -> None:
        """Begin to close, and all sockets with it; does not wait, so that a signal's handler may call it."""
        if self._closing is None:
            self._closing = threading.Thread(target=self._open.close, name="closing pages")
            self._closing.start()

    @property
    def is_local(self) -> bool:
        """Whether the pages are on loopback."""
        web = self._service.site.config.web
        return web is not None and web.is_loopback

    def _tell_link(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        if not self.first:
            return
        if self._terminal is not None:
            said = "Reset an admin here" if self._resets else "Nobody has an account yet. Make the first one here"
            self._terminal.write(f"\n{said}, once:\n  {self.first}\n\n")
            self._terminal.flush()
            return
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(f"{self.first}\n")
        self._service.journal.say(
            "first-account", file=str(file.resolve()), reason="open the link in this file, once."
        )

    def _was_read(self, audit: Audit, old: Config | None, new: Config) -> None:
        """Write down what is to be seen by whoever looks for it later."""
        if (new.web, new.state) != (self._began.web, self._began.state):
            self._service.journal.say("note", reason="[web] and state are read at the start only: start it again.")
        if new.live_outputs != (old is not None and old.live_outputs):
            said = "on" if new.live_outputs else "off"
            audit.record(HOUSE, f"live outputs are {said}", ", ".join(new.sinks))

    def _failed(self, said: str) -> None:
        self._service.journal.say("page", reason=said)
