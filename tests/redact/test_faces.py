"""Faces that must be hidden, by a YuNet model where there is one."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from passerby.errors import ModelError
from passerby.redact.faces import Faces, lying_about
from passerby.sources.stream import Stream


@pytest.mark.clips
def test_faces_of_a_clip_are_found(assets: Path) -> None:
    faces = Faces(assets / "models/yunet_n_dynamic.onnx")
    truth = np.loadtxt(assets / "truth/intel-classroom.faces.txt", delimiter=",")
    for frame in islice(Stream(str(assets / "clips/intel-classroom.gif")).frames(), 3):
        with frame:
            found = faces.find(frame)
        for left, top, width, height in truth[truth[:, 0] == frame.index + 1, 2:6]:
            middle = (left + width / 2, top + height / 2)
            inside = (found[:, :2] < middle).all(axis=1) & (found[:, 2:] > middle).all(axis=1)
            assert inside.any()
            assert np.abs(found[inside] - (left, top, left + width, top + height)).max() < 0.5 * height


@pytest.mark.clips
def test_another_model_is_no_face_detector(assets: Path) -> None:
    with pytest.raises(ModelError, match="no YuNet"):
        Faces(assets / "models/yolox_nano.onnx")


def test_a_file_that_is_named_and_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        Faces(tmp_path / "yunet.onnx")


def test_the_one_that_lies_in_the_folder(tmp_path: Path) -> None:
    assert lying_about(tmp_path) is None
    (tmp_path / "face_detection_yunet_2023mar.onnx").write_bytes(b"")
    (tmp_path / "yolox_nano.onnx").write_bytes(b"")
    assert lying_about(tmp_path) == tmp_path / "face_detection_yunet_2023mar.onnx"
