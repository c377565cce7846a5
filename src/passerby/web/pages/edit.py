"""The page on which a live camera's lines, zones and ground points are drawn, with what saving them changes."""

from __future__ import annotations

from typing import Any, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.config.drawing import Drawing, Planned, ground_points, moved, planned, version
from passerby.config.editing import lines_for
from passerby.web import sheet
from passerby.web.doors.policy import allow
from passerby.web.house import CameraNow, Changed, House
from passerby.web.pages.rendering import Pages, signed_in

_USUAL: Final = 16 / 9  # the shape of a picture that has not come yet


def routes(pages: Pages) -> list[BaseRoute]:
    """``/cameras/{camera}/edit``, and what its script reads and sends below it."""
    house = pages.house

    @allow("operator", camera="camera")
    def show(request: Request) -> Response:
        try:
            camera = house.camera(request.path_params["camera"])
        except KeyError:
            return pages.missing(request)
        return pages.render(request, "site/edit.html", camera=camera)

    @allow("operator", camera="camera")
    def scene(request: Request) -> Response:
        camera, text = _camera(house, request), house.config.text
        has_plate = house.plate(camera.name).approved is not None
        return JSONResponse(
            sheet.scene(
                camera.name,
                _aspect(house, camera),
                camera.places,
                ground_points(text, camera.name),
                plate=has_plate,
                version=version(text, camera.name),
            )
        )

    @allow("operator", camera="camera")
    async def check(request: Request) -> Response:
        camera, text = _camera(house, request), house.config.text
        lens = ground_points(text, camera.name).lens
        _, drawing, problems = await sheet.read(request, lens)
        judged = sheet.judged(drawing, problems, _aspect(house, camera), lens)
        plan = planned(text, camera.name, drawing)
        return JSONResponse({**judged, "changes": _changes(camera, drawing, plan), "dependents": plan.dependents})

    @allow("operator", camera="camera")
    async def save(request: Request) -> Response:
        camera, text = _camera(house, request), house.config.text
        document, drawing, problems = await sheet.read(request, ground_points(text, camera.name).lens)
        if problems:
            return JSONResponse({"problems": [sheet.told(problem) for problem in problems]}, 422)
        if document.version != version(text, camera.name):
            return JSONResponse({"conflict": True}, 409)
        plan = planned(text, camera.name, drawing)
        if plan.dependents and not document.drop:
            return JSONResponse({"dependents": plan.dependents}, 409)
        by = signed_in(request).name
        changed = await to_thread.run_sync(lambda: house.change(plan.edits, write=True, by=by))
        if changed.written:
            pages.audit.record(by, "draw lines and zones", camera.name)
        return _saved(house, camera.name, changed, plan)

    base = "/cameras/{camera}/edit"
    return [
        Route(base, show),
        Route(f"{base}/scene.json", scene),
        Route(f"{base}/check", check, methods=["POST"]),
        Route(f"{base}/save", save, methods=["POST"]),
    ]


def _camera(house: House, request: Request) -> CameraNow:
    try:
        return house.camera(request.path_params["camera"])
    except KeyError:
        raise sheet.missing() from None


def _aspect(house: House, camera: CameraNow) -> float:
    if camera.aspect is not None:
        return camera.aspect
    plate = house.plate(camera.name).approved
    return _USUAL if plate is None else plate.width / plate.height


def _saved(house: House, camera: str, changed: Changed, plan: Planned) -> Response:
    """What came of a change: it is written, it is to be copied, or it cannot be."""
    if changed.problem:
        told = f"{changed.problem} {changed.hint}".strip()
        return JSONResponse({"error": told, "difference": changed.difference}, 409)
    if changed.difference and not changed.written:
        return JSONResponse({"copy": lines_for(plan.edits), "difference": changed.difference}, 409)
    said = f"Written to {house.config.path.name}." if changed.difference else "Nothing had changed."
    return JSONResponse({"saved": said, "version": version(house.config.text, camera)})


def _changes(camera: CameraNow, drawing: Drawing, plan: Planned) -> list[dict[str, Any]]:
    """What happens to each place that is not as it was: new, moved, renamed or removed."""
    there = {place.name for place in camera.places}
    was = {place.name: drawing.was.get(place.name, place.name) for place in drawing.places}
    elsewhere = set(moved(camera.places, drawing))
    found: list[dict[str, Any]] = []
    for name, old in was.items():
        if old not in there:
            found.append({"kind": "new", "name": name})
            continue
        if old != name:
            found.append({"kind": "renamed", "name": name, "was": old})
        if name in elsewhere:
            found.append({"kind": "moved", "name": name})
    found += [{"kind": "removed", "name": name} for name in there if name not in was.values()]
    if any("ground" in edit.path for edit in plan.edits):
        found.append({"kind": "reground", "name": ""})
    return sorted(found, key=lambda change: change["name"])
