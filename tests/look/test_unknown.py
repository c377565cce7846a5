from __future__ import annotations

import numpy as np
import pytest

from passerby.look.unknown import stirring, unknown

SIZE = (640, 480)


def mask(*cells: tuple[int, int, int, int]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    small = np.zeros((120, 160), np.bool_)
    for left, top, right, bottom in cells:
        small[top:bottom, left:right] = True
    return small


WALKER = (40, 40, 48, 60)  # cells of 4 px
BLOB = np.array([[160, 160, 192, 240]], np.float64)


def test_what_nobody_follows_is_unknown() -> None:
    assert unknown(mask(WALKER), BLOB, SIZE, np.empty((0, 4))).tolist() == BLOB.tolist()


def test_what_is_followed_is_not_even_where_its_limbs_are_outside_its_box() -> None:
    assert len(unknown(mask(WALKER), BLOB, SIZE, BLOB + np.array([4, 4, -4, -4]))) == 0


def test_who_walks_up_to_somebody_who_is_followed_is_unknown_beside_them() -> None:
    both = mask(WALKER, (52, 40, 60, 60), (48, 50, 52, 51))
    (found,) = unknown(both, np.array([[160, 160, 240, 240]], np.float64), SIZE, BLOB)
    assert found[0] >= 192
    assert found.tolist()[2:] == [240, 240]


def test_specks_are_not_asked_about() -> None:
    assert (
        len(unknown(mask((10, 10, 11, 12)), np.array([[40, 40, 44, 48]], np.float64), SIZE, np.empty((0, 4)))) == 0
    )


def test_the_share_that_stirs_is_that_of_the_box() -> None:
    boxes = np.array([[160, 160, 192, 240], [160, 160, 224, 240], [400, 300, 440, 380]], np.float64)
    assert stirring(mask(WALKER), SIZE, boxes).tolist() == pytest.approx([1.0, 0.5, 0.0])
