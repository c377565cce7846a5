"""What every sink must keep."""

from __future__ import annotations

from collections.abc import Callable

from passerby.errors import SinkError
from passerby.outlets import Sink
from passerby.testing.doubles import rows
from passerby.testing.promise import Broken, promise


def check_sink(make: Callable[[], Sink], *, unreachable: Callable[[], Sink] | None = None) -> None:
    """Write to it and close it; raises `Broken`. `unreachable` makes one whose receiver is not there."""
    sink = make()
    offered = list(rows(6))
    sink.write([])
    sink.write(offered)
    sink.write(tuple(offered[:1]))
    promise(offered == list(rows(6)), "a sink leaves what it is offered as it was")
    sink.close()
    sink.close()
    if unreachable is None:
        return
    lost = unreachable()
    try:
        lost.write(offered)
    except SinkError as error:
        promise(error.message, "a SinkError says what is wrong")
    else:
        raise Broken("a receiver that is not there raises SinkError, so that the records are offered again")
    finally:
        lost.close()
