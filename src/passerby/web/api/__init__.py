"""What programs may read of the service: released rows and what there is, never this moment."""

from __future__ import annotations

from starlette.routing import BaseRoute

from passerby.web.api.probes import probes
from passerby.web.api.routes import rest
from passerby.web.house import House


def routes(house: House) -> list[BaseRoute]:
    """Everything under ``/api``, and ``/livez``, ``/readyz`` and ``/metrics``; for a `FastAPI` application."""
    return [*rest(house), *probes(house)]
