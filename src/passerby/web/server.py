"""Serves one page on loopback, from a thread beside the work that it shows."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from passerby.web import serving
from passerby.web.guard import Guard

LOOPBACK: Final = "127.0.0.1"


class Content(Protocol):
    """What can be served: a page, which waits for something."""

    def routes(self) -> Sequence[BaseRoute]:
        """Its routes, relative to the page's own address."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Block until it has happened (a look at it, a press of Done); False if the time (s) ran out."""
        ...


@dataclass(frozen=True, slots=True)
class Door:
    """A page that is being served."""

    url: str  # with the token: whoever has it may look
    page: Content

    def wait(self, timeout: float | None = None) -> bool:
        """Block until what the page waits for has happened; False if the time (s) ran out."""
        return self.page.wait(timeout)


@contextmanager
def serve(page: Content) -> Iterator[Door]:
    """Serve the page on a free port of 127.0.0.1 until the block is left, which takes about half a second.

    The socket listens before this returns, so the address can be opened at once. The path holds 256 random
    bits; without them every address answers 404.
    """
    token = secrets.token_urlsafe(32)
    with socket.create_server((LOOPBACK, 0)) as listening:
        host = f"{LOOPBACK}:{listening.getsockname()[1]}"
        app = Guard(Starlette(routes=list(page.routes())), token=token, host=host)
        with serving.running(serving.configuration(app), listening):
            yield Door(f"http://{host}/{token}/", page)
