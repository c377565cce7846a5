"""The page of a camera: its empty place with neutral marks, what its places hold now, and how well it is seen."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.classes import LABELS
from passerby.web.doors.policy import allow
from passerby.web.house import CameraNow, House
from passerby.web.messages import drawn, moment_of, plate_of, told_plate
from passerby.web.pages.rendering import Pages, signed_in
from passerby.web.reasons import reason_key
from passerby.web.site import drawing


def routes(pages: Pages) -> list[BaseRoute]:
    """``/cameras/{camera}``."""

    @allow("viewer", camera="camera")
    def show(request: Request) -> Response:
        try:
            camera = pages.house.camera(request.path_params["camera"])
        except KeyError:
            return pages.missing(request)
        sees_plate = camera.live == "ghost" or signed_in(request).is_at_least("operator")
        return pages.render(
            request,
            "site/camera.html",
            camera=camera,
            detector=pages.house.detector,
            reason_key=reason_key(camera.state, camera.reason, moment_of(pages.house, camera).condition),
            scene=_scene(pages.house, camera, sees_plate=sees_plate),
            labels=LABELS,
        )

    return [Route("/cameras/{camera}", show)]


def _scene(house: House, camera: CameraNow, *, sees_plate: bool) -> dict[str, Any]:
    """What the script draws before the first message."""
    plate = plate_of(house, camera.name)
    return {
        "name": camera.name,
        "aspect": camera.aspect,
        "live": camera.live,
        "sees_plate": sees_plate,
        "plate": told_plate(plate),
        "places": drawing(camera.places),
        "drawn": drawn(camera.places),
        "strict": plate.strict and plate.state in ("approved", "stale"),
    }
