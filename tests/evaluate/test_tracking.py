"""The tracking figures against those of TrackEval and motmetrics, and against what they must do."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.evaluate import mot
from passerby.evaluate.disturb import Faults, disturb
from passerby.evaluate.tracking import TrackingFigures, tracking_figures
from passerby.evaluate.trajectories import Trajectories

REFERENCE: dict[str, Any] = json.loads((Path(__file__).parent.parent / "data/reference_metrics.json").read_text())


def _ours(assets: Path, case: dict[str, Any]) -> dict[str, float]:
    path = assets / "truth" / case["truth"]
    if not path.exists():
        pytest.skip(f"no truth: {path} is absent")
    truth = mot.read(path)
    found = disturb(truth, Faults(**case["faults"]), np.random.default_rng(case["seed"]))
    return asdict(tracking_figures(truth, found))


def _name(case: dict[str, Any]) -> str:
    return f"{case['truth'].split('.')[0]}-{case['case']}-{case['seed']}"


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=_name)
def test_agrees_with_trackeval(assets: Path, case: dict[str, Any]) -> None:
    assert _ours(assets, case) == pytest.approx(case["trackeval"], abs=5e-4)


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=_name)
def test_agrees_with_motmetrics_where_trackeval_does(assets: Path, case: dict[str, Any]) -> None:
    # motmetrics brings back a pair after a gap, TrackEval only from one frame to the next: we follow TrackEval
    reference = {k: v for k, v in case["motmetrics"].items() if v == pytest.approx(case["trackeval"][k], abs=5e-4)}
    assert "idf1" in reference
    ours = _ours(assets, case)
    assert {k: ours[k] for k in reference} == pytest.approx(reference, abs=5e-4)


def test_the_two_references_mostly_agree() -> None:
    apart = [
        (_name(case), k)
        for case in REFERENCE["cases"]
        for k, v in case["motmetrics"].items()
        if v != pytest.approx(case["trackeval"][k], abs=5e-4)
    ]
    assert {name for name, _ in apart} == {"vtest-1-400-loose-2"}


def walks(rng: np.random.Generator, people: int = 4, frames: int = 30) -> Trajectories:
    """People who walk straight through, each 20 x 50 px."""
    start, step = rng.uniform(0, 300, (people, 2)), rng.normal(0, 4, (people, 2))
    frame, identity = np.divmod(np.arange(people * frames), people)
    corner = start[identity] + frame[:, None] * step[identity]
    return Trajectories.of(frame + 1, identity, np.concatenate([corner, corner + np.array([20, 50])], axis=1))


def test_the_truth_itself_is_perfect() -> None:
    truth = walks(np.random.default_rng(1))
    assert tracking_figures(truth, truth) == TrackingFigures(1, 1, 1, 1, 1, 0, 1, 1, 30)


def test_nothing_found_is_worth_nothing() -> None:
    truth = walks(np.random.default_rng(1))
    nothing = Trajectories.of([], [], [])
    assert tracking_figures(truth, nothing) == TrackingFigures(0, 0, 0, 0, 0, 0, 0, 0, 30)


def test_no_truth_is_refused() -> None:
    with pytest.raises(ValueError, match="no truth"):
        tracking_figures(Trajectories.of([], [], []), walks(np.random.default_rng(1)))


def test_what_is_found_outside_the_truths_frames_does_not_count() -> None:
    found = walks(np.random.default_rng(1))
    truth = found.between(11, 20)
    assert tracking_figures(truth, found) == TrackingFigures(1, 1, 1, 1, 1, 0, 1, 1, 10)


def test_a_frame_without_truth_in_between_makes_false_boxes() -> None:
    found = walks(np.random.default_rng(1), people=1, frames=3)
    truth = found.keep(found.frame != 2)
    figures = tracking_figures(truth, found)
    assert figures.precision == pytest.approx(2 / 3)
    assert figures.mota == pytest.approx(0.5)
    assert figures.frames == 3


def test_two_identities_that_change_places_once() -> None:
    truth = walks(np.random.default_rng(1), people=2)
    swapped = np.where(truth.frame > 15, 1 - truth.identity, truth.identity)
    figures = tracking_figures(truth, Trajectories.of(truth.frame, swapped, truth.xyxy))
    assert figures.id_switches == 2
    assert figures.deta == 1
    assert figures.assa == pytest.approx(1 / 3)  # 15 of 30 + 30 - 15 boxes together
    assert figures.hota == pytest.approx(np.sqrt(1 / 3))
    assert figures.idf1 == pytest.approx(0.5)
    assert figures.mota == pytest.approx(1 - 2 / 60)


def test_a_pair_is_kept_although_another_box_now_fits_better() -> None:
    truth = Trajectories.of([1, 2], [0, 0], [[0, 0, 10, 10]] * 2)
    found = Trajectories.of([1, 2, 2], [7, 7, 8], [[0, 0, 10, 10], [0, 0, 10, 7], [0, 0, 10, 10]])
    figures = tracking_figures(truth, found)
    assert figures.id_switches == 0
    assert figures.precision == pytest.approx(2 / 3)


@settings(max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    missed=st.floats(0, 0.9),
    false=st.floats(0, 1),
    swaps=st.floats(0, 0.3),
    jitter=st.floats(0, 0.3),
)
def test_figures_stay_in_range_and_do_not_depend_on_names(
    seed: int, missed: float, false: float, swaps: float, jitter: float
) -> None:
    rng = np.random.default_rng(seed)
    truth = walks(rng, people=3, frames=12)
    found = disturb(truth, Faults(jitter, missed, false, swaps, swaps), rng)
    figures = tracking_figures(truth, found)
    shares = asdict(figures)
    assert shares.pop("id_switches") >= 0
    assert shares.pop("mota") <= 1
    assert shares.pop("frames") == 12
    assert all(0 <= v <= 1 for v in shares.values())
    renamed = Trajectories.of(found.frame, rng.permutation(1000)[found.identity], found.xyxy)
    again = asdict(tracking_figures(truth, renamed))
    assert again == pytest.approx(asdict(figures), abs=1e-9)
