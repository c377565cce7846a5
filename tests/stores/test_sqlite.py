"""The store keeps what was released, once, and forgets it to the last byte."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from passerby.errors import StoreError
from passerby.outlets import Query, Store
from passerby.records import Measurement, Statistics
from passerby.stores import migrations
from passerby.stores.sqlite import APPLICATION_ID, Sqlite
from passerby.testing.store import check_store

START = datetime(2026, 5, 4, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)

ROW = Measurement(
    camera="north",
    place="gate",
    revision="0a1b2c3d",
    quantity="passes",
    cut="mode",
    part=("foot in", "cycle in"),
    rest=True,
    start=START,
    end=START + QUARTER,
    observed=0.98,
    count=42,
    values={"speed_m_s": Statistics(1.4, 1.3, 1.8, ((0.0, 1.4, 20), (1.4, 1e5, 22)), 42)},
    detector="drawn",
    version="1",
)
SAMPLES = replace(
    ROW,
    quantity="inside",
    cut="all",
    part=(),
    rest=False,
    count=None,
    mean=31.5,
    p95=44.0,
    bands={"20-39": 15.0},
    values={},
)


def row(number: int, **changes: object) -> Measurement:
    """A row some quarters of an hour later."""
    return replace(ROW, start=START + number * QUARTER, end=START + (number + 1) * QUARTER, **changes)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "passerby.db"


@pytest.fixture
def store(path: Path) -> Iterator[Sqlite]:
    with closing(Sqlite(path, wait_s=0.05)) as opened:
        yield opened


def test_it_keeps_the_promise_of_every_store(path: Path) -> None:
    opened: list[Sqlite] = []

    def make() -> Store:
        opened.append(Sqlite(path))
        return opened[-1]

    check_store(make)


def test_a_row_comes_back_as_it_was(store: Sqlite) -> None:
    store.write([ROW, SAMPLES])
    assert list(store.read(Query())) == sorted([ROW, SAMPLES], key=lambda r: r.cut)


def test_the_first_write_of_an_interval_wins(store: Sqlite) -> None:
    store.write([ROW])
    store.write([replace(ROW, count=43), replace(ROW, part=("motor in",), count=50)])
    assert list(store.read(Query())) == [ROW]


@pytest.mark.parametrize("quarters", [(-1, 1), (0.5, 2), (0.25, 0.75), (-1, 3)])
def test_no_time_is_released_twice(store: Sqlite, quarters: tuple[float, float]) -> None:
    store.write([ROW])
    begin, end = (START + n * QUARTER for n in quarters)
    store.write([replace(ROW, start=begin, end=end, revision="ffffffff")])
    assert list(store.read(Query())) == [ROW]
    other = replace(ROW, start=begin, end=end, place="square")
    store.write([other, row(5)])
    assert len(list(store.read(Query()))) == 3


@pytest.mark.parametrize(
    ("quarters", "is_kept"),
    [
        ((0, 4), True),
        ((-4, 8), True),
        ((4, 8), True),
        ((1, 2), False),
        ((0, 2), False),
        ((-2, 2), False),
        ((2, 6), False),
    ],
)
def test_a_row_that_holds_no_whole_rows_of_a_finer_table_is_of_another_run(
    store: Sqlite, quarters: tuple[int, int], is_kept: bool
) -> None:
    told = replace(ROW, cut="all", part=(), end=START + 4 * QUARTER)
    store.write([told])
    begin, end = (START + n * QUARTER for n in quarters)
    store.write([replace(ROW, cut="mode", start=begin, end=end)])
    found = list(store.read(Query()))
    assert (told in found, len(found)) == (True, 1 + is_kept)
    store.write([replace(ROW, cut="class", place="square", start=begin, end=end)])
    assert len(list(store.read(Query()))) == 2 + is_kept


@pytest.mark.parametrize("quarters", [(0, 1), (-1, 1), (1, 2), (-1, 5)])
def test_a_finer_table_is_not_told_after_a_coarser_one(store: Sqlite, quarters: tuple[int, int]) -> None:
    begin, end = (START + n * QUARTER for n in quarters)
    finer = replace(ROW, cut="all", part=(), start=begin, end=end)
    coarser = replace(ROW, cut="mode", end=START + 4 * QUARTER)
    store.write([coarser])
    store.write([finer])
    assert list(store.read(Query())) == [coarser]


def test_tables_that_are_written_together_are_told_from_the_finest_on(store: Sqlite) -> None:
    rows = [replace(ROW, cut=cut, end=START + 4 * QUARTER) for cut in ("movement", "class", "mode", "all")]
    store.write(rows)
    assert len(list(store.read(Query()))) == 4


@pytest.mark.parametrize(
    ("quarters", "is_kept"), [((0, 4), False), ((-4, 0), True), ((-4, 1), False), ((4, 8), True), ((3, 8), False)]
)
def test_nothing_is_added_to_what_another_run_has_told(
    path: Path, quarters: tuple[int, int], is_kept: bool
) -> None:
    totals = [row(number, cut="all", part=()) for number in range(4)]
    with closing(Sqlite(path)) as killed:  # before it told of the hour by mode
        killed.write(totals)
    begin, end = (START + n * QUARTER for n in quarters)
    again = replace(ROW, start=begin, end=end)
    with closing(Sqlite(path)) as second:
        second.write([again])
        second.write([replace(ROW, quantity="inside", cut="all"), replace(ROW, place="square")])
        found = list(second.read(Query(places=("gate",))))
    assert (again in found, len(found)) == (is_kept, 5 + is_kept)


def test_a_run_tells_what_it_has_begun_to_tell(path: Path) -> None:
    with closing(Sqlite(path)) as first:
        first.write([row(0, cut="all", part=()), row(8, cut="all", part=())])
    with closing(Sqlite(path)) as second:  # of the time between
        second.write([row(number, cut="all", part=()) for number in range(1, 5)])
        second.write([replace(row(1), end=START + 5 * QUARTER)])
        assert len(list(second.read(Query()))) == 7


def test_a_write_is_whole_or_nothing(store: Sqlite) -> None:
    store.write([ROW])
    broken = replace(ROW, start=START + QUARTER, end=START + 2 * QUARTER, observed="none at all")  # type: ignore[arg-type]
    with pytest.raises(StoreError):
        store.write([row(4), broken, row(3)])
    assert list(store.read(Query())) == [ROW]


def test_it_knows_where_a_place_ends(store: Sqlite) -> None:
    assert store.until("north", "gate") is None
    store.write([row(3), ROW])
    assert store.until("north", "gate") == START + 4 * QUARTER
    assert store.until("south", "gate") is None


def test_only_its_owner_may_read_it(store: Sqlite, path: Path) -> None:
    store.write([ROW])
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_process_reads_while_this_one_writes(store: Sqlite, path: Path) -> None:
    store.write([row(n) for n in range(50)])
    store._connection.execute("BEGIN IMMEDIATE")  # a write in the making
    code = (
        "from pathlib import Path; from passerby.stores.sqlite import Sqlite; from passerby.outlets import Query; "
        f"print(len(list(Sqlite(Path({str(path)!r}), read_only=True).read(Query()))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    store._connection.execute("ROLLBACK")
    assert done.stdout.strip() == "50"


def everything(path: Path) -> bytes:
    """Every byte in the store's files."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_what_is_forgotten_leaves_no_byte(store: Sqlite, path: Path) -> None:
    canary = "detector-canary-7f3a9c51"
    old = [row(n, detector=canary, part=(f"{canary} {n}",)) for n in range(400)]
    store.write(old)
    store.write([row(400)])
    assert canary.encode() in everything(path)
    assert store.forget(START + 400 * QUARTER) == 400
    assert canary.encode() not in everything(path)
    assert list(store.read(Query())) == [row(400)]
    assert store.forget(START) == 0


def test_a_reader_that_keeps_old_bytes_alive_is_named(store: Sqlite, path: Path) -> None:
    store.write([row(n) for n in range(20)])
    reading = Sqlite(path, read_only=True).read(Query())
    next(reading)
    with pytest.raises(StoreError, match="which is being read"):
        store.forget(START + 10 * QUARTER)
    assert len(list(reading)) == 19
    store.forget(START + 10 * QUARTER)
    assert len(list(store.read(Query()))) == 10


def test_a_full_disk_loses_nothing(store: Sqlite) -> None:
    store.write([row(n) for n in range(10)])
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StoreError, match="the disk is full"):
        store.write([row(n) for n in range(10, 2000)])
    assert len(list(store.read(Query()))) == 10
    store._connection.execute("PRAGMA max_page_count = 1000000")
    store.write([row(10)])
    assert len(list(store.read(Query()))) == 11


def test_a_locked_store_is_said(store: Sqlite, path: Path) -> None:
    store.write([ROW])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another process"):
            store.write([row(1)])
        assert list(store.read(Query())) == [ROW]
    store.write([row(1)])
    assert len(list(store.read(Query()))) == 2


def _text(path: Path) -> None:
    path.write_text("these are my notes, and they are long enough to look like a page of a database\n" * 50)


def _other(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")


def _newer(path: Path) -> None:
    Sqlite(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {len(migrations.SCRIPTS) + 1}")


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_text, "is not a database"),
        (_other, "is a database of something else"),
        (_newer, "was written by a newer passerby"),
        (_folder, "cannot be opened"),
    ],
)
@pytest.mark.parametrize("read_only", [False, True])
def test_files_that_are_no_store_are_refused_untouched(
    path: Path, make: Callable[[Path], None], sentence: str, read_only: bool
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=sentence if path.is_file() or not read_only else "no store at") as caught:
        Sqlite(path, read_only=read_only)
    assert caught.value.hint
    assert str(path) in caught.value.message
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_missing_folder_or_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file or directory"):
        Sqlite(tmp_path / "none" / "passerby.db")
    with pytest.raises(StoreError, match="there is no store"):
        Sqlite(tmp_path / "passerby.db", read_only=True)
    assert not list(tmp_path.iterdir())


def test_a_read_only_store_is_read_and_says_so_when_written(store: Sqlite, path: Path) -> None:
    store.write([ROW])
    with closing(Sqlite(path, read_only=True)) as reader:
        assert list(reader.read(Query())) == [ROW]
        with pytest.raises(StoreError, match="is read-only"):
            reader.write([row(1)])


def test_a_store_on_a_medium_that_cannot_be_written(path: Path) -> None:
    with closing(Sqlite(path)) as made:
        made.write([ROW])
    mounted = (
        subprocess.run(
            ["mount", "--bind", "-o", "ro", str(path.parent), str(path.parent)], capture_output=True, check=False
        )
        if os.geteuid() == 0
        else None
    )
    if mounted is None or mounted.returncode:
        pytest.skip("no right to mount a folder read-only")
    try:
        with closing(Sqlite(path, read_only=True)) as reader:
            assert list(reader.read(Query())) == [ROW]
        with pytest.raises(StoreError, match="Read-only file system"):
            Sqlite(path)
    finally:
        subprocess.run(["umount", str(path.parent)], check=True)


def test_the_schema_is_numbered(store: Sqlite) -> None:
    assert store._connection.execute("PRAGMA user_version").fetchone() == (len(migrations.SCRIPTS),)
    assert store._connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert [name[:4] for name in migrations.SCRIPTS] == [f"{n + 1:04d}" for n in range(len(migrations.SCRIPTS))]
    for pragma, value in (("journal_mode", "wal"), ("secure_delete", 1), ("foreign_keys", 1)):
        assert store._connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)
