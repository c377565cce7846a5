"""Tells the office what the engine says."""

from __future__ import annotations

from passerby.engine import Anchored, Begun, Message, Missed, Observed, Shown, Watched
from passerby.office import Office, Sight


def tell(office: Office, message: Message) -> None:
    """Pass on what the office has use for."""
    match message:
        case Observed(camera, _, observations):
            office.observed(camera, observations)
        case Shown(camera, _, glyphs):
            office.shown(camera, glyphs)
        case Anchored(camera, time_s, at):
            office.anchored(camera, time_s, at)
        case Missed(camera, start_s, _):
            office.missed(camera, start_s)
        case Watched(camera, time_s):
            office.watched(camera, Sight(time_s, message.state, message.rate, message.wanted, message.analysed))
        case Begun(_, detector):
            office.detector = detector
