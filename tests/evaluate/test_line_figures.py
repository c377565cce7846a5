"""Passes over lines are put to the right true counts."""

from __future__ import annotations

import numpy as np
import pytest

from passerby.classes import Class
from passerby.evaluate.lines import LineFigures, line_figures
from passerby.evaluate.truth_tables import FilmRow, FilmTruth
from passerby.geometry import Line
from passerby.records import Pass, Way

GATE, DOOR = Line("gate", (0, 0.5), (1, 0.5)), Line("door", (0.5, 0), (0.5, 1))


def passes(place: str, way: Way, times: list[float], class_: Class = Class.PERSON) -> list[Pass]:
    return [Pass(place, time_s, class_, way) for time_s in times]


def compare(truth: FilmTruth, counted: list[Pass], duration_s: float = 60) -> LineFigures:
    return line_figures(truth, counted, duration_s, np.random.default_rng(1))


def test_totals_by_line_class_and_way() -> None:
    truth = FilmTruth(
        (GATE, DOOR),
        (FilmRow("gate", "person", "in", 3), FilmRow("gate", "person", "out", 1), FilmRow("door", "car", "in", 1)),
    )
    counted = passes("gate", "in", [1, 2]) + passes("gate", "out", [3]) + passes("door", "in", [9], Class.CAR)
    figures = compare(truth, counted)
    assert figures.wape == pytest.approx(1 / 5)
    assert figures.bias == pytest.approx(-1 / 5)
    assert (figures.exact_lines, figures.lines) == (1, 2)
    assert figures.geh is None
    assert figures.wape_interval is None
    assert "totals only" in figures.notes[-1]
    assert [(c.line, c.way, c.true, c.counted) for c in figures.cells] == [
        ("gate", "in", 3, 2),
        ("gate", "out", 1, 1),
        ("door", "in", 1, 1),
        ("door", "out", 0, 0),
    ]


def test_the_way_that_the_truth_leaves_out_is_a_true_zero() -> None:
    figures = compare(FilmTruth((GATE,), (FilmRow("gate", "person", "in", 2),)), passes("gate", "out", [1, 2]))
    assert figures.wape == 2
    assert figures.bias == 0
    assert figures.exact_lines == 0


def test_a_class_without_truth_is_named_and_not_compared() -> None:
    figures = compare(
        FilmTruth((GATE,), (FilmRow("gate", "person", "in", 1),)),
        passes("gate", "in", [1]) + passes("gate", "in", [2, 3], Class.ANIMAL),
    )
    assert figures.wape == 0
    assert "gate: 2 of class animal not compared, no truth for it" in figures.notes


def test_a_group_takes_all_its_classes() -> None:
    counted = passes("gate", "in", [1], Class.CAR) + passes("gate", "in", [2], Class.VEHICLE)
    assert compare(FilmTruth((GATE,), (FilmRow("gate", "motor", "in", 2),)), counted).wape == 0


def test_geh_where_the_truth_spans_an_hour() -> None:
    truth = FilmTruth((GATE,), (FilmRow("gate", "person", "in", 2),))
    figures = compare(truth, passes("gate", "in", [1]), duration_s=3600)
    assert figures.geh == pytest.approx((2 / 3) ** 0.5)


def _timed(counts: list[int], block_s: float = 30) -> FilmTruth:
    return FilmTruth(
        (GATE,),
        tuple(FilmRow("gate", "person", "in", n, i * block_s, (i + 1) * block_s) for i, n in enumerate(counts)),
    )


def test_times_give_intervals_over_blocks() -> None:
    counted = passes("gate", "in", [5, 35, 36, 65, 95, 125, 155])
    figures = compare(_timed([1, 1, 2, 1, 1, 1]), counted, duration_s=200)
    assert figures.wape == 0
    assert figures.notes == ()
    assert figures.wape_interval is not None
    low, high = figures.wape_interval
    assert low <= figures.wape < high
    assert compare(_timed([1, 1, 2, 1, 1, 1]), counted, 200) == figures


def test_passes_outside_the_truths_time_are_named() -> None:
    figures = compare(_timed([1, 1]), passes("gate", "in", [5, 35, 65]), duration_s=90)
    assert figures.wape == 0
    assert "gate: 1 not compared, outside the truth's time" in figures.notes
    assert any("2 blocks" in note for note in figures.notes)


def test_counts_across_blocks_give_no_intervals() -> None:
    figures = compare(_timed([1, 1, 1, 1, 1], block_s=40), passes("gate", "in", [5]), duration_s=200)
    assert figures.wape_interval is None
    assert "across blocks" in figures.notes[-1]
