"""Pages of rows, put together, are the rows: none twice, none lost, in one order, whatever the limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.outlets import Query
from passerby.records import Measurement
from passerby.web.api.paging import Mark, page

BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(start: int, lasts: int, place: str, part: str) -> Measurement:
    begin = BEGIN + start * HOUR
    parts = tuple(filter(None, [part]))
    return Measurement("north", place, "r1", "passes", "mode", parts, False, begin, begin + lasts * HOUR, 1.0, 20)


rows = st.lists(
    st.builds(
        row, st.integers(-400, 2000), st.integers(1, 300), st.sampled_from("ab"), st.sampled_from(["", "foot in"])
    ),
    unique_by=Mark.of,
    max_size=30,
)


@given(rows, st.integers(1, 7), st.integers(0, 1000), st.integers(0, 1500))
def test_pages_put_together_are_the_rows(kept: list[Measurement], limit: int, start: int, lasts: int) -> None:
    query = Query(start=BEGIN + start * HOUR, end=BEGIN + (start + lasts) * HOUR)

    def read(asked: Query) -> Sequence[Measurement]:
        assert asked.start is not None
        assert asked.end is not None
        return [one for one in kept if one.end > asked.start and one.start < asked.end]

    found: list[Measurement] = []
    after: Mark | None = None
    while True:
        some, last = page(read, query, limit=limit, after=after)
        found += some
        if last is None:
            break
        assert len(some) == limit
        after = Mark.parse(str(last))
        assert after == last
    assert found == (sorted(read(query), key=Mark.of) if lasts else [])


@given(st.text() | st.binary().map(bytes.hex))
def test_what_is_no_mark_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no mark of a row"):
        Mark.parse(text)


def test_a_span_of_centuries_is_read_in_a_few_steps() -> None:
    asked: list[Query] = []

    def read(query: Query) -> Sequence[Measurement]:
        asked.append(query)
        return ()

    query = Query(start=datetime(1970, 1, 1, tzinfo=UTC), end=datetime(2200, 1, 1, tzinfo=UTC))
    assert page(read, query, limit=10) == ([], None)
    assert len(asked) < 20
