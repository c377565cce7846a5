"""Decodes films and does nothing else, the limit of all counting; runs in the peers' environment."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import av


def pictures(film: str) -> Iterator[av.VideoFrame]:
    """Every frame, decoded by one thread."""
    with av.open(film) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        yield from container.decode(stream)


if __name__ == "__main__":
    print(sum(1 for film in sys.argv[1:] for _ in pictures(film)))
