"""Lets in only the browser that was given the link: token, Host and Origin checks and strict headers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
}
_SAFE: Final = ("GET", "HEAD")


class Guard:
    """An ASGI layer around a page that is served on loopback under ``/TOKEN/``.

    * A wrong Host is refused (421), so that no other name can be made to point here (DNS rebinding).
    * A path that does not begin with the token is not found (404), compared in constant time.
    * What changes something, and every socket, must come from the page itself by its Origin (403), so that
      another page open in the same browser can do neither.
    * Every answer carries `HEADERS`: nothing from elsewhere, nothing inline, nothing kept in a cache.
    """

    def __init__(self, app: ASGIApp, *, token: str, host: str) -> None:
        self._app = app
        self._root = f"/{token}"
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on with the token taken off its path."""
        if scope["type"] not in ("http", "websocket"):
            return
        refused = self._refusal(scope)
        if refused is None:
            inner = dict(scope, root_path=self._root)
            await self._app(inner, receive, with_headers(send, HEADERS))
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            status, text = refused
            await PlainTextResponse(text, status)(scope, receive, with_headers(send, HEADERS))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if headers.get("host", "") != self._host:
            return 421, "This page answers only under the address that passerby printed.\n"
        prefix, path = f"{self._root}/", scope["path"]
        if not secrets.compare_digest(path[: len(prefix)].encode(), prefix.encode()):
            return 404, "There is nothing here. Open the whole link that passerby printed.\n"
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if changes and headers.get("origin", "") != f"http://{self._host}":
            return 403, "Only the page itself may do this.\n"
        return None


def with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    """Send answers with these headers, whatever the answer said of them itself."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return sending
