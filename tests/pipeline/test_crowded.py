"""A camera whose measure reads crowds estimates them."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.geometry import Zone
from passerby.ground import Ground
from passerby.measures.density import DensityMeasure
from passerby.measures.zone import ZoneMeasure
from passerby.pipeline import Camera
from passerby.records import Observation, Sample
from passerby.sources.synthetic import Synthetic
from passerby.stages import Measure
from passerby.trackers.passer import Passer

SQUARE = Zone("square", ((0.146, 0.671), (0.854, 0.671), (0.740, 0.466), (0.260, 0.466)))


def watch(film: Synthetic, measure: Measure, ground: Ground | None) -> list[Observation]:
    camera = Camera("c", tracker=Passer(), measures=[measure], looks_with=None, ground=ground)
    seen: list[Observation] = []
    for frame in film.frames():
        with frame:
            camera.ask(frame)
            seen += camera.tell(frame, []).observations
    return seen


def test_a_density_comes_from_the_map_of_the_crowd() -> None:
    film = Synthetic(crowd=2.0, seed=4, duration=8.0, fps=1.0, width=640, height=480)
    shares = np.array([(0.2, 0.9), (0.8, 0.9), (0.8, 0.6), (0.2, 0.6)])
    ground = Ground.fit(np.concatenate([shares, film.street.camera.ground(shares)], axis=1).tolist())
    seen = [o for o in watch(film, DensityMeasure(SQUARE, ground=ground), ground) if isinstance(o, Sample)]
    last = {o.quantity: o.value for o in seen}
    assert last["density"] == pytest.approx(film.street.inside(SQUARE, 7.0).popitem()[1] / 160, rel=0.35)
    assert last["density_error"] > 0
    assert next(o.value for o in seen if o.quantity == "density") == 0


def test_other_measures_cost_no_look_at_the_crowd() -> None:
    film = Synthetic(crowd=0.5, duration=1.0, fps=1.0, width=320, height=240)
    ground = Ground.fit([(0, 0.4, 0, 20), (1, 0.4, 20, 20), (1, 1, 20, 0), (0, 1, 0, 0)])
    assert {o.quantity for o in watch(film, ZoneMeasure(SQUARE), ground) if isinstance(o, Sample)} == {"inside"}
