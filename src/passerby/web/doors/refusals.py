"""Answers to those who are not let in, or who asked for what is not there: a page, or JSON for a program."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

_PROGRAMS: Final = ("/api/", "/livez", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something is not answered, in words that help; never what was sent."""

    status: int
    code: str
    message: str
    hint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_THERE: Final = Refusal(404, "not-found", "There is nothing here.", "Begin again at the overview.")
NOT_SIGNED_IN: Final = Refusal(401, "not-signed-in", "This needs a session or an API key.", "Sign in first.")
NOT_ALLOWED: Final = Refusal(403, "not-allowed", "Your role does not allow this.", "An admin can change it.")
NO_KEY: Final = Refusal(403, "no-key", "An API key does not open this.", "It needs somebody who is signed in.")
WRONG_KEY: Final = Refusal(401, "wrong-key", "This API key is not known, or is over.", "An admin can make one.")
OTHER_NAME: Final = Refusal(
    421,
    "other-name",
    "This is not the name of this service.",
    "An admin can add it to the configuration: [web] hosts.",
)
PAST_THE_PROXY: Final = Refusal(
    403, "past-the-proxy", "This service is reached through its proxy only.", "Ask for its address."
)
OTHER_PAGE: Final = Refusal(
    403, "other-page", "Only a page of this service may do this.", "Open the page here and try again."
)
OLD_FORM: Final = Refusal(403, "old-form", "This form is from another session.", "Open the page again.")
TOO_LONG: Final = Refusal(413, "too-long", "This is longer than anything that is expected here.")
TOO_SLOW: Final = Refusal(408, "too-slow", "The request did not arrive in time.", "Try again.")
BROKEN: Final = Refusal(
    500, "failed", "Something went wrong here.", "It was written to the service's log. Counting goes on."
)
OTHERS: Final[Mapping[int, Refusal]] = {
    400: Refusal(400, "wrong", "This request is not understood."),
    401: NOT_SIGNED_IN,
    403: NOT_ALLOWED,
    404: NOT_THERE,
    405: Refusal(405, "wrong-method", "This address does not take that.", "Go back and try again."),
    413: TOO_LONG,
    422: Refusal(422, "wrong", "Some of what was sent is not valid."),
    503: Refusal(503, "not-ready", "This is not ready yet.", "Try again in a moment."),
}


def too_many(wait_s: float) -> Refusal:
    """It was tried too often; may be tried again in so many seconds."""
    wait = max(1, math.ceil(wait_s))
    said = f"{wait} seconds" if wait < 120 else f"{math.ceil(wait / 60)} minutes"
    return Refusal(
        429, "too-many", "This was tried too often.", f"Try again in {said}.", {"Retry-After": str(wait)}
    )


class Renders(Protocol):
    """What writes a document from a template."""

    def render(self, request: Request, template: str, *, status: int = 200, **context: object) -> Response:
        """The document."""
        ...


def path_of(request: HTTPConnection) -> str:
    """The path that is asked, without the prefix."""
    return str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))


def is_program(request: HTTPConnection) -> bool:
    """Whether who asks reads JSON rather than a page."""
    if path_of(request).startswith(_PROGRAMS):
        return True
    return "hx-request" in request.headers or "text/html" not in request.headers.get("accept", "")


def answer(pages: Renders, request: Request, refusal: Refusal) -> Response:
    """What is said instead."""
    if is_program(request):
        response: Response = JSONResponse(
            {"error": {"code": refusal.code, "message": refusal.message, "hint": refusal.hint}}, refusal.status
        )
    else:
        response = pages.render(request, "site/refusal.html", status=refusal.status, refusal=refusal)
    response.headers.update(refusal.headers)
    return response


def sign_in(pages: Renders, request: Request) -> Response:
    """The way to the sign-in page and back, for a browser; 401 for a program.

    A link from elsewhere brings no cookie along, even for somebody who is signed in: then the page asks again by
    itself.
    """
    root = request.scope.get("root_path", "")
    query = request.url.query
    here = path_of(request) + (f"?{query}" if query else "")
    to = f"{root}/sign-in" + ("" if here in ("", "/") else f"?next={quote(here)}")
    if is_program(request):
        response = answer(pages, request, NOT_SIGNED_IN)
        if "hx-request" in request.headers:
            response.headers["HX-Redirect"] = f"{root}/sign-in"
        return response
    if request.method in ("GET", "HEAD") and request.headers.get("sec-fetch-site") == "cross-site":
        return pages.render(request, "site/again.html", address=root + here)
    return RedirectResponse(to if request.method in ("GET", "HEAD") else f"{root}/sign-in", 303)
