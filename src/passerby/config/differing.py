"""What a change of a configuration comes to, as lines with + and -, in which no secret stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import unified_diff
from typing import Final

from passerby.config.blanking import PARAMETER, URL, Blanks

_CONTEXT: Final = 2  # lines around a change
_BLANK: Final = "•••"
_STRING: Final = r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
_PART: Final = re.compile(rf"(?P<text>{_STRING})|[a-zA-Z][\w+.-]*://\S*")  # the second stands in a comment
_KEYED: Final = re.compile(
    rf"(?P<key>[\w\"']*(?:password|passwd|pwd|secret|token|credential|api_?key)[\w\"']*\s*=\s*)(?P<value>{_STRING})",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"(?:\$\{[^}]*\}|\$\$)")


def difference(before: str, after: str, hidden: Iterable[str] = ()) -> str:
    """Unified lines of what changes, secrets blanked out; empty where nothing does.

    Blanked out are `hidden` in all ways they may be written, what is typed literally as the password of a url, and
    the literal values of keys that are called password, secret, token or the like. A ``${NAME}`` stays.
    """
    hidden = tuple(hidden)
    old, new = (blanked(text, hidden).splitlines() for text in (before, after))
    if old == new and before != after:
        return "~ a secret changes\n"
    lines = list(unified_diff(old, new, lineterm="", n=_CONTEXT))[2:]
    return "".join(f"{'…' if line.startswith('@@') else line}\n" for line in lines).removeprefix("…\n")


def blanked(text: str, hidden: Iterable[str] = ()) -> str:
    """A text of a configuration without secrets."""
    text = _KEYED.sub(_value_blanked, text)
    text = _PART.sub(_part_blanked, text)
    return Blanks(hidden, _BLANK)(text)


def _value_blanked(match: re.Match[str]) -> str:
    value = match["value"]
    return match[0] if _is_named(value[1:-1]) else f"{match['key']}{value[0]}{_BLANK}{value[0]}"


def _part_blanked(match: re.Match[str]) -> str:
    part, quote_mark = match[0], match[0][0] if match["text"] else ""
    return quote_mark + URL.sub(_url_blanked, part[1:-1] if quote_mark else part) + quote_mark


def _url_blanked(match: re.Match[str]) -> str:
    """Without its password; from the first setting on that may be secret, nothing is shown."""
    setting = PARAMETER.search(match["rest"])
    if setting and "@" in match["rest"][setting.end(1) :]:  # within a password, or a password in itself
        return f"{match['scheme']}{_BLANK}"
    before, at, place = match["rest"].rpartition("@")
    user, colon, password = before.partition(":")
    secret = password if colon else user  # a name alone may be a token
    hidden = secret if _is_named(secret) else _BLANK
    user = f"{user}:{hidden}" if colon else hidden
    setting = PARAMETER.search(place)
    place = place if setting is None else place[: setting.end(1)] + _BLANK
    return match["scheme"] + user + at + place


def _is_named(text: str) -> bool:
    """Whether it holds nothing but names of secrets."""
    return not _NAMED.sub("", text)
