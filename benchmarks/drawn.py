"""Drawn streets as the boxes that a detector of stated faults would give, with their exact truth."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from material import NOBODY, OTHER_TRAVELS, Piece, random_lines
from numpy.typing import NDArray

from passerby.detections import Detections
from passerby.evaluate.overlap import iou
from passerby.evaluate.trajectories import Trajectories
from passerby.frame import Size
from passerby.scene import DENSE, GROUPS, POLES, SPARSE, Traffic, street
from passerby.scene.truth import Truth

Floats = NDArray[np.float64]

SIZE = Size(960, 540)
DURATION_S = 150.0
SUPPRESSED = 0.65  # IoU from which the weaker of two boxes is gone
VISIBLE = 0.15  # below this share a road user is not in the truth of boxes, and never detected
STREETS = {"usual": Traffic(), "sparse": SPARSE, "dense": DENSE, "groups": GROUPS, "poles": POLES}


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a drawn detector.

    Scores wander around `score`, minus what is hidden, with a memory of `memory_s`, so that misses come in runs;
    so does the choice whether the hidden part is taken for the bottom.
    """

    score: float = 0.75  # of a whole road user in full view
    wander: float = 0.16  # standard deviation of the score
    memory_s: float = 0.4
    jitter: float = 0.03  # standard deviation of each edge, in parts of the box's size
    cut: float = 0.5  # how often the hidden part is missing from the bottom, so that the foot jumps up
    false: float = 0.3  # false boxes a second
    floor: float = 0.1  # boxes below this score are not handed over


DAY = Faults()
NIGHT = Faults(score=0.5, wander=0.22, jitter=0.05, false=1.5)


def piece(
    name: str, seed: int, fps: float, traffic: Traffic, faults: Faults, duration_s: float = DURATION_S
) -> Piece:
    """A street seen by a drawn detector at a frame rate."""
    drawn = street(seed, duration_s=duration_s, traffic=traffic)
    lines = random_lines(np.random.default_rng([seed, 1]), SIZE.width / SIZE.height)
    eye = _Eye(faults, 1 / fps, np.random.default_rng([seed, 2]))
    truths = [drawn.truth(index / fps) for index in range(round(duration_s * fps))]
    looks = [eye.look(truth) for truth in truths]
    passes = sorted((p for line in lines for p in drawn.passes(line)), key=lambda p: p.time_s)
    others = {t: sum(len(drawn.passes(line, travel=t)) for line in lines) for t in OTHER_TRAVELS}
    return Piece(
        name=name,
        size=SIZE,
        fps=fps,
        frames=tuple(found for found, _ in looks),
        whose=tuple(whose for _, whose in looks),
        truth=_boxes(truths),
        lines=lines,
        passes=tuple(passes),
        other_truths=others,
    )


def _boxes(truths: list[Truth]) -> Trajectories:
    rows = [(index + 1, int(i)) for index, t in enumerate(truths) for i in t.ids[t.visible >= VISIBLE]]
    boxes = [np.clip(t.xyxy(SIZE), 0, (*SIZE, *SIZE))[t.visible >= VISIBLE] for t in truths]
    frame, identity = np.array(rows, np.int64).reshape(-1, 2).T
    return Trajectories.of(frame, identity, np.concatenate(boxes))


class _Eye:
    """A detector that knows the truth and spoils it."""

    def __init__(self, faults: Faults, step_s: float, rng: np.random.Generator) -> None:
        self._faults, self._step_s, self._rng = faults, step_s, rng
        self._moods: dict[int, Floats] = {}  # of each: how its score and its cut wander, in standard deviations

    def look(self, truth: Truth) -> tuple[Detections, NDArray[np.int64]]:
        """What it finds, and whose each box is: an id of the truth, or `NOBODY`."""
        faults, rows = self._faults, np.flatnonzero(truth.visible >= VISIBLE)
        whole = truth.xyxy(SIZE)[rows].astype(np.float64)
        inside = np.clip(whole, 0, (*SIZE, *SIZE))
        hidden = np.clip(1 - truth.visible[rows] * _area(whole) / _area(inside), 0, 1)  # of what is in the picture
        score_mood, cut_mood = self._wander(truth.ids[rows])
        score = faults.score * (1 - 0.6 * hidden) + faults.wander * score_mood
        found = Detections(
            self._spoilt(inside, hidden, cut_mood).astype(np.float32),
            np.clip(score, 0, 1).astype(np.float32),
            truth.class_id[rows].astype(np.uint8),
        )
        found = Detections.concatenate([found, self._false(found)])
        whose = np.full(len(found), NOBODY)
        whose[: len(rows)] = truth.ids[rows]
        sides = found.xyxy[:, 2:] - found.xyxy[:, :2]
        stays = np.flatnonzero((found.score >= faults.floor) & (sides > 4).all(axis=1))
        stays = stays[_apart(found.keep(stays))]
        return found.keep(stays), whose[stays]

    def _wander(self, ids: NDArray[np.int64]) -> Floats:
        """The moods (2, n) of these road users, a step of time later."""
        keep = np.exp(-self._step_s / self._faults.memory_s)
        fresh = self._rng.normal(size=(len(ids), 2))
        for row, i in enumerate(map(int, ids)):
            if i in self._moods:
                fresh[row] = keep * self._moods[i] + np.sqrt(1 - keep**2) * fresh[row]
        self._moods = dict(zip(map(int, ids), fresh, strict=True))
        return fresh.T

    def _spoilt(self, boxes: Floats, hidden: Floats, cut_mood: Floats) -> Floats:
        size = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
        boxes = boxes + self._rng.normal(0, self._faults.jitter, boxes.shape) * size
        if self._faults.cut > 0:
            cut = cut_mood < NormalDist().inv_cdf(self._faults.cut)
            boxes[:, 3] -= np.where(cut, 0.8 * hidden, 0.0) * size[:, 3]
        return np.clip(boxes, 0, (*SIZE, *SIZE))

    def _false(self, found: Detections) -> Detections:
        """Boxes of nothing: the size of something that is there, anywhere, with low to middling scores."""
        n = self._rng.poisson(self._faults.false * self._step_s)
        if not n or not len(found):
            return Detections.empty()
        model = found.keep(self._rng.integers(len(found), size=n))
        shift = np.tile(self._rng.uniform(-0.5, 0.5, (n, 2)) * SIZE, 2)
        score = self._rng.uniform(0.1, 0.6, n).astype(np.float32)
        return Detections((model.xyxy + shift).astype(np.float32), score, model.class_id)


def _area(boxes: Floats) -> Floats:
    return (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)


def _apart(found: Detections) -> NDArray[np.intp]:
    """The rows without the weaker of two boxes that overlap much, as non-maximum suppression leaves them."""
    boxes = found.xyxy.astype(np.float64)
    alike = iou(boxes, boxes) > SUPPRESSED
    kept: list[int] = []
    for row in np.argsort(-found.score, kind="stable"):
        if not alike[row, kept].any():
            kept.append(int(row))
    return np.array(kept, np.intp)
