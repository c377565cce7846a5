"""Counts boxes from JSON Lines with other people's trackers and line counters; runs in the peers' environment.

Reads one JSON document from stdin::

    {"film": PATH, "runs": [{"tracker": NAME, "options": {...}, "counters": [[anchors, hold], ...]}, ...]}

and writes one with what each run found: boxes with identities, and passes over the lines by counter.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import supervision as sv
from trackers import ByteTrackTracker, OCSORTTracker, SORTTracker

TRACKERS = {"SORT": SORTTracker, "ByteTrack": ByteTrackTracker, "OC-SORT": OCSORTTracker}

_CORNERS = (sv.Position.TOP_LEFT, sv.Position.TOP_RIGHT, sv.Position.BOTTOM_LEFT, sv.Position.BOTTOM_RIGHT)
ANCHORS = {"corners": _CORNERS, "foot": (sv.Position.BOTTOM_CENTER,)}  # corners are supervision's default


def detections(frame: dict[str, Any]) -> sv.Detections:
    """One frame's boxes as supervision wants them."""
    return sv.Detections(
        xyxy=np.array(frame["xyxy"], np.float32).reshape(-1, 4),
        confidence=np.array(frame["score"], np.float32),
        class_id=np.array(frame["class"], int),
    )


def run(head: dict[str, Any], frames: list[dict[str, Any]], job: dict[str, Any]) -> dict[str, Any]:
    """Track once, and count with each of the counters."""
    tracker = TRACKERS[job["tracker"]](frame_rate=head["fps"], **job["options"])
    counters = [[zone(line, anchors, hold) for line in head["lines"]] for anchors, hold in job["counters"]]
    passes: list[list[list[Any]]] = [[] for _ in counters]
    tracks = []
    for number, frame in enumerate(frames, start=1):
        followed = tracker.update(detections(frame))
        known = followed[followed.tracker_id >= 0]
        for identity, box in zip(known.tracker_id, known.xyxy, strict=True):
            tracks.append([number, int(identity), *(round(float(v), 2) for v in box)])
        for zones, found in zip(counters, passes, strict=True):
            for line, counter in enumerate(zones):
                # supervision's "in" is from the right of the arrow to its left, ours the other way
                out, into = (int(crossed.sum()) for crossed in counter.trigger(known))
                found += [[line, frame["time_s"], "in"]] * into + [[line, frame["time_s"], "out"]] * out
    return {"tracks": tracks, "passes": passes}


def zone(line: list[float], anchors: str, hold: int) -> sv.LineZone:
    """A line counter from a line in pixels."""
    x1, y1, x2, y2 = line
    return sv.LineZone(
        sv.Point(x1, y1), sv.Point(x2, y2), triggering_anchors=ANCHORS[anchors], minimum_crossing_threshold=hold
    )


def main() -> None:
    warnings.simplefilter("ignore")
    work = json.load(sys.stdin)
    with Path(work["film"]).open() as file:
        head, *frames = map(json.loads, file)
    json.dump([run(head, frames, job) for job in work["runs"]], sys.stdout)


if __name__ == "__main__":
    main()
