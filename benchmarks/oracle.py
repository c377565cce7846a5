"""What a tracker could reach at best: the same boxes, each given to whom it is of."""

from __future__ import annotations

import numpy as np
from material import NOBODY, Piece
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.trackers import kalman
from passerby.trackers.boxes import BORDER
from passerby.trackers.perspective import Perspective
from passerby.trackers.voting import USUAL_SPEED

_LOWEST_PX = 4  # a first box that is lower says nothing


class Oracle:
    """Follows everyone by the identities of the truth, with the filter of the house but not its pairing.

    False boxes, twins and mistaken identities are no matter; misses, jitter and feet that are hidden are. Nobody
    is lost until they are seen for the last time, however long they are hidden, even those who are never seen
    beside each other.
    """

    def __init__(self, piece: Piece) -> None:
        self._size = piece.size
        self._noise = kalman.Noise()
        self._last_s = {i: piece.time_s(k) for k, whose in enumerate(piece.whose) for i in whose.tolist()}
        self._perspective = Perspective()
        self._state = kalman.State.none()
        self._ids = np.empty(0, np.int64)
        self._class_id = np.empty(0, np.uint8)
        self._seen_s = np.empty(0)
        self._time_s = 0.0

    def update(self, time_s: float, found: Detections, whose: NDArray[np.int64]) -> Tracks:
        """Take in one frame's boxes, with the identity of each."""
        width, height = self._size
        ends = np.array([self._last_s[i] for i in self._ids.tolist()])
        self._keep(np.flatnonzero(ends >= time_s))
        self._state = self._perspective.ahead(self._state, time_s - self._time_s, self._noise)
        self._time_s = time_s
        edges = found.xyxy.astype(np.float64).reshape(-1, 2, 2).transpose(0, 2, 1) / height
        cut = np.abs(edges - np.array([[0.0, width / height], [0.0, 1.0]])) < BORDER
        rows, boxes = np.nonzero(self._ids[:, None] == whose)
        seen = kalman.correct(self._state.keep(rows), edges[boxes], cut[boxes], np.ones(len(rows)), self._noise)
        self._state = self._state.put(rows, seen)
        self._seen_s[rows] = time_s
        upright = (self._class_id[rows] == Class.PERSON) & ~cut[boxes].any(axis=(1, 2))
        self._perspective.learn(seen.foot[upright, 1], seen.extent[upright, 1])
        fresh = (whose != NOBODY) & ~np.isin(whose, self._ids)
        fresh &= edges[:, 1, 1] - edges[:, 1, 0] > _LOWEST_PX / height
        self._join(edges[fresh], whose[fresh], found.class_id[fresh])
        return self._tracks()

    def _keep(self, rows: NDArray[np.intp]) -> None:
        self._state = self._state.keep(rows)
        self._ids, self._class_id, self._seen_s = self._ids[rows], self._class_id[rows], self._seen_s[rows]

    def _join(self, edges: NDArray[np.float64], ids: NDArray[np.int64], class_id: NDArray[np.uint8]) -> None:
        self._state = self._state.join(kalman.born(edges, USUAL_SPEED[class_id], self._noise))
        self._ids = np.concatenate([self._ids, ids])
        self._class_id = np.concatenate([self._class_id, class_id])
        self._seen_s = np.concatenate([self._seen_s, np.full(len(ids), self._time_s)])

    def _tracks(self) -> Tracks:
        state = self._state
        to_share = np.array([self._size.height / self._size.width, 1.0])
        return Tracks(
            ids=self._ids.astype(np.uint64),
            xyxy=(state.edges.transpose(0, 2, 1).reshape(-1, 4) * self._size.height).astype(np.float32),
            foot=state.foot * to_share,
            velocity=state.velocity * to_share,
            class_id=self._class_id,
            confirmed=np.ones(len(state), np.bool_),
            lost_s=self._time_s - self._seen_s,
            height=state.extent[:, 1].copy(),
        )
