"""The empty place of a film: a plate built from the whole of it, for its owner's own page."""

from __future__ import annotations

from passerby.frame import Size
from passerby.motion import Motion
from passerby.pipeline.series import Series
from passerby.plate import Plate, PlateBuilder
from passerby.stages import Crop, Detector

_LOOKS = 150  # of the detector, spread over the film: enough that who stands still is found again and again


def empty(series: Series, detector: Detector, width: int = 960) -> tuple[Plate | None, Size]:
    """Play the series once and collect what is seen of the place itself; also says the picture's size.

    Raises `SourceError` where the films show nothing; one that breaks off gives what came before.
    """
    builder, motion, size = PlateBuilder(width), Motion(), Size(16, 9)
    apart_s = max((series.duration_expected_s or 0.0) / _LOOKS, 0.2)
    due_s = 0.0
    for frame in series.frames():
        with frame:
            size = frame.size
            moving = motion.update(frame)
            busy = moving.blobs.xyxy if detector.input is None else None  # None: the detector did not look
            if detector.input is not None and frame.time_s >= due_s:
                due_s = frame.time_s + apart_s
                (found,) = detector.detect([Crop(frame, frame.whole, 1.0, frame.time_s)])
                busy = found.xyxy
            builder.add(frame, busy, moving)
    return builder.build(), size
