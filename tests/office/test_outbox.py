"""Outboxes: what waits, is tried again, is dropped, and is said."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from passerby.errors import SinkError
from passerby.office import Outbox
from passerby.outlets import Sink
from passerby.records import Bands, Record
from passerby.testing import ListSink, rows

PATIENCE_S = 20.0
MOMENT = Bands("north", datetime(2026, 6, 1, tzinfo=UTC), {"square": {"inside": "few"}})


class Gate:
    """A sink that waits at a gate, and then does what it is told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.came, self.open = threading.Event(), threading.Event()
        self.error, self.written = error, ListSink()

    def write(self, records: Sequence[Record]) -> None:
        self.came.set()
        assert self.open.wait(PATIENCE_S)
        if self.error is not None:
            raise self.error
        self.written.write(records)

    def close(self) -> None:
        self.written.close()


class Told:
    """What is said, and a wait for it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.changed = threading.Event()

    def __call__(self, name: str, said: str) -> None:
        self.said.append(f"{name}: {said}")
        self.changed.set()


def box(sink: Sink, tell: Told | None = None, limit: int = 100) -> Outbox:
    return Outbox("out", sink, tell=tell or Told(), limit=limit, pauses_s=(0.001, 0.002), jitter=lambda: 0.0)


def test_what_is_offered_is_written_in_order() -> None:
    sink = ListSink()
    outbox = box(sink)
    for row in rows(20):
        outbox.offer([row])
    assert outbox.close(PATIENCE_S) == 0
    assert (sink.records, sink.closed) == (list(rows(20)), True)


def test_what_is_refused_is_tried_again_and_said_once() -> None:
    sink, told = ListSink(refusals=3), Told()
    outbox = box(sink, told)
    outbox.offer(rows(2))
    outbox.offer(rows(3)[2:])
    assert outbox.close(PATIENCE_S) == 0
    assert sink.records == list(rows(3))
    assert told.said == [
        "out: the sink was told to refuse. It is tried again.",
        "out: it takes records again; 0 were dropped so far.",
    ]


def test_the_oldest_make_room_and_are_counted() -> None:
    gate = Gate()
    outbox = box(gate, limit=4)
    outbox.offer(rows(1))
    assert gate.came.wait(PATIENCE_S)
    for row in rows(8)[1:]:
        outbox.offer([row])
    assert (len(outbox), outbox.dropped) == (4, 4)
    gate.open.set()
    assert outbox.close(PATIENCE_S) == 0
    assert gate.written.records == [rows(8)[0], *rows(8)[4:]]  # the first was on its way


def test_offering_does_not_wait_for_a_receiver_that_hangs_and_neither_does_the_end() -> None:
    gate = Gate()
    outbox = box(gate)
    outbox.offer(rows(3))
    assert gate.came.wait(PATIENCE_S)
    outbox.offer(rows(2))
    assert outbox.close(0.01) == 5
    gate.open.set()


def test_at_the_end_there_is_no_endless_trying() -> None:
    gate = Gate(SinkError("it is full."))
    gate.open.set()
    outbox = box(gate)
    outbox.offer(rows(3))
    assert outbox.close(0.05) == 3
    outbox._thread.join(PATIENCE_S)
    assert gate.written.closed


def test_a_plugin_s_own_mistake_loses_its_records_and_no_more() -> None:
    gate, told = Gate(ZeroDivisionError("secret text")), Told()
    gate.open.set()
    outbox = box(gate, told)
    outbox.offer(rows(3))
    assert told.changed.wait(PATIENCE_S)
    gate.error = None
    outbox.offer(rows(1))
    assert outbox.close(PATIENCE_S) == 0
    assert (gate.written.records, outbox.dropped) == (list(rows(1)), 3)
    assert told.said == ["out: it failed by a mistake of its own (ZeroDivisionError)."]


@pytest.mark.parametrize("batches", [0, 1])
def test_an_end_without_anything_to_do_is_at_once(batches: int) -> None:
    sink = ListSink()
    outbox = box(sink)
    for _ in range(batches):
        outbox.offer(())
    assert outbox.close(PATIENCE_S) == 0
    assert (sink.records, sink.closed) == ([], True)


def test_what_is_true_for_a_moment_is_not_told_late() -> None:
    told, sink = Told(), Gate(SinkError("it is away."))
    outbox = box(sink, told)
    kept = rows(2)
    outbox.offer([MOMENT])
    outbox.offer([kept[0]])
    outbox.offer([MOMENT])
    outbox.offer([kept[1]])
    sink.open.set()
    assert told.changed.wait(PATIENCE_S)
    assert len(outbox) == 2
    sink.error = None
    assert outbox.close(PATIENCE_S) == 0
    assert sink.written.records == list(kept)


class Kept:
    """A spool in memory."""

    def __init__(self, *records: Record) -> None:
        self.records, self.error = list(records), False

    def load(self) -> list[Record]:
        return self.records

    def save(self, records: Sequence[Record]) -> None:
        if self.error:
            raise OSError(28, "No space left on device")
        self.records = list(records)


def spooled(sink: Sink, spool: Kept, tell: Told | None = None) -> Outbox:
    outbox = Outbox("out", sink, tell=tell or Told(), pauses_s=(0.001, 0.002), jitter=lambda: 0.0, spool=spool)
    outbox.take_up()
    return outbox


def test_what_waits_outlives_the_outbox() -> None:
    spool, sink = Kept(), ListSink(refusals=10**6)
    first = spooled(sink, spool)
    for row in rows(3):
        first.offer([row])
    assert first.close(0.01) == 0  # none is lost
    assert spool.records == list(rows(3))

    sink = ListSink()
    second = spooled(sink, spool)
    second.offer(rows(4)[3:])
    assert second.close(PATIENCE_S) == 0
    assert sink.records == list(rows(4))
    assert spool.records == []


def test_what_waits_is_kept_while_a_receiver_is_away() -> None:
    told, spool, gate = Told(), Kept(), Gate(SinkError("it is away."))
    outbox = spooled(gate, spool, told)
    outbox.offer(rows(2))
    gate.open.set()
    assert told.changed.wait(PATIENCE_S)
    outbox.close(0.0)
    assert spool.records == list(rows(2))


def test_a_receiver_that_takes_all_leaves_nothing_on_the_disk() -> None:
    spool, sink = Kept(), ListSink()
    outbox = spooled(sink, spool)
    outbox.offer(rows(2))
    assert outbox.close(PATIENCE_S) == 0
    assert spool.records == []


def test_a_disk_that_is_full_is_said_once_and_counts_as_lost() -> None:
    told, spool, sink = Told(), Kept(), ListSink(refusals=10**6)
    spool.error = True
    outbox = spooled(sink, spool, told)
    outbox.offer(rows(2))
    assert outbox.close(0.05) == 2
    assert [said for said in told.said if "disk" in said] == [
        "out: what waits cannot be kept on the disk (No space left on device)."
    ]
