"""Disturbed truth has the faults that were asked for, and no others."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.evaluate.disturb import Faults, disturb
from passerby.evaluate.trajectories import Trajectories

NONE = Faults(jitter=0, missed=0, false=0, swaps=0, breaks=0)


@pytest.fixture
def truth() -> Trajectories:
    frame, identity = np.divmod(np.arange(400), 4)
    corner = np.stack([frame * 3.0, identity * 100.0], axis=1)
    return Trajectories.of(frame + 1, identity, np.concatenate([corner, corner + np.array([20, 50])], axis=1))


def test_no_faults_change_nothing(truth: Trajectories) -> None:
    found = disturb(truth, NONE, np.random.default_rng(1))
    assert (found.identity == truth.identity).all()
    assert (found.xyxy == truth.xyxy).all()


def test_the_same_seed_gives_the_same_result(truth: Trajectories) -> None:
    one, two = (disturb(truth, Faults(), np.random.default_rng(3)) for _ in range(2))
    assert (one.identity == two.identity).all()
    assert (one.xyxy == two.xyxy).all()


def test_boxes_are_left_out_and_added(truth: Trajectories) -> None:
    fewer = disturb(truth, Faults(0, 0.25, 0, 0, 0), np.random.default_rng(1))
    assert 0.65 * len(truth) < len(fewer) < 0.85 * len(truth)
    more = disturb(truth, Faults(0, 0, 0.25, 0, 0), np.random.default_rng(1))
    assert 1.15 * len(truth) < len(more) <= 1.25 * len(truth)


def test_identities_break_and_change_places(truth: Trajectories) -> None:
    broken = disturb(truth, Faults(0, 0, 0, 0, 0.05), np.random.default_rng(1))
    assert len(np.unique(broken.identity)) > 10
    swapped = disturb(truth, Faults(0, 0, 0, 0.2, 0), np.random.default_rng(1))
    assert len(np.unique(swapped.identity)) == 4
    assert (swapped.xyxy != truth.xyxy).any()
