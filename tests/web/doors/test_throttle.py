"""Limits: they grow with failures, and keep nobody out for ever."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from web.entrance import Hands

from passerby.web.doors.throttle import Delays, Rate, SignIns


def test_delays_double_up_to_the_longest() -> None:
    hands = Hands()
    delays = Delays(lambda: hands.s, free=3, longest_s=10.0)
    waits = []
    for _ in range(8):
        waits.append(delays.wait_s("eve"))
        hands.s += waits[-1]
        assert delays.wait_s("eve") == 0.0
        delays.failed("eve")
    assert waits == [0, 0, 0, 1, 2, 4, 8, 10]
    assert delays.wait_s("ada") == 0.0
    delays.succeeded("eve")
    assert delays.wait_s("eve") == 0.0


def test_an_hour_later_it_is_forgotten() -> None:
    hands = Hands()
    delays = Delays(lambda: hands.s, free=1, longest_s=900.0)
    for _ in range(20):
        delays.failed("eve")
    hands.s += 3601
    delays.failed("eve")
    assert delays.wait_s("eve") == 1.0


@given(st.lists(st.floats(0, 30), max_size=60))
def test_nobody_can_keep_an_owner_out(tries: list[float]) -> None:
    """Whatever somebody elsewhere tries, the owner waits a minute at most, and not at all where it is known."""
    hands = Hands()
    limits = SignIns(lambda: hands.s)
    limits.succeeded("ada", "10.0.0.7")
    for pause in tries:
        hands.s += pause
        if limits.wait_s("ada", "6.6.6.6", is_local=False) == 0:
            limits.failed("ada", "6.6.6.6")
        assert limits.wait_s("ada", "10.0.0.7", is_local=False) == 0
        assert limits.wait_s("ada", "127.0.0.1", is_local=True) == 0
        assert limits.wait_s("ada", "10.0.0.8", is_local=False) <= 60
        assert limits.wait_s("ada", "6.6.6.6", is_local=False) <= 900


def test_one_address_is_slowed_whatever_name_it_tries() -> None:
    hands = Hands()
    limits = SignIns(lambda: hands.s)
    for name in map(str, range(10)):
        assert limits.wait_s(name, "6.6.6.6", is_local=False) == 0
        limits.failed(name, "6.6.6.6")
    assert limits.wait_s("ada", "6.6.6.6", is_local=True) == 1
    assert limits.wait_s("ada", "6.6.6.7", is_local=False) == 0


def test_one_name_is_slowed_whatever_address_tries_it() -> None:
    hands = Hands()
    limits = SignIns(lambda: hands.s)
    for address in map(str, range(6)):
        limits.failed(" ADA", address)
    assert limits.wait_s("ada", "new", is_local=False) == 2


def test_so_many_names_do_not_fill_the_memory() -> None:
    delays = Delays(lambda: 0.0, free=1, longest_s=1.0)
    for name in map(str, range(12_000)):
        delays.failed(name)
    assert len(delays._failures) == 10_000


def test_a_rate_lets_through_what_it_says() -> None:
    hands = Hands()
    rate = Rate(lambda: hands.s, per_s=2.0, burst=3.0)
    assert [rate.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert rate.wait_s("b") == 0
    hands.pass_(timedelta(seconds=0.5))
    assert [rate.wait_s("a") for _ in range(2)] == [0, 0.5]
    hands.pass_(timedelta(hours=1))
    assert [rate.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
