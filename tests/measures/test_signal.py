"""Walkers over a drawn crossing whose signal has a known programme."""

from __future__ import annotations

import pytest
from streets import line, scripted, seen

from passerby.classes import Class
from passerby.measures.signal import SignalMeasure
from passerby.records import Conflict, Pass
from passerby.scene import Mover

KERB = line("kerb", (-5, 12), (5, 12))


def walker(at_s: float, x: float, *, away: bool = True) -> Mover:
    """Somebody who steps over the kerb at this time."""
    near, far = (9.0, 15.0) if away else (15.0, 9.0)
    return Mover(Class.PERSON, ((at_s - 3 / 1.5, x, near), (at_s + 3 / 1.5, x, far)))


def against(measure: SignalMeasure, *movers: Mover) -> tuple[int, list[float]]:
    """How many passed, and when those went who went against the signal."""
    found = seen(measure, scripted(*movers, duration_s=60.0))
    return sum(isinstance(o, Pass) for o in found), [o.time_s for o in found if isinstance(o, Conflict)]


def test_those_who_go_while_it_shows_stop() -> None:
    movers = [walker(at, x) for at, x in ((5.0, 0.0), (15.0, 1.0), (25.0, -1.0), (38.0, 2.0))]
    passed, told = against(SignalMeasure(KERB, cycle_s=20, stop=(10, 20)), *movers)
    assert passed == 4
    assert told == [pytest.approx(15.0, abs=0.3), pytest.approx(38.0, abs=0.3)]


def test_a_stop_over_the_end_of_the_cycle_and_a_later_begin() -> None:
    movers = [walker(at, 0.0) for at in (3.0, 12.0, 22.0)]
    assert len(against(SignalMeasure(KERB, cycle_s=20, stop=(18, 5)), *movers)[1]) == 2
    assert len(against(SignalMeasure(KERB, cycle_s=20, stop=(0, 5), begins_s=10), *movers)[1]) == 1


def test_the_moment_after_it_has_turned_and_those_who_do_not_face_it() -> None:
    assert against(SignalMeasure(KERB, cycle_s=20, stop=(9.6, 20), grace_s=1.0), walker(10.0, 0.0))[1] == []
    both = walker(15.0, 0.0), walker(16.0, 2.0, away=False)
    assert len(against(SignalMeasure(KERB, cycle_s=20, stop=(10, 20)), *both)[1]) == 2
    one = [
        len(against(SignalMeasure(KERB, cycle_s=20, stop=(10, 20), way=way), *both)[1]) for way in ("in", "out")
    ]
    assert one == [1, 1]


def test_what_there_may_be() -> None:
    measure = SignalMeasure(KERB, cycle_s=20, stop=(10, 20), classes=["person", "bicycle"])
    assert measure.conflicts == {"kerb": ((("foot",), "signal"), (("cycle",), "signal"))}


@pytest.mark.parametrize("stop", [(5, 25), (-1, 3), (4, 4)])
def test_a_stop_outside_the_cycle(stop: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="within a cycle of 20 s"):
        SignalMeasure(KERB, cycle_s=20, stop=stop)
