"""The first page: how all cameras and areas are, what they hold now, and what fires."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.geometry import Line
from passerby.web.doors.policy import allow
from passerby.web.house import CameraNow, House
from passerby.web.messages import moment_of
from passerby.web.pages.areas import shown_areas
from passerby.web.pages.rendering import Pages, signed_in
from passerby.web.reasons import reason_key


def routes(pages: Pages) -> list[BaseRoute]:
    """``/``."""

    @allow("viewer")
    def overview(request: Request) -> Response:
        visitor, house = signed_in(request), pages.house
        every = house.cameras()
        seen = [camera for camera in every if visitor.sees(camera.name)]
        return pages.render(
            request,
            "site/overview.html",
            cameras=[_card(house, camera) for camera in seen],
            areas=shown_areas(house, visitor),
            hidden=bool(every) and not seen,
        )

    return [Route("/", overview)]


def _card(house: House, camera: CameraNow) -> dict[str, Any]:
    return {
        "now": camera,
        "reason_key": reason_key(camera.state, camera.reason, moment_of(house, camera).condition),
        "lines": sum(isinstance(place, Line) for place in camera.places),
        "zones": sum(not isinstance(place, Line) for place in camera.places),
    }
