"""MOTChallenge text is read as MOTChallenge means it, and refused with the line where it is not that."""

from __future__ import annotations

from pathlib import Path

import pytest

from passerby.errors import UsageError
from passerby.evaluate import mot


def _file(folder: Path, text: str) -> Path:
    path = folder / "truth.mot.txt"
    path.write_text(text)
    return path


def test_rows_become_boxes_in_order_of_frame(tmp_path: Path) -> None:
    truth = mot.read(_file(tmp_path, "2,7,10,20,30,40,1,-1,-1,-1\n\n1,7,0,0,5.5,6,1\n"))
    assert truth.frame.tolist() == [1, 2]
    assert truth.identity.tolist() == [7, 7]
    assert truth.xyxy.tolist() == [[0, 0, 5.5, 6], [10, 20, 40, 60]]
    assert truth.foot().tolist() == [[2.75, 6], [25, 60]]


def test_rows_of_confidence_zero_are_left_out(tmp_path: Path) -> None:
    truth = mot.read(_file(tmp_path, "1,1,0,0,5,5,1\n1,2,0,0,5,5,0\n"))
    assert truth.identity.tolist() == [1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1,1,0,0,5,5", "6 columns"),
        ("1,1,0,0,five,5,1", "could not convert"),
        ("1,1,0,0,nan,5,1", "not finite"),
        ("1,1.5,0,0,5,5,1", "id is 1.5"),
        ("0,1,0,0,5,5,1", "frame is 0"),
        ("1,-1,0,0,5,5,1", "without identities"),
        ("1,1,0,0,0,5,1", "0 x 5 px"),
        ("3,4,0,0,9,9,1", "line 1"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        mot.read(_file(tmp_path, f"3,4,0,0,5,5,1\n{line}\n"))
    assert "line 2" in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        mot.read(tmp_path / "absent.txt")
    with pytest.raises(UsageError, match="no box"):
        mot.read(_file(tmp_path, "1,1,0,0,5,5,0\n"))
    (tmp_path / "film.mp4").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not text"):
        mot.read(tmp_path / "film.mp4")
