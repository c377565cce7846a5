"""Splits the silhouette of a group into its people by laying person shapes over it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# A standing person in heights of a person: a body, and a narrower head above it.
BODY: Final = 0.34
HEAD: Final = 0.16
HEAD_HIGH: Final = 0.15
EMPTY: Final = 1.2  # cost of a pixel of the shape that lies where nothing moves
TAKEN: Final = 0.0  # and where another person already is
WORTH: Final = 0.30  # share of its shape's area that a person must explain anew
MOST: Final = 40

Box = tuple[float, float, float, float, float]  # left, top, right, bottom, score


def people(mask: NDArray[np.bool_], tall: float) -> list[Box]:
    """Boxes (px of the mask) of the people of `tall` px who together make a silhouette (h, w).

    Greedy search for the shapes that explain most of what moves and cover least of what does not, a plain form of
    the marked point processes of Ge and Collins (2009).
    """
    body, head = max(round(BODY * tall), 2), max(round(HEAD * tall), 1)
    high, top = max(round(tall), 4), max(round(HEAD_HIGH * tall), 1)
    area = body * (high - top) + head * top
    margin = (high, body)
    around = ((high, high // 2), (body, body))
    worth = np.pad(np.where(mask, 1.0, -EMPTY), around, constant_values=-EMPTY)
    found: list[Box] = []
    while len(found) < MOST:
        total = np.pad(worth, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
        rows, columns = total.shape[0] - high, total.shape[1] - body
        trunk = _sums(total, high - top, body)[top:]
        crown = _sums(total, top, head)[:rows, (body - head) // 2 :][:, :columns]
        score = trunk + crown
        row, column = np.unravel_index(int(score.argmax()), score.shape)
        if score[row, column] < WORTH * area:
            break
        under = worth[row : row + high, column : column + body]
        under[under > 0] = TAKEN
        x, y = float(column - margin[1]), float(row - margin[0])
        found.append((x, y, x + body, y + high, min(0.9, 0.4 + 0.5 * float(score[row, column]) / area)))
    return found


def _sums(total: NDArray[np.float64], high: int, wide: int) -> NDArray[np.float64]:
    """Sums of all rectangles of this size, by their upper left corners, from an integral image."""
    return total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide]
