"""One decoded picture in memory; it gives away pieces of itself until it is closed, and then nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, NoReturn, Self

import cv2
import numpy as np
from numpy.typing import NDArray

_NO_COLOUR: Final = 128  # of a grey pixel, in both planes of colour

Gray = NDArray[np.uint8]  # (h, w)
Bgr = NDArray[np.uint8]  # (h, w, 3)


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int


class Region(NamedTuple):
    """A rectangle of a frame in whole pixels; right and bottom are outside it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> Size:
        """Width and height of the rectangle."""
        return Size(self.right - self.left, self.bottom - self.top)


class FrameClosed(RuntimeError):
    """A frame was used after it was closed: a mistake in the code, never in the input."""


@dataclass(slots=True)
class Planes:
    """The pixels of one picture as decoded: 8-bit YUV 4:2:0, video range (BT.601), rows may be padded.

    `owned` planes are wiped when the frame is closed; others belong to the decoder, which still reads them as
    reference pictures, and are only let go.
    """

    y: Gray  # (h, w)
    u: Gray  # (ceil(h/2), ceil(w/2))
    v: Gray  # (ceil(h/2), ceil(w/2))
    owned: bool = True

    @classmethod
    def from_bgr(cls, picture: Bgr) -> Self:
        """Planes of a BGR picture (h, w, 3); odd sides are handled by repeating the last row or column."""
        h, w = picture.shape[:2]
        even = cv2.copyMakeBorder(picture, 0, h % 2, 0, w % 2, cv2.BORDER_REPLICATE)
        y, u, v = _i420_planes(np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420), np.uint8))
        return cls(y[:h, :w], u, v)


def _i420_planes(i420: Gray) -> tuple[Gray, Gray, Gray]:
    """The three planes in memory (3 h / 2, w) that holds them one after the other, as OpenCV wants them."""
    height, width = 2 * i420.shape[0] // 3, i420.shape[1]
    n, flat, chroma = height * width, i420.reshape(-1), (height // 2, width // 2)
    return i420[:height], flat[n : n + n // 4].reshape(chroma), flat[n + n // 4 :].reshape(chroma)


class Canvas:
    """An empty picture on which pieces of frames are shown, to be had in colour; who is done with it fills it."""

    __slots__ = ("_i420", "planes", "size")

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = Size(*size)
        self._i420: Gray = np.empty(((size[1] + 1) // 2 * 3, (size[0] + 1) // 2 * 2), np.uint8)
        self.planes = Planes(*_i420_planes(self._i420))

    def fill(self, grey: int) -> None:
        """Make all of it one grey: 16-235 in video range, anything to wipe it."""
        self.planes.y.fill(grey)
        self._i420[len(self.planes.y) :] = _NO_COLOUR

    def bgr(self) -> Bgr:
        """The picture, as a fresh array (height, width, 3) in BGR order."""
        width, height = self.size
        return np.asarray(cv2.cvtColor(self._i420, cv2.COLOR_YUV2BGR_I420), np.uint8)[:height, :width]


def _resize(plane: Gray, size: tuple[int, int]) -> Gray:
    if (plane.shape[1], plane.shape[0]) == size:
        return plane
    way = cv2.INTER_AREA if plane.shape[1] > 2 * size[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, size, interpolation=way), np.uint8)


def _resize_onto(plane: Gray, on: Gray) -> None:
    """Fill `on`, which may be a part of a larger picture.

    Bilinear reads every pixel down to a half. What is smaller is halved first, two by two: means over other
    numbers of pixels cost seven times as much.
    """
    height, width = on.shape
    while plane.shape[1] > 2 * width and plane.shape[0] > 1:
        half = (plane.shape[1] // 2, plane.shape[0] // 2)
        plane = np.asarray(cv2.resize(plane[: 2 * half[1], : 2 * half[0]], half), np.uint8)
    cv2.resize(plane, (width, height), on)


class Frame:
    """One decoded picture of one camera.

    Valid until `close`, which wipes what it owns. It cannot be pickled, copied, compared, hashed into a log or
    printed: pixels leave it only through `luma`, `bgr` and `show`, each paid for when called, and whole through
    `copy_to`, which the ring between two processes is filled with.
    """

    __slots__ = ("_planes", "_release", "camera", "index", "size", "time_s")

    def __init__(
        self,
        planes: Planes,
        *,
        camera: str,
        index: int,
        time_s: float,
        release: Callable[[], None] | None = None,
    ) -> None:
        self.camera = camera
        self.index = index  # of the decoded picture in its stream, from 0
        self.time_s = time_s  # the stream's own time (PTS) in seconds
        self.size = Size(planes.y.shape[1], planes.y.shape[0])
        self._planes: Planes | None = planes
        self._release = release

    def luma(self, size: tuple[int, int]) -> Gray:
        """The whole picture in grey at (width, height); a fresh or read-only array of shape (height, width)."""
        gray = _resize(self._open().y, size).view()  # of its own flags: a plane stays writeable, to be wiped
        gray.flags.writeable = False
        return gray

    def bgr(self, region: Region, size: tuple[int, int]) -> Bgr:
        """A piece of the picture at (width, height), as a fresh array (height, width, 3) in BGR order."""
        canvas = Canvas(size)
        self.show(region, canvas, Region(0, 0, *size))
        picture = canvas.bgr()
        canvas.fill(0)  # pixels do not outlive the call
        return picture

    def show(self, region: Region, canvas: Canvas, at: Region) -> None:
        """Show a piece of the picture on a place of a canvas.

        Colour is stored for squares of 2 px, so at an odd edge it is half a pixel off.
        """
        planes = self._open()
        left, top, right, bottom = region
        if not (0 <= left < right <= self.size.width and 0 <= top < bottom <= self.size.height):
            raise ValueError(f"region {tuple(region)} is not inside a frame of {tuple(self.size)}")
        _resize_onto(planes.y[top:bottom, left:right], canvas.planes.y[at.top : at.bottom, at.left : at.right])
        piece = np.s_[top // 2 : (bottom + 1) // 2, left // 2 : (right + 1) // 2]
        width, height = at.size
        place = np.s_[at.top // 2 : (at.top + height + 1) // 2, at.left // 2 : (at.left + width + 1) // 2]
        _resize_onto(planes.u[piece], canvas.planes.u[place])
        _resize_onto(planes.v[piece], canvas.planes.v[place])

    def copy_to(self, planes: Planes) -> None:
        """Copy all pixels into planes of the same size."""
        mine = self._open()
        planes.y[:], planes.u[:], planes.v[:] = mine.y, mine.u, mine.v

    @property
    def whole(self) -> Region:
        """The region that is the whole picture."""
        return Region(0, 0, *self.size)

    def close(self) -> None:
        """Wipe and let go of the pixels; harmless when called twice."""
        planes, self._planes = self._planes, None
        if planes is None:
            return
        if planes.owned:
            for plane in (planes.y, planes.u, planes.v):
                plane.fill(0)
        if self._release is not None:
            self._release()

    def _open(self) -> Planes:
        if self._planes is None:
            raise FrameClosed(f"frame {self.index} is closed")
        return self._planes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Frame>"

    def _never(self, *_: Any) -> NoReturn:
        raise TypeError("a Frame stays where it is: it cannot be copied, pickled or compared")

    __reduce__ = __reduce_ex__ = __copy__ = __deepcopy__ = __getstate__ = _never
    __eq__ = __ne__ = _never
    __hash__ = None  # type: ignore[assignment]
