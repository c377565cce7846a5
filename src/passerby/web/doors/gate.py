"""The layer before all routes: finds out which route is asked and by whom, before anything of it runs."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose, WebSocketDisconnect

from passerby.config import Web
from passerby.errors import StoreError
from passerby.web.doors import cookies, refusals
from passerby.web.doors.accounts import is_same
from passerby.web.doors.asking import Asking, asking
from passerby.web.doors.doors import Doors
from passerby.web.doors.policy import Access, Visitor, declared
from passerby.web.doors.refusals import Refusal, Renders
from passerby.web.guard import HEADERS, with_headers

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# "no-referrer" would have browsers send forms without their Origin, and so have them refused
_HEADERS: Final = {**HEADERS, "Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
_STATIC_HEADERS: Final = {**_HEADERS, "Cache-Control": "no-cache"}  # kept, and asked whether it is still the same
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
BODY_BYTES: Final = 1 << 20
_BODY_S: Final = 30.0
_LOOK_S: Final = 1.0
OVER: Final = 4401  # close code: the session is over, sign in again


class Gate:
    """An ASGI layer: whoever may not use a route does not reach it. Default deny.

    * Hosts that are not ours are refused (421), so that no other name can be made to point here.
    * A route, socket or mount that does not say who may use it (`allow`) is not there (404).
    * What changes something, and every socket, must come from a page of ours by its Origin, and carry the
      session's CSRF token; an API key needs neither, since no browser sends it by itself.
    * A camera that the visitor may not see is not there (404), like one that is not.
    * A socket is closed when its session ends.

    Endpoints find ``request.state.visitor`` (`Visitor` or None), ``.session`` (its id, or empty) and ``.asking``.
    `knows` tells whether there is a camera of this name; `say` is told where an endpoint failed.
    """

    def __init__(
        self,
        app: ASGIApp,
        routes: Sequence[BaseRoute],
        *,
        doors: Doors,
        web: Web,
        pages: Renders,
        knows: Callable[[str], bool],
        say: Callable[[str], None],
        look_s: float = _LOOK_S,
    ) -> None:
        self._app, self._routes = app, routes
        self._doors, self._web, self._pages = doors, web, pages
        self._knows, self._say, self._look_s = knows, say, look_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on to its route."""
        if scope["type"] not in ("http", "websocket"):
            return
        inner = dict(scope, root_path=self._web.prefix)
        inner["state"] = {"visitor": None, "session": "", "asking": asking(scope, self._web)}
        route, access, camera = self._route(inner)
        sending = with_headers(send, _STATIC_HEADERS if isinstance(route, Mount) else _HEADERS)
        refusal = self._decide(inner, access, camera)
        if scope["type"] == "websocket":
            await self._socket(inner, receive, send, refusal)
            return
        if refusal is None and access is not None and inner["method"] not in _SAFE:
            receive, refusal = await self._take(inner, receive, access)
        if refusal is None:
            await self._pass(inner, receive, sending)
        else:
            await self._refuse(Request(inner), refusal)(inner, receive, sending)

    def _refuse(self, request: Request, refusal: Refusal) -> Response:
        if refusal in (refusals.OTHER_NAME, refusals.PAST_THE_PROXY):
            return PlainTextResponse(f"{refusal.message} {refusal.hint}\n", refusal.status)  # nothing of the site
        if self._web.prefix and request.scope["path"] == self._web.prefix:
            return RedirectResponse(f"{self._web.prefix}/", 307)
        if refusal is refusals.NOT_SIGNED_IN:
            return refusals.sign_in(self._pages, request)
        return refusals.answer(self._pages, request, refusal)

    # -- deciding ----------------------------------------------------------------------------------------------

    def _route(self, scope: Scope) -> tuple[BaseRoute | None, Access | None, Mapping[str, object]]:
        """The route that will answer, what it says of who may use it, and its parameters."""
        if not str(scope["path"]).startswith(f"{self._web.prefix}/"):
            return None, None, {}
        partly: tuple[BaseRoute | None, Access | None, Mapping[str, object]] = (None, None, {})
        for route in self._routes:
            match, child = route.matches(scope)
            if match is Match.NONE:
                continue
            found = (route, access_of(route), child.get("path_params", {}))
            if match is Match.FULL:
                return found
            if partly[0] is None:
                partly = found
        return partly

    def _decide(self, scope: Scope, access: Access | None, parameters: Mapping[str, object]) -> Refusal | None:
        """Why it is refused, or None."""
        try:
            refusal = self._unwelcome(scope) or self._identify(scope)
            return refusal or self._judge(scope, access, parameters)
        except StoreError as error:
            self._failed(error)
            return refusals.BROKEN

    def _unwelcome(self, scope: Scope) -> Refusal | None:
        how: Asking = scope["state"]["asking"]
        if not how.is_ours:
            return refusals.OTHER_NAME
        return None if how.is_welcome else refusals.PAST_THE_PROXY

    def _identify(self, scope: Scope) -> Refusal | None:
        """Find out who asks."""
        request, state = HTTPConnection(scope), scope["state"]
        how: Asking = state["asking"]
        if shown := _key(request.headers):
            return self._identify_key(shown, how, state)
        held = cookies.read(request, self._web, is_secure=how.is_secure)
        if held and (found := self._doors.sessions.find(held)) is not None:
            state["session"], state["visitor"] = found[0].id, found[1]
        return None

    def _identify_key(self, shown: str, how: Asking, state: dict[str, Any]) -> Refusal | None:
        if wait_s := self._doors.wrong_keys.wait_s(how.address):
            return refusals.too_many(wait_s)
        found = self._doors.keys.check(shown)
        if found is None:
            self._doors.wrong_keys.failed(how.address)
            return refusals.WRONG_KEY
        if wait_s := self._doors.key_rate.wait_s(found[0].id):
            return refusals.too_many(wait_s)
        state["visitor"] = found[1]
        return None

    def _judge(self, scope: Scope, access: Access | None, parameters: Mapping[str, object]) -> Refusal | None:
        """Whether this visitor may use this route."""
        if access is None:
            return refusals.NOT_THERE
        visitor: Visitor | None = scope["state"]["visitor"]
        by_key = visitor is not None and visitor.by_key
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if (
            changes
            and not by_key
            and HTTPConnection(scope).headers.get("origin") != scope["state"]["asking"].origin
        ):
            return refusals.OTHER_PAGE
        if access.least is None:
            return None
        if visitor is None:
            return refusals.NOT_SIGNED_IN
        if by_key and (not access.key or scope["type"] == "websocket"):
            return refusals.NO_KEY
        if not visitor.is_at_least(access.least):
            return refusals.NOT_ALLOWED
        if access.camera:
            camera = str(parameters.get(access.camera, ""))
            if not visitor.sees(camera) or not self._knows(camera):
                return refusals.NOT_THERE
        return None

    async def _take(self, scope: Scope, receive: Receive, access: Access) -> tuple[Receive, Refusal | None]:
        """Take in what is sent, as far as it is not too long, and look for the CSRF token of the session."""
        body = b""
        try:
            with anyio.fail_after(_BODY_S):
                more = True
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        return receive, refusals.TOO_SLOW
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > BODY_BYTES:
                        return receive, refusals.TOO_LONG
        except TimeoutError:
            return receive, refusals.TOO_SLOW
        visitor: Visitor | None = scope["state"]["visitor"]
        if visitor is not None and not visitor.by_key and access.least is not None:
            shown = HTTPConnection(scope).headers.get("x-csrf-token") or await _form_token(scope, body)
            if not visitor.csrf or not is_same(shown, visitor.csrf):
                return receive, refusals.OLD_FORM
        return _again(body, receive), None

    # -- passing on --------------------------------------------------------------------------------------------

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - whatever an endpoint does, the visitor gets a page and no details
            self._failed(error)
            if not begun:
                response = refusals.answer(self._pages, Request(scope), refusals.BROKEN)
                await response(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, refusal: Refusal | None) -> None:
        if refusal is not None:
            await WebSocketClose(1008)(scope, receive, send)
            return
        try:
            async with anyio.create_task_group() as tasks:
                if session := scope["state"]["session"]:
                    tasks.start_soon(self._close_with, session, send, tasks.cancel_scope)
                await self._app(scope, receive, send)
                tasks.cancel_scope.cancel()
        except* WebSocketDisconnect:
            pass
        except* Exception as errors:  # noqa: BLE001
            for error in errors.exceptions:
                self._failed(error)
            with suppress(RuntimeError):  # it may be closed already
                await WebSocketClose(1011)(scope, receive, send)

    async def _close_with(self, session: str, send: Send, socket: anyio.CancelScope) -> None:
        """Close a socket as soon as its session is over."""
        while self._doors.sessions.lasts(session):
            await anyio.sleep(self._look_s)
        socket.cancel()
        with anyio.CancelScope(shield=True):
            await send({"type": "websocket.close", "code": OVER})

    def _failed(self, error: BaseException) -> None:
        """Say where it happened; the message of an error could hold what somebody sent."""
        at = traceback.extract_tb(error.__traceback__)[-1]
        self._say(f"a page failed: {type(error).__name__} in {at.name} ({at.filename}:{at.lineno})")


def access_of(route: BaseRoute) -> Access | None:
    """Who may use a route, or what is mounted; None: nobody."""
    return declared(getattr(route, "endpoint", None)) or declared(getattr(route, "app", None))


def _key(headers: Headers) -> str:
    """The API key of a request, empty where there is none."""
    if shown := headers.get("x-api-key"):
        return shown
    kind, _, shown = headers.get("authorization", "").partition(" ")
    return shown.strip() if kind.lower() == "bearer" else ""


async def _form_token(scope: Scope, body: bytes) -> str:
    """The field ``csrf`` of a form; empty where there is none."""
    request = Request(scope, _again(body, _nothing_more))
    try:
        async with request.form() as form:
            shown = form.get("csrf", "")
    except (HTTPException, MultiPartException):
        return ""
    return shown if isinstance(shown, str) else ""


def _again(body: bytes, after: Receive) -> Receive:
    """Give out what was already taken in, then what comes."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            return await after()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _nothing_more() -> Message:
    return {"type": "http.disconnect"}
