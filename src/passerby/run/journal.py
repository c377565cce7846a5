"""Tells whoever runs the service how it goes: one line an event, never a secret and never what anybody did."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TextIO

from passerby.config.blanking import Blanks

_PLAIN: Final = re.compile(r"[\w./:-]+")


class Journal:
    """Lines such as ``2026-11-22T03:15:01Z offline camera=north reason="…"``, or one JSON object each.

    Secrets that are told to `hide` are blanked out, whatever else went wrong. Any thread may `say`.
    """

    def __init__(self, out: TextIO, clock: Callable[[], datetime], *, as_json: bool = False) -> None:
        self._out, self._clock, self._as_json = out, clock, as_json
        self._lock = threading.Lock()
        self.blanked = Blanks()

    def hide(self, secrets: Iterable[str]) -> None:
        """Blank these out from now on, also as they would stand in an address or a header."""
        self.blanked = Blanks(secrets)

    def say(self, event: str, **fields: str) -> None:
        """Write one line."""
        at = self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        shown = {key: self.blanked(value) for key, value in fields.items() if value}
        if self._as_json:
            line = json.dumps({"time": at, "event": event, **shown}, ensure_ascii=False)
        else:
            line = " ".join([at, event, *(f"{key}={_quoted(value)}" for key, value in shown.items())])
        with self._lock:
            self._out.write(f"{line}\n")
            self._out.flush()


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
