"""The audit log: who changed what, one line each, chained and signed so that what was altered is found.

Lines are JSON. Each holds the SHA-256 of the line before it (``prev``) and its own HMAC-SHA-256 (``mac``); a
signed head beside the log says how far it must reach. Whoever can read the key, root on the host among them, can
write another log: copy the head to another machine where that matters.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from passerby import files
from passerby.errors import StoreError

KEPT: Final = timedelta(days=366)
CREDENTIAL: Final = "passerby-audit-key"  # systemd's LoadCredential= may give the key
HOUSE: Final = "passerby"  # who acts where nobody asked
CUT: Final = "older entries removed"
DAMAGED: Final = "the log was found damaged"
_START: Final = "0" * 64
_LONGEST: Final = 200  # characters of a field


@dataclass(frozen=True, slots=True)
class Entry:
    """One line."""

    number: int  # from 1
    at: datetime
    by: str
    what: str
    about: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a log is whole."""

    entries: int
    problem: str = ""  # the first that was found; empty: none

    @property
    def ok(self) -> bool:
        """Whether nothing was altered, taken out, put elsewhere or cut off."""
        return not self.problem


@dataclass(frozen=True, slots=True)
class _End:
    """How far a chain reaches."""

    number: int = 0
    digest: str = _START


class Audit:
    """An append-only log at `path`; its head and key lie beside it (``.head``, ``.key``), all of mode 0600.

    `clock` is the time of day, `randomness` gives as many random bytes as it is asked for. Raises `StoreError`
    where the log cannot be read or written.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes] = os.urandom,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._path, self._clock = path, clock
        self._head = path.with_suffix(".head")
        self._lock = threading.Lock()
        self._forgot: date | None = None
        try:
            self._key, is_new = _key(path.with_suffix(".key"), randomness, environ)
            self._end = self._opened(is_new)
            self._forget()
        except OSError as error:
            raise StoreError(f"cannot open the audit log {path}: {error.strerror}.") from None

    def record(self, by: str, what: str, about: str = "") -> None:
        """Append a line: who did what, and to which camera, account, key or setting. No count, no secret."""
        with self._lock:
            try:
                self._forget()
                self._append(by, what, about)
            except OSError as error:
                raise StoreError(f"cannot write the audit log {self._path}: {error.strerror}.") from None

    def entries(self) -> list[Entry]:
        """All that can be read, oldest first."""
        with self._lock:
            return [entry for line in self._lines() if (entry := _entry(line)) is not None]

    def verify(self) -> Verdict:
        """Read the log again and compare it with its chain, its signatures and its head."""
        with self._lock:
            lines = list(self._lines())
            verdict = self._verified(lines, self._read_head())
        found = [entry for line in lines if (entry := _entry(line)) is not None and entry.what == DAMAGED]
        if verdict.ok and found:
            return Verdict(len(lines), f"On {found[0].at.date()} it was found damaged. {found[0].about}")
        return verdict

    # -- writing -----------------------------------------------------------------------------------------------

    def _append(self, by: str, what: str, about: str) -> None:
        line = self._signed(
            {
                "n": self._end.number + 1,
                "at": self._clock().isoformat(timespec="seconds"),
                "by": _plain(by),
                "what": _plain(what),
                "about": _plain(about),
                "prev": self._end.digest,
            }
        )
        files.append_private(self._path, line + b"\n")
        self._end = _End(self._end.number + 1, _digest(line))
        self._write_head()

    def _signed(self, fields: Mapping[str, object]) -> bytes:
        mac = hmac.new(self._key, _canonical(fields), hashlib.sha256).hexdigest()
        return _canonical({**fields, "mac": mac})

    def _is_signed(self, fields: Mapping[str, object]) -> bool:
        rest = {key: value for key, value in fields.items() if key != "mac"}
        mac = hmac.new(self._key, _canonical(rest), hashlib.sha256).hexdigest()
        return hmac.compare_digest(mac.encode(), str(fields.get("mac")).encode())

    def _write_head(self) -> None:
        files.replace_private(self._head, self._signed({"n": self._end.number, "digest": self._end.digest}))

    def _forget(self) -> None:
        """Take out what is older than `KEPT`; a signed line in its place says where the chain goes on."""
        limit = self._clock() - KEPT
        if self._forgot == limit.date():
            return
        self._forgot = limit.date()
        lines, old = list(self._lines()), 0
        while old < len(lines) and (entry := _entry(lines[old])) is not None and entry.at < limit:
            old += 1
        if old == 0 or (old == 1 and _is_cut(lines[0])):
            return
        last = _End(_number(lines[old - 1]), _link(lines[old - 1]))
        said = {"by": HOUSE, "what": CUT, "about": f"until {limit.date()}", "prev": last.digest}
        cut = self._signed({"n": last.number, "at": limit.isoformat(timespec="seconds"), **said})
        files.replace_private(self._path, b"".join(line + b"\n" for line in [cut, *lines[old:]]))

    # -- reading -----------------------------------------------------------------------------------------------

    def _lines(self) -> Iterator[bytes]:
        try:
            written = self._path.read_bytes()
        except FileNotFoundError:
            return
        yield from written.removesuffix(b"\n").split(b"\n") if written else ()

    def _read_head(self) -> _End | None:
        """What the head says; None where its signature is wrong, or it is not there."""
        try:
            fields = _fields(self._head.read_bytes())
        except FileNotFoundError:
            return None
        if fields is None or not self._is_signed(fields):
            return None
        return _End(int(str(fields["n"])), str(fields["digest"]))

    def _opened(self, is_new: bool) -> _End:
        """Where the log goes on. Damage stays on record: in a line of its own, and in numbers that are missing."""
        files.make_private(self._path)
        lines, head = list(self._lines()), self._read_head()
        if lines and not self._path.read_bytes().endswith(b"\n"):  # the machine went down while it wrote
            lines.pop()
            files.replace_private(self._path, b"".join(line + b"\n" for line in lines))
        last = _End(_number(lines[-1]), _link(lines[-1])) if lines else _End()
        self._end = last
        problem = "" if is_new and not lines and head is None else self._verified(lines, head).problem
        told = {entry.about for line in lines if (entry := _entry(line)) is not None and entry.what == DAMAGED}
        if problem and problem not in told:
            self._end = _End(max(last.number, head.number if head else 0), last.digest)
            self._append(HOUSE, DAMAGED, problem)
        elif head != last:  # new, or the machine went down between a line and its head
            self._write_head()
        return self._end

    def _verified(self, lines: list[bytes], head: _End | None) -> Verdict:
        end, reached = _End(), head == _End()
        for at, line in enumerate(lines, start=1):
            fields = _fields(line)
            if fields is None or not self._is_signed(fields):
                return Verdict(len(lines), f"Line {at} was altered.")
            is_cut = at == 1 and fields["what"] == CUT
            number = int(str(fields["n"]))
            if not is_cut and (number != end.number + 1 or fields["prev"] != end.digest):
                return Verdict(len(lines), f"Before line {at} something was taken out or moved.")
            end = _End(number, _link(line))
            reached = reached or end == head
        if head is None:
            return Verdict(len(lines), "The head, which says how far the log reaches, is missing or was altered.")
        if not reached:
            return Verdict(len(lines), f"The log ends before entry {head.number}, which was its last.")
        return Verdict(len(lines))


def _key(path: Path, randomness: Callable[[int], bytes], environ: Mapping[str, str]) -> tuple[bytes, bool]:
    """The key, and whether nothing can have been signed with it in this folder before."""
    given = Path(environ.get("CREDENTIALS_DIRECTORY", "/nowhere")) / CREDENTIAL
    if given.is_file():
        return given.read_bytes(), True
    is_new = not path.exists()
    if is_new:
        files.replace_private(path, randomness(32))
    return path.read_bytes(), is_new


def _canonical(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()


def _fields(line: bytes) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _entry(line: bytes) -> Entry | None:
    fields = _fields(line)
    try:
        if fields is None:
            return None
        at = datetime.fromisoformat(str(fields["at"]))
        return Entry(int(str(fields["n"])), at, str(fields["by"]), str(fields["what"]), str(fields["about"]))
    except (KeyError, ValueError):
        return None


def _number(line: bytes) -> int:
    entry = _entry(line)
    return 0 if entry is None else entry.number


def _is_cut(line: bytes) -> bool:
    return (_fields(line) or {}).get("what") == CUT


def _link(line: bytes) -> str:
    """What the next line's ``prev`` must be."""
    return str((_fields(line) or {}).get("prev")) if _is_cut(line) else _digest(line)


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _plain(text: str) -> str:
    """One short line: nobody can make a name look like another entry."""
    return "".join(c if c.isprintable() else " " for c in text)[:_LONGEST]
