"""A drawing of an empty place: a few straight lines where its edges are, and no pixel of the photo."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr
from passerby.records import Picture

SOFT: Final = 1.2  # px (sigma): what is finer than this has no edge
WEAK: Final = 30.0  # slope (sum of Sobel's) of an edge that goes on from
STRONG: Final = 80.0  # one of this slope
SHORT: Final = 8.0  # px: shorter lines are left out
STRAIGHT: Final = 1.5  # px that an edge may stray from the line that is drawn for it
STEP: Final = 2  # px: ends of lines lie on a grid of this width
TIMES: Final = 2  # the drawing is so many times as large, for thin lines
LINE: Final = 0
PAPER: Final = 255


def drawing(bgr: Bgr, shown: NDArray[np.bool_]) -> Picture:
    """Draw the edges of a plate (h, w, 3) where it is shown (h, w): a PNG of one bit a pixel, line or paper.

    Edges are those of Canny (1986), made into lines by Douglas and Peucker (1973).
    """
    height, width = shown.shape
    soft = cv2.GaussianBlur(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), (0, 0), SOFT)
    inner = cv2.erode(shown.astype(np.uint8), np.ones((5, 5), np.uint8), borderType=cv2.BORDER_REPLICATE)
    edges = cv2.bitwise_and(cv2.Canny(np.asarray(soft, np.uint8), WEAK, STRONG), inner * np.uint8(255))
    outlines, _ = cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    sheet = np.full((height * TIMES, width * TIMES), PAPER, np.uint8)
    for outline in outlines:
        if cv2.arcLength(outline, closed=False) < 2 * SHORT:  # there and back
            continue
        line = cv2.approxPolyDP(outline, STRAIGHT, closed=True)
        line = np.rint(line / STEP).astype(np.int32) * STEP * TIMES
        cv2.polylines(sheet, [line], isClosed=True, color=LINE, thickness=1, lineType=cv2.LINE_8)
    _, encoded = cv2.imencode(".png", sheet, [cv2.IMWRITE_PNG_BILEVEL, 1])
    return Picture(encoded.tobytes(), sheet.shape[1], sheet.shape[0])
