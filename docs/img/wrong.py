"""Draws where counting the street goes wrong: three moments, what was followed in white, what was missed in pink.

.venv/bin/python docs/img/wrong.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.count import Tally
from passerby.demo import Minute
from passerby.evaluate.overlap import iou
from passerby.pipeline import Played
from passerby.scene.truth import Truth
from passerby.sources.synthetic import Drawn

HERE: Final = Path(__file__).parent
SEED: Final = 7
SIZE: Final = (960, 600)
PANEL: Final = (420, 320)  # px of the film that a panel shows, one by one
WHITE: Final = (255, 255, 255)
PINK: Final = (180, 60, 255)

Boxes = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One frame: what was there, and what was followed."""

    truth: Truth
    followed: Boxes  # (n, 4) px
    class_id: NDArray[np.uint8]

    @property
    def boxes(self) -> Boxes:
        """True boxes (m, 4) px."""
        return self.truth.xyxy(SIZE).astype(np.float64)


def main() -> None:
    """Find and draw the moments."""
    minute = Minute(SEED, 60.0, width=SIZE[0], height=SIZE[1])
    moments: list[Moment] = []

    def note(played: Played, _tally: Tally) -> None:
        if played.step is not None and played.time_s > 15:
            seen = played.step.tracks
            seen = seen.keep(seen.confirmed & (seen.lost_s <= 0))
            moments.append(Moment(minute.street.truth(played.time_s), seen.xyxy.astype(np.float64), seen.class_id))

    minute.count(note)
    reasons: dict[str, Callable[[Moment], Boxes]] = {
        "several, followed as one": merged,
        "hidden, so not followed": hidden,
        "taken for something else": confused,
    }
    street = Drawn(minute.street, size=SIZE)
    panels = [panel(street, moments, title, find) for title, find in reasons.items()]
    cv2.imwrite(str(HERE / "wrong.png"), np.concatenate(panels, axis=1))


def merged(moment: Moment) -> Boxes:
    """True boxes of those who share one followed box with others."""
    inside = covered(moment.boxes, moment.followed) > 0.7
    own = iou(moment.boxes, moment.followed) > 0.5
    crowded = (inside & (moment.truth.visible > 0.5)[:, None]).sum(axis=0) > 1
    rows = (inside & crowded).any(axis=1) & ~own.any(axis=1) & (moment.truth.visible > 0.5)
    return moment.boxes[rows]


def hidden(moment: Moment) -> Boxes:
    """True boxes of those who are mostly hidden, inside the picture, and not followed."""
    boxes = moment.boxes
    within = ((boxes[:, :2] > 5) & (boxes[:, 2:] < np.array(SIZE) - 5)).all(axis=1)
    followed = (covered(boxes, moment.followed) > 0.5).any(axis=1)
    return boxes[within & ~followed & (moment.truth.visible < 0.4)]


def confused(moment: Moment) -> Boxes:
    """True boxes of those whose own followed box is of another class."""
    same = iou(moment.boxes, moment.followed)
    if not same.size:
        return moment.boxes[:0]
    best = same.argmax(axis=1)
    other = moment.class_id[best] != moment.truth.class_id
    return moment.boxes[other & (same.max(axis=1) > 0.5)]


def covered(boxes: Boxes, by: Boxes) -> Boxes:
    """Share of each box (n, 4) that lies in each other one (m, 4): (n, m)."""
    low, high = np.maximum(boxes[:, None, :2], by[:, :2]), np.minimum(boxes[:, None, 2:], by[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    whole: Boxes = shared / (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)[:, None]
    return whole


def panel(street: Drawn, moments: list[Moment], title: str, find: Callable[[Moment], Boxes]) -> NDArray[np.uint8]:
    """The moment at which most of the picture shows this error, around the largest case."""
    area = [sum((b[2] - b[0]) * (b[3] - b[1]) for b in find(m)) for m in moments]
    moment = moments[int(np.argmax(area))]
    missed = find(moment)
    picture = np.ascontiguousarray(street.still(moment.truth.time_s))
    for boxes, colour in ((moment.followed, WHITE), (missed, PINK)):
        for left, top, right, bottom in boxes.round().astype(int).tolist():
            cv2.rectangle(picture, (left, top), (right, bottom), colour, 2)
    largest = missed[np.argmax((missed[:, 2:] - missed[:, :2]).prod(axis=1))]
    middle = (largest[:2] + largest[2:]) / 2
    left, top = (int(np.clip(m - p / 2, 0, s - p)) for m, p, s in zip(middle, PANEL, SIZE, strict=True))
    cut = picture[top : top + PANEL[1], left : left + PANEL[0]].copy()
    cv2.rectangle(cut, (0, 0), (PANEL[0], 30), (40, 40, 40), -1)
    cv2.putText(cut, title, (10, 21), cv2.FONT_HERSHEY_SIMPLEX, 0.6, WHITE, 1, cv2.LINE_AA)
    return np.pad(cut, ((0, 0), (2, 2), (0, 0)), constant_values=255)


if __name__ == "__main__":
    main()
