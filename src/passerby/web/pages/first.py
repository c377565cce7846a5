"""The page behind a link that is used once: the first account, or a password of one's own."""

from __future__ import annotations

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.config import Web
from passerby.errors import UsageError
from passerby.web.doors.doors import Doors
from passerby.web.doors.passwords import SHORTEST
from passerby.web.doors.policy import allow
from passerby.web.pages.rendering import Pages
from passerby.web.pages.sign_in import begun


def routes(pages: Pages, doors: Doors, web: Web) -> list[BaseRoute]:
    """``/first``."""

    def render(request: Request, token: str, status: int = 200, **shown: object) -> Response:
        invited = doors.invited(token)
        opens = invited is not None or doors.is_first(token)
        return pages.render(
            request,
            "site/first.html",
            status=status if opens else 404,
            opens=opens,
            token=token,
            invited=invited,
            resets=doors.resets_admin,
            shortest=SHORTEST,
            **{"name": "", "error": None, **shown},
        )

    @allow(None)
    def show(request: Request) -> Response:
        return render(request, request.query_params.get("token", ""))

    @allow(None)
    async def make(request: Request) -> Response:
        form = await request.form()
        token, name, password = (str(form.get(key, "")) for key in ("token", "name", "password"))
        try:
            if password != str(form.get("again", "")):
                raise UsageError("The two passwords differ.", "Type the same password twice.")
            made = await anyio.to_thread.run_sync(_made, doors, token, name, password)
        except UsageError as error:
            return render(request, token, 422, name=name, error=error)
        if made is None:
            return render(request, token)
        account, what = made
        pages.audit.record(account, what)
        return begun(request, doors, web, account, "/")

    return [Route("/first", show), Route("/first", make, methods=["POST"])]


def _made(doors: Doors, token: str, name: str, password: str) -> tuple[str, str] | None:
    """Whose password was set and what that was; None where the token opens nothing."""
    if doors.is_first(token):
        what = "reset an admin" if doors.resets_admin else "make the first account"
        return doors.make_first(name, password).name, what
    invited = doors.invited(token)
    if invited is None:
        return None
    doors.accounts.set_password(invited.name, password)
    return invited.name, "set a password by invitation"
