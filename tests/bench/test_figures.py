"""The arithmetic of a run, on numbers that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from passerby.bench.figures import STAGES, Figures
from passerby.bench.looks import Looks

# 100 frames in 10 s; every other one analysed.
RUN = Figures(
    film="film.mp4",
    detector="yolox_nano",
    frames=100,
    analysed_frames=50,
    duration_s=10.0,
    spent_s={"decode": 0.1, "motion": 0.05, "detect": 0.8, "track": 0.1, "other": 0.05},
    looks=Looks(frames=25, wholes=10.0, inputs=30, input_pixels=3000),
    input_pixels=200,
    startup_cpu_s=0.5,
    wall_s=2.0,
    memory_peak_mb=150.0,
    complete=True,
)


def test_milliseconds_are_those_of_a_frame_of_the_film() -> None:
    assert RUN.stage_ms("decode") == pytest.approx(1.0)
    assert RUN.stage_ms("measure") == 0
    assert RUN.document()["cpu_ms_frame"] == pytest.approx(11.0)
    stages = [RUN.document()[f"{stage}_ms_frame"] for stage in STAGES]
    assert sum(stages) == pytest.approx(RUN.document()["cpu_ms_frame"])


def test_cameras_of_a_core_decode_every_frame_and_analyse_five_a_second() -> None:
    # Decoding: 10 frames a second of 1 ms. Analysing: 1.0 s over 50 frames, 20 ms each, five a second.
    assert RUN.cameras_per_core() == pytest.approx(1 / (0.010 + 0.100))
    assert RUN.cameras_per_core_decoded_only() == pytest.approx(100)
    # A film of less than five frames a second is analysed as often as it has frames.
    slow = replace(RUN, duration_s=100.0)
    assert slow.cameras_per_core() == pytest.approx(1 / (0.001 + 0.020))


def test_shares_of_what_was_looked_at() -> None:
    document = RUN.document()
    assert document["frames_looked_share"] == 0.25
    assert document["pixels_looked_share"] == 0.1
    assert document["model_inputs_frame"] == 0.3
    assert document["model_pixels_share"] == pytest.approx(3000 / (200 * 50))
    assert replace(RUN, input_pixels=None).document()["model_pixels_share"] is None


def test_a_film_of_which_nothing_was_analysed() -> None:
    idle = replace(RUN, analysed_frames=0, spent_s={"decode": 0.1}, looks=Looks())
    assert idle.cameras_per_core() == pytest.approx(idle.cameras_per_core_decoded_only())
    assert idle.document()["model_pixels_share"] is None
