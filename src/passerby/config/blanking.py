"""Keeps secrets out of words: what is known to be secret is blanked out, in every way it may be written."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote, unquote

from pydantic import SecretStr

from passerby.errors import ConfigError

LEAST: Final = 4  # characters of a secret: shorter ones would blank out words
URL: Final = re.compile(r"(?P<scheme>[a-zA-Z][\w+.-]*://)(?P<rest>.*)", re.DOTALL)
PARAMETER: Final = re.compile(
    r"((?:^|[/?&;_])(?:user|\w*pass\w*|pwd|\w*token|\w*secret|\w*key|auth)=)([^&;/#]*)", re.IGNORECASE
)

# Where another setting begins in ``/user=…_password=…_stream=0``; a password and a setting's name may hold _.
_SETTINGS: Final = (r"_(?=\w+=)", r"_(?=[^\W_]+=)")


class Blanks:
    """``Blanks(secrets)(text)``: the text without them, whole or in part, plain or encoded."""

    def __init__(self, secrets: Iterable[str] = (), blank: str = "***") -> None:
        self._blank = blank
        self._forms = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Blank out."""
        there = "|".join(re.escape(form) for form in self._forms if form in text)  # few, of hundreds
        return re.sub(there, lambda _: self._blank, text) if there else text


def holds_secret(text: str) -> bool:
    """Whether it is a url with a user, a password, or settings such as ``?token=…``."""
    return any(True for _ in _parts(text))


def secrets_in(value: object) -> Iterator[str]:
    """All that is secret in a table of a configuration: what was filled in, and urls; also where a key stands."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, str) and holds_secret(value):
        yield value
    elif isinstance(value, Mapping):
        yield from secrets_in(list(value))
        yield from secrets_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from secrets_in(part)


@contextmanager
def unsaid(value: object) -> Iterator[None]:
    """Errors of a table leave this block without what is secret in it, wherever it was written by mistake."""
    try:
        yield
    except ConfigError as error:
        blanks = Blanks(secrets_in(value))
        raise type(error)(blanks(error.message), blanks(error.hint)) from None


def _parts(url: str) -> Iterator[str]:
    """What is secret in a url: user and password, the password, and the values of its settings."""
    match = URL.fullmatch(url)
    if match is None:
        return
    before, at, _ = match["rest"].rpartition("@")
    user, colon, password = before.partition(":")
    if at and (colon or not re.search(r"[/?#]", before)):  # in ``host/2@x`` nobody is named
        yield before
        yield from (password, f"{unquote(user)}:{unquote(password)}") if password else ()
    for found in PARAMETER.finditer(match["rest"]):
        rest = match["rest"][found.start(2) :]
        values = {found[2], rest, *(re.split(mark, rest)[0] for mark in ("&", "[&;#]"))}  # as written, or meant
        for value in values:
            yield value
            for mark in _SETTINGS:
                for part in re.split(mark, value):
                    yield from (part.partition("=")[2], part.rpartition("=")[2])


def _forms(secret: str) -> set[str]:
    """As it is written, as it is meant, and as others may write it: encoded, or between quotation marks."""
    found = {secret, *_parts(secret)}
    found |= {part for form in found for part in _credentials(form)}
    found |= {unquote(form) for form in found}
    found |= {unquote(form) for form in found}  # some encode what is encoded already
    found |= {quote(form, safe="") for form in found} | {quote(form) for form in found}
    found |= {base64.b64encode(form.encode()).decode() for form in found}
    found |= {form.replace("$", "$$") for form in found}  # as in a configuration
    found |= {json.dumps(form, ensure_ascii=is_ascii)[1:-1] for form in found for is_ascii in (False, True)}
    found |= {repr(form)[1:-1] for form in found}
    return {form for form in found if len(form) >= LEAST}


def _credentials(text: str) -> Iterator[str]:
    """User and password, and the password, where a text is what HTTP's basic authentication makes of them."""
    try:
        plain = base64.b64decode(unquote(text), validate=True).decode()
    except ValueError:
        return
    _, colon, password = plain.partition(":")
    if colon and plain.isprintable():
        yield from (plain, password)
