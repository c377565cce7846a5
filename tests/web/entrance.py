"""The whole application on a `FakeHouse`, behind its real gate, with hands on its clocks and its randomness."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from argon2 import PasswordHasher
from starlette.testclient import TestClient

from passerby.config import Web
from passerby.web.app import App, make_app
from passerby.web.doors.doors import Doors
from passerby.web.doors.passwords import Passwords
from passerby.web.doors.policy import Role
from passerby.web.house import Paths
from web.houses import NOON, FakeHouse

HOST = "127.0.0.1:8440"
URL = f"http://{HOST}"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"
PAGE = {"accept": "text/html"}


@dataclass
class Hands:
    """Clocks and randomness that stand still until they are moved."""

    now: datetime = NOON
    s: float = 1000.0
    random: Random = field(default_factory=lambda: Random(7))

    def pass_(self, time: timedelta) -> None:
        self.now += time
        self.s += time.total_seconds()


def open_doors(state: Path, hands: Hands) -> Doors:
    return Doors(
        Paths(state),
        clock=lambda: hands.now,
        monotonic=lambda: hands.s,
        randomness=hands.random.randbytes,
        passwords=Passwords(CHEAP),
    )


class Entrance:
    """An application, and visitors of it."""

    def __init__(self, state: Path, web: Web = Web(), house: FakeHouse | None = None) -> None:  # noqa: B008
        self.hands, self.web, self.house = Hands(), web, house or FakeHouse()
        self.doors = open_doors(state, self.hands)
        self.said: list[str] = []
        self.app: App = make_app(self.house, Paths(state), web, doors=self.doors, say=self.said.append)

    def account(self, name: str, role: Role, cameras: frozenset[str] | None = None) -> str:
        """Make an account; its name."""
        if not self.doors.accounts.has_any():
            self.doors.accounts.add_first("root", PASSWORD)
        invitation = self.doors.accounts.add(name, role, cameras)
        invited = self.doors.accounts.invited(invitation)
        assert invited is not None
        self.doors.accounts.set_password(name, PASSWORD)
        return name

    def visitor(
        self, account: str = "", key: str = "", *, url: str = URL, address: str = "127.0.0.1", origin: str = ""
    ) -> Guest:
        """Somebody with a session of this account, with a key, or with neither."""
        client = TestClient(
            self.app.asgi,
            base_url=url,
            client=(address, 1234),
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        guest = Guest(client, origin or url)
        if account:
            guest.take(self.doors.sessions.begin(account), self.web)
        if key:
            client.headers["x-api-key"] = key
        return guest

    def records(self) -> list[tuple[str, str, str]]:
        """The audit log."""
        return [(entry.by, entry.what, entry.about) for entry in self.doors.audit.entries()]


@dataclass
class Guest:
    """A browser, or a program."""

    client: TestClient
    origin: str

    def take(self, token: str, web: Web) -> None:
        """Hold a session."""
        name = f"passerby-{web.port}"
        secure = f"__Secure-{name}" if web.prefix else f"__Host-{name}"
        self.client.headers["cookie"] = f"{secure if self.origin.startswith('https') else name}={token}"

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={**PAGE, **headers})

    def csrf(self, path: str = "/account") -> str:
        """The token of this session, as its pages' forms hold it."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.get(path).text)
        return found[1] if found else ""

    def post(
        self, path: str, form: dict[str, Any] | None = None, *, csrf: str | None = None, **headers: str
    ) -> Any:
        token = self.csrf() if csrf is None else csrf
        data = {**(form or {}), **({"csrf": token} if token else {})}
        return self.client.post(path, data=data, headers={**PAGE, "origin": self.origin, **headers})


Made = Callable[..., Entrance]
