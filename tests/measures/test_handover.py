"""Tracks that end are taken up by their nearest heirs, once, and not for ever."""

from __future__ import annotations

import numpy as np

from passerby.measures.handover import Handover


def at(x: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([x, 0.5])


def test_the_nearest_end_is_taken_once() -> None:
    ended: Handover[str] = Handover(2.0)
    ended.leave(at(0.0), 0.2, 10.0, "far")
    ended.leave(at(0.1), 0.2, 10.0, "near")
    assert ended.claim(at(0.15), 0.2, 11.0) == "near"
    assert ended.claim(at(0.15), 0.2, 11.0) == "far"
    assert ended.claim(at(0.15), 0.2, 11.0) is None


def test_too_far_too_late_or_at_the_same_time_is_another() -> None:
    ended: Handover[str] = Handover(2.0, near=1.0)
    ended.leave(at(0.0), 0.2, 10.0, "state")
    assert ended.claim(at(0.21), 0.2, 11.0) is None
    assert ended.claim(at(0.0), 0.2, 10.0) is None
    assert ended.claim(at(0.0), 0.2, 12.1) is None


def test_what_nobody_claims_expires() -> None:
    ended: Handover[str] = Handover(2.0)
    ended.leave(at(0.0), 0.2, 10.0, "first")
    ended.leave(at(0.0), 0.2, 11.0, "second")
    assert ended.expired(12.0) == []
    assert ended.expired(12.5) == ["first"]
    assert ended.expired(np.inf) == ["second"]
    assert ended.expired(np.inf) == []
