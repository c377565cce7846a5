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


def test_values_are_spread_by_way_and_class() -> None:
    tally = Tally([GATE, YARD])
    speeds = [(Class.CAR, "in", 8.0), (Class.CAR, "in", 10.0), (Class.BUS, "in", 6.0), (Class.CAR, "out", 9.0)]
    tally.add([Pass("gate", i, c, way, values={"speed_mps": v}) for i, (c, way, v) in enumerate(speeds)])  # type: ignore[arg-type]
    found = tally.values(3600.0)["gate"]["speed_mps"]
    assert {key: stated["n"] for key, stated in found["in"].items()} == {"all": 3, "car": 2, "bus": 1}
    assert found["in"]["all"]["mean"] == 8.0
    assert found["in"]["car"] == {"n": 2, "mean": 9.0, "median": 9.0, "p85": 9.7} | {
        "histogram": [[8.0, 9.0, 1], [9.0, 10.0, 0], [10.0, 11.2, 1]]
    }
    assert found["out"]["all"]["median"] == 9.0
    assert "flow_per_h" not in tally.values(3600.0)["gate"]


def test_headways_begin_anew_in_each_interval_and_flows_come_with_them() -> None:
    tally = Tally([GATE], interval_s=60.0)
    for time_s in (50.0, 55.0, 65.0, 70.0):
        tally.add([Pass("gate", time_s, Class.CAR, "in", values={"headway_s": 5.0})])
    assert tally.values(120.0)["gate"]["headway_s"]["in"]["all"]["n"] == 3
    assert tally.values(60.0, 1)["gate"]["headway_s"]["in"]["all"]["n"] == 1
    assert tally.values(60.0, 1)["gate"]["flow_per_h"]["in"] == {"all": 120.0, "car": 120.0}


def test_what_is_sampled_is_spread_over_time() -> None:
    tally = Tally([YARD])
    for time_s in range(20):
        tally.add([Sample("yard", time_s, "queue", c, float(time_s == 19)) for c in (Class.CAR, Class.BUS)])
        tally.add([Sample("yard", time_s, "occupancy", Class.UNKNOWN, float(time_s < 5))])
    found = tally.values(20.0)["yard"]
    assert found == {"queue": {"mean": 0.1, "p95": 0.0, "max": 2.0}, "occupancy": 0.25}


def test_all_movements_are_there() -> None:
    tally = Tally([GATE, YARD], movements=["gate>yard", "yard>yard"])
    tally.add([Pass("yard", 1.0, Class.CAR, "in", "gate>yard"), Pass("yard", 1.0, Class.CAR, "in")])
    assert tally.movements() == {"gate>yard": {"car": 1}, "yard>yard": {}}
