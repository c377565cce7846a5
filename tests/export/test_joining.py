"""Rows together say means and sums, and nothing that only one of them could say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from passerby.classes import Class
from passerby.export import regular
from passerby.export.joining import Column, minutes, present
from passerby.geometry import Line
from passerby.records import Measurement, Pass
from passerby.release import Ledger, Rule

LANE = Line("lane", (0.1, 0.5), (0.9, 0.5))
SEVEN = datetime(2026, 5, 4, 7, tzinfo=UTC)


def row(**bands: float) -> Measurement:
    named = {name.strip("_").replace("_", "-"): some for name, some in bands.items()}
    times = (SEVEN, SEVEN + timedelta(hours=1))
    return Measurement("cam", "square", "r1", "density", "all", (), False, *times, 1.0, bands=named)


def test_minutes_add_up_in_bands_that_do_not_overlap() -> None:
    assert minutes([row(_0_19=3.5, _20_39=11.5), row(_20_39=10.0, _40_59=5.0)]) == {
        "0-19": 3.5,
        "20-39": 21.5,
        "40-59": 5.0,
    }
    assert minutes([row(_0_2=10.0), row(_0_3=5.0)]) == {}
    assert minutes([row()]) == {}


@pytest.mark.parametrize(
    ("column", "series", "said"),
    [
        ("occupied_s", "motor in", {"occupancy": 0.1}),
        ("occupied_s", "all", {"occupancy": 0.1}),
        ("wait_s", "foot out", {"queue": 0.1}),
        ("dwell_s", "foot out", {"inside": 0.1}),
        ("wait_s", "all", {}),  # those who come in have not waited
        ("speed_mps", "motor in", {}),
    ],
)
def test_passes_by_time_times_how_long_each_stays(column: str, series: str, said: dict[str, float]) -> None:
    assert present({column: Column(6.0)}, series, 60, 3600.0) == said
    assert present({column: Column(6.0)}, series, None, 3600.0) == {}
    assert present({column: Column(6.0)}, series, 60, 0.0) == {}


def test_the_occupancy_of_a_lane_follows_from_released_rows() -> None:
    ledger = Ledger(Rule(), detector="drawn", version="0")
    ledger.open("cam", LANE, classes=(Class.CAR, Class.BUS))
    day = timedelta(days=1)
    ledger.seen("cam", SEVEN, SEVEN + day)
    for minute in range(60 * 4):
        passed = Pass("lane", 60.0 * minute, Class.CAR, "in", values={"occupied_s": 1.5 + minute % 2})
        ledger.take("cam", SEVEN + timedelta(minutes=minute, seconds=30), passed)
    rows = ledger.advance("cam", SEVEN + day)
    slots = list(regular([row for row in rows if row.cut == "mode"], timedelta(hours=1), ZoneInfo("UTC")))
    hours = [slot for slot in slots if slot.series == "all" and slot.is_own]
    assert [slot.present for slot in hours] == [{"occupancy": pytest.approx(2 / 60, abs=1e-3)}] * 4
