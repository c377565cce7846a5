"""Densities of drawn and of made-up crowds, and what cannot be measured."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Tracks
from passerby.errors import ConfigError
from passerby.geometry import Cells, Zone
from passerby.ground import Ground
from passerby.measures.density import DensityMeasure, against
from passerby.measures.service import level, safety
from passerby.records import Sample
from passerby.scene import Gathering, Pinhole, crowd
from passerby.stages import Scene
from passerby.testing import check_measure

FLAT = Ground.fit([(0, 0, 0, 0), (1, 0, 20, 0), (1, 1, 20, 20), (0, 1, 0, 20)])  # seen from above, 20 m wide
SQUARE = Zone("square", ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)))  # 10 x 10 m
CELLS = Cells((0.0, 0.0), 1.0, 20, 20)


def scene(
    time_s: float, foot: Iterable[tuple[float, float]] = (), velocity: Iterable[tuple[float, float]] = ()
) -> Scene:
    """People seen at shares of the picture, moving by shares a second."""
    feet = np.array(list(foot), np.float64).reshape(-1, 2)
    moves = np.array(list(velocity), np.float64).reshape(-1, 2) if velocity else np.zeros_like(feet)
    n = len(feet)
    tracks = Tracks(
        np.arange(1, n + 1, dtype=np.uint64),
        np.zeros((n, 4), np.float32),
        feet,
        moves,
        np.full(n, Class.PERSON, np.uint8),
        np.ones(n, np.bool_),
        np.zeros(n),
    )
    return Scene(time_s, 1.0, tracks, np.array([[0, 0, 1, 1]], np.float32), ground=feet * 20)


def mapped(time_s: float, people: NDArray[np.float64], error: float = 0.1) -> Scene:
    """A map of the crowd over the whole picture, in cells of 1 m."""
    bare = scene(time_s)
    errors = np.full(people.shape, error, np.float32)
    crowd = people.astype(np.float32)
    return Scene(
        time_s, 1.0, bare.tracks, bare.looked, ground=bare.ground, crowd=crowd, crowd_error=errors, cells=CELLS
    )


def measure(zone: Zone = SQUARE, **options: object) -> DensityMeasure:
    return DensityMeasure(zone, ground=FLAT, **options)  # type: ignore[arg-type]


def values(found: Iterable[object]) -> dict[str, float]:
    return {s.quantity: s.value for s in found if isinstance(s, Sample)}


def test_keeps_the_promises_of_a_measure() -> None:
    check_measure(measure)


def test_people_are_counted_where_there_is_no_map() -> None:
    here = [(0.3 + 0.1 * i, 0.5) for i in range(4)]
    found = values(measure().update(scene(0.0, [*here, (0.1, 0.5)])))
    assert found["people"] == pytest.approx(4)
    assert found["density"] == pytest.approx(0.04, rel=0.02)


def test_a_map_is_taken_before_tracks_and_says_how_sure_it_is() -> None:
    people = np.full((20, 20), 3.0)
    people[8:10, 8:10] = 5.5
    found = values(measure().update(mapped(0.0, people)))
    assert found["density"] == pytest.approx((96 * 3 + 4 * 5.5) / 100)
    assert found["people"] == pytest.approx(310)
    assert found["density_peak"] == pytest.approx(5.5)
    assert found["density_error"] == pytest.approx(0.1)


def test_what_the_map_does_not_show_is_left_out_and_too_little_says_nothing() -> None:
    people = np.full((20, 20), 2.0)
    people[:8] = np.nan
    assert values(measure().update(mapped(0.0, people)))["density"] == pytest.approx(2.0)
    people[:12] = np.nan
    assert values(measure().update(mapped(0.0, people))) == {}


def test_a_stream_flows_and_a_counter_stream_is_seen() -> None:
    feet = [(0.3 + 0.04 * i, 0.3 + 0.05 * j) for i in range(10) for j in range(8)]
    moves = [(0.05 if j < 6 else -0.05, 0.0) for i in range(10) for j in range(8)]
    found = values(measure().update(scene(0.0, feet, moves)))
    assert found["flow"] == pytest.approx(0.8 * 0.5, rel=0.02)  # 0.8 1/m2 at 0.5 m/s on average
    assert found["against"] == pytest.approx(0.25)
    assert found["pressure"] == pytest.approx(0.8 * 0.75, rel=0.02)


def test_stop_and_go_makes_waves_and_an_even_stream_does_not() -> None:
    feet = [(0.3 + 0.04 * i, 0.5) for i in range(10)]
    even, halting = measure(), measure()
    for second in range(30):
        found = values(even.update(scene(second, feet, [(0.05, 0)] * 10)))
        stops = values(halting.update(scene(second, feet, [(0.05 if second % 10 < 5 else 0.005, 0)] * 10)))
    assert found["waves"] == pytest.approx(0, abs=1e-6)
    assert stops["waves"] > 0.5


def test_a_drawn_crowd_has_its_density() -> None:
    camera = Pinhole(height_m=9, tilt_deg=30, pan_deg=0)
    street = crowd(3, [Gathering((-6, 12), (6, 20), 1.5)], camera=camera, duration_s=1.0)
    metres = [(-4.0, 13.0), (4.0, 13.0), (4.0, 19.0), (-4.0, 19.0)]
    shares = [tuple(map(float, camera.picture((x, y, 0.0)))) for x, y in metres]
    plane = Ground.fit([(*share, *metre) for share, metre in zip(shares, metres, strict=True)])
    zone = Zone("square", tuple((x, y) for x, y in shares))
    cells = Cells((-8.0, 10.0), 1.0, 12, 16)
    bare = scene(0.0)
    people = cells.count(street.people(0.5)).astype(np.float32)
    seen = Scene(0.0, camera.aspect, bare.tracks, bare.looked, crowd=people, cells=cells)
    found = values(DensityMeasure(zone, ground=plane).update(seen))
    at = street.people(0.5)
    within = (np.abs(at[:, 0]) < 4) & (at[:, 1] > 13) & (at[:, 1] < 19)
    assert found["people"] == pytest.approx(within.sum(), rel=0.01)
    assert found["density"] == pytest.approx(within.sum() / 48, rel=0.01)


def test_levels_and_bands_have_their_bounds() -> None:
    assert [level(d) for d in (0.3, 0.31, 0.5, 1.0, 2.0, 2.17, 9)] == ["A", "B", "C", "D", "E", "F", "F"]
    assert [safety(d) for d in (1.9, 2, 3.5, 4.9, 5)] == ["calm", "watch", "warn", "warn", "danger"]


def test_its_bands_can_be_edited() -> None:
    found = measure(safety=(1.0, 2.0, 4.0)).update(mapped(0.0, np.full((20, 20), 3.0)))
    bounds = {s.quantity: s.bounds for s in found if isinstance(s, Sample)}
    assert bounds["density"] == (0.31, 0.43, 0.72, 1.0, 1.08, 2.0, 2.17, 4.0)
    assert bounds["people"] == ()


def test_against_is_half_at_most() -> None:
    ways = np.array([(1.0, 0.1)] * 3 + [(-1.0, 0.0)] * 5 + [(0.0, 0.05)] * 9)
    assert against(ways) == pytest.approx(3 / 8)
    assert against(np.zeros((4, 2))) == 0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: DensityMeasure(SQUARE), "a density at 'square' needs metres, and this camera has no ground"),
        (lambda: measure(safety=(2.0, 1.0, 5.0)), "the bounds of safety must rise"),
    ],
)
def test_what_cannot_be_measured_is_refused(make: object, says: str) -> None:
    with pytest.raises((ConfigError, ValueError), match=says):
        make()  # type: ignore[operator]


def test_a_zone_above_the_horizon_is_refused() -> None:
    camera = Pinhole()
    points = np.array([(0.2, 0.9), (0.8, 0.9), (0.8, 0.6), (0.2, 0.6)])
    plane = Ground.fit(np.concatenate([points, camera.ground(points)], axis=1).tolist())
    sky = Zone("sky", ((0.1, 0.01), (0.9, 0.01), (0.9, 0.05)))
    with pytest.raises(ConfigError, match="horizon"):
        DensityMeasure(sky, ground=plane)
