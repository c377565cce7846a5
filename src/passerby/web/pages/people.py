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
    desk = _Desk(pages, doors)

    @allow("admin")
    def show(request: Request) -> Response:
        return desk.page(request)

    @allow("admin")
    async def add(request: Request) -> Response:
        return await run_in_threadpool(desk.add, request, await request.form())

    @allow("admin")
    async def change(request: Request) -> Response:
        form = await request.form()

        def act(name: str) -> Response:
            doors.accounts.change(name, role_of(form), cameras_of(form))
            return desk.done(request, "change")

        return await run_in_threadpool(desk.carry_out, request, "change a person", act)

    @allow("admin")
    def reset(request: Request) -> Response:
        def act(name: str) -> Response:
            return desk.invitation(request, name, doors.accounts.invite(name))

        return desk.carry_out(request, "reset a person", act)

    @allow("admin")
    def remove(request: Request) -> Response:
        def act(name: str) -> Response:
            doors.accounts.remove(name)
            return desk.done(request, "remove")

        return desk.carry_out(request, "remove a person", act)

    return [
        Route("/people", show),
        Route("/people", add, methods=["POST"]),
        Route("/people/{name}", change, methods=["POST"]),
        Route("/people/{name}/reset", reset, methods=["POST"]),
        Route("/people/{name}/remove", remove, methods=["POST"]),
    ]


class _Desk:
    """What an admin sees of people, and what becomes of what is sent."""

    def __init__(self, pages: Pages, doors: Doors) -> None:
        self._pages, self._doors = pages, doors

    def page(self, request: Request, status: int = 200, **shown: object) -> Response:
        return self._pages.render(
            request,
            "site/people.html",
            status=status,
            people=self._doors.accounts.all(),
            roles=list(RANK),
            cameras=list(self._pages.house.config.cameras),
            lasts=INVITED,
            done=request.query_params.get("done", ""),
            **{"error": None, "invited": "", "address": "", "typed": {}, **shown},
        )

    def done(self, request: Request, what: str) -> Response:
        return RedirectResponse(f"{root_of(request)}/people?done={what}", 303)

    def invitation(self, request: Request, name: str, token: str) -> Response:
        """Shown in this answer, and never again."""
        link = f"{request.state.asking.origin}{root_of(request)}/first?token={token}"
        return self.page(request, invited=name, address=link)

    def add(self, request: Request, form: FormData) -> Response:
        name, role, cameras = str(form.get("name", "")).strip().lower(), role_of(form), cameras_of(form)
        try:
            token = self._doors.accounts.add(name, role, cameras)
        except UsageError as error:
            return self.page(request, 422, error=error, typed={"name": name, "role": role, "cameras": cameras})
        self._pages.audit.record(signed_in(request).name, "invite a person", name)
        return self.invitation(request, name, token)

    def carry_out(self, request: Request, what: str, act: Callable[[str], Response]) -> Response:
        """Do what is asked to the account that the path names, and write down that it was done."""
        name = request.path_params["name"]
        try:
            answer = act(name)
        except KeyError:
            return self.page(request, 404, error=UsageError(f"There is nobody '{name}' here."))
        except UsageError as error:
            return self.page(request, 409, error=error)
        self._pages.audit.record(signed_in(request).name, what, name)
        return answer


def role_of(form: FormData) -> Role:
    """The role that was chosen; whether there is such a role, the accounts say."""
    return cast(Role, str(form.get("role", "")))


def cameras_of(form: FormData) -> frozenset[str] | None:
    """The cameras that were chosen; None: all."""
    if str(form.get("which", "all")) == "all":
        return None
    return frozenset(str(camera) for camera in form.getlist("camera"))
