"""Draws the pictures of areas.md and conflicts.md: a drawn street with its places.

.venv/bin/python docs/img/near.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from passerby.sources.synthetic import Synthetic

HERE: Final = Path(__file__).parent
ORANGE: Final = (255, 120, 30)
ROAD: Final = [[0.890, 0.616], [0.619, 0.559]]
PLAZA: Final = [[0.490, 0.574], [0.337, 0.537], [0.542, 0.441], [0.665, 0.460]]
CROSSING: Final = [[0.406, 0.730], [0.521, 0.638], [0.764, 0.442], [0.956, 0.468], [0.841, 0.726], [0.779, 0.864]]
PICTURES: Final[dict[str, tuple[dict[str, Any], float, list[list[list[float]]]]]] = {
    "areas": ({"seed": 3, "duration": 45.0}, 20.0, [ROAD, PLAZA]),
    "conflicts": ({"seed": 3, "duration": 45.0}, 38.2, [CROSSING]),
}

for name, (options, time_s, places) in PICTURES.items():
    film = Synthetic(**options)
    picture = film.still(time_s)
    for place in places:
        points = (np.array(place) * film.size).round().astype(np.int32)
        cv2.polylines(picture, [points], len(place) > 2, ORANGE, 3, cv2.LINE_AA)
        cv2.circle(picture, tuple(int(v) for v in points[0]), 6, ORANGE, -1, cv2.LINE_AA)
    small = cv2.resize(picture, (512, 384), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(HERE / f"{name}.jpg"), small, [cv2.IMWRITE_JPEG_QUALITY, 80])
