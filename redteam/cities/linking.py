"""The attacker who wants to tell which exit from one camera's street is which entry into the next one's.

The method of Xu et al. (2017, Trajectory recovery from ash) and of Ohno et al. (2023): rows are taken apart into
as many marks as they have passes, each at the middle of its interval and with its row's speed, and marks of two
cameras are paired so that times of travel and speeds fit best (the Hungarian method).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from passerby.classes import Class
from passerby.records import Measurement, Pass
from passerby.release import Ledger, Rule
from redteam.cities.city import START, Floats, Spot
from redteam.cities.publishing import GATE, K

TRAVEL_S = 240.0  # from the one camera to the other, at 1 m/s
_ON = 0.6  # of those who leave the first go on to the second


@dataclass(frozen=True, slots=True)
class Walks:
    """Those who pass both cameras, and those who pass one: seconds of the day, and speeds."""

    first_s: Floats  # (n,) exits of the first camera
    second_s: Floats  # (n,) the same people's entries at the second; nan = never
    strangers_s: Floats  # (m,) who enters there from elsewhere
    speeds: Floats  # (n,) m/s
    others: Floats  # (m,) m/s


def walks(spot: Spot, rng: Generator) -> Walks:
    """One day of people who leave a street."""
    counts = spot.draw(rng, 1)[:, Spot.series.index((Class.PERSON, "out"))]
    first = np.sort(np.repeat(np.arange(len(counts)), counts) * 900.0 + rng.uniform(0, 900, counts.sum()))
    speeds = np.clip(rng.normal(1.35, 0.2, len(first)), 0.6, 2.2)
    second = first + TRAVEL_S / speeds * rng.normal(1, 0.05, len(first))
    goes = (rng.random(len(first)) < _ON) & (second < 86_400)
    strangers = rng.choice(first, int(0.4 * len(first))) + rng.uniform(-1800, 1800, int(0.4 * len(first)))
    strangers = np.clip(strangers, 0, 86_399)
    return Walks(first, np.where(goes, second, np.nan), strangers, speeds, rng.normal(1.35, 0.2, len(strangers)))


def linked(day: Walks, other: Walks) -> tuple[float, float, float, float]:
    """The share of those who went on who are linked: by rows, by those of another day, by chance, by moments.

    By rows: passes of one row cannot be told apart, so of a pair of rows the share is that of all ways to take
    people out of them. By another day (the control): what rows tell of all days, and not of this one.
    """
    there = np.concatenate([day.second_s, day.strangers_s])
    pace = np.concatenate([day.speeds, day.others])
    seen = ~np.isnan(there)
    exits, entries = _rows(day.first_s, day.speeds), _rows(there[seen], pace[seen])
    elsewhere = np.concatenate([other.second_s, other.strangers_s])
    known = ~np.isnan(elsewhere)
    control = _rows(elsewhere[known], np.concatenate([other.speeds, other.others])[known])
    on = np.flatnonzero(~np.isnan(day.second_s))
    truth = day.first_s[on], day.second_s[on]
    chance = 1 / seen.sum()
    exact = _pairs(day.first_s, day.speeds, there[seen], pace[seen])
    index = np.cumsum(seen) - 1  # of those who were seen at the second camera
    by_moment = float(np.mean([exact.get(int(person)) == index[person] for person in on]))
    return _by_rows(exits, entries, truth), _by_rows(exits, control, truth), float(chance), by_moment


def _rows(times_s: Floats, speeds: Floats) -> list[Measurement]:
    ledger = Ledger(Rule(k=K), detector="drawn", version="0")
    ledger.open("camera", GATE, classes=(Class.PERSON,))
    ledger.seen("camera", START, START + timedelta(days=1))
    for at in np.argsort(times_s):
        values = {"speed_mps": float(speeds[at])}
        ledger.take(
            "camera",
            START + timedelta(seconds=float(times_s[at])),
            Pass("gate", 0.0, Class.PERSON, "out", "", values),
        )
    return ledger.advance("camera", START + timedelta(days=1)) + ledger.stop()


def _by_rows(exits: Sequence[Measurement], entries: Sequence[Measurement], truth: tuple[Floats, Floats]) -> float:
    """How often a person whose exit the attacker saw himself is found again among the entries."""
    starts, a = _marks(exits)
    ends, b = _marks(entries)
    if not a.size or not b.size:
        return 0.0
    pairs = _pairs(a[:, 1], a[:, 2], b[:, 1], b[:, 2])
    flow = np.zeros((len(starts), len(ends)))
    for one, two in pairs.items():
        flow[int(a[one, 0]), int(b[two, 0])] += 1
    held, here = (np.bincount(m[:, 0].astype(int), minlength=len(s)) for m, s in ((a, starts), (b, ends)))
    right = 0.0
    for first_s, second_s in zip(*truth, strict=True):
        at, to = _row(starts, first_s), _row(ends, second_s)
        if at is not None and to is not None:
            right += flow[at, to] / held[at] / here[to]
    return right / len(truth[0])


def _marks(rows: Sequence[Measurement]) -> tuple[list[tuple[float, float]], Floats]:
    """Spans of the finest rows, in seconds of the day, and their passes one by one: (n, 3) row, middle, speed."""
    spans, marks = list[tuple[float, float]](), list[tuple[float, float, float]]()
    means = [
        (row.start, row.end, row.values["speed_mps"].mean) for row in rows if row.cut == "mode" and row.values
    ]
    for row in rows:
        if row.cut != "all":
            continue
        start, end = ((mark - START).total_seconds() for mark in (row.start, row.end))
        speed = next((mean for begin, stop, mean in means if begin <= row.start and row.end <= stop), 1.35)
        marks += [(len(spans), (start + end) / 2, speed)] * (row.count or 0)
        spans.append((start, end))
    return spans, np.array(marks).reshape(-1, 3)


def _pairs(first_s: Floats, speeds: Floats, second_s: Floats, paces: Floats) -> dict[int, int]:
    """The assignment of exits to entries in which times of travel and speeds fit best."""
    travel = TRAVEL_S / speeds[:, None]
    misfit = np.abs(second_s[None, :] - first_s[:, None] - travel) / 60
    cost: NDArray[np.float64] = np.minimum(misfit, 120) + np.abs(speeds[:, None] - paces[None, :]) * 10
    return {int(a): int(b) for a, b in zip(*linear_sum_assignment(cost), strict=True)}


def _row(spans: Sequence[tuple[float, float]], at_s: float) -> int | None:
    return next((number for number, (start, end) in enumerate(spans) if start <= at_s < end), None)
