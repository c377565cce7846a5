from __future__ import annotations

from passerby.count import Tally
from passerby.demo import Minute
from passerby.pipeline import Played

SMALL = {"width": 384, "height": 288, "fps": 5.0}


def test_counts_grow_beside_a_truth_that_is_the_street_s_own() -> None:
    minute = Minute(3, 8.0, **SMALL)
    seen: list[tuple[float, int]] = []

    def watch(played: Played, tally: Tally) -> None:
        seen.append((played.time_s, sum(row.true for row in minute.rows(tally, played.time_s))))

    result = minute.count(watch)
    assert result.frames == 40
    assert result.accuracy == "rough"
    trues = [true for _, true in seen]
    assert trues == sorted(trues)
    whole = sum(len(minute.street.passes(place)) for place in minute.places)
    assert trues[-1] <= whole
    assert result.intervals == []


def test_the_street_depends_on_the_seed_alone() -> None:
    one, same, other = (Minute(seed, 20.0, **SMALL) for seed in (1, 1, 2))

    def truth(minute: Minute) -> list[object]:
        return [minute.street.passes(place) for place in minute.places]

    assert truth(one) == truth(same)
    assert truth(one) != truth(other)
