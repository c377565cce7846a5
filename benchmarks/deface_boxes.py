"""The boxes that deface hides, frame by frame, as JSON; runs in the peers' environment."""

from __future__ import annotations

import json
import sys
from itertools import islice

import av
from deface.centerface import CenterFace

THRESHOLD, MASK_SCALE = 0.2, 1.3  # deface's defaults


def main() -> None:
    film, count = sys.argv[1], int(sys.argv[2])
    finder, found = CenterFace(), []
    with av.open(film) as container:
        for picture in islice(container.decode(video=0), count):
            detections, _ = finder(picture.to_ndarray(format="rgb24"), threshold=THRESHOLD)
            found.append([_scaled(*(float(v) for v in row[:4])) for row in detections])
    print(json.dumps(found))


def _scaled(left: float, top: float, right: float, bottom: float) -> list[float]:
    """As deface scales its masks: by both sides' lengths."""
    more = MASK_SCALE - 1
    wide, high = (right - left) * more, (bottom - top) * more
    return [left - wide, top - high, right + wide, bottom + high]


if __name__ == "__main__":
    main()
