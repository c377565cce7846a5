"""Opens every camera once, all at the same time, and waits no longer than a limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass

from passerby.errors import PasserbyError, SourceError
from passerby.stages import Source


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of opening one camera: the size of its first picture, or why there was none."""

    width: int = 0  # px
    height: int = 0  # px
    after_s: float = 0.0
    error: PasserbyError | None = None


def open_all(sources: Mapping[str, Source], limit_s: float) -> dict[str, Opened]:
    """Take one picture of each source and let it go; in the order of the sources.

    Each is opened on a thread of its own, for opening may block; one that is still blocked at the limit is left
    behind and counts as not answering.
    """
    pending = {name: _start(source) for name, source in sources.items()}
    wait(pending.values(), timeout=limit_s)
    late = SourceError(f"no picture came within {limit_s:g} s.")
    return {name: future.result() if future.done() else Opened(error=late) for name, future in pending.items()}


def _start(source: Source) -> Future[Opened]:
    future: Future[Opened] = Future()
    began_s = time.monotonic()

    def look() -> None:
        try:
            width, height = _first_size(source)
            future.set_result(Opened(width, height, time.monotonic() - began_s))
        except PasserbyError as error:
            future.set_result(Opened(error=error))

    threading.Thread(target=look, daemon=True).start()
    return future


def _first_size(source: Source) -> tuple[int, int]:
    for frame in source.frames():
        with frame:
            return frame.size
    raise SourceError("it holds no picture.")
