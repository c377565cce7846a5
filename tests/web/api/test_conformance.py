"""Whatever a program asks, the answer is as the description says: schemathesis against the whole application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from passerby.web.api.routes import described, rest
from passerby.web.doors.doors import Doors
from web.houses import FakeHouse

ADDRESS = "http://127.0.0.1:8440"
CONFIG = {"seed": 1, "generation": {"deterministic": True, "max-examples": 12, "database": "none"}}


class Entrance:
    """Leads to the application that stands, so that tests can be drawn before it does."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


ENTRANCE = Entrance()
SCHEMA = schemathesis.openapi.from_dict(
    described(rest(FakeHouse(), cast(Doors, None))), config=schemathesis.Config.from_dict(CONFIG)
)
SCHEMA.app = ENTRANCE


@pytest.fixture(autouse=True)
def _standing(anyone: TestClient) -> Iterator[None]:
    ENTRANCE.app = anyone.app
    yield
    del ENTRANCE.app


@SCHEMA.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_is_as_it_says(case: schemathesis.Case[Any], anyone: TestClient) -> None:
    case.call_and_validate(base_url=ADDRESS, headers={"X-API-Key": anyone.headers["X-API-Key"]})
