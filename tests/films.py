"""Small films for tests, written by libav, in which the brightness of each picture tells its number."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Frame


def shade(number: int) -> int:
    """The grey (0-255) of a picture's middle."""
    return 40 + (number * 20) % 180


def picture(number: int, size: tuple[int, int] = (64, 48)) -> NDArray[np.uint8]:
    """A grey picture (h, w, 3) whose shade is that of its number."""
    return np.full((size[1], size[0], 3), shade(number), np.uint8)


def write_film(
    path: Path,
    *,
    count: int = 30,
    size: tuple[int, int] = (64, 48),
    rate: int = 10,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    stamps: Sequence[int] | None = None,
    turned: int = 0,
    bidirectional: int = 0,
    metadata: dict[str, str] | None = None,
) -> Path:
    """A film of `count` pictures; `stamps` are their times in ms, by default even.

    `bidirectional`: how many pictures in a row of H.264 are made from their neighbours, and no other from them.
    """
    options = {"preset": "ultrafast", "g": "5"} if codec == "libx264" else {}
    if bidirectional:
        options |= {"bf": str(bidirectional), "x264-params": "b-adapt=0:b-pyramid=0"}
    with av.open(str(path), "w") as out:
        out.metadata.update(metadata or {})
        stream = out.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.codec_context.time_base = Fraction(1, 1000) if stamps else Fraction(1, rate)
        if turned:
            stream.set_display_rotation(turned)
        out.start_encoding()
        for number in range(count):
            shown = av.VideoFrame.from_ndarray(picture(number, size), format="bgr24").reformat(format=pixels)
            shown.pts = stamps[number] if stamps else number
            shown.time_base = stream.codec_context.time_base
            out.mux(stream.encode(shown))
        out.mux(stream.encode(None))
    return path


def middle(frame: Frame) -> int:
    """The shade of a frame's middle, 0-255."""
    return int(frame.bgr(frame.whole, frame.size)[frame.size.height // 2, frame.size.width // 2, 1])


def shades(frames: Iterator[Frame], into: list[int]) -> None:
    """Collect the middle of every frame; what has come before an error stays collected."""
    for frame in frames:
        with frame:
            into.append(middle(frame))


@contextmanager
def serving(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The url of an HTTP server on loopback."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
