"""The steward's pages, for a phone in the sun: pick a zone, and see one big number or band of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.config import Config
from passerby.geometry import Zone
from passerby.web.doors.policy import Visitor, allow
from passerby.web.house import CameraNow, House
from passerby.web.pages.rendering import Pages, signed_in

_SAFETY: Final = (2.0, 3.5, 5.0)  # 1/m2: watch, warn, danger (Still, 2014), where a measure says nothing else


def routes(pages: Pages) -> list[BaseRoute]:
    """``/steward`` and ``/steward/{camera}/{place}``."""

    @allow("viewer")
    def pick(request: Request) -> Response:
        return pages.render(request, "site/steward.html", cameras=_cameras(pages.house, signed_in(request)))

    @allow("viewer", camera="camera")
    def watch(request: Request) -> Response:
        name, place = request.path_params["camera"], request.path_params["place"]
        camera = next((camera for camera in pages.house.cameras() if camera.name == name), None)
        if camera is None or place not in _zones(camera):
            return pages.missing(request)
        config = pages.house.config
        return pages.render(
            request,
            "site/steward_zone.html",
            camera=camera,
            place=place,
            safety=_safety(config, name, place),
            areas=[area.name for area in config.areas.values() if (name, place) in area.zones],
        )

    return [Route("/steward", pick), Route("/steward/{camera}/{place}", watch)]


def _cameras(house: House, visitor: Visitor) -> list[dict[str, Any]]:
    """Those with zones."""
    seen = (camera for camera in house.cameras() if visitor.sees(camera.name))
    return [{"now": camera, "zones": zones} for camera in seen if (zones := _zones(camera))]


def _zones(camera: CameraNow) -> list[str]:
    return [place.name for place in camera.places if isinstance(place, Zone)]


def _safety(config: Config, camera: str, place: str) -> Sequence[float]:
    """The densities at which to watch, to warn, and of danger, as the zone's measure has them."""
    measures = config.cameras[camera].measures.values() if camera in config.cameras else ()
    tables = [use.options for use in measures if use.name == "density"]
    for table in tables:
        at, bounds = table.get("at"), table.get("safety")
        if isinstance(at, Zone) and at.name == place and isinstance(bounds, list | tuple):
            return [float(bound) for bound in bounds]
    return _SAFETY
