from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from passerby.classes import Class
from passerby.count.tally import Tally
from passerby.geometry import Line, Zone
from passerby.records import Observation, Pass, Sample, Way

GATE = Line("gate", (0, 0.5), (1, 0.5))
YARD = Zone("yard", ((0, 0), (1, 0), (1, 1)))

passes = st.builds(
    Pass,
    place=st.sampled_from(["gate", "yard"]),
    time_s=st.floats(0, 3600, exclude_max=True),
    class_=st.sampled_from(Class),
    way=st.sampled_from(["in", "out"]),
)


def test_in_and_out_are_always_there_and_absent_classes_are_not() -> None:
    tally = Tally([GATE, YARD])
    tally.add([Pass("gate", 1.0, Class.PERSON, "in")])
    assert tally.lines() == {"gate": {"in": {"person": 1}, "out": {}}}
    assert tally.zones() == {"yard": {"entries": {}, "exits": {}, "mean_inside": {}}}


def test_mean_inside_is_over_all_sampled_instants() -> None:
    tally = Tally([YARD])
    for time_s, people, cars in [(0.0, 2, 0), (1.0, 4, 1), (2.0, 0, 0), (3.0, 0, 0)]:
        tally.add(
            [
                Sample("yard", time_s, "inside", Class.PERSON, people),
                Sample("yard", time_s, "inside", Class.CAR, cars),
            ]
        )
    assert tally.zones()["yard"]["mean_inside"] == {"car": 0.25, "person": 1.5}


@given(st.lists(passes, max_size=60), st.sampled_from([60.0, 900.0]), st.floats(0, 899))
def test_intervals_add_up_to_the_whole(seen: list[Pass], interval_s: float, offset_s: float) -> None:
    tally = Tally([GATE, YARD], interval_s, offset_s % interval_s)
    tally.add(seen)
    ways: tuple[Way, ...] = ("in", "out")
    for way in ways:
        total: dict[str, int] = {}
        for number in range(int(3600 / interval_s) + 1):
            for label, n in tally.lines(number)["gate"][way].items():
                total[label] = total.get(label, 0) + n
        assert total == tally.lines()["gate"][way]


def test_an_observation_belongs_to_the_interval_it_was_made_in() -> None:
    tally = Tally([GATE], interval_s=60.0, offset_s=45.0)  # the film begins 45 s after the minute
    seen: list[Observation] = [Pass("gate", t, Class.CAR, "out") for t in (0.0, 14.9, 15.0, 80.0)]
    tally.add(seen)
    assert [tally.lines(n)["gate"]["out"] for n in range(4)] == [{"car": 2}, {"car": 1}, {"car": 1}, {}]
