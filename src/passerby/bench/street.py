"""A drawn street as a film in a temporary file, so that a machine can be measured without a film at hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import av

from passerby import plugins
from passerby.stages import Source

_FPS: Final = 10
_SIZE: Final = (768, 576)
_SEED: Final = 7


@contextmanager
def drawn_film(duration_s: float = 20.0) -> Iterator[Path]:
    """The street, drawn once and encoded as H.264, as a camera sends it; gone when the context ends.

    Nobody real is in it, which is why it may lie in a file at all.
    """
    width, height = _SIZE
    table = {"use": "synthetic", "seed": _SEED, "duration": duration_s, "fps": _FPS}
    table |= {"width": width, "height": height}
    source = plugins.build("source", table, Source, camera="street")
    with tempfile.TemporaryDirectory(prefix="passerby-bench-") as folder:
        path = Path(folder) / "drawn-street.mp4"
        with av.open(str(path), "w") as out:
            stream = out.add_stream("h264", rate=_FPS, width=width, height=height, pix_fmt="yuv420p")
            for frame in source.frames():
                with frame:
                    picture = av.VideoFrame.from_ndarray(frame.bgr(frame.whole, frame.size), format="bgr24")
                out.mux(stream.encode(picture.reformat(format="yuv420p")))
            out.mux(stream.encode(None))
        yield path
