"""A service with its pages, until a signal ends it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from passerby.run.front import Front
from passerby.run.service import Service


@contextmanager
def attended(service: Service, terminal: TextIO | None = None, *, resets_admin: bool = False) -> Iterator[Front]:
    """Serve the pages of a service that runs in the block: SIGTERM and SIGINT end it, SIGHUP reads again.

    For the main thread; afterwards signals do what they did before. `terminal`, `resets_admin`: see `Front`.
    """
    front = Front(service, terminal, resets_admin=resets_admin)

    def stop(*_: object) -> None:
        front.stop()
        service.stop()

    hands = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: lambda *_: service.reload()}
    before = {number: signal.signal(number, hand) for number, hand in hands.items()}
    try:
        with front:
            yield front
    finally:
        for number, hand in before.items():
            signal.signal(number, hand)
