from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from passerby.classes import Class
from passerby.count import Tally
from passerby.count.intervals import Clock, exact, released, seen_s
from passerby.geometry import Line
from passerby.pipeline import Gap
from passerby.records import Measurement, Pass

GATE = Line("gate", (0, 0.5), (1, 0.5))


def test_without_a_start_the_clock_is_the_film_s() -> None:
    assert Clock().text(3725.4) == "01:02:05"
    assert Clock().offset_s(900) == 0


def test_with_a_start_the_grid_is_that_of_the_site_s_clock() -> None:
    clock = Clock(datetime(2026, 5, 1, 6, 7, tzinfo=UTC), ZoneInfo("Europe/Lisbon"))
    assert clock.offset_s(900) == 7 * 60
    assert clock.text(0) == "2026-05-01T07:07:00+01:00"
    table = exact(Tally([GATE], 900, clock.offset_s(900)), clock, 900, duration_s=20 * 60, gaps=[])
    assert [row["start"] for row in table] == ["2026-05-01T07:00:00+01:00", "2026-05-01T07:15:00+01:00"]
    assert [row["observed"] for row in table] == [pytest.approx(8 / 15, abs=1e-4), pytest.approx(12 / 15)]


def test_a_film_that_fills_its_last_interval_opens_no_other() -> None:
    assert len(exact(Tally([GATE], 60), Clock(), 60, duration_s=120.0, gaps=[])) == 2


def test_a_gap_is_time_not_seen() -> None:
    gaps = [Gap(50, 80, "no frames")]
    assert seen_s(0, 60, 120, gaps) == 50
    assert seen_s(60, 120, 120, gaps) == 40
    tally = Tally([GATE], 60)
    tally.add([Pass("gate", 10, Class.PERSON, "in")])
    first, second = exact(tally, Clock(), 60, 120, gaps)
    assert first["observed"] == pytest.approx(50 / 60, abs=1e-4)
    assert first["lines"] == {"gate": {"in": {"person": 1}, "out": {}}}
    assert second["lines"] == {"gate": {"in": {}, "out": {}}}


def test_released_rows_stand_under_their_own_interval() -> None:
    def row(cut: str, part: tuple[str, ...], minutes: int, count: int) -> Measurement:
        return Measurement(
            "cam", "gate", "r", "passes", cut, part, False,  # type: ignore[arg-type]
            datetime(2026, 5, 1, 7, tzinfo=UTC), datetime(2026, 5, 1, 7 + minutes // 60, minutes % 60, tzinfo=UTC),
            1.0, count,
        )  # fmt: skip

    rows = [row("mode", ("foot in",), 60, 40), row("all", (), 15, 23), row("mode", ("foot out",), 60, 30)]
    table = released(rows, Clock(datetime(2026, 5, 1, 7, tzinfo=UTC)), [GATE])
    assert [(t["end"], len(t["lines"]["gate"])) for t in table] == [
        ("2026-05-01T07:15:00+00:00", 1),
        ("2026-05-01T08:00:00+00:00", 2),
    ]
    assert table[0]["lines"]["gate"][0] == {"cut": "all", "part": ["all"], "rest": False, "count": 23}
