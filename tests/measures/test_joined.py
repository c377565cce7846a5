"""Several measures of one place count each pass once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from passerby.classes import Class
from passerby.measures.joined import joined
from passerby.records import Observation, Pass, Sample

passes: st.SearchStrategy[Observation] = st.builds(
    Pass,
    place=st.sampled_from(["gate", "door"]),
    time_s=st.sampled_from([1.0, 2.0]),
    class_=st.sampled_from([Class.CAR, Class.BUS]),
    way=st.sampled_from(["in", "out"]),
)


def test_values_and_movements_of_one_pass_come_together() -> None:
    bare = Pass("gate", 1.0, Class.CAR, "in")
    fast = Pass("gate", 1.0, Class.CAR, "in", values={"speed_mps": 8.0})
    late = Pass("gate", 1.0, Class.CAR, "in", movement="south>gate", values={"headway_s": 2.0})
    assert joined([[bare], [fast], [late]]) == (
        Pass("gate", 1.0, Class.CAR, "in", "south>gate", {"speed_mps": 8.0, "headway_s": 2.0}),
    )


def test_what_is_not_the_same_stays_apart() -> None:
    one = Pass("gate", 1.0, Class.CAR, "in")
    others: list[Observation] = [
        Pass("gate", 1.0, Class.CAR, "out"),
        Pass("gate", 1.1, Class.CAR, "in"),
        Pass("gate", 1.0, Class.BUS, "in"),
        Sample("gate", 1.0, "inside", Class.CAR, 1.0),
        Sample("gate", 1.0, "queue", Class.CAR, 1.0),
    ]
    assert joined([[one], others]) == (one, *others)


@given(st.lists(passes, max_size=8))
def test_measures_that_agree_count_as_one_does(seen: list[Observation]) -> None:
    assert joined([seen]) == tuple(seen)
    assert joined([seen, seen]) == tuple(seen)


@given(st.lists(passes, max_size=6), st.lists(passes, max_size=6))
def test_nothing_that_any_measure_saw_is_lost(some: list[Observation], others: list[Observation]) -> None:
    both = joined([some, others])
    for one in {*map(repr, some), *map(repr, others)}:
        counts = [sum(repr(o) == one for o in observations) for observations in (some, others, both)]
        assert counts[2] == max(counts[:2])
