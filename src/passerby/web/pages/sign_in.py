"""Signing in and out."""

from __future__ import annotations

import re
from typing import Final

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.config import Web
from passerby.web.doors import cookies, refusals
from passerby.web.doors.asking import Asking
from passerby.web.doors.doors import Doors
from passerby.web.doors.policy import allow
from passerby.web.pages.rendering import Pages, root_of, signed_in, visitor_of

_LOCAL: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")  # a path of ours, and no way to name another host


def routes(pages: Pages, doors: Doors, web: Web) -> list[BaseRoute]:
    """``/sign-in`` and ``/sign-out``."""

    @allow(None)
    async def show(request: Request) -> Response:
        to = local(request.query_params.get("next", ""))
        if visitor_of(request) is not None:
            return RedirectResponse(root_of(request) + to, 303)
        has_any = await anyio.to_thread.run_sync(doors.accounts.has_any)
        return pages.render(
            request, "site/sign_in.html", next=to, name="", wrong=False, refusal=None, has_any=has_any
        )

    @allow(None)
    async def enter(request: Request) -> Response:
        form = await request.form()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        to, how = local(str(form.get("next", ""))), request.state.asking
        assert isinstance(how, Asking)
        shown = {"next": to, "name": name, "has_any": True}
        if wait_s := doors.sign_ins.wait_s(name, how.address, is_local=how.is_local):
            refusal = refusals.too_many(wait_s)
            page = pages.render(request, "site/sign_in.html", status=429, wrong=False, refusal=refusal, **shown)
            page.headers.update(refusal.headers)
            return page
        account = await anyio.to_thread.run_sync(doors.accounts.check, name, password)
        if account is None:
            doors.sign_ins.failed(name, how.address)
            known = doors.accounts.found(name)  # what was typed as a name might be a password
            pages.audit.record("nobody" if known is None else known.name, "sign in refused")
            return pages.render(request, "site/sign_in.html", status=401, wrong=True, refusal=None, **shown)
        doors.sign_ins.succeeded(name, how.address)
        pages.audit.record(account.name, "sign in")
        return begun(request, doors, web, account.name, to)

    @allow("viewer")
    def leave(request: Request) -> Response:
        name = signed_in(request).name
        doors.sessions.end(request.state.session, name)
        pages.audit.record(name, "sign out")
        response = RedirectResponse(f"{root_of(request)}/sign-in", 303)
        cookies.give(response, "", web, is_secure=request.state.asking.is_secure)
        return response

    return [
        Route("/sign-in", show),
        Route("/sign-in", enter, methods=["POST"]),
        Route("/sign-out", leave, methods=["POST"]),
    ]


def local(written: str) -> str:
    """A path of ours that somebody may be sent to, or the overview."""
    return written if _LOCAL.fullmatch(written) else "/"


def begun(request: Request, doors: Doors, web: Web, account: str, to: str) -> Response:
    """Send a browser to a page of ours with a new session."""
    response = RedirectResponse(root_of(request) + to, 303)
    cookies.give(response, doors.sessions.begin(account), web, is_secure=request.state.asking.is_secure)
    return response
