from __future__ import annotations

from pathlib import Path

import pytest

from passerby import count

pytestmark = pytest.mark.clips


def test_cars_that_the_model_does_not_know_are_counted_as_vehicles(assets: Path) -> None:
    result = count(
        assets / "clips" / "car-detection.mp4",
        lines={"gate": (0, 0.5, 1, 0.5)},
        model=assets / "models" / "yolox_nano.onnx",
    )
    assert result.lines["gate"] == {"in": {"vehicle": 2}, "out": {"vehicle": 2}}
    assert result.analysed_frames == result.frames == 377
    assert result.looked_share < 0.1
