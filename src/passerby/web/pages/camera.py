"""The page of a camera: its empty place with neutral marks, what its places hold now, and how well it is seen."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerby.classes import LABELS
from passerby.web.doors.policy import allow
from passerby.web.house import CameraNow, House
from passerby.web.messages import drawn, moment_of
from passerby.web.pages.rendering import Pages
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
        return pages.render(
            request,
            "site/camera.html",
            camera=camera,
            detector=pages.house.detector,
            reason_key=reason_key(camera.state, camera.reason, moment_of(pages.house, camera).condition),
            scene=_scene(pages.house, camera),
            labels=LABELS,
        )

    return [Route("/cameras/{camera}", show)]


def _scene(house: House, camera: CameraNow) -> dict[str, Any]:
    """What the script draws before the first message."""
    return {
        "name": camera.name,
        "aspect": camera.aspect,
        "live": camera.live,
        "plate": camera.plate,
        "places": drawing(camera.places),
        "drawn": drawn(camera.places),
        "strict": house.plate(camera.name).strict,
    }
