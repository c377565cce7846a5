"""Pictures of empty places, encoded in memory; small enough that nobody could be known by one anyway."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr, Size
from passerby.ground import Ground
from passerby.records import Picture

WIDTH: Final = 320  # px of a plate without calibration
WIDEST: Final = 480  # px of any plate: nobody needs more to draw lines on
FINEST: Final = 40.0  # px a metre at the nearest ground: a face is 6 px wide, a letter of a number plate 3
NEVER: Final = 80.0  # px a metre that may be asked for at most
NEUTRAL: Final = 128  # grey level of a pixel that is not shown
MOST_BYTES: Final = 120 * 1024  # of a plate that goes from process to process in one message


def plate_size(of: Size, ground: Ground | None, px_per_m: float = FINEST) -> tuple[int, int]:
    """Width and height of the plate of frames of this size; raises ValueError for more than 80 px a metre."""
    if not 0 < px_per_m <= NEVER:
        raise ValueError(f"a plate has at most {NEVER:g} px a metre, not {px_per_m:g}")
    wide = float(min(WIDTH, of.width))
    if ground is not None:
        shares = np.linspace(0, 1, 9)
        grid = np.stack(np.meshgrid(shares, shares), axis=-1).reshape(-1, 2)
        fine = ground.px_per_m(grid, of)
        nearest = float(np.nanmax(fine)) if np.isfinite(fine).any() else np.inf
        most = of.width * px_per_m / nearest
        wide = min(most, wide) if ground.guess else min(most, WIDEST, of.width)
    width = max(int(wide), 1)
    return width, max(int(width * of.height / of.width), 1)


def png(bgr: Bgr) -> Picture:
    """A picture (h, w, 3) as it is, as PNG."""
    _, encoded = cv2.imencode(".png", bgr)
    return Picture(encoded.tobytes(), bgr.shape[1], bgr.shape[0])


def photo(bgr: Bgr, shown: NDArray[np.bool_], most: int = MOST_BYTES) -> Picture:
    """A plate (h, w, 3) where it is shown (h, w), neutral elsewhere; smaller if of more than `most` bytes."""
    clean = np.where(shown[..., None], bgr, np.uint8(NEUTRAL))
    picture = png(np.asarray(clean, np.uint8))
    while len(picture.png) > most:
        width, height = int(picture.width * 0.9), int(picture.height * 0.9)
        picture = png(np.asarray(cv2.resize(clean, (width, height), interpolation=cv2.INTER_AREA), np.uint8))
    return picture
