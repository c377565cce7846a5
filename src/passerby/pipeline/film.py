"""A film's way through one camera, frame by frame, in one process and on the film's own clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from passerby.frame import Frame, Size
from passerby.pipeline.camera import Camera
from passerby.stages import Detector, Look, Step


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One frame of a film that has gone through; the frame itself is closed by now."""

    index: int
    time_s: float
    size: Size
    step: Step | None  # None: between two analysed frames


def play(
    frames: Iterable[Frame], camera: Camera, detector: Detector, fps: float | None = None
) -> Iterator[Played]:
    """Send every frame through the camera, or at most `fps` of them a second of the film's time.

    Nothing is dropped because the machine is slow, and nothing depends on the clock on the wall: the same film
    gives the same steps. The last step settles what was still open when the film ended.
    """
    period_s = 0.0 if fps is None else 1.0 / fps
    due_s = 0.0
    last: tuple[int, float, Size] | None = None
    for frame in frames:
        with frame:
            step = None
            if frame.time_s >= due_s - 1e-6:
                due_s = max(due_s + period_s, frame.time_s)
                crops = camera.ask(frame)
                looks = [Look(c, found) for c, found in zip(crops, detector.detect(crops), strict=True)]
                step = camera.tell(frame, looks)
            last = (frame.index, frame.time_s, frame.size)
            yield Played(*last, step)
    if last is not None:
        index, time_s, size = last
        yield Played(index, time_s, size, camera.end(time_s))
