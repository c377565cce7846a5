"""What every plugin must keep, as checks that anyone may run on their own, and doubles to test with.

A check takes a function that makes the plugin, uses it as passerby does, and raises `Broken` at the first
promise of `stages` or `outlets` that is not kept::

    from passerby.testing import check_tracker

    def test_my_tracker() -> None:
        check_tracker(MyTracker)
"""

from passerby.testing.detector import check_detector
from passerby.testing.doubles import END, LOST, HandClock, ListSink, Pause, ScriptedSource, rows
from passerby.testing.measure import check_measure
from passerby.testing.promise import Broken
from passerby.testing.sink import check_sink
from passerby.testing.source import check_source
from passerby.testing.store import check_store
from passerby.testing.tracker import check_tracker

__all__ = [
    "END",
    "LOST",
    "Broken",
    "HandClock",
    "ListSink",
    "Pause",
    "ScriptedSource",
    "check_detector",
    "check_measure",
    "check_sink",
    "check_source",
    "check_store",
    "check_tracker",
    "rows",
]
