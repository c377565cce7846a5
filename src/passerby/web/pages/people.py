"""Who may use the pages: an admin invites people, gives them roles and cameras, and removes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.errors import UsageError
from passerby.web.doors.accounts import INVITED
from passerby.web.doors.doors import Doors
from passerby.web.doors.policy import RANK, Role, allow
from passerby.web.pages.rendering import Pages, root_of, signed_in


def routes(pages: Pages, doors: Doors) -> list[BaseRoute]:
    """``/people`` and what is sent from it."""

    def render(request: Request, status: int = 200, **shown: object) -> Response:
        return pages.render(
            request,
            "site/people.html",
            status=status,
            people=doors.accounts.all(),
            roles=list(RANK),
            cameras=list(pages.house.config.cameras),
            lasts=INVITED,
            done=request.query_params.get("done", ""),
            **{"error": None, "invited": "", "address": "", "typed": {}, **shown},
        )

    def invitation(request: Request, name: str, token: str) -> Response:
        """Shown in this answer, and never again."""
        link = f"{request.state.asking.origin}{root_of(request)}/first?token={token}"
        return render(request, invited=name, address=link)

    async def changed(request: Request, what: str, change: Callable[[str, FormData], None]) -> Response:
        """Do what is asked to the account that the path names, and say so."""
        name, form = request.path_params["name"], await request.form()
        try:
            await run_in_threadpool(change, name, form)
        except KeyError:
            return await run_in_threadpool(
                render, request, 404, error=UsageError(f"There is nobody '{name}' here.")
            )
        except UsageError as error:
            return await run_in_threadpool(render, request, 409, error=error)
        pages.audit.record(signed_in(request).name, what, name)
        return RedirectResponse(f"{root_of(request)}/people?done={what.split()[0]}", 303)

    @allow("admin")
    def show(request: Request) -> Response:
        return render(request)

    @allow("admin")
    async def add(request: Request) -> Response:
        form = await request.form()
        name, role, cameras = str(form.get("name", "")).strip().lower(), role_of(form), cameras_of(form)
        try:
            token = await run_in_threadpool(doors.accounts.add, name, role, cameras)
        except UsageError as error:
            typed = {"name": name, "role": role, "cameras": cameras}
            return await run_in_threadpool(render, request, 422, error=error, typed=typed)
        pages.audit.record(signed_in(request).name, "invite a person", name)
        return await run_in_threadpool(invitation, request, name, token)

    @allow("admin")
    async def change(request: Request) -> Response:
        return await changed(
            request,
            "change a person",
            lambda name, form: doors.accounts.change(name, role_of(form), cameras_of(form)),
        )

    @allow("admin")
    def reset(request: Request) -> Response:
        name = request.path_params["name"]
        try:
            token = doors.accounts.invite(name)
        except KeyError:
            return render(request, 404, error=UsageError(f"There is nobody '{name}' here."))
        except UsageError as error:
            return render(request, 409, error=error)
        pages.audit.record(signed_in(request).name, "reset a person", name)
        return invitation(request, name, token)

    @allow("admin")
    async def remove(request: Request) -> Response:
        return await changed(request, "remove a person", lambda name, _: doors.accounts.remove(name))

    return [
        Route("/people", show),
        Route("/people", add, methods=["POST"]),
        Route("/people/{name}", change, methods=["POST"]),
        Route("/people/{name}/reset", reset, methods=["POST"]),
        Route("/people/{name}/remove", remove, methods=["POST"]),
    ]


def role_of(form: FormData) -> Role:
    """The role that was chosen; whether there is such a role, the accounts say."""
    return cast(Role, str(form.get("role", "")))


def cameras_of(form: FormData) -> frozenset[str] | None:
    """The cameras that were chosen; None: all."""
    if str(form.get("which", "all")) == "all":
        return None
    return frozenset(str(camera) for camera in form.getlist("camera"))
