"""Leaks that are planted, to see that each would be found, by itself or by what a twin says."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from redteam.secrets.forms import Form
from redteam.secrets.searching import REALM

LEAKS: Final[Mapping[str, Callable[[Form], str]]] = {
    "an error repeats the url": lambda form: f"SourceError({form.url!r})",
    "libav writes a line": lambda form: f"[rtsp @ 0x55d0] Could not open {form.url}: Connection refused",
    "an argument": lambda form: f"ffmpeg\0-i\0{form.url}\0-f\0rawvideo",
    "a variable of the environment": lambda form: f"LANG=C\0CAMERA={form.password}\0",
    "a header": lambda form: "Basic " + base64.b64encode(f"{form.user}:{form.password}".encode()).decode(),
    "cut off": lambda form: f"password={form.password[:8]}…",
    "encoded": lambda form: f"GET /cgi?pwd={quote(form.password, safe='')}",
    "a repr in a traceback": lambda form: f"    url = {form.password!r}\nKeyError",
    "a digest's secret": lambda form: hashlib.md5(
        f"{form.user}:{REALM}:{form.password}".encode(), usedforsecurity=False
    ).hexdigest(),
    "its hash": lambda form: hashlib.sha256(form.password.encode()).hexdigest(),
}
# What no search can find, for a letter is no secret by itself; a twin's words differ.
SHORT: Final[Mapping[str, Callable[[Form], str]]] = {
    "its first character": lambda form: f"password={form.password[:1]}…",
    "its last": lambda form: f"…{form.password[-1:]} is wrong",
    "what it begins with, as a number": lambda form: f"took {1000 + ord(form.password[0]) % 97} ms",
    "a part of its hash": lambda form: hashlib.sha256(form.password.encode()).hexdigest()[:4],
}
