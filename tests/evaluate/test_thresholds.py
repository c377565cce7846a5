"""Thresholds are kept at the bound, and every missed one is named."""

from __future__ import annotations

import pytest

from passerby.errors import ThresholdMissed, UsageError
from passerby.evaluate.thresholds import check, parse

KEYS = ("wape", "geh")


def test_the_bound_itself_is_kept() -> None:
    check(
        [*parse(["wape=0.05"], "above", KEYS), *parse(["wape=0.05"], "below", KEYS)], {"wape": 0.05, "geh": None}
    )


def test_every_missed_one_is_named() -> None:
    limits = [*parse(["wape=0.05", "geh=5"], "above", KEYS), *parse(["wape=0.5"], "below", KEYS)]
    with pytest.raises(ThresholdMissed) as caught:
        check(limits, {"wape": 0.06, "geh": None})
    assert "wape is 0.06, above 0.05" in caught.value.message
    assert "geh cannot be had" in caught.value.message
    assert "wape is 0.06, below 0.5" in caught.value.message


@pytest.mark.parametrize("text", ["wape", "wape=", "wape=much", "wape=nan"])
def test_a_bound_must_be_a_number(text: str) -> None:
    with pytest.raises(UsageError, match="not a number"):
        parse([text], "above", KEYS)


def test_a_figure_must_be_known() -> None:
    with pytest.raises(UsageError, match="no figure 'wappe'") as caught:
        parse(["wappe=1"], "above", KEYS)
    assert "'wape'" in caught.value.hint
