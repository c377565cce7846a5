"""Words for how cameras are doing."""

from __future__ import annotations

from passerby.run.states import States, Status


def test_changes_are_told_once() -> None:
    told: list[tuple[str, Status]] = []
    states = States(lambda camera, status: told.append((camera, status)))
    states.stream("a", "starting")
    states.stream("a", "online")
    states.stream("a", "online")
    states.sight("a", "ok")
    states.stream("a", "offline", "it is gone.")
    assert told == [("a", Status("online")), ("a", Status("offline", "it is gone."))]
    assert states.all == {"a": Status("offline", "it is gone.")}


def test_a_camera_that_sees_nothing_right_is_degraded_while_its_frames_come() -> None:
    told: list[Status] = []
    states = States(lambda _, status: told.append(status))
    states.stream("a", "online")
    for sight in ("blind", "moved", "overloaded", "silent", "ok"):
        states.sight("a", sight)
    assert [status.state for status in told] == ["online", "degraded", "degraded", "degraded", "online"]
    assert "moved" in told[2].reason
    states.sight("a", "blind")
    states.stream("a", "offline", "it is gone.")
    assert told[-1] == Status("offline", "it is gone.")
    states.forget("a")
    assert states.all == {}
