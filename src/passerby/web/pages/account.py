"""What people see and change of their own account: the password, and where they are signed in."""

from __future__ import annotations

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.config import Web
from passerby.errors import UsageError
from passerby.web.doors.doors import Doors
from passerby.web.doors.passwords import SHORTEST
from passerby.web.doors.policy import allow
from passerby.web.pages.rendering import Pages, root_of, signed_in
from passerby.web.pages.sign_in import begun


def routes(pages: Pages, doors: Doors, web: Web) -> list[BaseRoute]:
    """``/account`` and what is sent from it."""

    def render(request: Request, status: int = 200, error: UsageError | None = None) -> Response:
        name = signed_in(request).name
        return pages.render(
            request,
            "site/account.html",
            status=status,
            sessions=doors.sessions.of(name),
            here=request.state.session,
            done=request.query_params.get("done", ""),
            shortest=SHORTEST,
            error=error,
        )

    @allow("viewer")
    def show(request: Request) -> Response:
        return render(request)

    @allow("viewer")
    async def change(request: Request) -> Response:
        form, name, address = await request.form(), signed_in(request).name, request.state.asking.address
        now, new = str(form.get("now", "")), str(form.get("password", ""))
        try:
            if doors.sign_ins.wait_s(name, address, is_local=True):
                raise UsageError("A wrong password was typed too often.", "Wait a while, and try again.")
            if await anyio.to_thread.run_sync(doors.accounts.check, name, now) is None:
                doors.sign_ins.failed(name, address)
                raise UsageError("This is not your password.", "Type the one you signed in with.")
            if new != str(form.get("again", "")):
                raise UsageError("The two new passwords differ.", "Type the same password twice.")
            await anyio.to_thread.run_sync(doors.accounts.set_password, name, new)
        except UsageError as error:
            return render(request, 422, error)
        pages.audit.record(name, "change own password")
        return begun(request, doors, web, name, "/account?done=password")

    @allow("viewer")
    async def end(request: Request) -> Response:
        name, session = signed_in(request).name, str((await request.form()).get("session", ""))
        if not doors.sessions.end(session, name):
            return render(request, 404, UsageError("This browser is signed out already."))
        pages.audit.record(name, "end own session")
        return RedirectResponse(f"{root_of(request)}/account?done=session", 303)

    @allow("viewer")
    def end_others(request: Request) -> Response:
        name = signed_in(request).name
        doors.sessions.end_others(request.state.session, name)
        pages.audit.record(name, "end own other sessions")
        return RedirectResponse(f"{root_of(request)}/account?done=sessions", 303)

    return [
        Route("/account", show),
        Route("/account/password", change, methods=["POST"]),
        Route("/account/sessions/end", end, methods=["POST"]),
        Route("/account/sessions/end-others", end_others, methods=["POST"]),
    ]
