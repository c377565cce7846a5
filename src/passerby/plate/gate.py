"""The way by which a live camera's pixels may leave: a picture of its place in which nobody can be, or none.

::

    found, followed ──► moves? ──► yes: busy for a moment           A pixel is looked at where it is neither, again
                           └─────► no:  in doubt for minutes        and again; it is known when stretches of time,
    what moves ──► passes? ──► yes: busy for a moment               spread over minutes, show the same.
                      └──────► no:  in doubt for minutes
    texture ──► changes more than noise does? in doubt for minutes
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from passerby.frame import Frame, Size
from passerby.ground import Ground
from passerby.motion import Motion, Moving
from passerby.plate.drawing import drawing
from passerby.plate.looking import looks
from passerby.plate.pictures import FINEST, photo, plate_size
from passerby.plate.places import Places, moving_share
from passerby.plate.stirrings import Stirrings, pieces
from passerby.plate.stretches import Stretches
from passerby.records import Picture
from passerby.stages import Crop

Mask = NDArray[np.bool_]  # (h, w)
Boxes = NDArray[np.float64]  # (n, 4) px

LEAST_S: Final = 600.0  # stream time that a candidate takes at least,
MOST_TIMES: Final = 6.0  # and so many times that at most
STRETCHES: Final = 12  # in the least time
TAKES: Final = 8  # looks at a pixel in a stretch
LOOK_S: Final = 2.0  # between two looks of the detector for the plate's sake
LINGER_S: Final = 3.0  # somebody's place stays busy for so long,
LINGER_LOOKS: Final = 3.0  # and for so many looks
STILL: Final = 0.1  # share of a box that must move, else who is in it stands or sits
CROWDED: Final = 0.5  # share of the picture that is busy, above which a crowd hides what stands in it
SPAN: Final = 0.04  # share of the picture's height by which a place in doubt is widened, besides its own half
PASSING: Final = 0.5  # share of a place through which somebody passed just then: what stirred was theirs
BODY: Final = 1 / 12  # share of the picture's height: doubts so near to each other are one
WHOLE: Final = 0.98  # share of the picture that is enough at once;
ENOUGH: Final = 0.6  # share that is enough after the longest time


@dataclass(frozen=True, slots=True)
class Candidate:
    """What an admin may be shown, to say whether anybody is in it."""

    picture: Picture
    coverage: float  # 0-1: share of the picture that was surely empty
    strict: bool  # a drawing, without a pixel of a photo


class PlateGate:
    """Collects the empty place of one live camera, from a command to one candidate, and then no more.

    A pixel is taken only where the detector looked and found nobody, also not with a low score, where nothing
    moves, and where nobody is suspected: who was found without moving, what stirs without going anywhere and
    what changes its texture make their surroundings doubtful for `least_s`, and what was seen there is forgotten.
    A moved camera begins anew; so does another light, and then who was somewhere at that moment stays in doubt.

    What it cannot tell: somebody who is there all the time, is never found and never stirs, or a picture of
    somebody. That is why a person must approve, and why the picture is no finer than 40 px a metre.

    `looks_with`: the detector's input. Without a detector that knows people (None), motion and texture alone keep
    them out, and the candidate is a drawing whatever is asked for: nothing ever looked for who lies there asleep.
    """

    def __init__(
        self,
        *,
        looks_with: Size | None,
        ground: Ground | None = None,
        strict: bool = False,
        least_s: float = LEAST_S,
        px_per_m: float = FINEST,
    ) -> None:
        self._wants, self._ground, self._px_per_m = looks_with, ground, px_per_m
        self.strict = strict or looks_with is None
        self._least_s, self._stretch_s = least_s, least_s / STRETCHES
        self._of: Size | None = None
        self._stretches = Stretches((1, 1), least_s)
        self._asked_s: float | None = None  # when the first frame came
        self._looked_s = -math.inf  # when looks were last asked for
        self._turn = 0
        self._candidate: Candidate | None = None
        self._reason = ""
        self.note = ""  # what happened last that costs time
        self.coverage = 0.0  # 0-1: share of the picture that is known by now
        self.progress = 0.0  # 0-1: of the least time

    @property
    def is_over(self) -> bool:
        """Whether it is done, well or not."""
        return self._candidate is not None or bool(self._reason)

    @property
    def reason(self) -> str:
        """Why there will be no candidate; empty: there is one, or it is still collected."""
        return self._reason

    def candidate(self) -> Candidate | None:
        """The picture that may be approved; None while it is collected, and where there is none to be had."""
        return self._candidate

    def close(self) -> None:
        """Collect no more, and wipe what was collected; a candidate stays."""
        self._reason = self._reason or ("" if self._candidate else "It was stopped.")
        self._stretches.wipe()

    # -- looking ---------------------------------------------------------------------------------------------

    def ask(self, frame: Frame) -> list[Crop]:
        """What the detector must look at in this frame for the plate's sake: now and then the whole and a part."""
        if self.is_over or self._wants is None or 0 <= frame.time_s - self._looked_s < LOOK_S:
            return []
        self._looked_s = frame.time_s
        self._turn += 1
        return looks(frame, self._wants, self._turn, due_s=frame.time_s + LOOK_S)  # what is counted comes first

    def add(
        self,
        frame: Frame,
        found: ArrayLike | None,
        looked: ArrayLike | None = None,
        followed: ArrayLike = (),
    ) -> None:
        """Take in one frame, in the order of their time.

        `found`: boxes (n, 4) px of all that was found, of any class and score; None: nobody looked.
        `looked`: rectangles (m, 4) px that were looked at for the plate's sake; None: the whole picture.
        `followed`: boxes (k, 4) px of what is being followed, found in this frame or not.
        """
        if self.is_over:
            return
        now_s = frame.time_s
        if self._asked_s is None:
            self._asked_s = now_s
        if self._of != frame.size:
            self._begin(frame)
        moving = self._motion.update(frame)
        if moving.state == "moved":
            self.note = "The camera was moved, so it began anew."
            self._begin(frame, self._motion)
        elif moving.state == "light":
            self._relight(now_s)
        elif moving.state == "ok":
            self._see(frame, moving, found, looked, np.asarray(followed, np.float64).reshape(-1, 4))
        if now_s - self._closed_s >= self._stretch_s:
            self._close(now_s)

    def _begin(self, frame: Frame, motion: Motion | None = None) -> None:
        """Know nothing of the place."""
        self._stretches.wipe()
        self._of, self._began_s = frame.size, frame.time_s
        self._motion = motion or Motion(settle_s=math.inf)  # who comes and stays never belongs to the place
        size = plate_size(frame.size, self._ground, self._px_per_m)
        self._size = size
        self._places = Places(size, frame.size)
        self._stretches = Stretches(size, self._least_s)
        self._stirrings = Stirrings()
        self._pending: deque[tuple[float, Boxes, float]] = deque()  # due_s, box (4,), since_s
        self._seen_s = self._found_s = self._closed_s = frame.time_s
        self._taken_s, self._between_s = -math.inf, 0.0
        self.coverage = self.progress = 0.0

    def _relight(self, now_s: float) -> None:
        """Another light: what was seen is no use any more, and who is there now may be learned as the place."""
        self.note = "The light changed, so it began anew."
        self._places.doubt_where(self._places.busy(self._seen_s), math.inf)
        self._stretches.wipe()
        self._stretches = Stretches(self._size, self._least_s)
        self._began_s = self._closed_s = now_s
        self.coverage = self.progress = 0.0

    def _see(
        self, frame: Frame, moving: Moving, found: ArrayLike | None, looked: ArrayLike | None, followed: Boxes
    ) -> None:
        now_s = frame.time_s
        apart_s, self._seen_s = now_s - self._seen_s, now_s
        linger_s = max(LINGER_S, LINGER_LOOKS * apart_s)
        self._places.moving(moving.mask | moving.stayed, now_s + linger_s)
        if moving.uncovered.any():
            self._stretches.clear(self._places.widened(moving.uncovered))
        self._places.boxes(followed, now_s + linger_s)
        self._places.passed(followed, now_s)
        boxes = np.asarray([] if found is None else found, np.float64).reshape(-1, 4)
        was_looked = found is not None and (looked is None or len(np.asarray(looked)) > 0)
        if was_looked:
            self._between_s, self._found_s = now_s - self._found_s, now_s
        self._take_found(boxes, moving, now_s, max(linger_s, LINGER_LOOKS * self._between_s))
        self._judge(moving, now_s, apart_s)
        if was_looked and now_s - self._taken_s >= self._stretch_s / TAKES:
            self._taken_s = now_s
            self._take(frame, looked)

    def _take_found(self, found: Boxes, moving: Moving, now_s: float, linger_s: float) -> None:
        """Who moves is busy and passes; who does not is there for long, and was before."""
        still = moving_share(found, moving) < STILL
        self._places.boxes(found, now_s + linger_s)
        self._places.passed(found[~still], now_s)
        if still.any():
            self._stretches.clear(self._places.doubt(found[still], now_s + self._least_s))

    def _judge(self, moving: Moving, now_s: float, apart_s: float) -> None:
        """Doubt the surroundings of what stirs and goes nowhere, unless it is part of what passes there."""
        blobs = pieces(moving)
        passing, local = self._stirrings.update(now_s, blobs)
        self._places.passed(passing, now_s)
        wait_s = LINGER_S + apart_s  # somebody passing may be found a moment later
        self._pending.extend((now_s + wait_s, s.union, s.since_s - wait_s) for s in local)
        while self._pending and self._pending[0][0] <= now_s:
            _, box, since_s = self._pending.popleft()
            if self._places.was_passed(box, since_s) < PASSING:
                width, height = box[2] - box[0], box[3] - box[1]
                more = max(max(width, height) / 2, SPAN * moving.size.height)
                wide = box + np.array([-more, -more, more, more])
                self._stretches.clear(self._places.doubt(wide, now_s + self._least_s))

    def _take(self, frame: Frame, looked: ArrayLike | None) -> None:
        now_s = frame.time_s
        busy = self._places.busy(now_s)
        free = ~busy & ~self._places.doubtful(now_s)
        if looked is not None:
            free &= self._places.inside(looked)
        if busy.mean() <= CROWDED and free.any():
            self._stretches.take(frame.bgr(frame.whole, self._size), free)

    # -- judging ---------------------------------------------------------------------------------------------

    def _close(self, now_s: float) -> None:
        """End a stretch, and offer what is known if that is enough."""
        self._closed_s = now_s
        stirred = self._places.widened(self._stretches.close(now_s))
        self._places.doubt_where(stirred, now_s + self._least_s)
        self._stretches.clear(stirred)
        elapsed_s = now_s - self._began_s
        self.progress = min(elapsed_s / self._least_s, 1.0)
        if elapsed_s < self._least_s / 2:
            return
        shown = self._shown(now_s)
        self.coverage = float(shown.mean())
        assert self._asked_s is not None
        times = (now_s - self._asked_s) / self._least_s
        if elapsed_s >= self._least_s and self.coverage >= _enough(elapsed_s / self._least_s):
            picture = self._stretches.picture()
            made = drawing(picture, shown) if self.strict else photo(picture, shown)
            self._candidate = Candidate(made, self.coverage, self.strict)
            self.close()
        elif times >= MOST_TIMES:
            self._reason = (
                f"After {(now_s - self._asked_s) / 60:.0f} minutes only {self.coverage:.0%} of the picture was"
                " surely empty: somebody stays there, vehicles stand there, or something moves all the time."
                " Try again when it is quieter."
            )
            self.close()

    def _shown(self, now_s: float) -> Mask:
        """Where (h, w) the place is known, and no doubt is near."""
        known = self._stretches.known() & ~self._places.doubtful(now_s)
        body = round(BODY * self._size[1]) | 1  # odd, so that what is closed holds what was open
        square = np.ones((body, body), np.uint8)
        outside = cv2.copyMakeBorder((~known).astype(np.uint8), body, body, body, body, cv2.BORDER_REPLICATE)
        near = np.asarray(cv2.morphologyEx(outside, cv2.MORPH_CLOSE, square))[body:-body, body:-body] > 0
        shown = cv2.morphologyEx((known & ~near).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        return np.asarray(known & (shown > 0), np.bool_)


def _enough(times: float) -> float:
    """Which share of the picture is enough after so many times the least time."""
    waited = min(max((times - 1) / (MOST_TIMES - 1), 0.0), 1.0)
    return WHOLE + waited * (ENOUGH - WHOLE)
