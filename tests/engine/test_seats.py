"""Places of workers."""

from __future__ import annotations

from passerby.engine.pace import Backoff
from passerby.engine.plan import CameraPlan, Plan
from passerby.engine.seats import Seats


def test_engine_workers_share_the_cameras_and_have_decode_workers_of_their_own() -> None:
    cameras = tuple(CameraPlan(str(number), {"use": "stream"}) for number in range(5))
    seats = Seats(Plan(cameras, engines=2, cameras_per_decoder=2), lambda: Backoff(lambda: 0.0))
    assert {seat.name: seat.numbers for seat in seats} == {
        "engine 0": [0, 2, 4],
        "engine 1": [1, 3],
        "decode 0": [0, 2],
        "decode 1": [1, 3],
        "decode 2": [4],
    }
    seats.leave(1)
    engine, decoder = seats.place(5)
    assert (engine.name, decoder.name) == ("engine 1", "decode 1")
    assert [seat.name for seat in seats.having(5)] == ["engine 1", "decode 1"]
    assert all(seat.is_empty for seat in seats)
