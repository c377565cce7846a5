"""Writes a film beside its final name, and gives it that name only when it is whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import av
import numpy as np
from av.video.stream import VideoStream

from passerby.errors import OutletError, UsageError
from passerby.frame import Gray, Planes, Size

_TICKS: Final = 1000  # a second: MPEG-4 takes no more than 65535
_MPEG4: Final = (
    "mpeg4",
    {"flags": "+qscale+bitexact", "global_quality": str(3 * 118)},
)  # 118: one step of its scale
_VP9: Final = (
    "libvpx-vp9",
    {"crf": "32", "deadline": "realtime", "cpu-used": "8", "row-mt": "0", "flags": "+bitexact"},
)
# Container and encoder by the ending of the name. Both encoders are free of the GPL; H.264 of the wheels is not.
_FORMATS: Final[dict[str, tuple[str, tuple[str, dict[str, str]]]]] = {
    ".mp4": ("mp4", _MPEG4),
    ".mov": ("mov", _MPEG4),
    ".mkv": ("matroska", _MPEG4),
    ".webm": ("webm", _VP9),
}


def check(path: Path) -> None:
    """Raises `UsageError` for a name whose ending is none of those that can be written."""
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"{path}: a film is written as {', '.join(_FORMATS)}.", "Give OUT one of these endings.")


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[Path]:
    """A new file beside `path` to be written, readable for its owner only; it becomes `path` when all went well.

    On any error, Ctrl-C too, nothing of it is left. Raises `OutletError` where there can be no such file.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    except OSError as error:
        raise OutletError(f"{path} cannot be written: {(error.strerror or 'unknown').lower()}.") from None
    partial = Path(name)
    try:
        yield partial
        os.fsync(handle)
        os.fchmod(handle, 0o666 & ~_umask())
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink()
        raise
    finally:
        os.close(handle)


def _umask() -> int:
    """The mask of this process; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


class Writer:
    """Encodes pictures of one size into a file that holds nothing else: no sound, title, date, place or encoder.

    Raises `OutletError` where it cannot be written, e.g. because the disk is full.
    """

    def __init__(self, path: Path, like: Path, size: Size) -> None:
        """Into `path`, in the form that the name `like` ends in."""
        container, (codec, options) = _FORMATS[like.suffix.lower()]
        self._like = like
        self._size = size
        self._container: Any = av.open(str(path), "w", format=container, options={"fflags": "+bitexact"})
        stream = self._container.add_stream(codec, rate=_TICKS, options=options)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, _TICKS)
        stream.codec_context.thread_count = 1
        self._stream = stream
        self._last = -1

    def picture(self) -> tuple[av.VideoFrame, Planes]:
        """A picture to be filled, and its planes."""
        picture = av.VideoFrame(*self._size, "yuv420p")
        y, u, v = (_view(plane) for plane in picture.planes)
        return picture, Planes(y, u, v)

    def write(self, picture: av.VideoFrame, time_s: float) -> None:
        """Encode a picture that is to be shown at this time."""
        picture.pts = self._last = max(round(time_s * _TICKS), self._last + 1)
        picture.time_base = Fraction(1, _TICKS)
        self._mux(picture)

    def _mux(self, picture: av.VideoFrame | None) -> None:
        try:
            self._container.mux(self._stream.encode(picture))
        except (av.FFmpegError, OSError) as error:
            raise OutletError(f"{self._like} cannot be written: {error.strerror}.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            with suppress(av.FFmpegError, OSError):
                self._container.close()
            return
        try:
            self._mux(None)
        finally:
            self._close()

    def _close(self) -> None:
        try:
            self._container.close()
        except (av.FFmpegError, OSError) as error:
            raise OutletError(f"{self._like} cannot be written: {error.strerror}.") from None


def _view(plane: av.video.plane.VideoPlane) -> Gray:
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
