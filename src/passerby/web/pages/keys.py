"""API keys: an admin makes them for programs, and takes them away."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.errors import UsageError
from passerby.web.doors.doors import Doors
from passerby.web.doors.keys import ROLES
from passerby.web.doors.policy import allow
from passerby.web.pages.people import cameras_of, role_of
from passerby.web.pages.rendering import Pages, root_of, signed_in

LASTS: Final = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365), "never": None}


def routes(pages: Pages, doors: Doors) -> list[BaseRoute]:
    """``/keys`` and what is sent from it."""

    def render(request: Request, status: int = 200, **shown: object) -> Response:
        return pages.render(
            request,
            "site/keys.html",
            status=status,
            keys=doors.keys.all(),
            roles=ROLES,
            cameras=list(pages.house.config.cameras),
            done=request.query_params.get("done", ""),
            **{"error": None, "made": None, "text": "", "typed": {}, **shown},
        )

    @allow("admin")
    def show(request: Request) -> Response:
        return render(request)

    @allow("admin")
    async def add(request: Request) -> Response:
        form = await request.form()
        label, role, cameras = str(form.get("label", "")), role_of(form), cameras_of(form)
        lasts = LASTS.get(str(form.get("lasts", "")), LASTS["90"])
        try:
            made, text = await run_in_threadpool(doors.keys.add, label, role, cameras, lasts)
        except UsageError as error:
            typed = {"label": label, "role": role, "cameras": cameras, "lasts": str(form.get("lasts", ""))}
            return await run_in_threadpool(render, request, 422, error=error, typed=typed)
        pages.audit.record(signed_in(request).name, "make an API key", made.label)
        return await run_in_threadpool(render, request, made=made, text=text)  # shown in this answer only

    @allow("admin")
    def remove(request: Request) -> Response:
        try:
            key = doors.keys.remove(request.path_params["key"])
        except KeyError:
            return render(request, 404, error=UsageError("This key is not there any more."))
        pages.audit.record(signed_in(request).name, "remove an API key", key.label)
        return RedirectResponse(f"{root_of(request)}/keys?done=remove", 303)

    return [
        Route("/keys", show),
        Route("/keys", add, methods=["POST"]),
        Route("/keys/{key}/remove", remove, methods=["POST"]),
    ]
