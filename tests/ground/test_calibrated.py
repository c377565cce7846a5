"""Grounds against the published calibration of a real view, and against who walks there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ground.tsai import SIZE, Tsai
from passerby.ground import Ground, Upright, ground
from passerby.ground.guess import guess

pytestmark = pytest.mark.clips

Floats = NDArray[np.float64]
ASPECT = 4 / 3
SPOTS = ((0.1, 0.9), (0.9, 0.9), (0.85, 0.25), (0.2, 0.25), (0.5, 0.5), (0.5, 0.9), (0.15, 0.5), (0.85, 0.55))


@pytest.fixture(scope="module")
def tsai(assets: Path) -> Tsai:
    return Tsai(assets / "truth" / "PETS2009-View_001-tsai.xml")


@pytest.fixture(scope="module")
def people(assets: Path) -> Floats:
    """Boxes (n, 4) in shares of who is whole in the picture."""
    table = np.loadtxt(assets / "truth" / "vtest-1-400.mot.txt", delimiter=",")
    boxes = np.hstack([table[:, 2:4], table[:, 2:4] + table[:, 4:6]]) / (*SIZE, *SIZE)
    return np.asarray(boxes[((boxes > 0.01) & (boxes < 0.99)).all(axis=1)], np.float64)


def points(tsai: Tsai, number: int) -> list[list[float]]:
    """Rows of a configuration: where the first spots of the picture are on the ground."""
    metres, shown = tsai.street()
    rows = [int(np.argmin(((shown - spot) ** 2).sum(axis=1))) for spot in SPOTS[:number]]
    return [[*shown[row].tolist(), *metres[row].tolist()] for row in rows]


def calibrated(tsai: Tsai, number: int) -> Ground:
    return ground({"points": points(tsai, number), "distortion": [tsai.k1], "size": list(SIZE)})


def off_m(plane: Ground, tsai: Tsai) -> Floats:
    metres, shown = tsai.street()
    return np.asarray(np.hypot(*(plane.metres(shown) - metres).T), np.float64)


@pytest.mark.parametrize("number", [4, 6, 8])
def test_points_and_the_lens_give_every_place_to_three_centimetres(tsai: Tsai, number: int) -> None:
    assert off_m(calibrated(tsai, number), tsai).max() < 0.03


@pytest.mark.parametrize("number", [4, 6, 8])
def test_without_the_lens_it_is_decimetres_at_the_rim(tsai: Tsai, number: int) -> None:
    off = off_m(ground(points(tsai, number)), tsai)
    assert np.median(off) < 0.07
    assert off.max() < 0.4


def test_the_implied_camera_is_the_real_one(tsai: Tsai) -> None:
    upright = Upright.of(calibrated(tsai, 8), ASPECT)
    assert upright is not None
    assert upright.height_m == pytest.approx(tsai.height_m, rel=0.01)
    assert upright.focal == pytest.approx(tsai.focal, rel=0.03)


def test_height_tilt_roll_and_focal_length_give_distances_to_some_percent(tsai: Tsai) -> None:
    """This lens does not look through the middle of the picture but 60 px beside it, which the form cannot say."""
    plane = ground(
        {
            "height_m": tsai.height_m,
            "tilt_deg": tsai.tilt_deg,
            "roll_deg": tsai.roll_deg,
            "focal_px": tsai.focal * SIZE[1],
            "size": list(SIZE),
            "distortion": [tsai.k1],
        }
    )
    low, middle, high = distances(plane, tsai)
    assert middle == pytest.approx(1, abs=0.07)
    assert 0.95 < low < high < 1.15


def test_who_walks_there_is_as_tall_as_people_are(tsai: Tsai, people: Floats) -> None:
    plane = calibrated(tsai, 4)
    upright = Upright.of(plane, ASPECT)
    assert upright is not None
    feet = np.column_stack([people[:, [0, 2]].mean(axis=1), people[:, 3]])
    tall = upright.tall(plane, feet, people[:, 1])
    assert np.median(tall) == pytest.approx(1.75, abs=0.06)
    assert np.ptp(np.percentile(tall, (5, 95))) < 0.35


def test_a_guess_from_people_alone_is_rough_and_with_the_lens_it_is_not(tsai: Tsai, people: Floats) -> None:
    fov = float(np.degrees(2 * np.arctan(ASPECT / 2 / tsai.focal)))
    for given, share, height in ((None, 0.35, 0.25), (fov, 0.1, 0.05)):
        found = guess(people, ASPECT) if given is None else guess(people, ASPECT, given)
        assert found is not None
        assert found.height_m == pytest.approx(tsai.height_m, rel=height)
        assert distances(found.ground, tsai)[1] == pytest.approx(1, abs=share)


def distances(plane: Ground, tsai: Tsai) -> Floats:
    """Distances between places by the ground, by the true ones: 5th percentile, median and 95th."""
    metres, shown = tsai.street()
    other = np.random.default_rng(1).permutation(len(metres))
    ours = plane.metres(shown)
    mine, true = (np.hypot(*(where - where[other]).T) for where in (ours, metres))
    far = true > 2
    return np.asarray(np.percentile(mine[far] / true[far], (5, 50, 95)), np.float64)
