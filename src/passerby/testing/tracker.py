"""What every tracker must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Final

import numpy as np

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.frame import Size
from passerby.stages import Sight, Tracker
from passerby.testing.promise import promise

_SIZE: Final = Size(640, 360)
_WHOLE: Final = np.array([[0, 0, 640, 360]], np.float32)
_NOWHERE: Final = np.empty((0, 4), np.float32)
_STEP_S: Final = 0.1
_WALK_S: Final = 3.0
_FORGOTTEN_S: Final = 300.0  # whatever was seen a few minutes ago is gone


def check_tracker(make: Callable[[], Tracker]) -> None:
    """Show it two people who walk, are not looked at for a moment, and leave; raises `Broken`."""
    tracker = make()
    promise(len(tracker.predict(0.0)) == 0, "a new tracker follows nothing")
    walk = [_walkers(time_s) for time_s in np.arange(0, _WALK_S, _STEP_S)]
    steps = _follow(tracker, walk)
    promise(
        len(steps[-1]) == 2, f"two people walked for {_WALK_S:g} s in plain view; {len(steps[-1])} are followed"
    )
    promise(steps[-1].confirmed.all(), f"what was in plain view for {_WALK_S:g} s is confirmed")
    promise((steps[-1].lost_s == 0).all(), "lost_s is 0 for what was seen in this frame")
    _check_feet(steps[-1], walk[-1])
    _check_predict(tracker, make, walk)
    _check_skipped(tracker, steps[-1])
    _check_forgotten(tracker, {int(i) for step in steps for i in step.ids})


def _walkers(time_s: float) -> Sight:
    across = 40 * time_s
    boxes = [[100 + across, 100, 130 + across, 180], [500 - across, 200, 540 - across, 300]]
    found = Detections(
        np.array(boxes, np.float32), np.array([0.9, 0.8], np.float32), np.array([Class.PERSON] * 2, np.uint8)
    )
    return Sight(float(time_s), _SIZE, found, _WHOLE)


def _nobody(time_s: float, *, looked: bool) -> Sight:
    return Sight(time_s, _SIZE, Detections.empty(), _WHOLE if looked else _NOWHERE)


def _follow(tracker: Tracker, sights: Iterable[Sight]) -> list[Tracks]:
    steps = [_sound(tracker.update(sight)) for sight in sights]
    for before, after in pairwise(steps):
        kept = [i for i in before.ids.tolist() if i in set(after.ids.tolist())]
        promise(after.ids.tolist()[: len(kept)] == kept, "tracks come in order of birth")
    return steps


def _sound(tracks: Tracks) -> Tracks:
    promise(isinstance(tracks, Tracks), f"a tracker gives Tracks, not {type(tracks).__name__}")
    promise(len(set(tracks.ids.tolist())) == len(tracks), "no two tracks have one id")
    finite = all(np.isfinite(a).all() for a in (tracks.xyxy, tracks.foot, tracks.velocity, tracks.lost_s))
    promise(finite, "positions, velocities and times are finite")
    promise((tracks.lost_s >= 0).all(), "lost_s is not negative")
    promise(set(tracks.class_id.tolist()) <= set(Class), "classes are those of the closed list")
    return tracks


def _check_feet(tracks: Tracks, sight: Sight) -> None:
    left, _, right, bottom = sight.found.xyxy.T
    feet = np.column_stack([(left + right) / 2 / _SIZE.width, bottom / _SIZE.height])
    off = np.abs(np.sort(tracks.foot, axis=0) - np.sort(feet, axis=0)).max()
    promise(off < 0.03, f"foot is the bottom centre of the box in shares of the picture; it is off by {off:.2f}")


def _check_predict(tracker: Tracker, make: Callable[[], Tracker], walk: list[Sight]) -> None:
    now = walk[-1].time_s
    first, second = _sound(tracker.predict(now + 0.5)), tracker.predict(now + 0.5)
    same = np.array_equal(first.ids, second.ids) and np.array_equal(first.foot, second.foot)
    promise(same, "predict changes nothing: asked twice, it answers the same")
    moved = np.abs(first.foot[:, 0] - tracker.predict(now).foot[:, 0])
    promise((moved > 0.01).all(), "predict carries what moves along")
    asked, unasked = make(), make()
    for sight in walk:
        asked.predict(sight.time_s + 1.0)
        a, b = asked.update(sight), unasked.update(sight)
        promise(
            np.array_equal(a.foot, b.foot), "predict changes nothing: a tracker that was asked follows otherwise"
        )


def _check_skipped(tracker: Tracker, last: Tracks) -> None:
    """Nothing was looked at: that nothing was found means nothing."""
    steps = _follow(tracker, (_nobody(_WALK_S + i * _STEP_S, looked=False) for i in range(10)))
    promise(np.array_equal(steps[-1].ids, last.ids), "only where it was looked does absence mean absence")
    promise((steps[-1].lost_s > 0).all(), "lost_s grows while a track is not matched")


def _check_forgotten(tracker: Tracker, old: set[int]) -> None:
    start = _WALK_S + 2
    gone = _follow(tracker, (_nobody(start + i, looked=True) for i in range(int(_FORGOTTEN_S))))
    promise(len(gone[-1]) == 0, f"a track that is gone is forgotten; after {_FORGOTTEN_S:g} s it is still there")
    again = start + _FORGOTTEN_S
    walk = [_walkers(time_s) for time_s in np.arange(0, 1, _STEP_S)]
    steps = _follow(tracker, (Sight(again + s.time_s, s.size, s.found, s.looked) for s in walk))
    new = {int(i) for step in steps for i in step.ids}
    promise(new, "who comes later is followed too")
    promise(not new & old, "ids are never reused")
