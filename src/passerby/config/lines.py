"""On which line of a TOML text each of its keys stands, for messages that can be clicked on.

The text must already be valid TOML (`tomllib` has read it), so the scanner is lenient: it only follows structure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Final

Path = tuple[str | int, ...]  # keys, and indices of arrays, from the root

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_DOT: Final = re.compile(r"[ \t]*\.[ \t]*")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""["]{0,2}'
    r"|'''.*?'''[']{0,2}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR: Final = re.compile(r"[^,\]}#\n]*")


class Lines:
    """The line, from 1, of every key and array element of a TOML text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[Path, int] = {}
        self._arrays: dict[Path, int] = {}  # arrays of tables: index of the table being read
        self.gaps: list[tuple[Path, int, int]] = []
        """Blank and comment lines above each header, and at the end (path ()): whose, and from where to where."""
        self._scan()

    @property
    def found(self) -> Mapping[Path, int]:
        """Every path that is written out, with its line."""
        return self._found

    def of(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it that is written out; 1 if there is none."""
        for end in range(len(path), 0, -1):
            if path[:end] in self._found:
                return self._found[path[:end]]
        return 1

    def _scan(self) -> None:
        prefix: Path = ()
        blank = self._take(_BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                gap = self._gap(blank)
                prefix = self._header()
                self.gaps.append((prefix, *gap))
            else:
                self._entry(prefix)
            blank = self._take(_BLANK)
        if self._found:
            self.gaps.append(((), *self._gap(blank)))

    def _gap(self, blank: str) -> tuple[int, int]:
        """The whole lines of the blank just taken: what follows a value on its own line belongs to that."""
        start = self._at - len(blank)
        begin = self._text.find("\n", start, self._at) + 1 if start else 0
        end = self._text.rfind("\n", 0, self._at) + 1 if self._at < len(self._text) else self._at
        return (begin, max(begin, end)) if begin or not start else (self._at, self._at)

    def _header(self) -> Path:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        line = self._line()
        self._at += brackets
        path: Path = ()
        for key in self._keys():
            path = self._current((*path, key))
        if brackets == 2:
            array = path[:-1] if isinstance(path[-1], int) else path
            self._arrays[array] = self._arrays.get(array, -1) + 1
            self._found.setdefault(array, line)
            path = (*array, self._arrays[array])
        self._at = self._text.index("]" * brackets, self._at) + brackets
        self._mark(path, line)
        return path

    def _current(self, path: Path) -> Path:
        """Below an array of tables, a header speaks of the table last begun."""
        return (*path, self._arrays[path]) if path in self._arrays else path

    def _entry(self, prefix: Path) -> None:
        line = self._line()
        path = (*prefix, *self._keys())
        self._mark(path, line)
        self._at = self._text.index("=", self._at) + 1
        self._value(path)

    def _mark(self, path: Path, line: int) -> None:
        for end in range(1, len(path) + 1):
            self._found.setdefault(path[:end], line)
        self._found[path] = line

    def _value(self, path: Path) -> None:
        self._take(_BLANK)
        if self._text.startswith("[", self._at):
            self._array(path)
        elif self._text.startswith("{", self._at):
            self._table(path)
        elif self._text.startswith(('"', "'"), self._at):
            self._take(_STRING)
        else:
            self._take(_SCALAR)

    def _array(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._next("]"):
            self._mark((*path, index), self._line())
            self._value((*path, index))
            index += 1
        self._at += 1

    def _table(self, path: Path) -> None:
        self._at += 1
        while self._next("}"):
            self._entry(path)
        self._at += 1

    def _next(self, end: str) -> bool:
        """Step over blanks and a comma; whether another element follows."""
        self._take(_BLANK)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._take(_BLANK)
        return self._at < len(self._text) and not self._text.startswith(end, self._at)

    def _keys(self) -> list[str]:
        keys = []
        self._take(_BLANK)
        while True:
            quoted = self._take(_STRING)
            keys.append(tomllib.loads(f"key = {quoted}")["key"] if quoted else self._take(_BARE))
            if not self._take(_DOT):
                return keys

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match[0]

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1
