"""Opens cameras that answer, that do not, and that never say."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np

from passerby.cli.opening import open_all
from passerby.errors import SourceError
from passerby.frame import Frame
from passerby.testing import END, LOST, ScriptedSource

GREY = np.full((8, 10, 3), 128, np.uint8)


class Blocked(ScriptedSource):
    """Gives nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__([GREY])
        self.go = threading.Event()

    def frames(self) -> Iterator[Frame]:
        self.go.wait()
        return super().frames()


def test_each_camera_says_what_came_of_it() -> None:
    blocked = Blocked()
    found = open_all(
        {
            "good": ScriptedSource([GREY, GREY]),
            "late": blocked,
            "lost": ScriptedSource([LOST]),
            "empty": ScriptedSource([END]),
        },
        limit_s=0.5,
    )
    blocked.go.set()
    assert list(found) == ["good", "late", "lost", "empty"]
    assert (found["good"].width, found["good"].height, found["good"].error) == (10, 8, None)
    assert "within 0.5 s" in str(found["late"].error)
    assert isinstance(found["lost"].error, SourceError)
    assert "no picture" in str(found["empty"].error)


def test_nothing_to_open() -> None:
    assert open_all({}, limit_s=1.0) == {}
