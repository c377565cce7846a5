from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from passerby.demo import Month, month
from passerby.outlets import Query
from passerby.stores.sqlite import Sqlite


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Month:
    store = tmp_path_factory.mktemp("month") / "street.db"
    return month(store, 7, zone=ZoneInfo("Europe/Lisbon"), start=date(2026, 5, 4), length=10)


def test_a_month_is_in_the_store_and_every_row_rests_on_enough(kept: Month) -> None:
    rows = list(Sqlite(kept.store, read_only=True).read(Query()))
    assert len(rows) == kept.rows
    assert kept.passes > 20_000
    assert all(row.count is not None and row.count >= 20 for row in rows)
    assert {row.detector for row in rows} == {"simulated"}
    assert sum(row.count or 0 for row in rows if row.cut == "all") > 0.99 * kept.passes


def test_a_busy_hour_is_fine_and_a_quiet_night_is_coarse(kept: Month) -> None:
    grain = timedelta(minutes=15)
    busy = [row.end - row.start for row in kept.busy if row.cut == "all"]
    quiet = [row.end - row.start for row in kept.quiet if row.cut == "all"]
    assert busy == [grain] * 4
    assert max(quiet) > 4 * grain
    assert any(row.cut == "mode" and not row.rest for row in kept.busy)
