"""Planes: views where they fit, one conversion where they do not, always video range and upright."""

from __future__ import annotations

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange

from passerby.frame import Frame
from passerby.sources.planes import PlaneReader

FORMATS = [
    *("yuv420p", "yuvj420p", "yuv422p", "yuvj444p", "yuv444p", "nv12", "nv21", "gray", "rgb24", "bgr24", "bgra"),
    *("rgb8", "gbrp", "yuv420p10le", "p010le", "yuyv422"),
]


def shown(bgr: tuple[int, int, int], pixels: str, size: tuple[int, int] = (64, 48)) -> av.VideoFrame:
    picture = np.full((size[1], size[0], 3), bgr, np.uint8)
    return av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format=pixels)


@pytest.mark.parametrize("pixels", FORMATS)
@pytest.mark.parametrize("bgr", [(0, 0, 0), (255, 255, 255), (40, 60, 200)], ids=["black", "white", "red"])
def test_every_format_comes_out_as_it_went_in(pixels: str, bgr: tuple[int, int, int]) -> None:
    frame = Frame(PlaneReader().planes(shown(bgr, pixels)), camera="", index=0, time_s=0)
    expected = (
        [round(sum(bgr[i] * w for i, w in enumerate((0.114, 0.587, 0.299))))] * 3 if pixels == "gray" else bgr
    )
    off = 45 if pixels == "rgb8" else 6
    assert np.abs(frame.bgr(frame.whole, (8, 8)).astype(int) - expected).max() <= off


def test_video_range_yuv420p_is_not_copied() -> None:
    picture = shown((10, 100, 200), "yuv420p")
    planes = PlaneReader().planes(picture)
    assert not planes.owned
    assert not planes.y.flags.writeable
    assert planes.y.ctypes.data == picture.planes[0].buffer_ptr


def test_converted_planes_are_wiped_on_close() -> None:
    planes = PlaneReader().planes(shown((10, 100, 200), "rgb24"))
    frame = Frame(planes, camera="", index=0, time_s=0)
    frame.close()
    assert not planes.y.any()


@pytest.mark.parametrize("pixels", ["yuv420p", "rgb24"])
def test_odd_sizes_keep_their_last_row_and_column(pixels: str) -> None:
    picture = np.zeros((47, 65, 3), np.uint8)
    picture[-1] = picture[:, -1] = 255
    planes = PlaneReader().planes(av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format=pixels))
    assert planes.y.shape == (47, 65)
    assert planes.u.shape == planes.v.shape == (24, 33)
    assert planes.y[-1].min() > 200
    assert planes.y[:-1, :-2].max() < 40


def test_full_range_in_the_plain_format_is_brought_to_video_range() -> None:
    picture = shown((128, 128, 128), "yuv420p")
    for plane, value in zip(picture.planes, (255, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    picture.color_range = ColorRange.JPEG
    planes = PlaneReader().planes(picture)
    assert planes.owned
    assert planes.y.min() == planes.y.max() == 235
