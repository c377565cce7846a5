"""Groups are divided into parts of k or more, and empty series are never told from small ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from passerby.release.partition import partition

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1)


@given(COUNTS, st.integers(10, 30))
def test_every_series_is_in_one_part_of_k_or_more(counts: dict[str, int], k: int) -> None:
    parts = partition(counts, k)
    assert sorted(series for part in parts for series in part) == sorted(counts)
    if sum(counts.values()) >= k:
        assert all(sum(counts[series] for series in part) >= k for part in parts)
    else:
        assert parts == (tuple(counts),)


@given(COUNTS, st.integers(10, 30))
def test_a_small_series_never_stands_alone_and_shares_one_rest(counts: dict[str, int], k: int) -> None:
    parts = partition(counts, k)
    assert all(counts[part[0]] >= k for part in parts if len(part) == 1) or len(counts) == 1
    assert sum(len(part) > 1 for part in parts) <= 1


def test_the_smallest_that_stands_joins_a_rest_that_is_too_small() -> None:
    assert partition({"car": 480, "person": 60, "truck": 3, "train": 0}, 20) == (
        ("car",),
        ("person", "truck", "train"),
    )
    assert partition({"car": 480, "person": 60, "truck": 23, "train": 0}, 20) == (
        ("car",),
        ("person",),
        ("truck", "train"),
    )


def test_a_rest_that_is_large_enough_takes_nobody_along() -> None:
    assert partition({"car": 25, "truck": 15, "bus": 5}, 20) == (("car",), ("truck", "bus"))


def test_a_single_series_is_a_part_of_its_own() -> None:
    assert partition({"car": 25}, 20) == (("car",),)


def test_an_empty_series_is_hidden_even_where_all_others_stand() -> None:
    assert partition({"in": 300, "out": 0}, 20) == (("in", "out"),)
