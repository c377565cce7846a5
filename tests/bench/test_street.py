"""The drawn street is a film like others, and leaves nothing behind."""

from __future__ import annotations

from passerby.bench import drawn_film
from passerby.sources.stream import Stream


def test_the_street_can_be_decoded_and_is_gone_afterwards() -> None:
    with drawn_film(duration_s=0.5) as path:
        sizes = []
        for frame in Stream(str(path)).frames():
            with frame:
                sizes.append(frame.size)
    assert sizes == [(768, 576)] * 5
    assert not path.parent.exists()
