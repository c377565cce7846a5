"""Measurements in one SQLite file."""

from __future__ import annotations

import json
import os
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import quote

from passerby.errors import ConfigError, StoreError
from passerby.outlets import Query
from passerby.records import Cut, Measurement, Record, Statistics
from passerby.stores import migrations

Shared = Mapping[str, str | float]  # what all rows of an interval share, by column
Stream = tuple[str, str, str]  # camera, place, quantity

APPLICATION_ID: Final = 0x70617373  # "pass": tells our files from other SQLite files
_LEAST: Final = timedelta(days=1)  # that rows are kept
_CUTS: Final[tuple[str, ...]] = get_args(Cut)  # from the finest in time to the coarsest

_TOLD = """
SELECT start, "end" FROM intervals WHERE camera = ? AND place = ? AND quantity = ? ORDER BY start
"""
_INSERT_INTERVAL = """
INSERT INTO intervals (camera, place, revision, quantity, cut, start, "end", observed, detector, version)
SELECT :camera, :place, :revision, :quantity, :cut, :start, :end, :observed, :detector, :version
WHERE NOT EXISTS (  -- in one run rows hold whole ones of finer tables, which are told before them
  SELECT 1 FROM json_each(:cuts) AS "table" WHERE
    EXISTS (
      SELECT 1 FROM (
        SELECT "end" FROM intervals
        WHERE camera = :camera AND place = :place AND quantity = :quantity AND cut = "table".value
          AND start < iif("table".key < :level, :start, :end)
        ORDER BY start DESC LIMIT 1
      ) WHERE "end" > :start
    ) OR "table".key < :level AND EXISTS (
      SELECT 1 FROM (
        SELECT "end" FROM intervals
        WHERE camera = :camera AND place = :place AND quantity = :quantity AND cut = "table".value AND start < :end
        ORDER BY start DESC LIMIT 1
      ) WHERE "end" > :end
    )
)
"""
_INSERT_PART = """
INSERT OR IGNORE INTO parts (interval, part, rest, count, mean, p95, bands, "values")
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_SELECT = """
SELECT i.*, p.part, p.rest, p.count, p.mean, p.p95, p.bands, p."values"
FROM intervals i JOIN parts p ON p.interval = i.id
WHERE (:cameras IS NULL OR i.camera IN (SELECT value FROM json_each(:cameras)))
  AND (:places IS NULL OR i.place IN (SELECT value FROM json_each(:places)))
  AND (:cuts IS NULL OR i.cut IN (SELECT value FROM json_each(:cuts)))
  AND (:start IS NULL OR i."end" > :start)
  AND (:end IS NULL OR i.start < :end)
ORDER BY i.start, i."end", i.camera, i.place, i.cut, p.part
"""


class Sqlite:
    """A store in one file, which other processes may read while it is written.

    An interval is written once: the first write of any of its time wins, and what is offered again, or would
    overlap, changes nothing. Of the tables of a place the coarser are told after the finer and hold whole rows of
    them; what does not is of another run, would tell more of its time, and changes nothing either. Nor does a row
    of a time of which the file told before this store wrote. `write` is one transaction. It may be used from one
    thread at a time, `read` from any. Raises `StoreError`, after which what the file held before is untouched.

    `path`: the file; it is made, readable by its owner only.
    `keep`: how long rows are kept, e.g. "400d"; for ever, if it is not given.
    `read_only`: whether the file must be there, and is not written.
    `wait_s`: how long to wait for another process that is writing.
    """

    def __init__(
        self,
        path: Path,
        *,
        keep: timedelta | None = None,
        read_only: bool = False,
        wait_s: float = 5.0,
    ) -> None:
        if keep is not None and keep < _LEAST:
            raise ConfigError("rows are kept for a day at least.", 'Write keep = "400d", or leave it out.')
        self._path = path
        self._keep = keep
        self._read_only = read_only
        self._wait_s = wait_s
        self._told: dict[Stream, list[tuple[str, str]]] = {}  # the time that other runs have told of
        if read_only and not self._path.is_file():
            raise StoreError(f"there is no store at {self._path}.", "Check the path.")
        with self._sentences():
            if not read_only:
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = self._connect(read_only=read_only)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def write(self, records: Sequence[Record]) -> None:
        """Write whole intervals: all of these measurements, or none."""
        rows = [record for record in records if isinstance(record, Measurement)]
        with self._sentences(), self._transaction():
            for shared, parts in groupby(sorted(rows, key=_order), key=_interval):
                if self._is_told(shared):
                    continue
                cursor = self._connection.execute(
                    _INSERT_INTERVAL,
                    {**shared, "cuts": json.dumps(_CUTS), "level": _CUTS.index(str(shared["cut"]))},
                )
                if cursor.rowcount:
                    number = cursor.lastrowid
                    self._connection.executemany(_INSERT_PART, [(number, *_part(row)) for row in parts])

    def read(self, query: Query) -> Iterator[Measurement]:
        """Measurements in order of start, end, camera, place, cut and part, as they stood at the first."""
        wanted = {
            "cameras": json.dumps(query.cameras) if query.cameras else None,
            "places": json.dumps(query.places) if query.places else None,
            "cuts": json.dumps(query.cuts) if query.cuts else None,
            "start": _text(query.start) if query.start else None,
            "end": _text(query.end) if query.end else None,
        }
        with self._sentences(), closing(self._connect(read_only=True)) as connection:
            connection.row_factory = sqlite3.Row
            for row in connection.execute(_SELECT, wanted):
                yield _measurement(row)

    def until(self, camera: str, place: str) -> datetime | None:
        """Where the rows of a place end, so that a new ledger goes on from there; None if it has none."""
        select = 'SELECT max("end") FROM intervals WHERE camera = ? AND place = ?'
        with self._sentences():
            (end,) = self._connection.execute(select, (camera, place)).fetchone()
        return None if end is None else _instant(end)

    def forget(self, before: datetime) -> int:
        """Delete intervals that ended by then so that no byte of them stays; returns how many.

        Raises `StoreError` where a reader keeps the old bytes alive: the rows are gone, call it again.
        """
        with self._sentences():
            with self._transaction():
                gone = self._connection.execute(
                    'DELETE FROM intervals WHERE "end" <= ?', (_text(before),)
                ).rowcount
            self._connection.execute("VACUUM")
            busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreError(
                f"deleted rows may still be found in {self._path}-wal, which is being read.",
                "It is tried again; end long reads.",
            )
        return gone

    @property
    def keep(self) -> timedelta | None:
        """How long rows are kept, if somebody calls `forget`."""
        return self._keep

    def close(self) -> None:
        """Close the file; what was written is in it."""
        self._connection.close()

    def _is_told(self, shared: Shared) -> bool:
        """Whether an interval overlaps what the file held of its place before this store wrote of it."""
        stream = str(shared["camera"]), str(shared["place"]), str(shared["quantity"])
        if stream not in self._told:
            self._told[stream] = _stretches(self._connection.execute(_TOLD, stream))
        stretches = self._told[stream]
        before = bisect_left(stretches, (str(shared["end"]),))
        return before > 0 and stretches[before - 1][1] > str(shared["start"])

    def _connect(self, *, read_only: bool) -> sqlite3.Connection:
        mode = "ro" if read_only else "rw"
        if read_only and self._frozen():
            mode = "ro&immutable=1"  # the reader's bookkeeping cannot be written beside it, and nobody writes it
        connection = sqlite3.connect(
            f"file:{quote(str(self._path.absolute()))}?mode={mode}",
            uri=True,
            timeout=self._wait_s,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    def _frozen(self) -> bool:
        wal = self._path.with_name(self._path.name + "-wal")
        return not os.access(self._path.parent, os.W_OK) and not wal.exists()

    def _prepare(self) -> None:
        version = self._check()
        if self._read_only:
            if version == 0:
                raise StoreError(f"{self._path} is empty: it is no store.", "Check the path.")
            return
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}").fetchall()
        if version == len(migrations.SCRIPTS):
            return
        with self._transaction():
            for number in range(self._check(), len(migrations.SCRIPTS)):  # another process may have been first
                for statement in migrations.statements(number):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version = {len(migrations.SCRIPTS)}")

    def _check(self) -> int:
        """The file's schema version; refuses a newer one, and files that are not ours."""
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        (application,) = self._connection.execute("PRAGMA application_id").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application != APPLICATION_ID and (tables or version or application):
            raise StoreError(f"{self._path} is a database of something else.", "Name another file.")
        if version > len(migrations.SCRIPTS):
            raise StoreError(
                f"{self._path} was written by a newer passerby (schema {version}, this one knows "
                f"{len(migrations.SCRIPTS)}).",
                "Upgrade passerby, or name another file.",
            )
        return int(version)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Say what SQLite or the system says in one sentence that names the file and the next step."""
        try:
            yield
        except sqlite3.Error as exc:
            raise _said(self._path, exc) from exc
        except OSError as exc:
            raise StoreError(
                f"the store {self._path} cannot be opened: {exc.strerror or exc}.",
                "Check the path and its rights.",
            ) from exc


_SENTENCES: Final[Mapping[int, tuple[str, str]]] = {
    sqlite3.SQLITE_READONLY: ("is read-only", "Give the user who runs passerby the right to write there."),
    sqlite3.SQLITE_PERM: ("may not be opened", "Give the user who runs passerby the right to read and write it."),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "Make room; what it held is untouched."),
    sqlite3.SQLITE_BUSY: ("is locked by another process", "Close it there, or try again."),
    sqlite3.SQLITE_LOCKED: ("is locked by another process", "Close it there, or try again."),
    sqlite3.SQLITE_NOTADB: ("is not a database", "Name another file."),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "Move it away and restore a copy, or begin a new one."),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Check the path and its rights."),
    sqlite3.SQLITE_IOERR: ("cannot be read or written: the disk reports an error", "Check the disk."),
}


def _said(path: Path, exc: sqlite3.Error) -> StoreError:
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind of error
    sentence, hint = _SENTENCES.get(code, (f"cannot be used: {exc}", "Check the file."))
    return StoreError(f"the store {path} {sentence}.", hint)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _stretches(intervals: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Intervals in order of their starts, joined where they meet."""
    joined: list[tuple[str, str]] = []
    for start, end in intervals:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _interval(row: Measurement) -> Shared:
    return {
        "camera": row.camera,
        "place": row.place,
        "revision": row.revision,
        "quantity": row.quantity,
        "cut": row.cut,
        "start": _text(row.start),
        "end": _text(row.end),
        "observed": row.observed,
        "detector": row.detector,
        "version": row.version,
    }


def _order(row: Measurement) -> tuple[str | float, ...]:
    return (_CUTS.index(row.cut), *_interval(row).values())


def _part(row: Measurement) -> tuple[str | float | int | None, ...]:
    values = {name: asdict(statistics) for name, statistics in row.values.items()}
    bands, columns = json.dumps(dict(row.bands)), json.dumps(values)
    return "\n".join(row.part), int(row.rest), row.count, row.mean, row.p95, bands, columns


def _measurement(row: sqlite3.Row) -> Measurement:
    return Measurement(
        camera=row["camera"],
        place=row["place"],
        revision=row["revision"],
        quantity=row["quantity"],
        cut=row["cut"],
        part=tuple(row["part"].split("\n")) if row["part"] else (),
        rest=bool(row["rest"]),
        start=_instant(row["start"]),
        end=_instant(row["end"]),
        observed=row["observed"],
        count=row["count"],
        mean=row["mean"],
        p95=row["p95"],
        bands=json.loads(row["bands"]),
        values={name: _statistics(some) for name, some in json.loads(row["values"]).items()},
        detector=row["detector"],
        version=row["version"],
    )


def _statistics(columns: dict[str, Any]) -> Statistics:
    bins: Iterable[Sequence[float]] = columns.pop("histogram")
    return Statistics(**columns, histogram=tuple((low, high, int(n)) for low, high, n in bins))
