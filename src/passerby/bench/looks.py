"""How much a detector was shown: exact numbers, the same in every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import onnxruntime as ort

from passerby.bench.stopwatch import Stopwatch
from passerby.detections import Detections
from passerby.stages import Crop

Detect = Callable[[Sequence[Crop]], list[Detections]]


@dataclass(slots=True)
class Looks:
    """Counts of what one run looked at."""

    frames: int = 0  # in which anything was looked at
    wholes: float = 0.0  # what was looked at, in whole pictures of its camera
    inputs: int = 0  # pictures that a model was given
    input_pixels: int = 0  # and their pixels, padding included

    def noting(self, detect: Detect) -> Detect:
        """The same function, its crops noted."""

        def noted(crops: Sequence[Crop]) -> list[Detections]:
            self.frames += len({crop.frame.index for crop in crops})
            for crop in crops:
                (width, height), size = crop.region.size, crop.frame.size
                self.wholes += width * height / (size.width * size.height)
            return detect(crops)

        return noted


@contextmanager
def model_runs(watch: Stopwatch, looks: Looks) -> Iterator[None]:
    """Charge what any ONNX model takes in here to the stage ``detect``, and note its inputs.

    The stopwatch stands at ONNX Runtime's own door: packing and running are told apart without a word in the
    detector, and a stranger's ONNX detector is measured like ours.
    """
    door = ort.InferenceSession.run

    def run(session: Any, outputs: Any, feed: Mapping[str, Any], *options: Any) -> Any:
        batch, *_, height, width = next(iter(feed.values())).shape
        looks.inputs += batch
        looks.input_pixels += batch * height * width
        with watch.stage("detect"):
            return door(session, outputs, feed, *options)

    ort.InferenceSession.run = run
    try:
        yield
    finally:
        ort.InferenceSession.run = door
