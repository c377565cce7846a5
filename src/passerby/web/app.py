"""Puts the application together: the pages' routes, the sockets and the API, behind one gate."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from passerby.config import Web
from passerby.version import VERSION
from passerby.web import api
from passerby.web.doors import refusals
from passerby.web.doors.audit import Audit
from passerby.web.doors.doors import Doors
from passerby.web.doors.gate import Gate
from passerby.web.doors.policy import allow
from passerby.web.doors.refusals import Refusal
from passerby.web.house import House, Paths
from passerby.web.live import Live
from passerby.web.pages import (
    account,
    alerts,
    areas,
    audit,
    camera,
    camera_settings,
    cameras_new,
    charts,
    edit,
    first,
    keys,
    overview,
    people,
    plate,
    privacy,
    settings,
    sign_in,
    steward,
)
from passerby.web.pages.rendering import Pages

_Handler = Callable[[Request, Exception], Coroutine[Any, Any, Response]]

_STATIC: Final = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class App:
    """The application of one service, to be served."""

    asgi: ASGIApp
    routes: Sequence[BaseRoute]
    doors: Doors
    web: Web

    @property
    def audit(self) -> Audit:
        """Who changed what; also for what is changed without a page."""
        return self.doors.audit

    def first_link(self, url: str) -> str:
        """Where the first account is made, below the address that is served; empty where there is one."""
        first = self.doors.first
        return f"{url.rstrip('/')}/first?token={first}" if first else ""


def make_app(
    house: House,
    paths: Paths,
    web: Web,
    *,
    doors: Doors | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> App:
    """All that a service shows, as one application; only what says who may use it (`allow`) can be reached.

    `doors` are opened at `paths` unless given. `say` is told where a page failed, for the service's log. Raises
    `StoreError` where the state cannot be kept.
    """
    doors = doors or Doors(paths, clock=house.now)
    pages = Pages(house, paths, doors.audit)
    app = FastAPI(
        title="passerby",
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={
            HTTPException: _refused(pages),
            RequestValidationError: _invalid(pages),
            Exception: _failed(pages),
        },
    )
    app.router.routes.extend(_routes(pages, doors, web))
    gate = Gate(app, app.router.routes, doors=doors, web=web, pages=pages, knows=_known(house), say=say)
    return App(gate, app.router.routes, doors, web)


def _routes(pages: Pages, doors: Doors, web: Web) -> list[BaseRoute]:
    """All of them; the first that fits a path answers."""
    return [
        *sign_in.routes(pages, doors, web),
        *first.routes(pages, doors, web),
        *account.routes(pages, doors, web),
        *people.routes(pages, doors),
        *keys.routes(pages, doors),
        *audit.routes(pages, doors.audit),
        *overview.routes(pages),
        *areas.routes(pages),
        *alerts.routes(pages),
        *steward.routes(pages),
        *charts.routes(pages),
        *cameras_new.routes(pages),
        *camera_settings.routes(pages),
        *edit.routes(pages),
        *settings.routes(pages),
        *privacy.routes(pages),
        *plate.routes(pages),
        *camera.routes(pages),  # after every other address that could be a camera's name, e.g. /cameras/new
        *api.routes(pages.house, doors),
        *Live(pages.house).routes(),
        Mount("/static", allow(None)(StaticFiles(directory=_STATIC))),
    ]


def _known(house: House) -> Callable[[str], bool]:
    def knows(camera: str) -> bool:
        try:
            house.camera(camera)
        except KeyError:
            return False
        return True

    return knows


def _refused(pages: Pages) -> _Handler:
    """Say in our words what an endpoint, or the router, refused."""

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = error.status_code
        refusal = refusals.OTHERS.get(code, Refusal(code, "refused", "This was refused."))
        return refusals.answer(pages, request, replace(refusal, headers=error.headers or {}))

    return answer


def _failed(pages: Pages) -> _Handler:
    """Say that something went wrong, and nothing of what."""

    async def answer(request: Request, _: Exception) -> Response:
        return refusals.answer(pages, request, refusals.BROKEN)

    return answer


def _invalid(pages: Pages) -> _Handler:
    """Say which part of a request is not valid, and never what it was."""

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        parts = {".".join(str(part) for part in found["loc"][1:]): str(found["msg"]) for found in error.errors()}
        said = "; ".join(f"{part}: {message}" for part, message in sorted(parts.items()))
        return refusals.answer(pages, request, Refusal(422, "wrong", "Some of what was sent is not valid.", said))

    return answer
