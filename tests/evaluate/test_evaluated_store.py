"""The release rule, a store and the truth together: what is released of exact counts is exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from passerby.classes import Class
from passerby.evaluate.released import released_figures
from passerby.evaluate.truth_tables import StoreRow
from passerby.geometry import Line
from passerby.outlets import Query
from passerby.records import Pass, Way
from passerby.release import Ledger, Rule
from passerby.stores.sqlite import Sqlite

T0 = datetime(2026, 5, 4, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOURS = 30
GATE = Line("gate", (0, 0.5), (1, 0.5))

WAYS: tuple[Way, ...] = ("in", "out")

Passed = tuple[datetime, Class, Way]


def passes(seed: int) -> list[Passed]:
    """Some 70 passes an hour by day and 7 by night, people more than cars."""
    rng = np.random.default_rng(seed)
    found: list[Passed] = []
    for hour in range(HOURS):
        for _ in range(rng.poisson(70 if 6 <= hour % 24 < 22 else 7)):
            at = T0 + timedelta(hours=hour + rng.random())
            class_ = Class.PERSON if rng.random() < 0.8 else Class.CAR
            found.append((at, class_, "in" if rng.random() < 0.6 else "out"))
    return sorted(found)


def truth(found: Sequence[Passed]) -> list[StoreRow]:
    """By quarter of an hour, zeros included."""
    counts = Counter(((at - T0) // QUARTER, class_, way) for at, class_, way in found)
    return [
        StoreRow(
            "north", "gate", class_.label, way, T0 + q * QUARTER, T0 + (q + 1) * QUARTER, counts[q, class_, way]
        )
        for q in range(4 * HOURS)
        for class_ in (Class.PERSON, Class.CAR)
        for way in WAYS
    ]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "counts.db"


def store(path: Path, found: Sequence[Passed]) -> Sqlite:
    """What the rule lets out of these passes."""
    ledger = Ledger(Rule(), detector="none", version="0")
    ledger.open("north", GATE, classes=(Class.PERSON, Class.CAR))
    kept = Sqlite(path)
    for at, class_, way in found:
        ledger.take("north", at, Pass("gate", 0.0, class_, way))
    end = T0 + timedelta(hours=HOURS)
    ledger.seen("north", T0, end)
    kept.write([*ledger.advance("north", end), *ledger.stop()])
    return kept


def test_exact_counts_stay_exact_in_every_cut(path: Path) -> None:
    found = passes(1)
    figures = released_figures(truth(found), store(path, found).read(Query()))
    assert {"all", "mode", "class"} >= set(figures.cuts) >= {"all", "mode"}
    for cut in figures.cuts.values():
        assert cut.wape == cut.segment_wape == cut.bias == 0
        assert cut.counted == cut.true > 1000


def test_passes_that_were_not_counted_show_in_the_bias(path: Path) -> None:
    found = passes(2)
    seen = [p for i, p in enumerate(found) if i % 10]
    figures = released_figures(truth(found), store(path, seen).read(Query())).cuts["all"]
    assert figures.bias == pytest.approx(-0.1, abs=0.01)
    assert figures.wape == pytest.approx(0.1, abs=0.01)
    assert figures.wape is not None
    assert figures.segment_wape is not None
    assert figures.segment_wape >= figures.wape
    assert figures.geh is not None
    assert figures.geh < 5
