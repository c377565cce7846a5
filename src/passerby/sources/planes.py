"""From libav's pictures to planes: without a copy where they fit, converted once where they do not."""

from __future__ import annotations

from typing import Final

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter

from passerby.frame import Gray, Planes

_FITS: Final = "yuv420p"


class PlaneReader:
    """Planes of the pictures of one stream; keeps libswscale's tables between two pictures."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def planes(self, picture: av.VideoFrame) -> Planes:
        """8-bit YUV 4:2:0 in video range, turned upright where the film says that it lies on its side.

        Planes of a fitting picture are read-only views of libav's own memory, which they keep alive.
        """
        turns = round(picture.rotation / 90) % 4  # quarter turns, counter-clockwise
        fits = picture.format.name == _FITS and picture.color_range != ColorRange.JPEG
        if not fits:
            picture = self._reformatter.reformat(
                picture,
                format=_FITS,
                dst_colorspace=Colorspace.ITU601 if picture.format.is_rgb else None,
                dst_color_range=ColorRange.MPEG,
                threads=1,
            )
        views = [_view(plane) for plane in picture.planes]
        if turns:
            views = [np.ascontiguousarray(np.rot90(view, turns)) for view in views]
        owned = not fits or turns > 0
        for view in views:
            view.flags.writeable = owned
        y, u, v = views
        return Planes(y, u, v, owned=owned)


def _view(plane: av.video.plane.VideoPlane) -> Gray:
    return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
