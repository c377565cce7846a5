"""Finds a password in whatever form it stands in a text."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_plus, unquote

from redteam.secrets.forms import Form

PART: Final = 8  # characters of a password that are enough to be found
REALM: Final = "street"


@lru_cache(maxsize=4096)
def needles(form: Form) -> frozenset[str]:
    """All that must not be found: the password in any writing, whole or cut off after some characters.

    Empty for a password that is shorter than what can be told from a word: its twin tells.
    """
    password = form.password
    if len(password) < PART:
        return frozenset()
    found = set[str]()
    for text in {password, unquote(password)}:
        written = {text, json.dumps(text)[1:-1], repr(text)[1:-1], html.escape(text)}
        written |= {
            quote(text, safe=""),
            quote(text),
            quote(text, safe=":/"),
            quote_plus(text),
            quote(quote(text, safe=""), safe=""),
        }
        written |= {text.encode().hex(), text[::-1]}
        found |= {one[:PART] if one == text else one[: 2 * PART] for one in written}
    found |= {_base64(form.user, password), _base64("", password)}
    for realm in (REALM, ""):
        digest = hashlib.md5(f"{form.user}:{realm}:{password}".encode(), usedforsecurity=False).hexdigest()
        found.add(digest[: 2 * PART])
    found.add(hashlib.sha256(password.encode()).hexdigest()[: 2 * PART])
    return frozenset(one for one in found if len(one) >= PART)


def _base64(user: str, password: str) -> str:
    """What base64 makes of a password behind a user, where it is the same whatever comes after it."""
    before = f"{user}:".encode() if user else b""
    start = -(-len(before) // 3) * 4
    whole = base64.b64encode(before + password.encode()).decode()
    return whole[start : start + 10]


def found(text: str, forms: Iterable[Form]) -> Iterator[tuple[Form, str]]:
    """Which passwords stand in a text, and what of them."""
    for form in forms:
        for needle in needles(form):
            if needle in text:
                yield form, needle
                break
