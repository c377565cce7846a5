"""The loop that people glue together: decode, letterbox, detect, track, count; runs in the peers' environment.

PyAV, YOLOX on ONNX Runtime with one thread, trackers' ByteTrackTracker and supervision's LineZone, with their
defaults. Several films at once are several cameras of one process that share a model.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import onnxruntime as ort
import supervision as sv
from decoded import pictures
from trackers import ByteTrackTracker

SIDE = 416  # px of YOLOX-nano's square input
GREY = 114  # its padding
STRIDES = (8, 16, 32)
FLOOR, OVERLAP = 0.1, 0.5  # score below which a box is left out, IoU above which two are one
PERSON = 0


class Yolox:
    """People in a picture, as the model's own demo finds them."""

    def __init__(self, model: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        cells = [np.mgrid[: SIDE // s, : SIDE // s][::-1].reshape(2, -1).T for s in STRIDES]
        self._cells = np.concatenate(cells).astype(np.float32)
        self._strides = np.repeat(STRIDES, [len(c) for c in cells]).astype(np.float32)[:, None]

    def __call__(self, picture: np.ndarray) -> sv.Detections:
        """Boxes in px of a BGR picture (h, w, 3)."""
        scale = min(SIDE / picture.shape[1], SIDE / picture.shape[0])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
        laid = np.full((SIDE, SIDE, 3), GREY, np.uint8)
        laid[: small.shape[0], : small.shape[1]] = small
        tensor = np.ascontiguousarray(laid.transpose(2, 0, 1)[None], np.float32)
        (rows,) = self._session.run(None, {"images": tensor})
        score = rows[0, :, 4] * rows[0, :, 5 + PERSON]
        sure = score >= FLOOR
        middle = (rows[0, sure, :2] + self._cells[sure]) * self._strides[sure]
        half = np.exp(rows[0, sure, 2:4]) * self._strides[sure] / 2
        found = sv.Detections(
            xyxy=np.hstack([middle - half, middle + half]) / scale,
            confidence=score[sure],
            class_id=np.full(int(sure.sum()), PERSON),
        )
        return found.with_nms(OVERLAP)


class Camera:
    """One film with its tracker and its lines; `boxes` is where what was found is written, if anywhere."""

    def __init__(self, film: Path, every: int, lines: list[list[float]], boxes: Path | None) -> None:
        self._film, self._every, self._lines = film, every, lines
        self._boxes = None if boxes is None else boxes.open("w")
        self._zones: list[sv.LineZone] = []
        self.frames = 0

    def play(self, detect: Yolox) -> Iterator[None]:
        """Count it, a frame a step."""
        for picture in pictures(str(self._film)):
            if self.frames == 0:
                self._begin(picture.width, picture.height, self._rate())
            if self.frames % self._every == 0:
                found = detect(picture.to_ndarray(format="bgr24"))
                self._write(found)
                followed = self._tracker.update(found)
                for zone in self._zones:
                    zone.trigger(followed)
            self.frames += 1
            yield

    def totals(self) -> list[list[int]]:
        """In and out of each line, as supervision means them."""
        return [[zone.in_count, zone.out_count] for zone in self._zones]

    def _rate(self) -> float:
        with av.open(str(self._film)) as container:
            return float(container.streams.video[0].average_rate) / self._every

    def _begin(self, width: int, height: int, rate: float) -> None:
        self._tracker = ByteTrackTracker(frame_rate=rate)
        ends = [[x1 * width, y1 * height, x2 * width, y2 * height] for x1, y1, x2, y2 in self._lines]
        self._zones = [sv.LineZone(sv.Point(*end[:2]), sv.Point(*end[2:])) for end in ends]
        self._step_s = 1 / rate
        if self._boxes is not None:
            print(json.dumps({"size": [width, height], "fps": rate, "lines": ends}), file=self._boxes)

    def _write(self, found: sv.Detections) -> None:
        if self._boxes is not None:
            row: dict[str, Any] = {"time_s": round(self.frames // self._every * self._step_s, 6)}
            row |= {"xyxy": found.xyxy.round(2).tolist(), "score": found.confidence.round(4).tolist()}
            print(json.dumps(row | {"class": [0] * len(found)}), file=self._boxes)


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="look at every n-th frame")
    parser.add_argument("--at-once", type=int, default=1, help="films that are cameras at the same time")
    parser.add_argument("--lines", type=json.loads, default=[], help="[[x1, y1, x2, y2], ...], from 0 to 1")
    parser.add_argument("--boxes", type=Path, help="write what was found as JSON Lines")
    wish = parser.parse_args()
    detect = Yolox(wish.model)
    cameras = [Camera(film, wish.every, wish.lines, wish.boxes) for film in wish.films]
    for first in range(0, len(cameras), wish.at_once):
        plays = [camera.play(detect) for camera in cameras[first : first + wish.at_once]]
        while plays:
            plays = [play for play in plays if next(play, StopIteration) is not StopIteration]
    print(json.dumps({"frames": sum(c.frames for c in cameras), "totals": [c.totals() for c in cameras]}))


if __name__ == "__main__":
    main()
