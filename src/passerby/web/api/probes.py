"""Whether the service lives and is ready, for who supervises it, and its metrics."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from passerby.web.api.asked import visitor
from passerby.web.api.errors import HEADERS
from passerby.web.api.metrics import MEDIA_TYPE, metrics
from passerby.web.doors.policy import allow
from passerby.web.house import House


def probes(house: House) -> list[BaseRoute]:
    """``/livez`` and ``/readyz`` for everybody, without a reason; ``/metrics`` for a session or a key."""

    @allow(None)
    def livez(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers=HEADERS)

    @allow(None)
    def readyz(_: Request) -> Response:
        is_ready = house.ready().ok
        return PlainTextResponse("ready\n" if is_ready else "not ready\n", 200 if is_ready else 503, HEADERS)

    @allow("viewer", key=True)
    def scrape(request: Request) -> Response:
        return Response(metrics(house, visitor(request)), headers=HEADERS, media_type=MEDIA_TYPE)

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", scrape)]
