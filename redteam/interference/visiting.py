"""Asks for every page and every answer of the API as an admin would, and for the messages of live pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from starlette.routing import Route
from starlette.testclient import TestClient
from web.entrance import PASSWORD, URL, Guest, Hands, open_doors

from passerby.config import Web
from passerby.run import Service
from passerby.run.house import ServiceHouse
from passerby.web.app import App, make_app
from passerby.web.doors.doors import Doors
from passerby.web.house import Paths
from passerby.web.messages import Messages
from redteam.interference.site import AREA, CAMERA, PLACE

_PATIENCE_S: Final = 10.0  # for what the store and the sinks have not written yet
_NAMES: Final = {"camera": CAMERA, "place": PLACE, "area": AREA}


class Visits:
    """A service's pages behind their real gate; its clocks stand, and its randomness is that of a seed."""

    def __init__(self, service: Service, state: Path) -> None:
        self._service, self._hands = service, Hands()
        self._house = ServiceHouse(service, clock_s=lambda: self._hands.s)
        self._doors: Doors = open_doors(state, self._hands)
        self._app: App = make_app(self._house, Paths(state), Web(), doors=self._doors)
        self._overview, self._ghost = Messages(None), Messages(None, ghost=CAMERA)

    def live(self) -> bytes:
        """What goes out on the sockets of the first page and of the camera's."""
        return f"{self._overview.make(self._house)}\n{self._ghost.make(self._house)}".encode()

    def pages(self) -> bytes:
        """Every answer to GET, with its status and headers, once all that was released is written."""
        self._settle()
        self._doors.accounts.add_first("ada", PASSWORD)
        guest = Guest(TestClient(self._app.asgi, base_url=URL, client=("127.0.0.1", 1234)), URL)
        guest.take(self._doors.sessions.begin("ada"), Web())
        return b"\n".join(_answer(guest, path) for path in self._paths())

    def close(self) -> None:
        """Let go of the accounts."""
        self._doors.close()

    def _paths(self) -> Iterator[str]:
        for route in self._app.routes:
            if isinstance(route, Route) and "GET" in (route.methods or ()):
                yield route.path.format(**_NAMES)

    def _settle(self) -> None:
        until_s = time.monotonic() + _PATIENCE_S
        while any(len(box) for box in self._service.outlets.all) and time.monotonic() < until_s:
            time.sleep(0.001)


@contextmanager
def visiting(service: Service, state: Path) -> Iterator[Visits]:
    """Pages of a service, with their state in this folder."""
    visits = Visits(service, state)
    try:
        yield visits
    finally:
        visits.close()


def _answer(guest: Guest, path: str) -> bytes:
    answer = guest.get(path)
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{path} {answer.status_code}\n{headers}\n".encode() + bytes(answer.content)
