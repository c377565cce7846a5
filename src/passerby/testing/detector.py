"""What every detector must keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections
from passerby.frame import Frame, Planes, Region
from passerby.stages import Crop, Detector
from passerby.testing.promise import promise

_SIZES: Final = ((320, 180), (97, 61), (640, 360))  # px, (width, height)
_PX: Final = 1.0  # two runs over the same crops agree to this
_SCORE: Final = 0.02
_SURE: Final = 0.5  # score
_AGAIN: Final = 0.8  # share of sure boxes


def check_detector(make: Callable[[], Detector], *, pictures: Sequence[NDArray[np.uint8]] = ()) -> None:
    """Let it look at pictures (h, w, 3) BGR, by default at noise, whole and in pieces; raises `Broken`."""
    detector = make()
    promise(detector.name, "a detector has a name")
    wanted = detector.input
    promise(wanted is None or min(wanted) > 0, f"input is None or a size, not {wanted}")
    promise(detector.detect([]) == [], "nothing to look at, nothing found")

    shown = list(pictures) or _noise()
    frames = [Frame(Planes.from_bgr(picture), camera="check", index=0, time_s=0.0) for picture in shown]
    crops = [crop for frame in frames for crop in _crops(frame)]
    found = detector.detect(crops)
    promise(isinstance(found, list), f"detect returns a list, not {type(found).__name__}")
    promise(len(found) == len(crops), f"one result a crop: {len(crops)} crops, {len(found)} results")
    for crop, boxes in zip(crops, found, strict=True):
        _check_boxes(crop, boxes)
    _check_same(found, detector.detect(crops), "a detector keeps nothing between two calls")
    _check_sure(found[::-1], detector.detect(crops[::-1]), "results come in the order of the crops")
    alone = [boxes for crop in crops for boxes in detector.detect([crop])]
    _check_sure(found, alone, "what is found in a crop does not depend on the others")
    _check_same(found, make().detect(crops), "two detectors made alike find the same")
    for frame in frames:
        frame.close()


def _noise() -> list[NDArray[np.uint8]]:
    random = np.random.default_rng(7)
    return [random.integers(0, 256, (height, width, 3), np.uint8) for width, height in _SIZES]


def _crops(frame: Frame) -> list[Crop]:
    width, height = frame.size
    corner = Region(width // 3, height // 3, width, height)
    return [Crop(frame, frame.whole, 1.0, 0.0), Crop(frame, corner, 1.5, 0.0)]


def _check_boxes(crop: Crop, boxes: Detections) -> None:
    promise(isinstance(boxes, Detections), f"a result is Detections, not {type(boxes).__name__}")
    left, top, right, bottom = boxes.xyxy.T
    promise(np.isfinite(boxes.xyxy).all(), "boxes are finite")
    promise((left <= right).all() and (top <= bottom).all(), "boxes are left, top, right, bottom")
    width, height = crop.frame.size
    within = (right >= 0) & (left <= width) & (bottom >= 0) & (top <= height)
    promise(within.all(), "boxes are in px of the frame, and in it")
    region = np.array(crop.region)
    inside = np.stack([left > region[0], top > region[1], right < region[2], bottom < region[3]])
    goes_on = region != np.array(crop.frame.whole)
    promise(inside[goes_on].all(), "a box that is cut where the frame goes on is left out")
    promise(((boxes.score >= 0) & (boxes.score <= 1)).all(), "scores lie between 0 and 1")
    promise(set(boxes.class_id.tolist()) <= set(Class), "classes are those of the closed list")


def _check_same(a: Sequence[Detections], b: Sequence[Detections], what: str) -> None:
    promise(len(a) == len(b), f"{what}: {len(a)} and {len(b)} results")
    for one, other in zip(a, b, strict=True):
        promise(len(one) == len(other), f"{what}: {len(one)} and {len(other)} boxes")
        promise(np.allclose(one.xyxy, other.xyxy, atol=_PX), f"{what}: the boxes differ")
        promise(np.allclose(one.score, other.score, atol=_SCORE), f"{what}: the scores differ")
        promise(np.array_equal(one.class_id, other.class_id), f"{what}: the classes differ")


def _check_sure(a: Sequence[Detections], b: Sequence[Detections], what: str) -> None:
    """Crops share inputs, and what lies beside a crop may tell a little; of what is sure, few may change."""
    promise(len(a) == len(b), f"{what}: {len(a)} and {len(b)} results")
    for these, those in ((a, b), (b, a)):
        again = np.concatenate([_found_again(one, other) for one, other in zip(these, those, strict=True)])
        promise(len(again) == 0 or again.mean() >= _AGAIN, f"{what}: {again.sum()} of {len(again)} sure boxes")


def _found_again(one: Detections, other: Detections) -> NDArray[np.bool_]:
    """For each sure box whether the other result has it, by an overlap (IoU) of half."""
    sure = one.xyxy[one.score >= _SURE, None]
    shared = np.minimum(sure[..., 2:], other.xyxy[:, 2:]) - np.maximum(sure[..., :2], other.xyxy[:, :2])
    both = np.maximum(shared, 0).prod(axis=2)
    areas = [(boxes[..., 2:] - boxes[..., :2]).prod(axis=-1) for boxes in (sure, other.xyxy)]
    again: NDArray[np.bool_] = (3 * both > areas[0] + areas[1]).any(axis=1)
    return again
