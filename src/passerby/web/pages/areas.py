"""The page of areas: how many each holds, how far that may be off, and setting it after counting by hand."""

from __future__ import annotations

from typing import Any, Final

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.areas import Area
from passerby.web.doors.policy import Visitor, allow
from passerby.web.house import House
from passerby.web.messages import area_live
from passerby.web.pages.rendering import Pages, root_of, signed_in

_MOST: Final = 1_000_000  # more than any site holds


def routes(pages: Pages) -> list[BaseRoute]:
    """``/areas``, and ``/areas/{area}`` to set one."""

    @allow("viewer")
    def show(request: Request) -> Response:
        return _page(pages, request)

    @allow("operator")
    async def set_(request: Request) -> Response:
        visitor, name = signed_in(request), request.path_params["area"]
        area = pages.house.config.areas.get(name)
        if area is None or not area.lines or not _sees(visitor, area):
            return _page(pages, request, status=404)
        typed = str((await request.form()).get("inside", "")).strip()
        if not (typed.isascii() and typed.isdigit() and int(typed) <= _MOST):
            return _page(pages, request, status=422, wrong=name, typed=typed)
        await anyio.to_thread.run_sync(pages.house.set_area, name, int(typed), visitor.name)
        pages.audit.record(visitor.name, "set area", name)  # not to how many: nothing of an area is stored
        return RedirectResponse(f"{root_of(request)}/areas?set={name}", 303)

    return [Route("/areas", show), Route("/areas/{area}", set_, methods=["POST"])]


def _page(pages: Pages, request: Request, *, status: int = 200, wrong: str = "", typed: str = "") -> Response:
    areas = shown_areas(pages.house, signed_in(request))
    done = request.query_params.get("set", "")
    return pages.render(
        request,
        "site/areas.html",
        status=status,
        areas=areas,
        wrong=wrong,
        typed=typed,
        done=done if any(area["name"] == done for area in areas) else "",
    )


def shown_areas(house: House, visitor: Visitor) -> list[dict[str, Any]]:
    """What pages say of the areas all of whose cameras a visitor sees; nothing of how many each holds now."""
    held, config = house.areas(), house.config
    return [
        {
            "name": name,
            "capacity": area.capacity,
            "live": area_live(area, config),
            "is_net": bool(area.lines),
            "members": [f"{camera} · {place}" for camera, place in _members(area)],
            "since": held[name].since if name in held else None,
            "unseen": held[name].unseen if name in held else None,
            "was_set": name in held and held[name].drift is not None,
        }
        for name, area in config.areas.items()
        if _sees(visitor, area)
    ]


def _sees(visitor: Visitor, area: Area) -> bool:
    return all(map(visitor.sees, area.cameras))


def _members(area: Area) -> list[tuple[str, str]]:
    return [*area.zones, *(member for member, _ in area.lines)]
