"""A film under the stopwatch goes the way that it goes when it is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from films import write_film
from graphs import generic, write_graph

from passerby.bench import STAGES, bench
from passerby.count import Wish
from passerby.errors import SourceError
from passerby.frame import Frame
from passerby.stages import Length
from passerby.testing import ScriptedSource


class Stopped:
    """A film during which Ctrl-C is pressed."""

    finite = True

    def length(self) -> Length:
        return Length()

    def frames(self) -> Iterator[Frame]:
        yield from ScriptedSource([np.zeros((48, 64, 3), np.uint8)] * 3).frames()
        raise KeyboardInterrupt


def test_a_film_without_a_model(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", count=12)
    figures = bench(Wish([film], detector="motion"))
    assert (figures.frames, figures.analysed_frames, figures.complete) == (12, 12, True)
    assert (figures.film, figures.detector) == (str(film), "motion")
    assert (figures.looks.frames, figures.looks.inputs, figures.input_pixels) == (0, 0, None)
    assert set(figures.spent_s) <= set(STAGES)
    assert {"decode", "motion", "detect", "track", "measure", "other"} <= set(figures.spent_s)
    assert figures.memory_peak_mb > 10


def test_frames_that_are_not_analysed_are_decoded_all_the_same(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", count=20, rate=10)
    figures = bench(Wish([film], detector="motion", fps=5))
    assert (figures.frames, figures.analysed_frames) == (20, 10)


def test_a_model_s_own_run_is_told_apart_from_packing(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", count=5)
    model = write_graph(tmp_path / "mine.onnx", {"output0": generic([])})
    figures = bench(Wish([film], detector="onnx", model=model))
    assert figures.input_pixels == 96 * 96
    assert figures.looks.frames > 0
    assert figures.looks.inputs > 0
    assert {"pack", "detect"} <= set(figures.spent_s)


def test_looking_everywhere_costs_an_input_a_frame_and_looking_where_it_matters_less(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mp4", count=20)
    model = write_graph(tmp_path / "mine.onnx", {"output0": generic([])})
    wish = Wish([film], detector="onnx", model=model)
    everywhere, glances = bench(replace(wish, every_frame=True)), bench(wish)
    assert (everywhere.looks.frames, everywhere.looks.wholes, everywhere.looks.inputs) == (20, 20.0, 20)
    assert 0 < glances.looks.frames <= 20
    assert "look" in glances.spent_s
    assert "look" not in everywhere.spent_s


def test_what_was_done_before_ctrl_c_stands() -> None:
    figures = bench(Wish([Stopped()], detector="motion"))
    assert (figures.frames, figures.complete) == (3, False)


def test_a_film_that_breaks_off_is_said_to(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.avi", count=60)
    film.write_bytes(film.read_bytes()[:-1500])
    figures = bench(Wish([film], detector="motion"))
    assert 0 < figures.frames < 60
    assert not figures.complete


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        bench(Wish([tmp_path / "absent.mp4"], detector="motion"))
