"""Pages of a `FakeHouse` as a visitor gets them, with nothing of the doors but who may use which route."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from passerby import web
from passerby.web.doors.policy import Visitor, declared
from passerby.web.house import House, Paths
from passerby.web.pages.rendering import Pages

CSRF = "0123456789abcdef"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

VIEWER = Visitor("vera", "viewer", None, csrf=CSRF)
GUEST = Visitor("guido", "viewer", frozenset({"south"}), csrf=CSRF)  # sees only one of the cameras
OPERATOR = Visitor("olga", "operator", None, csrf=CSRF)
ADMIN = Visitor("ada", "admin", None, csrf=CSRF)


class Notes:
    """An audit log in memory: (by, what, about)."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, str, str]] = []

    def record(self, by: str, what: str, about: str = "") -> None:
        self.entries.append((by, what, about))


def site(
    house: House,
    routes: Callable[[Pages], Sequence[BaseRoute]],
    visitor: Visitor | None,
    *,
    audit: Notes | None = None,
    state: Path = Path("state"),
    more: Iterable[BaseRoute] = (),
) -> Starlette:
    """An application of one page's routes (and `more`), asked by this visitor, under the policy of the doors."""
    pages = Pages(house, Paths(state), audit or Notes())
    static = Mount("/static", StaticFiles(directory=Path(web.__file__).parent / "static"))
    app = Starlette(routes=[*routes(pages), *more, static])
    app.add_middleware(_Door, visitor=visitor, routes=app.routes)
    return app


def visit(
    house: House, routes: Callable[[Pages], Sequence[BaseRoute]], visitor: Visitor | None, **how: Any
) -> TestClient:
    """A client of `site`."""
    return TestClient(site(house, routes, visitor, **how), follow_redirects=False)


class _Door:
    """Asks each route who may use it: 401 without, 403 below the role, 404 for a camera that may not be seen."""

    def __init__(self, app: ASGIApp, *, visitor: Visitor | None, routes: Sequence[BaseRoute]) -> None:
        self._app, self._visitor, self._routes = app, visitor, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (status := self._refusal(scope)) is not None:
            await PlainTextResponse("refused", status)(scope, receive, send)
            return
        HTTPConnection(scope).state.visitor = self._visitor

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        await self._app(scope, receive, sending)

    def _refusal(self, scope: Scope) -> int | None:
        for route in self._routes:
            match, child = route.matches(scope)
            if match is Match.FULL and isinstance(route, Route | WebSocketRoute):
                access = declared(route.endpoint)
                if access is None:
                    return 403
                if access.least is None:
                    return None
                if self._visitor is None:
                    return 401
                camera = child["path_params"].get(access.camera) if access.camera else None
                if camera is not None and not self._visitor.sees(camera):
                    return 404
                return None if self._visitor.is_at_least(access.least) else 403
        return None
