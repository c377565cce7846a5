"""The tracker of the house: follows boxes by motion alone, in the stream's own time.

Each frame, boxes are paired with tracks in three passes, as in ByteTrack (Zhang et al. 2022) and beyond it:

1. sure boxes with all tracks, by overlap with where the track should be;
2. unsure boxes with tracks that are left and were seen a moment ago, by overlap;
3. sure boxes that are left with tracks that are left, by the distance of their feet against how far the
   track may have gone, so that a gap, a low frame rate or a jump of the box does not break a track.

What is still left among the sure boxes is born as a tentative track. Nothing is compared but geometry and
class: no colour, texture or feature of anyone is ever looked at.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from passerby.detections import Detections, Tracks
from passerby.stages import Sight
from passerby.trackers import kalman
from passerby.trackers.association import areas, intersections, overlaps, pair
from passerby.trackers.voting import USUAL_SPEED, WHEELS, ballots, elected

LOST, TENT, CROWD = 0.1, 0.2, 4.0
Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Boxes:
    """What one frame shows, one row an object, in heights of the picture."""

    edges: Floats  # (n, 2, 2): [[left, right], [top, bottom]]
    cut: Mask  # (n, 2, 2) the edge lies on the picture's border
    score: Floats  # (n,)
    votes: Floats  # (n, classes)
    rough: Mask  # (n,)

    def __len__(self) -> int:
        return len(self.score)

    def keep(self, rows: Rows | Mask) -> Self:
        return type(self)(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(slots=True, eq=False)
class _Lives:
    """What is known of each track besides where it is; one row a track, in order of birth."""

    ids: NDArray[np.uint64]
    born_s: Floats
    seen_s: Floats  # when it was last matched
    missed_s: Floats  # since when it was looked for in vain; nan = it is not missed
    hits: Floats  # how often it was matched
    trust: Floats  # sum of the scores
    votes: Floats  # (n, classes)
    rough: Floats  # how often it was matched with a rough blob
    origin: Floats  # (n, 2) foot at birth, heights of the picture
    reach: Floats  # how far from there it has ever been, in own heights
    sides: Floats  # (n, 2) left and right of its box a moment ago, heights of the picture
    sides_s: Floats  # when that was
    looks: Floats  # how often its sides were compared with that
    stirs: Floats  # how often one of them had moved

    def __len__(self) -> int:
        return len(self.ids)

    def keep(self, rows: Rows | Mask) -> Self:
        return type(self)(*(getattr(self, f.name)[rows] for f in fields(self)))

    def join(self, other: Self) -> Self:
        return type(self)(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))


def _random_id() -> int:
    return secrets.randbits(64)


class Passer:
    """Follows boxes by constant velocity and a pairing in three passes. One per camera.

    `sure`, `unsure`: scores from which a box may start a track, and may go on with one.
    `confirm_s`: how long something must have been seen to be counted.
    `gap_s`: how long a track lives on without being found where it was looked for.
    `reach`: own heights that something must have moved to be surely alive.
    `still_s`: how long something that never moved is believed; then it counts as a thing that only looks like
    a road user, until it moves.
    """

    def __init__(
        self,
        *,
        sure: float = 0.4,
        unsure: float = 0.1,
        confirm_s: float = 0.3,
        gap_s: float = 2.5,
        reach: float = 0.4,
        still_score: float = 0.65,
        stir: float = 0.015,
        still_s: float = 60.0,
        ids: Callable[[], int] = _random_id,
    ) -> None:
        self.sure, self.unsure = sure, unsure
        self.confirm_s, self.gap_s = confirm_s, gap_s
        self.reach, self.still_score, self.stir, self.still_s = reach, still_score, stir, still_s
        self._new_id = ids
        self._noise = kalman.Noise()
        self._time_s: float | None = None
        self._size = (1, 1)
        self._state = kalman.State(np.empty((0, 2, 3)), np.empty((0, 2, 3, 3)))
        self._lives = self._born(_none(), 0.0)

    def predict(self, time_s: float) -> Tracks:
        """Where everything should be at this time, without changing anything."""
        return self._tracks(self._ahead(time_s), time_s)

    def update(self, sight: Sight) -> Tracks:
        """Take in one frame and say what is being followed, in order of birth."""
        self._size = sight.size
        before = self._state.foot
        self._state = self._ahead(sight.time_s)
        self._shift(before, sight)
        boxes = self._boxes(sight)
        rows, cols = self._pair(boxes, sight.time_s)
        self._match(rows, boxes.keep(cols), sight.time_s)
        self._miss(rows, sight)
        self._bury(sight.time_s)
        self._start(boxes, cols, sight.time_s)
        self._time_s = sight.time_s
        return self._tracks(self._state, sight.time_s)

    # -- what comes in ---------------------------------------------------------------------------------------

    def _boxes(self, sight: Sight) -> _Boxes:
        found, (width, height) = sight.found, sight.size
        xyxy = found.xyxy.astype(np.float64)
        edges = np.stack([xyxy[:, 0::2], xyxy[:, 1::2]], axis=1) / height
        border = np.array([[0.0, width / height], [0.0, 1.0]])
        rough = sight.rough if len(sight.rough) else np.zeros(len(found), np.bool_)
        score = found.score.astype(np.float64)
        boxes = _Boxes(edges, np.abs(edges - border) < 0.004, score, ballots(found.class_id, score), rough)
        good = (score >= self.unsure) & (areas(edges) > 0)
        return _merge(boxes.keep(good))

    def _ahead(self, time_s: float) -> kalman.State:
        past = time_s if self._time_s is None else self._time_s
        return kalman.predict(self._state, time_s - past, self._noise)

    def _shift(self, before: Floats, sight: Sight) -> None:
        if len(sight.shift) != len(before) or not len(before):
            return
        foot = before + sight.shift.astype(np.float64) / sight.size.height
        known = np.isfinite(foot).all(axis=1)
        foot[~known] = self._state.foot[~known]
        sigma = np.where(known, self._noise.edge * kalman.sizes(self._state.mean), 1e3)
        self._state = kalman.nudge(self._state, foot, sigma)

    # -- pairing ---------------------------------------------------------------------------------------------

    def _pair(self, boxes: _Boxes, time_s: float) -> tuple[Rows, Rows]:
        """Rows of the tracks and of the boxes that belong together."""
        overlap = overlaps(self._state.edges, boxes.edges)
        strange = self._strange(boxes)
        lost = time_s - self._lives.seen_s
        sure = boxes.score >= self.sure
        doubt = LOST * np.minimum(lost, 1.0) + TENT * ~self._confirmed(time_s)
        near = 1 - overlap + 0.2 * strange + doubt[:, None]
        rows, cols = np.empty(0, np.intp), np.empty(0, np.intp)
        for cost, tracks, found, limit in (
            (near, np.ones(len(self._lives), np.bool_), sure, 0.8),
            (near, lost < 0.5, ~sure, 0.6),
            (self._apart(boxes) + strange, np.ones(len(self._lives), np.bool_), sure, 1.0),
        ):
            left = np.setdiff1d(np.flatnonzero(tracks), rows)
            free = np.setdiff1d(np.flatnonzero(found), cols)
            r, c = pair(cost[np.ix_(left, free)], limit)
            rows, cols = np.concatenate([rows, left[r]]), np.concatenate([cols, free[c]])
        return rows, cols

    def _strange(self, boxes: _Boxes) -> Floats:
        """1 where track and box (n, m) are of different kinds: one has an engine and the other has not."""
        track, box = elected(self._lives.votes), elected(boxes.votes)
        different: Floats = (WHEELS[track][:, None] != WHEELS[box][None]).astype(np.float64)
        return different

    def _apart(self, boxes: _Boxes) -> Floats:
        """How far the feet are apart (n, m), as a share of how far a track may have gone; inf if sizes differ."""
        feet = np.stack([boxes.edges[:, 0].mean(axis=1), boxes.edges[:, 1, 1]], axis=1)
        away = feet[None] - self._state.foot[:, None]
        spread = self._state.cov[:, :, 0, 0] + ((self._noise.edge * kalman.sizes(self._state.mean)) ** 2)[:, None]
        reach = np.minimum(3 * np.sqrt(spread), 2 * kalman.sizes(self._state.mean)[:, None])
        far = np.sqrt(((away / reach[:, None]) ** 2).sum(axis=2))
        tall = (boxes.edges[:, 1, 1] - boxes.edges[:, 1, 0])[None] / self._state.extent[:, 1:]
        return np.where(np.abs(np.log(tall)) < 0.4, far, np.inf)

    # -- what follows from it --------------------------------------------------------------------------------

    def _match(self, rows: Rows, boxes: _Boxes, time_s: float) -> None:
        others = overlaps(boxes.edges, self._state.edges)
        others[np.arange(len(rows)), rows] = 0.0
        scale = 1.0 + CROWD * others.max(axis=1, initial=0.0) + boxes.rough
        seen = kalman.correct(self._state.keep(rows), boxes.edges, boxes.cut, self._noise, scale)
        mean, cov = self._state.mean.copy(), self._state.cov.copy()
        mean[rows], cov[rows] = seen.mean, seen.cov
        self._state = kalman.State(mean, cov)
        lives = self._lives
        lives.seen_s[rows], lives.missed_s[rows] = time_s, np.nan
        lives.hits[rows] += 1
        lives.trust[rows] += boxes.score
        lives.votes[rows] += boxes.votes
        lives.rough[rows] += boxes.rough
        moved = np.hypot(*(seen.foot - lives.origin[rows]).T) / kalman.sizes(seen.mean)
        lives.reach[rows] = np.maximum(lives.reach[rows], moved)
        step = np.abs(boxes.edges[:, 0] - lives.sides[rows]).max(axis=1) / kalman.sizes(seen.mean)
        due = time_s - lives.sides_s[rows] >= 0.2 - 1e-6
        lives.looks[rows] += due
        lives.stirs[rows] += due & (step >= self.stir)
        lives.sides[rows[due]], lives.sides_s[rows[due]] = boxes.edges[due, 0], time_s

    def _miss(self, rows: Rows, sight: Sight) -> None:
        """Absence means something only where somebody looked."""
        looked = sight.looked.astype(np.float64) / sight.size.height
        windows = np.stack([looked[:, 0::2], looked[:, 1::2]], axis=1)
        edges = self._state.edges
        covered = intersections(edges, windows).sum(axis=1) >= 0.5 * areas(edges)
        covered &= np.isnan(self._lives.missed_s)
        covered[rows] = False
        self._lives.missed_s[covered] = sight.time_s

    def _bury(self, time_s: float) -> None:
        """Forget what has been looked for in vain for too long, what left the picture, and stale guesses."""
        missed = np.nan_to_num(time_s - self._lives.missed_s, nan=-1.0)
        known = self._lives.seen_s - self._lives.born_s
        allowed = np.where(self._confirmed(time_s), self.gap_s, np.clip(known, self.confirm_s, self.gap_s))
        aspect = self._size[0] / self._size[1]
        picture = np.array([[[0.0, aspect], [0.0, 1.0]]])
        edges = self._state.edges
        gone = intersections(edges, picture)[:, 0] < 0.4 * areas(edges)
        dead = (
            (missed > allowed)
            | ((self._lives.seen_s < time_s) & gone)
            | (time_s - self._lives.seen_s > 4 * self.gap_s)
        )
        self._state, self._lives = self._state.keep(~dead), self._lives.keep(~dead)

    def _start(self, boxes: _Boxes, taken: Rows, time_s: float) -> None:
        fresh = boxes.score >= self.sure
        fresh[taken] = False
        covered = overlaps(boxes.edges, boxes.edges[taken]).max(axis=1, initial=0.0)
        fresh &= covered < 0.6
        born = boxes.keep(fresh)
        speed = USUAL_SPEED[elected(born.votes)]
        self._state = self._state.join(kalman.State.born(born.edges, speed, self._noise))
        self._lives = self._lives.join(self._born(born, time_s))

    def _born(self, boxes: _Boxes, time_s: float) -> _Lives:
        n = len(boxes)
        return _Lives(
            ids=np.array([self._new_id() for _ in range(n)], np.uint64),
            born_s=np.full(n, time_s),
            seen_s=np.full(n, time_s),
            missed_s=np.full(n, np.nan),
            hits=np.ones(n),
            trust=boxes.score.copy(),
            votes=boxes.votes.copy(),
            rough=boxes.rough.astype(np.float64),
            origin=np.stack([boxes.edges[:, 0].mean(axis=1), boxes.edges[:, 1, 1]], axis=1),
            reach=np.zeros(n),
            sides=boxes.edges[:, 0].copy(),
            sides_s=np.full(n, time_s),
            looks=np.zeros(n),
            stirs=np.zeros(n),
        )

    # -- what goes out ---------------------------------------------------------------------------------------

    def _confirmed(self, time_s: float) -> Mask:
        lives = self._lives
        seen = lives.seen_s - lives.born_s
        moved = lives.reach >= self.reach
        stirs = (lives.looks >= 5) & (lives.stirs >= 0.5 * lives.looks)
        still = (lives.trust / lives.hits >= self.still_score) | stirs
        still &= time_s - lives.born_s < self.still_s
        confirmed: Mask = (lives.hits >= 3) & (seen >= self.confirm_s - 1e-6) & (moved | still)
        return confirmed

    def _tracks(self, state: kalman.State, time_s: float) -> Tracks:
        width, height = self._size
        to_share = np.array([height / width, 1.0])
        return Tracks(
            ids=self._lives.ids.copy(),
            xyxy=(state.edges.transpose(0, 2, 1).reshape(-1, 4) * height).astype(np.float32),
            foot=state.foot * to_share,
            velocity=state.velocity * to_share,
            class_id=elected(self._lives.votes),
            confirmed=self._confirmed(time_s),
            lost_s=np.maximum(time_s - self._lives.seen_s, 0.0),
            height=state.extent[:, 1].copy(),
        )


def _none() -> _Boxes:
    found = Detections.empty()
    score = found.score.astype(np.float64)
    return _Boxes(
        np.empty((0, 2, 2)),
        np.empty((0, 2, 2), np.bool_),
        score,
        ballots(found.class_id, score),
        np.empty(0, np.bool_),
    )


def _merge(boxes: _Boxes, same: float = 0.55) -> _Boxes:
    """One box an object: of boxes that nearly coincide, whatever their labels, the best stays with all votes."""
    order = np.argsort(-boxes.score, kind="stable")
    boxes = boxes.keep(order)
    alike = overlaps(boxes.edges, boxes.edges) >= same
    best = np.ones(len(boxes), np.bool_)
    for row in range(len(boxes)):
        if best[row]:
            twins = alike[row] & best
            twins[: row + 1] = False
            boxes.votes[row] += boxes.votes[twins].sum(axis=0)
            best &= ~twins
    return boxes.keep(best)
