from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.rectangles import areas, overlaps, shared

ONE = np.array([[0.0, 0.0, 2.0, 2.0]])
OTHERS = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [2, 0, 4, 2], [5, 5, 4, 4]], np.float64)
CORNERS = st.lists(st.tuples(*[st.integers(0, 12)] * 4), max_size=6)


def test_known_boxes() -> None:
    assert areas(OTHERS).tolist() == [4, 4, 4, 0]
    assert shared(ONE, OTHERS).tolist() == [[4, 2, 0, 0]]
    assert overlaps(ONE, OTHERS)[0] == pytest.approx([1, 1 / 3, 0, 0])


@given(CORNERS, CORNERS)
def test_what_is_shared_is_the_cells_that_lie_in_both(
    one: list[tuple[int, int, int, int]], other: list[tuple[int, int, int, int]]
) -> None:
    cells = np.arange(12) + 0.5

    def drawn(boxes: np.ndarray) -> np.ndarray:  # (n, 144)
        across = (boxes[:, :1] < cells) & (cells < boxes[:, 2:3])
        down = (boxes[:, 1:2] < cells) & (cells < boxes[:, 3:])
        return (down[:, :, None] & across[:, None]).reshape(len(boxes), 144).astype(np.float64)

    a, b = (np.array(boxes, np.float64).reshape(-1, 4) for boxes in (one, other))
    assert (shared(a, b) == drawn(a) @ drawn(b).T).all()
    assert (areas(a) == drawn(a).sum(axis=1)).all()
