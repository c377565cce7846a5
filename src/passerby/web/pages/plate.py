"""The page on which an admin has a camera's empty place collected, looks at it, and says that nobody is in it."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import anyio
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.records import Picture
from passerby.web.doors.policy import allow
from passerby.web.pages.rendering import Pages, root_of, signed_in
from passerby.web.site import drawing

_CHECKS: Final = ("nobody", "unreadable", "no-likeness")  # all must be ticked
_DONE: Final = ("collect", "approve", "discard")
MOTION: Final = "motion"  # the detector that knows nobody: there is never a photo
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def routes(pages: Pages) -> list[BaseRoute]:
    """``/cameras/{camera}/plate`` with what is sent from it, ``plate.png`` and ``candidate.png``.

    The approved picture is for those who may see the camera where it is shown as a ghost view, else for operators,
    who draw on it; a candidate is for admins only.
    """

    @allow("admin", camera="camera")
    def show(request: Request) -> Response:
        return _page(pages, request)

    @allow("admin", camera="camera")
    async def collect(request: Request) -> Response:
        is_strict = "strict" in await request.form() or pages.house.detector == MOTION
        return await anyio.to_thread.run_sync(_collect, pages, request, is_strict)

    @allow("admin", camera="camera")
    async def approve(request: Request) -> Response:
        return await anyio.to_thread.run_sync(_approve, pages, request, await request.form())

    @allow("admin", camera="camera")
    def discard(request: Request) -> Response:
        by, camera = signed_in(request).name, request.path_params["camera"]
        try:
            pages.house.discard_plate(camera, by)
        except KeyError:
            return pages.missing(request)
        pages.audit.record(by, "discard picture", camera)
        return _back(request, "discard")

    @allow("viewer", camera="camera")
    def approved(request: Request) -> Response:
        name = request.path_params["camera"]
        try:
            is_for_all = pages.house.camera(name).live == "ghost"
            picture = pages.house.plate(name).approved
        except KeyError:
            return _png(None)
        return _png(picture if is_for_all or signed_in(request).is_at_least("operator") else None)

    @allow("admin", camera="camera")
    def candidate(request: Request) -> Response:
        try:
            return _png(pages.house.plate(request.path_params["camera"]).candidate)
        except KeyError:
            return _png(None)

    at = "/cameras/{camera}"
    return [
        Route(f"{at}/plate", show),
        Route(f"{at}/plate/collect", collect, methods=["POST"]),
        Route(f"{at}/plate/approve", approve, methods=["POST"]),
        Route(f"{at}/plate/discard", discard, methods=["POST"]),
        Route(f"{at}/plate.png", approved),
        Route(f"{at}/candidate.png", candidate),
    ]


def _collect(pages: Pages, request: Request, is_strict: bool) -> Response:
    by, camera = signed_in(request).name, request.path_params["camera"]
    try:
        pages.house.collect_plate(camera, strict=is_strict, by=by)
    except KeyError:
        return pages.missing(request)
    pages.audit.record(by, "collect picture as a drawing" if is_strict else "collect picture", camera)
    return _back(request, "collect")


def _approve(pages: Pages, request: Request, form: FormData) -> Response:
    by, camera = signed_in(request).name, request.path_params["camera"]
    ticked = frozenset(check for check in _CHECKS if check in form)
    if len(ticked) < len(_CHECKS):
        return _page(pages, request, status=422, problem="unticked", ticked=ticked)
    try:
        pages.house.approve_plate(camera, str(form.get("candidate", "")), by)
    except KeyError:
        return _page(pages, request, status=409, problem="another")
    except OSError:
        return _page(pages, request, status=500, problem="unwritten", ticked=ticked)
    pages.audit.record(by, "approve picture", camera)
    return _back(request, "approve")


def _page(
    pages: Pages, request: Request, *, status: int = 200, problem: str = "", ticked: frozenset[str] = frozenset()
) -> Response:
    try:
        camera = pages.house.camera(request.path_params["camera"])
        plate = pages.house.plate(camera.name)
    except KeyError:
        return pages.missing(request)
    done = request.query_params.get("done", "")
    return pages.render(
        request,
        "site/plate.html",
        status=status,
        camera=camera,
        plate=plate,
        by_motion=pages.house.detector == MOTION,
        places=drawing(camera.places),
        problem=problem,
        ticked=ticked,
        done=done if done in _DONE and not problem else "",
    )


def _back(request: Request, done: str) -> Response:
    camera = quote(request.path_params["camera"])
    return RedirectResponse(f"{root_of(request)}/cameras/{camera}/plate?done={done}", 303)


def _png(picture: Picture | None) -> Response:
    if picture is None:
        return Response("There is no such picture.\n", 404, _HEADERS, "text/plain")
    return Response(picture.png, 200, _HEADERS, "image/png")
