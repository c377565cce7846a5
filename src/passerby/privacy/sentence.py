"""Sentences that are English as they stand, and can be said in another language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self

Gettext = Callable[[str], str]


class Sentence(str):
    """``say("{camera} shows nothing.", camera="north")``: the text itself, which remembers what it is made of.

    Values may be sentences too, or several, which are listed. Whoever collects texts for translation finds the
    patterns by the name `say`, as with ``pybabel extract -k say``.
    """

    pattern: str
    values: Mapping[str, object]

    def __new__(cls, pattern: str, /, **values: object) -> Self:
        """Fill a pattern."""
        new = super().__new__(cls, _filled(pattern, values, str))
        new.pattern, new.values = pattern, values
        return new

    def __getnewargs_ex__(self) -> tuple[tuple[str], Mapping[str, object]]:
        return (self.pattern,), self.values


say = Sentence


def translated(text: str, gettext: Gettext) -> str:
    """A sentence as far as `gettext` knows it; any other text as it is."""
    if not isinstance(text, Sentence):
        return text
    return _filled(gettext(text.pattern), text.values, lambda part: translated(part, gettext))


def _filled(pattern: str, values: Mapping[str, object], written: Gettext) -> str:
    if not values:
        return pattern
    parts = {key: value if isinstance(value, list) else [value] for key, value in values.items()}
    return pattern.format(
        **{
            key: ", ".join(written(each) if isinstance(each, str) else str(each) for each in several)
            for key, several in parts.items()
        }
    )
