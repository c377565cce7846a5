"""What of that which waits is still told, and how: what is over is late, what stands is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from passerby.office.waiting import still_told, to_keep
from passerby.records import Alert, Bands, Record, Trial
from passerby.testing import rows

HOUR = datetime(2026, 6, 1, 8, tzinfo=UTC)
FIRES = Alert("crush", "north", "square", "firing", "critical", HOUR)
OVER = replace(FIRES, state="resolved")
LATE = replace(FIRES, told="late")
BANDS = Bands("north", HOUR, {})
TRIAL = Trial(HOUR)


def told(*records: Record, hours: float = 5) -> list[Record]:
    return [
        record for batch in still_told([[r] for r in records], HOUR + timedelta(hours=hours)) for record in batch
    ]


def test_what_was_said_last_of_a_rule_is_still_so() -> None:
    assert told(FIRES) == [FIRES]
    assert told(FIRES, OVER) == [LATE, OVER]
    assert told(FIRES, OVER, FIRES, OVER, FIRES) == [LATE, FIRES]
    other = replace(FIRES, camera="south")
    assert told(FIRES, other, OVER) == [LATE, other, OVER]


def test_within_an_hour_all_is_told_as_it_was() -> None:
    assert told(FIRES, OVER, FIRES, hours=1.9) == [FIRES, OVER, FIRES]


def test_after_three_days_nothing_is_told_of_an_alert() -> None:
    assert told(FIRES, OVER, FIRES, hours=72) == []


def test_rows_stay_and_moments_and_old_trials_do_not() -> None:
    (row,) = rows(1)
    assert told(row, BANDS, TRIAL) == [row]
    assert told(TRIAL, hours=0.5) == [TRIAL]


def test_batches_in_which_nothing_changed_are_the_same() -> None:
    wake: tuple[Record, ...] = ()
    batch: tuple[Record, ...] = rows(2)
    mixed: tuple[Record, ...] = (*rows(1), BANDS)
    waiting: list[Sequence[Record]] = [wake, batch, mixed, (BANDS,)]
    found = still_told(waiting, HOUR)
    assert [*map(tuple, found)] == [wake, batch, rows(1)]
    assert found[1] is batch


ALERTS = st.builds(
    Alert,
    st.sampled_from(["crush", "full"]),
    st.sampled_from(["north", ""]),
    st.just("square"),
    st.sampled_from(["firing", "unknown", "resolved"]),
    st.just("critical"),
    st.integers(0, 80).map(lambda n: HOUR + timedelta(hours=n)),
    st.sampled_from(["new", "escalated"]),
)


@given(st.lists(ALERTS), st.integers(0, 90))
def test_what_is_kept_of_alerts_is_rule_place_and_hour_without_order(alerts: list[Alert], hours: int) -> None:
    now = HOUR + timedelta(hours=hours)
    kept_rows, kept = to_keep([*rows(2), *alerts, BANDS, TRIAL], now)
    assert kept_rows == rows(2)
    assert (kept_rows, kept) == to_keep([*reversed(alerts), *alerts, *rows(2)], now)
    assert all(alert.told == "late" and alert.state != "resolved" for alert in kept)
    assert all(now - alert.hour < timedelta(hours=72) for alert in kept)


@given(st.lists(ALERTS))
def test_growing_old_twice_is_growing_old_once(alerts: list[Alert]) -> None:
    now = HOUR + timedelta(hours=60)
    once = still_told([[alert] for alert in alerts], now)
    assert still_told(once, now) == once
