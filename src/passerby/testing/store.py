"""What every store must keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta

from passerby.outlets import Query, Store
from passerby.records import Measurement
from passerby.testing.doubles import rows
from passerby.testing.promise import promise


def check_store(make: Callable[[], Store]) -> None:
    """Write, read, close and read again; `make` opens one empty store, the same at every call; raises `Broken`."""
    north, south = rows(8, camera="north"), rows(8, camera="south")
    expected = sorted(north + south, key=_key)
    store = make()
    promise(list(store.read(Query())) == [], "an empty store holds nothing")
    store.write([])
    store.write(list(reversed(north)))
    store.write(south)
    _check_rows(list(store.read(Query())), expected)
    store.write(north)
    promise(len(list(store.read(Query()))) == len(expected), "writing an interval again changes nothing")
    _check_queries(store, expected)
    _check_while_writing(store, make(), expected)
    store.close()
    reopened = make()
    promise(len(list(reopened.read(Query(cameras=("north", "south"))))) == len(expected), "what is written stays")
    reopened.close()


def _key(row: Measurement) -> tuple[object, ...]:
    return (row.start, row.end, row.camera, row.place, row.cut, row.part)


def _check_rows(got: list[Measurement], expected: list[Measurement]) -> None:
    promise(len(got) == len(expected), f"{len(expected)} rows were written, {len(got)} read")
    promise(
        [_key(r) for r in got] == [_key(r) for r in expected], "rows come by start, end, camera, place, cut, part"
    )
    for a, b in zip(got, expected, strict=True):
        promise(a.start.tzinfo is UTC or a.start.utcoffset() == timedelta(0), "times come back as UTC")
        bare = replace(a, bands=dict(a.bands), values=dict(a.values))
        promise(bare == b, f"a row comes back as it was written: {b} became {a}")


def _check_queries(store: Store, expected: list[Measurement]) -> None:
    middle = expected[len(expected) // 2].start
    cases = {
        "cameras": (Query(cameras=("north",)), [r for r in expected if r.camera == "north"]),
        "places": (Query(places=("square", "none")), [r for r in expected if r.place == "square"]),
        "cuts": (Query(cuts=("mode",)), [r for r in expected if r.cut == "mode"]),
        "start": (Query(start=middle), [r for r in expected if r.end > middle]),
        "end": (Query(end=middle), [r for r in expected if r.start < middle]),
        "all": (
            Query(("south",), ("gate",), ("mode",), middle, middle + timedelta(minutes=15)),
            [r for r in expected if r.camera == "south" and r.place == "gate" and r.start == middle],
        ),
    }
    for name, (query, wanted) in cases.items():
        got = [_key(row) for row in store.read(query)]
        promise(got == [_key(row) for row in wanted], f"a query by {name} gives its rows and no others")


def _check_while_writing(store: Store, reader: Store, expected: list[Measurement]) -> None:
    later = rows(4, camera="west", begin=expected[-1].end)
    reading = iter(reader.read(Query(cameras=("north", "south"))))
    first = next(reading, None)
    store.write(later)
    seen = [] if first is None else [first, *reading]
    promise(len(seen) == len(expected), "another reader sees what was written, also while more is")
    promise(
        len(list(reader.read(Query(cameras=("west",))))) == len(later), "what is written is seen by the next read"
    )
    reader.close()
