"""A store that forgets."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from passerby.errors import ConfigError
from passerby.office import Keeping
from passerby.outlets import Query
from passerby.stores.sqlite import Sqlite
from passerby.testing import HandClock, rows


def test_rows_are_forgotten_once_a_day_and_no_byte_of_them_stays(tmp_path: Path) -> None:
    path = tmp_path / "rows.db"
    clock = HandClock()
    store = Sqlite(path, keep=timedelta(days=30))
    keeping = Keeping(store, clock)
    old = rows(4, camera="canary-of-an-old-row", begin=clock() - timedelta(days=29, hours=20))
    keeping.write([*old, *rows(4)])
    assert len(list(store.read(Query()))) == 8
    clock.advance(23 * 3600)
    keeping.write(())
    assert len(list(store.read(Query()))) == 8  # forgotten within a day, not to the minute
    clock.advance(3600)
    keeping.write(())
    assert list(store.read(Query())) == list(rows(4))
    assert not any(b"canary" in file.read_bytes() for file in tmp_path.iterdir())
    keeping.close()


def test_without_a_term_rows_stay(tmp_path: Path) -> None:
    store = Sqlite(tmp_path / "rows.db")
    keeping = Keeping(store, HandClock())
    keeping.write(rows(4, begin=HandClock().now - timedelta(days=4000)))
    keeping.write(())
    assert len(list(store.read(Query()))) == 4
    keeping.close()


def test_a_term_is_a_day_at_least(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a day at least"):
        Sqlite(tmp_path / "rows.db", keep=timedelta(hours=1))
