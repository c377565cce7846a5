"""Tells whoever runs the service how it goes: one line an event, never a secret and never what anybody did."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TextIO
from urllib.parse import quote, unquote

_USERINFO: Final = re.compile(r"^[a-zA-Z][\w+.-]*://(?:(?P<user>[^:/@]*):)?(?P<password>.*)@", re.DOTALL)
_PLAIN: Final = re.compile(r"[\w./:-]+")
_LEAST: Final = 4  # characters of a secret: shorter ones would blank out words


class Journal:
    """Lines such as ``2026-11-22T03:15:01Z offline camera=north reason="…"``, or one JSON object each.

    Secrets that are told to `hide` are blanked out, whatever else went wrong. Any thread may `say`.
    """

    def __init__(self, out: TextIO, clock: Callable[[], datetime], *, as_json: bool = False) -> None:
        self._out, self._clock, self._as_json = out, clock, as_json
        self._lock = threading.Lock()
        self._hidden: re.Pattern[str] | None = None

    def hide(self, secrets: Iterable[str]) -> None:
        """Blank these out from now on, also as they would stand in an address or a header."""
        forms = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
        self._hidden = re.compile("|".join(map(re.escape, forms))) if forms else None

    def say(self, event: str, **fields: str) -> None:
        """Write one line."""
        at = self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        shown = {key: self._blanked(value) for key, value in fields.items() if value}
        if self._as_json:
            line = json.dumps({"time": at, "event": event, **shown}, ensure_ascii=False)
        else:
            line = " ".join([at, event, *(f"{key}={_quoted(value)}" for key, value in shown.items())])
        with self._lock:
            self._out.write(f"{line}\n")
            self._out.flush()

    def _blanked(self, text: str) -> str:
        return text if self._hidden is None else self._hidden.sub("***", text)


def _quoted(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _forms(secret: str) -> set[str]:
    """A secret as it may show up: itself, the user and password in it, each encoded and decoded."""
    found = {secret}
    if match := _USERINFO.match(secret):
        user, password = match["user"] or "", match["password"]
        found |= {password, f"{user}:{password}", f"{unquote(user)}:{unquote(password)}"}
    found |= {unquote(form) for form in found}
    found |= {quote(form, safe="") for form in found} | {quote(form) for form in found}
    found |= {base64.b64encode(form.encode()).decode() for form in found}
    return {form for form in found if len(form) >= _LEAST}
