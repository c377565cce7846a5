"""The cells of a picture that are hidden or shown as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Gray, Size

Cells = NDArray[np.bool_]  # (rows, columns) of a grid

_WIDE: Final = 1 / 4  # of the picture: the box of somebody very near
_FAR: Final = 1 / 10  # of the picture's height: who is smaller is far, and hardly gets on in the picture
_RIM: Final = 3  # cells at the picture's edges, where a slice of somebody is to be seen before the rest
WIDTH: Final = 160  # px: a picture is judged at this width or up to twice that


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells over a picture of `size`, from its upper left corner; those at the other edges may be cut.

    A cell is two by two pixels of the small picture that is judged. So its side is even, and it holds whole pixels
    of colour, too, of which there is one for four of grey.
    """

    size: Size  # px of the frame

    @property
    def halvings(self) -> int:
        """How often the picture is halved to be judged."""
        return max((self.size.width // WIDTH).bit_length() - 1, 0)

    @property
    def side(self) -> int:
        """Side of a cell in px of the frame."""
        return 2 << self.halvings

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return -(-self.size.height // self.side), -(-self.size.width // self.side)

    def nothing(self) -> Cells:
        """No cell."""
        return np.zeros(self.shape, np.bool_)

    def touched(self, boxes: NDArray[np.floating]) -> Cells:
        """Every cell that any of the boxes (n, 4) px has a part of."""
        cells = self.nothing()
        low = np.floor(boxes[:, :2] / self.side).astype(np.int64).clip(0)
        high = np.ceil(boxes[:, 2:] / self.side).astype(np.int64).clip(0)
        for (left, top), (right, bottom) in zip(low.tolist(), high.tolist(), strict=True):
            cells[top:bottom, left:right] = True
        return cells

    def boxed(self, cells: Cells) -> Cells:
        """Every cell in the box around a connected part, unless that is more than `_WIDE` of the picture.

        The outline of somebody tells a recogniser more than a box, whose sides are size and motion alone. Of many
        who are connected it tells less, and a box around them all would hide most of the street.
        """
        filled, before = cells.copy(), -1
        while (covered := int(np.count_nonzero(filled))) != before:  # boxes that touch are one part
            before = covered
            count, _, parts, _ = cv2.connectedComponentsWithStats(filled.view(np.uint8))
            for left, top, width, height, _ in parts[1:count].tolist():
                if width * height <= _WIDE * cells.size:
                    filled[top : top + height, left : left + width] = True
        return filled

    def to_the_rim(self, cells: Cells) -> Cells:
        """These cells; what is near to an edge of the picture goes on to it."""
        cells = cells.copy()
        for side in (cells, cells[::-1], cells.T, cells.T[::-1]):
            side[:_RIM] |= side[:_RIM].any(axis=0)
        return cells

    def lasting(self, cells: Cells) -> Cells:
        """Those of these cells in which somebody is easily missed for a while: far away, or near to an edge."""
        count, labels, parts, _ = cv2.connectedComponentsWithStats(cells.view(np.uint8))
        far = parts[:count, cv2.CC_STAT_HEIGHT] <= max(_FAR * self.shape[0], 1)
        far[0] = False  # what is not hidden
        lasting: Cells = far[labels]
        lasting[:_RIM] |= cells[:_RIM]
        lasting[-_RIM:] |= cells[-_RIM:]
        lasting[:, :_RIM] |= cells[:, :_RIM]
        lasting[:, -_RIM:] |= cells[:, -_RIM:]
        return lasting

    def pixels(self, cells: Cells) -> NDArray[np.bool_]:
        """Which pixels (h, w) of a picture of `size` lie in these cells."""
        wide = np.repeat(np.repeat(cells, self.side, axis=1), self.side, axis=0)  # a tenth of cv2.resize's time
        return wide[: self.size.height, : self.size.width]

    def rectangles(self, cells: Cells) -> NDArray[np.int64]:
        """These cells as rectangles (n, 4) of cells that do not overlap, few of them: left, top, right, bottom."""
        begins = np.ones(len(cells), np.bool_)
        begins[1:] = (cells[1:] != cells[:-1]).any(axis=1)
        tops = np.flatnonzero(begins)  # of rows that are alike
        bottoms = np.append(tops[1:], len(cells))
        edged = np.zeros((len(tops), cells.shape[1] + 2), np.bool_)
        edged[:, 1:-1] = cells[tops]
        rows, sides = np.nonzero(edged[:, 1:] != edged[:, :-1])
        rows, lefts, rights = rows[::2], sides[::2], sides[1::2]
        return np.stack([lefts, tops[rows], rights, bottoms[rows]], axis=1)

    def holding(self, mask: Gray) -> Cells:
        """Every cell in which a mask (h, w) of the small picture is not empty.

        What the halvings left out at the right and lower edge is as its neighbour is.
        """
        rows, columns = self.shape
        below, right = 2 * rows - mask.shape[0], 2 * columns - mask.shape[1]
        whole = np.asarray(cv2.copyMakeBorder(mask, 0, below, 0, right, cv2.BORDER_REPLICATE), np.uint8)
        cells: Cells = (whole[::2, ::2] | whole[1::2, ::2] | whole[::2, 1::2] | whole[1::2, 1::2]) > 0
        return cells
