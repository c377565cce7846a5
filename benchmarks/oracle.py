"""What a tracker could reach at best: the same boxes, each given to whom it is of."""

from __future__ import annotations


import numpy as np
from material import NOBODY, Piece
from numpy.typing import NDArray

from passerby.detections import Detections, Tracks
from passerby.trackers import kalman
from passerby.trackers.boxes import BORDER
from passerby.trackers.voting import USUAL_SPEED

Rows = NDArray[np.intp]
_TALL_PX = 4  # boxes lower than this say nothing


class Oracle:
    """Follows everyone by identities of the truth, with the filter of the house and no other part of its tracker.

    False boxes, boxes doubled under another label and the wrong box are no matter; misses, jitter, feet that are
    hidden and the line measure's own errors are. Nobody is forgotten.
    """

    def __init__(self, piece: Piece) -> None:
        self._size = piece.size
        self._noise = kalman.Noise()
        self._state = kalman.State.none()
        self._ids: list[int] = []
        self._class_id: list[int] = []
        self._time_s = 0.0

    def update(self, time_s: float, found: Detections, whose: NDArray[np.int64]) -> Tracks:
        """Take in one frame's boxes, with the identity of each."""
        width, height = self._size
        self._state = kalman.predict(self._state, time_s - self._time_s, self._noise)
        self._time_s = time_s
        edges = found.xyxy.astype(np.float64).reshape(-1, 2, 2).transpose(0, 2, 1) / height
        cut = np.abs(edges - np.array([[0.0, width / height], [0.0, 1.0]])) < BORDER
        known = np.array([i in self._ids for i in whose.tolist()], np.bool_)
        boxes = np.flatnonzero(known)
        rows = np.array([self._ids.index(i) for i in whose[boxes].tolist()], np.intp)
        seen = kalman.correct(self._state.keep(rows), edges[boxes], cut[boxes], np.ones(len(rows)), self._noise)
        self._state = self._state.put(rows, seen)
        fresh = np.flatnonzero(~known & (whose != NOBODY) & (edges[:, 1, 1] - edges[:, 1, 0] > _TALL_PX / height))
        self._state = self._state.join(kalman.born(edges[fresh], USUAL_SPEED[found.class_id[fresh]], self._noise))
        self._ids += whose[fresh].tolist()
        self._class_id += found.class_id[fresh].tolist()
        there = np.zeros(len(self._ids), np.bool_)
        there[rows] = True
        there[len(there) - len(fresh) :] = True
        return self._tracks(there)

    def _tracks(self, there: NDArray[np.bool_]) -> Tracks:
        """Those that are seen in this frame; who is not is unknown until they are seen again."""
        state = self._state.keep(there)
        to_share = np.array([self._size.height / self._size.width, 1.0])
        return Tracks(
            ids=np.array(self._ids, np.uint64)[there],
            xyxy=(state.edges.transpose(0, 2, 1).reshape(-1, 4) * self._size.height).astype(np.float32),
            foot=state.foot * to_share,
            velocity=state.velocity * to_share,
            class_id=np.array(self._class_id, np.uint8)[there],
            confirmed=np.ones(len(state), np.bool_),
            lost_s=np.zeros(len(state)),
            height=state.extent[:, 1].copy(),
        )
