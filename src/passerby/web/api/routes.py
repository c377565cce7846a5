"""The routes of the REST interface, and its description as OpenAPI."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Security
from fastapi import Query as Param
from fastapi.openapi.utils import get_openapi
from fastapi.security import APIKeyHeader
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.export import CSV, write_rows
from passerby.outlets import Query
from passerby.privacy import statement
from passerby.records import Measurement
from passerby.version import VERSION
from passerby.web.api import asked, shapes, steering
from passerby.web.api.errors import HEADERS, Failure, Missing, Spoken
from passerby.web.api.paging import Mark, page
from passerby.web.doors.doors import Doors
from passerby.web.doors.policy import allow
from passerby.web.house import House
from passerby.web.rules import may_hear, watched

_WEEK: Final = timedelta(days=7)
_ABOUT: Final = """\
Released rows, and what there is. Nothing here tells of this moment: live numbers and marks exist on the pages of
people who are signed in only. Rows are read as docs/release.md says; no query makes finer ones or other sums.
"""
_FAILURES: Final[dict[int | str, dict[str, Any]]] = {
    401: {"model": Failure, "description": "No session and no key, or not a valid one."},
    403: {"model": Failure, "description": "You may not do this."},
    404: {"model": Failure, "description": "It is not there, or not for you."},
    422: {"model": Failure, "description": "A parameter is wrong."},
    429: {"model": Failure, "description": "Too many requests."},
    503: {"model": Failure, "description": "The store cannot be read now."},
}
_KEY: Final = APIKeyHeader(name="X-API-Key", auto_error=False, description="Or the session of a browser.")


def rest(house: House, doors: Doors) -> list[BaseRoute]:
    """All routes under ``/api``, flat, so that whoever guards them sees each endpoint."""
    api = APIRouter(prefix="/api/v1", route_class=Spoken, responses=_FAILURES, dependencies=[Security(_KEY)])
    _things(api, house)
    _kept(api, house)
    _rows(api, house)
    steering.add(api, house, doors)

    @allow("viewer", key=True)
    def openapi(request: Request) -> Response:
        return JSONResponse(described(api.routes, request.scope.get("root_path", "")), headers=HEADERS)

    return [*api.routes, Route("/api/openapi.json", openapi)]


def described(routes: Sequence[BaseRoute], root: str = "") -> dict[str, Any]:
    """The description of those of the routes that belong to the API, as OpenAPI."""
    servers = [{"url": root}] if root else None
    return get_openapi(title="passerby", version=VERSION, description=_ABOUT, routes=routes, servers=servers)


def _things(api: APIRouter, house: House) -> None:
    """What there is: cameras, places, areas."""

    @api.get("/cameras", tags=["what there is"])
    @allow("viewer", key=True)
    def cameras(request: Request) -> shapes.Cameras:
        """All cameras that you may see, in the order of the configuration."""
        seen = asked.seen(house, asked.visitor(request), [])
        return shapes.Cameras(cameras=[shapes.Camera.of(camera) for camera in seen])

    @api.get("/cameras/{camera}", tags=["what there is"])
    @allow("viewer", camera="camera", key=True)
    def camera(request: Request, camera: str) -> shapes.Camera:
        """One of them."""
        (found,) = asked.seen(house, asked.visitor(request), [camera])
        return shapes.Camera.of(found)

    @api.get("/places", tags=["what there is"])
    @allow("viewer", key=True)
    def places(request: Request, wanted: Annotated[asked.OfCameras, Param()]) -> shapes.Places:
        """Lines and zones as they are drawn now."""
        seen = asked.seen(house, asked.visitor(request), wanted.camera)
        return shapes.Places(places=[shapes.Place.of(one.name, place) for one in seen for place in one.places])

    @api.get("/areas", tags=["what there is"])
    @allow("viewer", key=True)
    def areas(request: Request) -> shapes.Areas:
        """Sums over places: their definition and capacity."""
        asks = asked.visitor(request)
        known = [area for area in house.config.areas.values() if all(map(asks.sees, area.cameras))]
        return shapes.Areas(areas=[shapes.Area.of(area) for area in known])

    @api.get("/rules", tags=["what there is"])
    @allow("viewer", key=True)
    def rules(request: Request) -> shapes.Rules:
        """What alerts fire at."""
        return shapes.Rules(
            rules=[shapes.Rule.of(rule) for rule in watched(house.config, asked.visitor(request).sees)]
        )


def _kept(api: APIRouter, house: House) -> None:
    """What is kept beside rows, and what is said of all of it."""

    @api.get("/alerts", tags=["what is kept"])
    @allow("viewer", key=True)
    def alerts(request: Request) -> shapes.Alerts:
        """The alert log of 72 hours: rule, place and hour. Alerts as they happen are sent by sinks."""
        asks, config = asked.visitor(request), house.config
        kept = [alert for alert in house.alert_log() if may_hear(config, asks.sees, alert.camera, alert.place)]
        return shapes.Alerts(alerts=[shapes.Alert.of(alert) for alert in kept])

    @api.get("/privacy", tags=["what is kept"])
    @allow("viewer", key=True)
    def privacy(request: Request) -> shapes.Privacy:
        """What is kept, shown and sent, in plain words, of the cameras that you may see."""
        asks, config = asked.visitor(request), house.config
        mine = {name: camera for name, camera in config.cameras.items() if asks.sees(name)}
        rule = config.rule
        return shapes.Privacy.of(
            statement(replace(config, cameras=mine)),
            timezone=str(rule.zone),
            k=rule.k,
            grain_s=rule.grain.total_seconds(),
        )


def _rows(api: APIRouter, house: House) -> None:
    """What was released."""

    @api.get(
        "/rows",
        tags=["rows"],
        response_model=shapes.Rows,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )
    @allow("viewer", key=True)
    def rows(request: Request, wanted: Annotated[asked.OfRows, Param()]) -> Response:
        """Released rows, in order of start; a row is in every span that it touches, whole.

        Where there are more than `limit`, `next` and the header `Link` lead to the next page.
        """
        cameras = asked.seen(house, asked.visitor(request), wanted.camera)
        if not house.has_store():
            raise Missing("no-store", "no rows are kept.", "Add a [store] to the configuration.")
        found, last = _page(house, tuple(camera.name for camera in cameras), wanted)
        link = {}
        if last is not None:
            following = request.url.include_query_params(cursor=str(last))
            link["Link"] = f'<{following.path}?{following.query}>; rel="next"'  # its host is for a proxy to know
        if wanted.format == "csv" or (wanted.format is None and "text/csv" in request.headers.get("accept", "")):
            out = io.StringIO()
            write_rows(found, CSV, out)
            named = {"Content-Disposition": 'attachment; filename="rows.csv"'}
            return Response(out.getvalue(), headers=named | link, media_type="text/csv")
        answer = shapes.Rows(rows=[shapes.Row.of(row) for row in found], next=None if last is None else str(last))
        return Response(answer.model_dump_json(), headers=link, media_type="application/json")


def _page(house: House, cameras: tuple[str, ...], wanted: asked.OfRows) -> tuple[list[Measurement], Mark | None]:
    end = wanted.end or house.now()
    query = Query(cameras, tuple(wanted.place), tuple(wanted.cut), wanted.start or end - _WEEK, end)
    if not cameras:
        return [], None
    try:
        after = Mark.parse(wanted.cursor) if wanted.cursor else None
    except ValueError as error:
        raise Missing(
            "no-such-page", "this cursor was not given by this service.", "Begin without one."
        ) from error
    return page(house.read, query, limit=wanted.limit, after=after, quantities=wanted.quantity)
