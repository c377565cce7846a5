"""What is strange about a ground."""

from __future__ import annotations

import pytest

from passerby.ground import doubts, ground

GOOD = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0], [0.71, 0.40, 6, 20], [0.30, 0.39, 0, 20]]


def test_a_good_ground_raises_no_doubt() -> None:
    assert list(doubts(ground(GOOD), 16 / 9)) == []
    assert list(doubts(ground(GOOD), None)) == []


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([*GOOD, [0.5, 0.6, 9, 9]], "off by"),
        ([[x, y, 0.1 * east, 0.1 * north] for x, y, east, north in GOOD], "hangs"),
        ([[0, 1, 0, 0], [1, 1, 1, 0], [1, 0, 1, 90], [0.2, 0, 0, 90]], "no camera with square pixels"),
    ],
)
def test_what_is_strange_is_said(rows: list[list[float]], says: str) -> None:
    assert any(says in said for said in doubts(ground(rows), 16 / 9))
