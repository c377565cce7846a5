"""Replay: boxes of a file, frame by frame, crop by crop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from passerby.classes import Class
from passerby.detectors.replay import Replay
from passerby.errors import ModelError
from passerby.frame import Frame, Planes, Region
from passerby.stages import Crop
from passerby.testing import check_detector

MOT = """\
1,7,10,20,30,40,1,-1,-1,-1
1,8,50,20,10,10,0.25

3,-1,0,0,5,5,-1,bicycle
3,1,0,0,5,5,0
3,1,9,9,5,5,1,toilet
"""
JSONL = (
    '{"frame": 1, "boxes": [[10, 20, 40, 60, 1, "person"], [50, 20, 60, 30, 0.25]]}\n'
    '{"frame": 3, "boxes": [[0, 0, 5, 5, 1.0, "bicycle"], [9, 9, 14, 14, 1, "toilet"]]}\n'
)


def crop(index: int, region: Region | None = None) -> Crop:
    frame = Frame(Planes.from_bgr(np.zeros((64, 96, 3), np.uint8)), camera="", index=index, time_s=0)
    return Crop(frame, region or frame.whole, 1.0, 0.0)


@pytest.fixture(params=[MOT, JSONL], ids=["mot", "jsonl"])
def boxes(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "boxes"
    path.write_text(request.param)
    return path


def test_frame_one_is_the_first(boxes: Path) -> None:
    first, second, third = Replay(boxes).detect([crop(0), crop(1), crop(2)])
    assert first.xyxy.tolist() == [[10, 20, 40, 60], [50, 20, 60, 30]]
    assert first.score.tolist() == [1, 0.25]
    assert first.class_id.tolist() == [Class.PERSON] * 2
    assert len(second) == 0
    assert (third.xyxy.tolist(), third.score.tolist()) == ([[0, 0, 5, 5]], [1])
    assert third.class_id.tolist() == [Class.BICYCLE]


def test_a_box_belongs_to_the_crop_that_holds_its_centre(boxes: Path) -> None:
    left, right = Replay(boxes).detect([crop(0, Region(0, 0, 48, 64)), crop(0, Region(48, 0, 96, 64))])
    assert left.xyxy.tolist() == [[10, 20, 40, 60]]
    assert right.xyxy.tolist() == [[50, 20, 60, 30]]


def test_a_box_that_is_cut_is_left_to_a_crop_that_holds_it_whole(boxes: Path) -> None:
    left, top, both = Replay(boxes).detect(
        [crop(0, Region(0, 0, 35, 64)), crop(0, Region(0, 0, 96, 55)), crop(0, Region(5, 5, 90, 62))]
    )
    assert (len(left), top.xyxy.tolist(), len(both)) == (0, [[50, 20, 60, 30]], 2)


def test_the_class_of_nameless_boxes_can_be_told(boxes: Path) -> None:
    (found,) = Replay(boxes, label="car").detect([crop(0)])
    assert Class.CAR in found.class_id.tolist()
    with pytest.raises(ValueError, match="'face' is not a class"):
        Replay(boxes, label="face")


def test_a_whole_picture_is_one_look(boxes: Path) -> None:
    wanted = Replay(boxes).input
    assert min(wanted) > 8192


def test_it_keeps_the_promises_of_a_detector(boxes: Path) -> None:
    check_detector(lambda: Replay(boxes))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1,1,2,3\n", 1),
        ("1,1,2,3,4,5,1\nhello\n", 2),
        ("1,1,nan,3,4,5,1\n", 1),
        ('{"frame": 1}\n', 1),
        ('{"frame": 1, "boxes": [[1, 2, 3]]}\n', 1),
        ('{"frame": 1, "boxes": [[1, 2, 3, 4, 0.5, 7]]}\n', 1),
        ('{"frame": 1, "boxes": 7}\n', 1),
        ('{"frame": Infinity, "boxes": [[1, 2, 3, 4]]}\n', 1),
        ("{broken\n", 1),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "boxes").write_text(text)
    with pytest.raises(ModelError, match=f"boxes, line {line}: neither MOT text nor JSON Lines"):
        Replay(tmp_path / "boxes")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read as boxes: No such file"):
        Replay(tmp_path / "missing")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(ModelError, match="it is not text"):
        Replay(tmp_path / "binary")


@pytest.mark.clips
def test_real_truth_is_read(assets: Path) -> None:
    replay = Replay(assets / "truth" / "vtest-1-400.mot.txt")
    frame = Frame(Planes.from_bgr(np.zeros((576, 768, 3), np.uint8)), camera="", index=0, time_s=0)
    (found,) = replay.detect([Crop(frame, frame.whole, 1.0, 0)])
    assert len(found) == 3
    assert found.xyxy[0] == pytest.approx([499.20, 157.69, 530.23, 232.86], abs=0.01)
