"""The cookie that holds a session's token."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from passerby.config import Web
from passerby.web.doors.sessions import LONGEST


def name(web: Web, *, is_secure: bool) -> str:
    """Its name, with the strictest prefix that holds; cookies know no port, so that the name tells it."""
    if not is_secure:
        return f"passerby-{web.port}"
    return f"__Secure-passerby-{web.port}" if web.prefix else f"__Host-passerby-{web.port}"


def read(request: HTTPConnection, web: Web, *, is_secure: bool) -> str:
    """The token, empty where there is none."""
    return request.cookies.get(name(web, is_secure=is_secure), "")


def give(response: Response, token: str, web: Web, *, is_secure: bool) -> None:
    """Have the browser keep a token, or forget it where it is empty."""
    response.set_cookie(
        name(web, is_secure=is_secure),
        token,
        max_age=int(LONGEST.total_seconds()) if token else 0,
        path=web.prefix or "/",
        secure=is_secure,
        httponly=True,
        samesite="strict",
    )
