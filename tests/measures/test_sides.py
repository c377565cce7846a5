"""When a track has settled on a side of a border."""

from __future__ import annotations

import pytest

from passerby.measures.sides import Margins, Standing

MARGINS = Margins(band=0.1, clear=0.3, settle_s=0.5, travel=0.25)


def after(*steps: tuple[float, float], tall: float = 1.0) -> Standing:
    """Standing after (time s, offset) steps; it settles where it may."""
    (time_s, offset), *rest = steps
    standing = Standing.born(offset, tall, time_s, MARGINS)
    for time_s, offset in rest:
        standing.step(offset, tall, time_s, MARGINS)
        if standing.arrived(MARGINS):
            standing.settle()
    return standing


def test_born_outside_the_band_has_settled_and_born_in_it_has_not() -> None:
    assert after((0, -0.2)).settled == -1
    assert after((0, 0.05)).settled == 0


def test_clear_of_the_border_settles_at_once() -> None:
    assert after((0, -1.0), (0.1, 0.4)).settled == 1


def test_just_outside_the_band_settles_after_a_moment() -> None:
    assert after((0, -1.0), (0.1, 0.2), (0.5, 0.2)).settled == -1
    assert after((0, -1.0), (0.1, 0.2), (0.6, 0.2)).settled == 1


def test_the_moment_begins_anew_in_the_band_and_on_the_other_side() -> None:
    assert after((0, -1.0), (0.1, 0.2), (0.4, 0.05), (0.5, 0.2), (0.9, 0.2)).settled == -1
    assert after((0, -1.0), (0.1, 0.2), (0.3, -0.2), (0.5, 0.2), (0.9, 0.2)).settled == -1


def test_margins_are_in_heights_of_the_object() -> None:
    assert after((0, -1.0), (0.1, 0.4), tall=1.0).settled == 1
    assert after((0, -1.0), (0.1, 0.4), tall=2.0).settled == -1


def test_how_far_it_has_been_is_remembered() -> None:
    standing = after((0, -0.2), (1, -0.9), (2, -0.3), (2.5, 0.05))
    assert standing.far == pytest.approx(-0.9)
    assert standing.went(MARGINS)
    assert not after((0, -0.15), (1, 0.05)).went(MARGINS)
