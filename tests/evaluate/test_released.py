"""Released rows are put to the truth of their interval and part, and what has no counterpart is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from passerby.evaluate.released import ReleasedFigures, released_figures
from passerby.evaluate.truth_tables import StoreRow
from passerby.records import Cut, Measurement, Way

T0 = datetime(2026, 5, 1, 8, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


def true(quarter: int, count: int, group: str = "person", way: Way = "in", length: int = 1) -> StoreRow:
    start = T0 + quarter * QUARTER
    return StoreRow("north", "gate", group, way, start, start + length * QUARTER, count)


def row(
    quarter: int, count: int | None, part: tuple[str, ...] = (), cut: Cut = "all", length: int = 1
) -> Measurement:
    start = T0 + quarter * QUARTER
    return Measurement(
        camera="north",
        place="gate",
        revision="r",
        quantity="passes" if count is not None else "inside",
        cut=cut,
        part=part,
        rest=len(part) > 1,
        start=start,
        end=start + length * QUARTER,
        observed=0.9,
        count=count,
    )


def test_full_sample_and_segments_side_by_side() -> None:
    truth = [true(0, 30), true(0, 10, "car", "out"), true(1, 40)]
    figures = released_figures(truth, [row(0, 44), row(1, 36)]).cuts["all"]
    assert (figures.rows, figures.true, figures.counted) == (2, 80, 80)
    assert figures.wape == 0
    assert figures.segment_wape == pytest.approx(8 / 80)
    assert figures.bias == 0
    assert figures.geh is None
    assert figures.observed == pytest.approx(0.9)


def test_an_interval_that_went_on_is_summed_over_all_of_it() -> None:
    truth = [true(q, 10 + q) for q in range(4)]
    figures = released_figures(truth, [row(0, 46, length=4)]).cuts["all"]
    assert (figures.true, figures.counted) == (46, 46)
    assert figures.geh == 0


def test_parts_are_told_apart_as_the_rows_do() -> None:
    truth = [true(0, 30), true(0, 20, way="out"), true(0, 5, "car"), true(0, 2, "bus")]
    rows = [row(0, 30, ("foot in",), "mode"), row(0, 29, ("foot out", "motor in"), "mode"), row(0, 57)]
    figures = released_figures(truth, rows)
    assert figures.unmatched == ()
    assert figures.cuts["mode"].true == 57
    assert figures.cuts["mode"].wape == pytest.approx(2 / 57)
    assert figures.cuts["all"].wape == 0


def test_rows_of_an_interval_that_share_a_series_are_one() -> None:
    truth = [true(0, 60), true(0, 20, way="out"), true(0, 25, "car")]
    rows = [row(0, 40, ("foot in",), "mode"), row(0, 45, ("foot in", "motor in"), "mode")]
    figures = released_figures(truth, [*rows, row(0, 21, ("foot out",), "mode")]).cuts["mode"]
    assert (figures.rows, figures.true, figures.counted) == (2, 105, 106)
    assert figures.wape == pytest.approx(1 / 105)


def unmatched(figures: ReleasedFigures) -> str:
    return "\n".join(figures.unmatched)


def test_what_cannot_be_matched_is_named() -> None:
    truth = [true(0, 30), true(1, 20, length=2), true(5, 3), true(6, 9, "motor")]
    rows = [
        row(0, 30),
        row(1, 10),  # the truth reaches over its end
        row(4, 7),  # not covered
        row(5, 3),
        row(6, 9, ("car in",), "class"),  # the truth knows motor vehicles only
        row(0, None),
        row(0, 30, ("person north>east",), "movement"),
    ]
    figures = released_figures(truth, rows)
    assert figures.cuts["all"].rows == 2
    assert set(figures.cuts) == {"all"}
    assert "1 north/gate: rows in cut all, where a true count reaches over" in unmatched(figures)
    assert "1 north/gate: rows in cut all, where the truth does not cover" in unmatched(figures)
    assert "does not tell motor in apart" in unmatched(figures)
    assert "rows of inside in cut all" in unmatched(figures)
    assert "rows of passes in cut movement" in unmatched(figures)
    assert "north/gate: 2 rows of truth" in unmatched(figures)
    assert "29 passes" in unmatched(figures)


def test_a_place_without_truth_and_a_truth_without_place() -> None:
    elsewhere = StoreRow("south", "gate", "person", "in", T0, T0 + QUARTER, 4)
    figures = released_figures([elsewhere], [row(0, 3), row(1, 4)])
    assert figures.cuts == {}
    assert "2 north/gate: rows in cut all, a place that the truth does not have" in unmatched(figures)
    assert "south/gate: 1 rows of truth" in unmatched(figures)


def test_a_class_that_the_truth_never_names_is_a_true_zero() -> None:
    figures = released_figures([true(0, 30)], [row(0, 30, ("foot in",), "mode"), row(0, 5, ("motor in",), "mode")])
    assert figures.cuts["mode"].wape == pytest.approx(5 / 30)
