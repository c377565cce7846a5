"""Where one camera's frame must be looked at, and how closely: nothing, regions, or the whole picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from passerby.detections import Tracks
from passerby.look.known import Known, Pace
from passerby.look.regions import Floats, Price, grown, merged, middle, sizes, snapped, tiles
from passerby.look.restless import Restless
from passerby.look.unknown import stirring, unknown

_PACE: Final = Pace()
_TINY_S: Final = 1e-6  # s by which times may differ from what they stand for
_FIRST_S: Final = 0.1  # s from the first look at the whole picture to the second, so that speeds are soon known;
_LONGER: Final = 2.0  # each further wait is longer by this factor
_SIDE: Final = 26.0  # px of the detector's input: side of a square as large as an object that is found well
_MOST: Final = 0.85  # share of the cost of a whole picture from which on all of it is looked at,
_MUCH: Final = 0.7  # or this one, where tiles are due
_CLOSEST: Final = 1.0  # input px per frame px: nearer there is nothing more to be seen
_PRICE: Final = Price(frame=8.0, piece=1500.0)  # in input px, as `detectors.onnx` and its packing cost on a CPU
_RHYTHM_S: Final = 0.35  # s between two looks, for each costs something, whatever its size,
_URGENT: Final = 1.35  # or less, the more urgent it is; this urgent is what stirs and is not known,
_QUICK_S: Final = 0.04  # and what has just become known may be more so, down to this
_OFTEN_S: Final = 0.07  # s between two questions: less would tell nothing more
_READY: Final = 0.5  # of that, from which an object is looked at with others that are due
_MOST_DOUBT: Final = 0.6  # sizes: a region does not grow beyond that
_FRESH: Final = 0.4  # sizes by which something new may be larger than what stirs
_DOUBTS: Final = 1.0  # sigmas by which an object may be elsewhere without being cut
_FINER: Final = 1.3  # times the scale of a whole picture from which on tiles are worth it
_MOST_TILED: Final = 3.0  # and beyond which they cost too much
_TILED: Final = 5  # looks at the whole picture from one in tiles to the next,
_TILED_S: Final = 2.5  # or s, where much of it is looked at anyway; never fewer
_EXPLORED: Final = 0.4  # scale of a whole picture below which there may be objects that cannot be seen in it
_LEARN: Final = 0.3  # by how much a look at the whole picture changes the scale that objects are believed to need


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What is to be looked at in one frame, one row a rectangle."""

    xyxy: NDArray[np.int64]  # (n, 4) px of the frame, inside it
    scale: NDArray[np.float64]  # (n,) detector-input px per frame px
    margin: NDArray[np.float64]  # (n,) px at inner edges in which objects may be cut
    due_s: NDArray[np.float64]  # (n,) stream time

    def __len__(self) -> int:
        return len(self.scale)

    @classmethod
    def nothing(cls) -> Self:
        """No part of the frame."""
        none = np.empty(0)
        return cls(np.empty((0, 4), np.int64), none, none, none)


class Attention:
    """Decides for one camera what a detector shall look at; give it the frames in the order of their time.

    ::

        begin, other light or view, every `whole_s` ───────────► the whole picture
        tracks: in doubt where they are ──────────────┐
                or not looked at for `Pace.moving_s` ──┼─ due ─► regions around them, at the scale that they need
                standing: for `Pace.still_s` ──────────┘     ┌─► (and around those that will be due soon)
        what stirs twice and is no track ── soon ────────────┘
        else, and for a quarter of a second after each look ───► nothing, unless something is new

          ┌───────────────────────────┐
          │   ┌─────┐                 │    A region is what is wanted, as much around it as it may be elsewhere,
          │   │  ☺  │    ┌─────────┐  │    and `margin` (of the size at which an object is shown), for a model
          │   └─────┘    │ ☺  ☺    │  │    needs some of what is beside it. Regions do not overlap and cut no
          │              │  ☺   ☺  │  │    known object; where one around two costs no more than two, it is one.
          │              └─────────┘  │
          └───────────────────────────┘

    The more urgent something is, the sooner after a look comes the next one; what is well known waits for a
    quarter of a second at least. Motion alone never decides that nobody is there: tracks are looked at whether
    they stir or not, and the whole picture is, even if nothing stirs. Everything is in seconds and in sizes of the
    objects (the side of a square of the same area); lines and zones are not known here, so that no count can
    depend on where they lie.
    """

    def __init__(self, *, pace: Pace = _PACE, whole_s: float = 6.0, margin: float = 0.4) -> None:
        self._whole_s, self._margin = whole_s, margin
        self._known = Known(pace)
        self._restless = Restless()
        self._state = ""
        self._size = (0, 0)
        self._asked_s = -np.inf  # when it was last asked,
        self._looked_s = -np.inf  # and when anything was last looked at
        self._needs = 0.0  # scale that most known objects need
        self._begin(0.0)

    def _begin(self, time_s: float) -> None:
        """Whatever was known of the place may be wrong."""
        self._whole_due_s, self._wait_s = time_s, _FIRST_S
        self._wholes = _TILED - 1  # looks at the whole picture since one in tiles, which the second shall be,
        self._tiled_s = -np.inf  # and when that was

    def sleeps(self, time_s: float) -> bool:
        """Whether nothing need be asked of a frame at this time, not even what stirs in it."""
        wakes_s = min(max(self._looked_s + _QUICK_S, self._asked_s + _OFTEN_S), self._whole_due_s)
        return time_s < wakes_s - _TINY_S

    def choose(
        self,
        time_s: float,
        size: tuple[int, int],
        wants: tuple[int, int],
        tracks: Tracks,
        mask: NDArray[np.bool_],
        blobs: NDArray[np.float32],
        state: str,
    ) -> Wanted:
        """What to look at in this frame of `size`, with a detector whose input is `wants` (width, height) px.

        `tracks` are where everything should be now. `mask` (h, w) and `blobs` (n, 4) px say what stirs; they are
        not heard where `state` is not "ok".
        """
        if size != self._size or (state != self._state and (state != "ok" or self._state in ("moved", "blind"))):
            self._begin(time_s)
        step_s = time_s - self._asked_s  # and as long again until the next frame: the nearer one is taken
        wait_s = time_s - self._looked_s + step_s / 2 + _TINY_S
        self._asked_s, self._size, self._state = time_s, size, state
        whole = min(wants[0] / size[0], wants[1] / size[1])
        heard, boxes = state == "ok", tracks.xyxy.astype(np.float64)
        strange = unknown(mask, blobs.astype(np.float64), size, boxes) if heard else np.empty((0, 4))
        fresh = self._restless.update(time_s, strange)
        is_due = time_s >= self._whole_due_s - _TINY_S
        if not is_due and _URGENT * wait_s < _RHYTHM_S and not self._known.has_new(tracks.ids):
            return Wanted.nothing()
        self._known.update(time_s, tracks, size[1], partial(stirring, mask, size) if heard else None)
        if is_due:
            return self._everything(time_s, whole, wants, tiled=self._wholes >= _TILED)
        most = max(self._known.calls(_URGENT), _URGENT if len(fresh) else 0.0)
        if most < 1 or most * wait_s < _RHYTHM_S:
            return Wanted.nothing()
        return self._regions(time_s, whole, wants, fresh)

    def steadied(self, found: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes found (n, 4) px in this frame, where those of what stands are where it stands."""
        return self._known.steadied(found)

    def saw(self, time_s: float, looked: Floats, found: NDArray[np.float32]) -> None:
        """Rectangles (m, 4) of the last frame were really looked at, and boxes (n, 4) were found in them."""
        if not len(looked):
            return
        self._looked_s = time_s
        boxes = found.astype(np.float64)
        self._known.saw(time_s, looked)
        self._restless.saw(time_s, looked, boxes)
        if (looked == (0, 0, *self._size)).all(axis=1).any():
            self._whole_due_s = time_s + self._wait_s
            self._wait_s = min(_LONGER * self._wait_s, self._whole_s)
            self._wholes += 1

    def _learn(self, whole: float) -> None:
        """The scale that nine in ten known objects need."""
        if not self._needs:
            self._needs = 2 * whole if whole < _EXPLORED else whole
        if len(self._known.sizes):
            self._needs += _LEARN * (middle(_SIDE / self._known.sizes, 0.9) - self._needs)

    def _needs_tiles(self, time_s: float, whole: float) -> bool:
        """Whether objects are so small that tiles show more than a whole picture, and it is time for them."""
        return self._tile_scale(whole) > _FINER * whole and time_s - self._tiled_s >= _TILED_S - _TINY_S

    def _tile_scale(self, whole: float) -> float:
        return min(self._needs, _CLOSEST, _MOST_TILED * whole)

    def _everything(self, time_s: float, whole: float, wants: tuple[int, int], *, tiled: bool) -> Wanted:
        """The whole picture, and in tiles besides where that was asked for and objects are small in it."""
        self._learn(whole)
        rects, scales = np.array([[0, 0, *self._size]], np.float64), np.array([whole])
        margin = np.zeros(1)
        if tiled and self._needs_tiles(time_s, whole):
            self._wholes, self._tiled_s = 0, time_s
            scale = self._tile_scale(whole)
            overlap = 4 * _SIDE / scale
            fine = tiles(self._size, (wants[0] / scale, wants[1] / scale), overlap)
            rects, scales = np.vstack([rects, fine]), np.append(scales, np.full(len(fine), scale))
            margin = np.append(margin, np.full(len(fine), overlap / 2))
        return Wanted(snapped(rects, self._size), scales, margin, np.full(len(rects), time_s))

    def _regions(self, time_s: float, whole: float, wants: tuple[int, int], fresh: Floats) -> Wanted:
        """Regions around what is due."""
        known = self._known
        ready = known.urgency >= _READY
        tracks, length = known.boxes[ready], known.sizes[ready]
        usual = middle(known.sizes, 0.5) if len(known.sizes) else _SIDE / whole
        new = sizes(fresh)
        closest = whole if whole > _EXPLORED else _CLOSEST
        least = np.minimum(_SIDE / np.append(length, np.minimum(new, usual)), closest)
        around = self._margin * _SIDE / least
        around[: len(length)] += _DOUBTS * length * np.minimum(known.doubt[ready], _MOST_DOUBT)
        around[len(length) :] += _FRESH * new
        boxes = np.clip(grown(np.vstack([tracks, fresh]), around), 0, (*self._size, *self._size))
        inside = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
        if not inside.any():
            return Wanted.nothing()
        within = np.clip(known.boxes, 0, (*self._size, *self._size))
        rects, scale = merged(boxes[inside], least[inside], within, _PRICE)
        cost = ((rects[:, 2:] - rects[:, :2]).prod(axis=1) * scale**2).sum()
        tiled = self._needs_tiles(time_s, whole)
        most = (_MUCH if tiled else _MOST) * whole**2 * self._size[0] * self._size[1]
        if cost > most and scale.max() < _FINER * whole:
            return self._everything(time_s, whole, wants, tiled=tiled)
        fits = (np.array(wants) / (rects[:, 2:] - rects[:, :2])).min(axis=1)
        margin = self._margin * _SIDE / scale
        return Wanted(snapped(rects, self._size), np.minimum(scale, fits), margin, np.full(len(rects), time_s))
