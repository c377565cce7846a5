"""Where the pictures of a film are unlike the empty place, told from what comes before and after each of them.

::

    frames ─► small grey pictures ─► wait until what comes after is known
                                         │
              median over `window_s` ◄───┤ the empty place: what is there most of the time
                        │                │
                        └──── differs ◄──┘ ─► cells

A film can be read on before a frame of it is judged. So nobody has to move to be seen, only to be elsewhere for
more than half of the window.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from passerby.frame import Frame, Gray, Size
from passerby.motion import view
from passerby.motion.halves import Halves
from passerby.redact.grid import Cells, Grid

_SAMPLES: Final = 45  # pictures of which the median is taken
_USUAL: Final = 0.5  # share of the time in which a pixel strays from its median by what is usual there: people
# may be there for nearly as long;
_SPREADS: Final = 3.5  # what is unlike strays by so many times that,
_LEAST_STEP: Final = 3.0  # and by so many grey levels,
_CLEAR_STEP: Final = 6.0  # or by so many where the air is clear,
_PART: Final = 0.15  # or by that part of the place's own contrast (standard deviation), in between: haze;
_MOST_STEP: Final = 18.0  # nowhere need it differ by more
_SOLID: Final = 5  # of nine px of the small picture: edges that tremble and ropes are thinner
_AROUND: Final = np.ones((3, 3), np.uint8)  # px of it, whose contrast is that of an edge
_LIMBS: Final = np.ones((9, 9), np.uint8)  # px: what is so near to something solid may belong to it
_NEAR: Final = np.ones((5, 3), np.uint8)  # px (h, w): parts so near to each other are one
_MARGIN: Final = 0.12  # of its narrower side, and a px, by which a part is widened on each side,
_FULL: Final = 0.4  # share of its box from which on all of the box is taken: outlines tell more than boxes
_MUCH: Final = 0.08  # share of the picture above which it is asked whether parts of it are only lit otherwise;
_BLOCK: Final = 12  # px: side of the blocks that are asked,
_ALIKE: Final = 0.85  # correlation from which a block shows what it always shows,
_FLAT: Final = 3.0  # grey levels (standard deviation) below which it shows nothing
_FLOODED: Final = 0.5  # share of the picture above which it is another light or another view, or a crowd
_MOST_LIGHT: Final = 2.5  # times the usual light, or that much less: beyond it a picture may not show who is there
_LIGHT: Final = 0.004  # of the mean light: below that no other light is looked for
_DRIFT: Final = 0.08  # of its light by which what shows the place strays at most in a slow change of light
_STEADY_S: Final = 2.0  # s between two tries whether the camera sways, and for which one that does is held still
_SHAKEN: Final = 0.08  # px of the small picture: a smaller movement of the camera is left alone,
_SWAYING: Final = 0.04  # px of it: by which a camera that sways all the time is usually moved
_FAR_MOVED: Final = 0.5  # px of it: a larger one is measured a second time


@dataclass(frozen=True, slots=True, eq=False)
class Unlikeness:
    """What is unlike the empty place in one frame."""

    time_s: float
    size: Size  # px of the frame
    cells: Cells | None  # of the frame's grid; None: so many that nothing can be said of any part


@dataclass(frozen=True, slots=True, eq=False)
class _Small:
    time_s: float
    size: Size  # px of the frame
    picture: Gray


class Unlike:
    """Takes a film's frames in order, and gives back for each of them what is unlike the place, some time later.

    `window_s`: s of the film over which the empty place is a median; lights that change more slowly are followed.
    `stride_s`: s after which it is taken anew.
    Of the small pictures, about 30 KB each, it holds those of up to `window_s`.
    """

    def __init__(self, *, window_s: float = 120.0, stride_s: float = 30.0) -> None:
        self._window_s, self._stride_s = window_s, stride_s
        self._waiting: deque[_Small] = deque()
        self._past: deque[_Small] = deque()  # spaced as the median needs them
        self._begun_s = 0.0

    def update(self, frame: Frame) -> list[Unlikeness]:
        """Take in a frame; the frames that can be judged by now, in order."""
        small = self._small(frame)
        judged: list[Unlikeness] = []
        if self._waiting and self._waiting[-1].size != small.size:
            judged = self.end()
        if not self._waiting and not self._past:
            self._begun_s = small.time_s
        self._waiting.append(small)
        while small.time_s >= self._window(self._waiting[0].time_s)[1]:
            judged += self._judge()
        return judged

    def end(self) -> list[Unlikeness]:
        """The frames that are left; what comes next is another film."""
        judged: list[Unlikeness] = []
        while self._waiting:
            judged += self._judge()
        for small in self._past:
            small.picture.fill(0)
        self._past.clear()
        return judged

    def _small(self, frame: Frame) -> _Small:
        picture = Halves(frame).halved(Grid(frame.size).halvings)
        return _Small(frame.time_s, frame.size, picture.copy())  # a frame that is not halved wipes what it gave

    def _window(self, time_s: float) -> tuple[float, float]:
        """Between which times the place is a median for the stride that begins now: as far before as after."""
        start_s = max(time_s - (self._window_s - self._stride_s) / 2, self._begun_s)
        return start_s, start_s + self._window_s

    def _judge(self) -> list[Unlikeness]:
        """Judge what waits, one stride of it."""
        start_s, end_s = self._window(self._waiting[0].time_s)
        until_s = self._waiting[0].time_s + self._stride_s
        start_s = min(start_s, max(self._waiting[-1].time_s - self._window_s, self._begun_s))  # at a film's end
        place = _Place.of([*self._past, *self._waiting], start_s, end_s)
        judged = []
        while self._waiting and self._waiting[0].time_s < until_s:
            small = self._waiting.popleft()
            judged.append(Unlikeness(small.time_s, small.size, place.unlike(small)))
            if not self._past or small.time_s >= self._past[-1].time_s + self._window_s / _SAMPLES:
                self._past.append(small)
            else:
                small.picture.fill(0)
        while self._past and self._past[0].time_s < small.time_s - self._window_s:
            self._past.popleft().picture.fill(0)
        return judged


class _Place:
    """The empty place for a while: how it looks, and how far each pixel strays from that by itself."""

    def __init__(self, pictures: Gray) -> None:
        """From pictures (n, h, w)."""
        middle = len(pictures) // 2
        empty = np.partition(pictures, middle, axis=0)[middle]
        pictures = _in_light(pictures, empty)
        shifts = [_shift(picture, empty) for picture in pictures]
        pictures = np.stack([_moved(p, *shift) for p, shift in zip(pictures, shifts, strict=True)])
        self._empty: Gray = np.partition(pictures, middle, axis=0)[middle]
        strays = np.abs(pictures.astype(np.int16) - self._empty)
        usual = min(int(_USUAL * len(pictures)), len(pictures) - 1)
        spread = np.partition(strays, usual, axis=0)[usual]
        least = min(max(_PART * float(self._empty.std()), _LEAST_STEP), _CLEAR_STEP)
        sway = float(np.median(np.abs(shifts).max(axis=1)))
        trembles = sway * cv2.morphologyEx(self._empty, cv2.MORPH_GRADIENT, _AROUND).astype(np.float32)
        self._step: Gray = np.clip(spread * _SPREADS + trembles, least, _MOST_STEP).astype(np.uint8)
        self._tried_s = -math.inf
        self._shaky_until_s = math.inf if sway > _SWAYING else -math.inf
        self._reduced = view.reduce(self._empty)
        self._light = cv2.mean(self._empty)[0]

    @classmethod
    def of(cls, pictures: list[_Small], begin_s: float, end_s: float) -> _Place:
        """From pictures of one size, spread over a stretch of time."""
        times = np.array([small.time_s for small in pictures])
        last = min(end_s, float(times[-1]))
        wanted = np.linspace(max(begin_s, float(times[0])), last, _SAMPLES)
        rows = np.unique(np.searchsorted(times, wanted).clip(0, len(times) - 1))
        return cls(np.stack([pictures[row].picture for row in rows]))

    def unlike(self, small: _Small) -> Cells | None:
        """The cells with what is unlike the place; None where most of the picture is."""
        empty = self._lit(small.picture)
        if empty is None:
            return None
        picture = self._steadied(small.picture, empty, small.time_s)
        mask = self._strays(picture, empty)
        if cv2.countNonZero(mask) > _MUCH * mask.size:
            mask = self._strays(picture, _lit_in_parts(picture, empty))
        if cv2.countNonZero(mask) > _FLOODED * mask.size:
            return None
        return Grid(small.size).holding(_widened(_solid(mask)))

    def _strays(self, picture: Gray, empty: Gray) -> Gray:
        return np.asarray(cv2.compare(cv2.absdiff(picture, empty), self._step, cv2.CMP_GT), np.uint8)

    def _lit(self, picture: Gray) -> Gray | None:
        """The empty place in the light of a picture (h, w).

        None where that light is so unlike the usual one that the picture may not show what is there.
        """
        if abs(cv2.mean(picture)[0] - self._light) <= _LIGHT * (self._light + 1):
            return self._empty
        factor = _gain(view.reduce(picture), self._reduced)
        if not 1 / _MOST_LIGHT < factor < _MOST_LIGHT:
            return None
        return np.asarray(cv2.convertScaleAbs(self._empty, alpha=factor), np.uint8)

    def _steadied(self, picture: Gray, empty: Gray, time_s: float) -> Gray:
        """A picture (h, w) as a camera that does not sway would show it."""
        if time_s >= self._shaky_until_s and time_s < self._tried_s + _STEADY_S:
            return picture
        self._tried_s = time_s
        right, down = _shift(picture, empty)
        if max(abs(right), abs(down)) < _SHAKEN:
            return picture
        self._shaky_until_s = time_s + _STEADY_S
        return _moved(picture, right, down)


def _shift(picture: Gray, empty: Gray) -> tuple[float, float]:
    """How far (right, down) a picture (h, w) is moved, in its px, to a fiftieth; blurred, its edges are slopes."""
    smooth, usual = (np.asarray(cv2.blur(one, (3, 3)), np.uint8) for one in (picture, empty))
    anchor = view.Anchor(usual)
    right, down = anchor.shift(smooth)
    if max(abs(right), abs(down)) > _FAR_MOVED:
        more = anchor.shift(_moved(smooth, right, down))
        right, down = right + more[0], down + more[1]
    return right, down


def _moved(picture: Gray, right: float, down: float) -> Gray:
    """A picture (h, w) moved back by so many px."""
    back = np.array([[1, 0, -right], [0, 1, -down]], np.float64)
    size = (picture.shape[1], picture.shape[0])
    return np.asarray(cv2.warpAffine(picture, back, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _in_light(pictures: Gray, empty: Gray) -> Gray:
    """Pictures (n, h, w) as they would be in the light of another one (h, w)."""
    reduced = view.reduce(empty)
    factors = [_gain(reduced, view.reduce(picture)) for picture in pictures]
    lit = [cv2.convertScaleAbs(p, alpha=f) for p, f in zip(pictures, factors, strict=True)]
    return np.stack(lit).astype(np.uint8, copy=False)


def _gain(now: view.Floats, usual: view.Floats) -> float:
    """By which factor the light of a reduced picture (h, w) is another one, to a part of a grey level.

    A drift by a few grey levels that is left in would be taken for what is usual at each pixel, and pale people
    would be as usual.
    """
    factor = view.gain(now, usual)
    a, b = now[::2, ::2], factor * usual[::2, ::2]
    place = np.abs(a - b) < _DRIFT * b + 2
    count = int(np.count_nonzero(place))
    if 2 * count < place.size:
        return factor
    middle = count // 2  # a fifth of np.median's time
    return factor * float(np.partition((a[place] + 1) / (b[place] + 1), middle)[middle])


def _lit_in_parts(picture: Gray, empty: Gray) -> Gray:
    """The empty place (h, w), those blocks that a picture still shows in the picture's light."""
    rows, columns = (n // _BLOCK for n in picture.shape)
    lit = empty.copy()
    now, usual = (
        p[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK).astype(np.float32)
        for p in (picture, empty)
    )
    light, usual_light = (p.mean(axis=(1, 3), keepdims=True) for p in (now, usual))
    a, b = now - light, usual - usual_light
    texture = (b * b).mean(axis=(1, 3), keepdims=True)
    spread = np.sqrt((a * a).mean(axis=(1, 3), keepdims=True) * texture)
    like = (a * b).mean(axis=(1, 3), keepdims=True) / np.maximum(spread, 1e-3)
    factor = np.where((like > _ALIKE) & (texture > _FLAT**2), (light + 1) / (usual_light + 1), 1.0)
    lit[: rows * _BLOCK, : columns * _BLOCK] = np.clip(usual * factor, 0, 255).reshape(rows * _BLOCK, -1)
    return lit


def _solid(mask: Gray) -> Gray:
    """What is solid in a mask (h, w) of 0 and 255, and what is near to that."""
    around = cv2.boxFilter(mask, -1, (3, 3), borderType=cv2.BORDER_REPLICATE)  # mean of nine
    solid = cv2.threshold(around, _SOLID * 255 / 9 - 1, 255, cv2.THRESH_BINARY)[1]
    return np.asarray(cv2.bitwise_and(mask, cv2.dilate(solid, _LIMBS)), np.uint8)


def _widened(mask: Gray) -> Gray:
    """The parts of a mask (h, w) without holes and with a margin; what is near is one."""
    outlines, _ = cv2.findContours(cv2.dilate(mask, _NEAR), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    parts = np.zeros_like(mask)
    for outline in outlines:
        left, top, width, height = cv2.boundingRect(outline)
        margin = 1 + math.ceil(_MARGIN * min(width, height))
        if cv2.contourArea(outline) >= _FULL * width * height:
            right, bottom = left + width + margin, top + height + margin
            parts[max(top - margin, 0) : bottom, max(left - margin, 0) : right] = 255
        else:
            cv2.drawContours(parts, [outline], -1, (255.0,), cv2.FILLED)
            cv2.drawContours(parts, [outline], -1, (255.0,), 2 * margin + 1)
    return parts
