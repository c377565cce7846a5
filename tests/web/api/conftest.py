"""The service's application with rows in a real store, and programs with API keys that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count

import pytest
from starlette.testclient import TestClient

from passerby.areas import Held
from passerby.config import Web
from passerby.ghost import Moment
from passerby.web.app import make_app
from passerby.web.doors.doors import Doors
from passerby.web.house import Paths, Totals
from web.houses import STREET
from web.released import KeptHouse, street

DAYS = (date(2026, 5, 28), date(2026, 5, 29))
Client = Callable[..., TestClient]


class ClosedHouse(KeptHouse):
    """One of which nobody may ask what it sees at this moment."""

    def moment(self, camera: str) -> Moment:
        raise AssertionError(f"somebody asked for this moment of {camera}")

    def areas(self) -> dict[str, Held]:
        raise AssertionError("somebody asked how many areas hold now")


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> ClosedHouse:
    folder = tmp_path_factory.mktemp("store")
    house = ClosedHouse(folder / "rows.db", (), STREET)
    north, south = (camera.places for camera in house.cameras())
    rows = [*street(north[0], DAYS), *street(north[1], DAYS[:1]), *street(south[0], DAYS[:1], camera="south")]
    house.store.write(rows)
    house.counters = Totals(
        {"north": 5000, "south": 4000},
        {},
        {"north": 321},
        {("north", "gate", "motor in"): 60, ("north", "gate", "together"): 41, ("south", "pitch", "foot in"): 40},
        {"sqlite": (0, 0), "control": (17, 0)},
        {},
        {"engine-0": 1},
    )
    return house


@pytest.fixture(scope="package")
def client(house: ClosedHouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A program with a key for these cameras (None: all); without one where `with_key` is False."""
    paths = Paths(tmp_path_factory.mktemp("state"))
    seconds = count(0, 1000)  # nobody here is too fast
    doors = Doors(paths, clock=house.now, monotonic=lambda: float(next(seconds)))
    app = make_app(house, paths, Web(hosts=frozenset({"testserver"})), doors=doors)

    def make(cameras: frozenset[str] | None = None, *, with_key: bool = True) -> TestClient:
        headers = {}
        if with_key:
            _, headers["X-API-Key"] = doors.keys.add("test", "viewer", cameras, None)
        return TestClient(app.asgi, "http://127.0.0.1:8440", headers=headers, follow_redirects=False)

    yield make
    doors.close()


@pytest.fixture(scope="package")
def anyone(client: Client) -> TestClient:
    """A program that may see all cameras."""
    return client()


@pytest.fixture(scope="package")
def guest(client: Client) -> TestClient:
    """A program that may see only the camera `south`."""
    return client(frozenset({"south"}))
