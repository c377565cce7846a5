"""The tracker of the house: follows boxes by their motion alone, in the stream's own time.

Each frame, boxes are paired with tracks in passes, as in ByteTrack (Zhang et al. 2022) and a step further:

1. sure boxes with tracks that have been seen for a while, by overlap with where the track should be;
2. sure boxes that are left with newborn tracks and with doubtful ones that were missed, likewise;
3. unsure boxes with tracks that are left and were seen a moment ago, likewise;
4. sure boxes that are left with tracks that are left, by the distance of their feet against how far the
   track may have gone, so that a gap, a low frame rate or a jump of the box does not break a track.

What is still left among the sure boxes, and does not lie on a box that is taken, is born as a tentative track.
Sizes change with the row of the foot as `perspective` has learned it, so that a box whose bottom is hidden still
tells where the foot is. Who is not found behind somebody nearer by is not missed.

Nothing is compared but geometry and class: no colour, texture or feature of anyone is ever looked at.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.stages import Sight
from passerby.trackers import kalman
from passerby.trackers.association import areas, intersections, overlaps, pair
from passerby.trackers.boxes import Boxes, boxes
from passerby.trackers.lives import Belief, Lives
from passerby.trackers.perspective import Perspective
from passerby.trackers.voting import USUAL_SPEED, WHEELS, elected

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

_LEAST_OVERLAP: Final = 0.2  # of a sure box with where its track should be
_LEAST_UNSURE: Final = 0.4  # of an unsure box
_STRANGE: Final = 0.2  # overlap that it costs to be of another kind than the track
_MOMENT_S: Final = 0.5  # s for which a track that is not found goes on looking for unsure boxes
_FAR: Final = (3.0, 0.5, 2.0)  # sigmas that a foot may be from where it should be, within these own sizes
_TALLER: Final = 1.5  # times taller or lower that a box so far away may be
_TAKEN: Final = 0.4  # overlap with a taken box from which a box is not born
_CROWD: Final = 4.0  # times the noise that a box or shift gets which lies wholly on another track
_SHIFT: Final = 0.025  # own sizes by which motion measured in the picture is off,
_SHIFT_PX: Final = 0.2  # and px of the frame
_CLEAR: Final = 1.2  # times the noise below which a box is not taken to be hidden by others
_LESSON_S: Final = 0.4  # s between two lessons in perspective
_BEHIND: Final = 0.6  # share of a box that others cover who stand nearer: it may be there unseen
_GONE: Final = 0.4  # share of a box in the picture below which a track that is not found has left


def _random_id() -> int:
    return secrets.randbits(64)


class Passer:
    """Follows boxes by constant velocity; one per camera. Every length is in parts of the object's own size.

    `sure`, `unsure`: scores from which a box may start a track, and may go on with one.
    `confirm_s`: s for which something must have been seen to be counted.
    `reach`: own heights that it must have moved, too; or, for `still_s` after it appeared, have a mean score of
    `still_score` or stir as people do who stand (`stir` own heights in a fifth of a second).
    `gap_s`: s for which a track lives on without being found where it was looked for.
    `ids`: where ids come from; nothing depends on them.
    """

    def __init__(
        self,
        *,
        sure: float = 0.4,
        unsure: float = 0.1,
        confirm_s: float = 0.3,
        reach: float = 0.4,
        still_score: float = 0.65,
        stir: float = 0.015,
        still_s: float = 120.0,
        gap_s: float = 2.5,
        ids: Callable[[], int] = _random_id,
    ) -> None:
        self._sure, self._unsure, self._gap_s = sure, unsure, gap_s
        self._belief = Belief(confirm_s, reach, still_score, stir, still_s)
        self._new_id = ids
        self._noise = kalman.Noise()
        self._time_s = 0.0
        self._width, self._height = 1, 1  # px of the frame
        self._state = kalman.State.none()
        self._asked: tuple[float, kalman.State] | None = None  # where everything should be at a time
        self._perspective = Perspective()
        self._taught_s = -np.inf
        self._lives = Lives.born(np.empty(0, np.uint64), Boxes.none(), 0.0)

    def predict(self, time_s: float) -> Tracks:
        """Where everything should be at this time, without changing anything."""
        return self._tracks(self._ahead(time_s), time_s)

    def update(self, sight: Sight) -> Tracks:
        """Take in one frame and say what is being followed, in order of birth."""
        self._width, self._height = sight.size
        before_s = self._time_s
        self._state = self._shifted(self._state, self._ahead(sight.time_s), sight)
        self._time_s, self._asked = sight.time_s, None
        found = boxes(sight, self._unsure) if len(sight.found) else Boxes.none()
        common = overlaps(self._state.edges, found.edges)
        rows, taken = self._pair(found, common)
        if len(rows):
            self._match(rows, found.keep(taken), common[:, taken])
        if len(sight.looked):
            self._miss(rows, sight)
        self._calm(before_s)
        self._bury()
        if len(found):
            self._bear(found, taken)
        return self._tracks(self._state, sight.time_s)

    def _ahead(self, time_s: float) -> kalman.State:
        """Where everything should be; a frame is asked about before it is told, so the last answer is kept."""
        if self._asked is None or self._asked[0] != time_s:
            state = self._perspective.ahead(self._state, time_s - self._time_s, self._noise)
            self._asked = (time_s, state)
        return self._asked[1]

    def _shifted(self, before: kalman.State, ahead: kalman.State, sight: Sight) -> kalman.State:
        """What is ahead, and how far the picture moved at the tracks since before, where that was measured.

        Where two lie on each other it may be the other one that moved.
        """
        if len(sight.shift) != len(before) or not len(before):
            return ahead
        shift = sight.shift.astype(np.float64) / self._height
        common = overlaps(before.edges, before.edges)
        np.fill_diagonal(common, 0.0)
        sigma = np.hypot(_SHIFT * before.size, _SHIFT_PX / self._height) * (1 + _CROWD * common.max(axis=1))
        return kalman.moved(before, ahead, sight.time_s - self._time_s, shift, sigma, self._noise)

    # -- pairing ---------------------------------------------------------------------------------------------

    def _pair(self, found: Boxes, common: Floats) -> tuple[Rows, Rows]:
        """Rows of the tracks and of the boxes that belong together; `common` (n, m) is how they overlap."""
        lives, now = self._lives, self._time_s
        if not len(lives) or not len(found):
            return np.empty(0, np.intp), np.empty(0, np.intp)
        partner, free = np.full(len(lives), -1, np.intp), np.ones(len(found), np.bool_)

        def claim(tracks: Mask, among: Mask, cost: Callable[[Rows, Rows], Floats], limit: float) -> None:
            left, right = np.flatnonzero(tracks & (partner < 0)), np.flatnonzero(among & free)
            if len(left) and len(right):
                row, column = pair(cost(left, right), limit)
                partner[left[row]] = right[column]
                free[right[column]] = False

        sure = found.score >= self._sure
        every = np.ones(len(lives), np.bool_)
        known = lives.confirmed(self._belief, now) | np.isnan(lives.missed_s)
        known &= ~lives.young(self._belief.seen_s)
        recent = ~(now - lives.missed_s >= _MOMENT_S) & (now - lives.sure_s < 2 * self._gap_s)
        strange = _STRANGE * self._strange(found)
        apart = 1 - common + strange
        claim(known, sure, lambda left, right: apart[left[:, None], right], 1 - _LEAST_OVERLAP)
        claim(every, sure, lambda left, right: apart[left[:, None], right], 1 - _LEAST_OVERLAP)
        claim(recent, ~sure, lambda left, right: apart[left[:, None], right], 1 - _LEAST_UNSURE)
        claim(every, sure, lambda left, right: self._far(left, found.keep(right)), 1.0)
        rows = np.flatnonzero(partner >= 0)
        return rows, partner[rows]

    def _strange(self, found: Boxes) -> Mask:
        """Whether track and box (n, m) are of different kinds: one has wheels and an engine, the other has not."""
        of_track, of_box = WHEELS[elected(self._lives.votes)], WHEELS[elected(found.votes)]
        strange: Mask = of_track[:, None] != of_box
        return strange

    def _far(self, rows: Rows, found: Boxes) -> Floats:
        """How far feet are apart (n, m), as a share of how far a track may have gone; inf if boxes differ."""
        state = self._state.keep(rows)
        sigma = np.sqrt(state.cov[:, :, 0, 0] + ((self._noise.edge * state.size) ** 2)[:, None])
        most = np.clip(_FAR[0] * sigma, _FAR[1] * state.size[:, None], _FAR[2] * state.size[:, None])
        away = (found.foot - state.foot[:, None]) / most[:, None]
        taller = (found.edges[:, 1, 1] - found.edges[:, 1, 0]) / state.extent[:, 1, None]
        alike = (taller < _TALLER) & (taller > 1 / _TALLER) & ~self._strange(found)[rows]
        return np.where(alike, np.sqrt((away**2).sum(axis=2)), np.inf)

    # -- what follows from it --------------------------------------------------------------------------------

    def _match(self, rows: Rows, found: Boxes, common: Floats) -> None:
        """Tracks were found again. A box that lies on another track, too, says less about where its own is."""
        common[rows, np.arange(len(rows))] = 0.0
        doubt = 1 + _CROWD * common.max(axis=0) + found.rough
        seen = kalman.correct(self._state.keep(rows), found.edges, found.cut, doubt, self._noise)
        self._state = self._state.put(rows, seen)
        self._lives.match(rows, found, found.score >= self._sure, self._time_s)
        self._lives.move(rows, seen.foot, seen.velocity, seen.extent, seen.size)
        self._lives.look(rows, found.edges[:, 0], seen.size, self._belief.stir, self._time_s)
        clear = (doubt < _CLEAR) & ~found.cut.any(axis=(1, 2)) & (elected(found.votes) == Class.PERSON)
        self._learn(rows[clear])

    def _learn(self, rows: Rows) -> None:
        """What walks about in full view shows how sizes change over the picture."""
        if self._time_s - self._taught_s < _LESSON_S:
            return
        rows = rows[self._lives.reach[rows] >= self._belief.reach]
        if len(rows):
            self._taught_s = self._time_s
            state = self._state.keep(rows)
            self._perspective.learn(state.foot[:, 1], state.extent[:, 1])

    def _miss(self, rows: Rows, sight: Sight) -> None:
        """Absence means something only where somebody looked, and not behind who is seen nearer by."""
        if len(rows) == len(self._lives):
            return
        looked = sight.looked.astype(np.float64).reshape(-1, 2, 2).transpose(0, 2, 1) / self._height
        edges = self._state.edges
        missed = intersections(edges, looked).sum(axis=1) >= 0.5 * areas(edges)
        missed[rows] = False
        nearer = edges[rows, 1, 1] > edges[:, 1, 1, None]
        hidden = (intersections(edges, edges[rows]) * nearer).sum(axis=1) >= _BEHIND * areas(edges)
        hidden &= self._lives.confirmed(self._belief, self._time_s)
        self._lives.missed_s[missed & hidden] = np.nan
        missed &= np.isnan(self._lives.missed_s) & ~hidden
        self._lives.missed_s[missed] = self._time_s

    def _calm(self, before_s: float) -> None:
        """Who has not been seen for a moment and seemed to stand is taken to stand."""
        end_s = self._lives.seen_s + _MOMENT_S
        now = (before_s < end_s) & (end_s <= self._time_s)
        if now.any():
            self._state = kalman.calmed(self._state, now)

    def _bury(self) -> None:
        """Forget what was looked for in vain for too long, what has left the picture, and what nobody looks for.

        A track that is not confirmed lives on for as long as it had been known.
        """
        lives, now = self._lives, self._time_s
        unseen = lives.seen_s < now
        if not unseen.any():
            return
        dead = now - lives.missed_s > self._belief.seen_s  # nan compares as false
        if dead.any():
            known = np.clip(lives.seen_s - lives.born_s, self._belief.seen_s, self._gap_s)
            patience = np.where(lives.confirmed(self._belief, now), self._gap_s, known)
            dead = now - lives.missed_s > patience
        picture = np.array([[[0.0, self._width / self._height], [0.0, 1.0]]])
        edges = self._state.edges
        left = intersections(edges, picture)[:, 0] < _GONE * areas(edges)
        dead |= (left & unseen) | (now - lives.seen_s > 4 * self._gap_s)
        if dead.any():
            self._state, self._lives = self._state.keep(~dead), lives.keep(~dead)

    def _bear(self, found: Boxes, taken: Rows) -> None:
        """Sure boxes that are nobody's become tracks, unless they lie on one that is somebody's."""
        fresh = found.score >= self._sure
        fresh[taken] = False
        if not fresh.any():
            return
        fresh &= overlaps(found.edges, found.edges[taken]).max(axis=1, initial=0.0) < _TAKEN
        if not fresh.any():
            return
        born = found.keep(fresh)
        ids = np.array([self._new_id() for _ in range(len(born))], np.uint64)
        speed = USUAL_SPEED[np.where(born.rough, Class.UNKNOWN, elected(born.votes))]
        self._state = self._state.join(kalman.born(born.edges, speed, self._noise))
        self._lives = self._lives.join(Lives.born(ids, born, self._time_s))

    def _tracks(self, state: kalman.State, time_s: float) -> Tracks:
        to_share = np.array([self._height / self._width, 1.0])
        return Tracks(
            ids=self._lives.ids.copy(),
            xyxy=(state.edges.transpose(0, 2, 1).reshape(-1, 4) * self._height).astype(np.float32),
            foot=state.foot * to_share,
            velocity=state.velocity * to_share,
            class_id=self._lives.class_id,
            confirmed=self._lives.confirmed(self._belief, time_s),
            lost_s=np.maximum(time_s - self._lives.seen_s, 0.0),
            height=state.extent[:, 1].copy(),
            sigma=np.sqrt(state.cov[:, :, 0, 0].max(axis=1)),
        )
