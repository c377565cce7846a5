"""What every source must keep."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import islice, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from passerby.errors import PasserbyError, SourceError
from passerby.frame import Frame, FrameClosed, Region, Size
from passerby.stages import Finite, Source
from passerby.testing.promise import Broken, promise

_SMALL: Final = Size(32, 18)


class _Seen(NamedTuple):
    number: int
    time_s: float
    size: Size
    camera: str
    luma: NDArray[np.uint8]


def check_source(
    make: Callable[[], Source], *, frames: int = 30, unopenable: Callable[[], Source] | None = None
) -> None:
    """Read up to so many frames, twice where the source is finite; raises `Broken`.

    `unopenable` makes a source of the same kind whose film or camera is not there.
    """
    source = make()
    seen = [_look(frame) for frame in islice(source.frames(), frames)]
    promise(seen, "frames() yields frames; there came none")
    for before, after in pairwise(seen):
        promise(
            after.time_s >= before.time_s, f"stream time never runs backwards: {before.time_s} to {after.time_s} s"
        )
        promise(after.number > before.number, f"the index grows: {before.number} to {after.number}")
        promise(after.camera == before.camera, f"one source is one camera: {before.camera} and {after.camera}")
    _check_abandoned(make())
    _check_held(make())
    if isinstance(source, Finite) and source.finite:
        _check_length(source)
        again = [_look(frame) for frame in islice(make().frames(), frames)]
        promise(
            len(again) == len(seen), f"a finite source gives the same again: {len(seen)} and {len(again)} frames"
        )
        for a, b in zip(seen, again, strict=True):
            same = a[:4] == b[:4] and np.array_equal(a.luma, b.luma)
            promise(same, f"a finite source gives the same again: frame {a.number} differs")
    if unopenable is not None:
        _check_unopenable(unopenable)


def _look(frame: Frame) -> _Seen:
    promise(isinstance(frame, Frame), f"frames() yields Frame, not {type(frame).__name__}")
    promise(math.isfinite(frame.time_s), f"every frame has a time, not {frame.time_s}")
    width, height = frame.size
    luma = frame.luma(_SMALL).copy()
    promise(
        luma.shape == _SMALL[::-1] and luma.dtype == np.uint8, f"luma is uint8 (h, w): {luma.dtype} {luma.shape}"
    )
    corner = Region(width // 2, height // 2, width, height)
    piece = frame.bgr(corner, (8, 4))
    promise(
        piece.shape == (4, 8, 3) and piece.dtype == np.uint8,
        f"bgr is uint8 (h, w, 3): {piece.dtype} {piece.shape}",
    )
    seen = _Seen(frame.index, frame.time_s, frame.size, frame.camera, luma)
    frame.close()
    frame.close()
    try:
        frame.luma(_SMALL)
    except FrameClosed:
        return seen
    raise Broken("a closed frame gives nothing away; this one still gave a picture")


def _check_abandoned(source: Source) -> None:
    """A reader may go away after the first frame."""
    for frame in source.frames():
        frame.close()
        break


def _check_held(source: Source) -> None:
    """A frame is valid until it is closed, also when others have come after it."""
    held = [(frame, frame.luma(_SMALL).copy()) for frame in islice(source.frames(), 3)]
    for frame, before in held:
        same = np.array_equal(frame.luma(_SMALL), before)
        frame.close()
        promise(same, f"a frame stays as it is until it is closed; frame {frame.index} changed under its reader")


def _check_length(source: Finite) -> None:
    length = source.length()
    promise(length.frames is None or length.frames >= 0, f"a length in frames is not {length.frames}")
    duration = length.duration_s
    promise(
        duration is None or (math.isfinite(duration) and duration >= 0), f"a length in seconds is not {duration}"
    )
    began = length.recorded_at
    promise(began is None or began.tzinfo is not None, "recorded_at has its zone")


def _check_unopenable(make: Callable[[], Source]) -> None:
    try:
        for frame in make().frames():
            frame.close()
    except SourceError as error:
        promise(error.message, "a SourceError says what is wrong")
    except PasserbyError as error:
        raise Broken(f"what cannot be opened raises SourceError, not {type(error).__name__}") from error
    else:
        raise Broken("what cannot be opened raises SourceError; this ended as if it were empty")
