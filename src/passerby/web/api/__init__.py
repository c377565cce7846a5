"""What may be read of the service without its pages: released rows and what there is, never this moment."""

from __future__ import annotations

from starlette.routing import BaseRoute

from passerby.web.api.probes import probes
from passerby.web.api.routes import rest
from passerby.web.doors.doors import Doors
from passerby.web.house import House


def routes(house: House, doors: Doors) -> list[BaseRoute]:
    """Everything under ``/api``, and ``/livez``, ``/readyz`` and ``/metrics``; for a `FastAPI` application."""
    return [*rest(house, doors), *probes(house)]
