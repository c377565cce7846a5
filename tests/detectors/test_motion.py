"""The detector that leaves everything to the motion stage."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.detectors.motion import Motion
from passerby.frame import Frame, Planes
from passerby.stages import Crop, Detector


def test_it_needs_no_pixels_and_says_so() -> None:
    detector: Detector = Motion()
    assert detector.input is None
    assert detector.name == "motion"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_it_finds_nothing_once_a_crop(count: int) -> None:
    frame = Frame(Planes.from_bgr(np.zeros((4, 6, 3), np.uint8)), camera="c", index=0, time_s=0.0)
    found = Motion().detect([Crop(frame, frame.whole, 1.0, 0.0)] * count)
    assert [len(each) for each in found] == [0] * count
