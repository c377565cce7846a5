"""One place's passes on their way through the chain of cuts, each interval leaving once it is safe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Final

from passerby import records
from passerby.records import Pass, Statistics, Way
from passerby.release import columns
from passerby.release.blocks import apart, blocks
from passerby.release.cuts import ALL, MODE, MOVEMENT, WAYS, Cut, Label, Universe
from passerby.release.grids import Grid, Ladder, needed, visits
from passerby.release.rule import Rule
from passerby.release.traffic import Traffic, joined

EVERYTHING: Final[Label] = ("all",)
HEADWAY: Final = "headway_s"  # the one column whose values follow each other without a gap


@dataclass(frozen=True, slots=True)
class Row:
    """What is released of one part in one interval."""

    cut: records.Cut
    part: Label
    start: datetime
    end: datetime
    observed: float
    count: int
    values: Mapping[str, Statistics]


@dataclass(slots=True)
class _Cell:
    traffic: Traffic = field(default_factory=Traffic)
    seen_s: float = 0.0


@dataclass(slots=True)
class _Level:
    """A cut that divides the rows of the cut before it."""

    cut: Cut
    finer: Cut
    grid: Grid
    start: datetime
    rows: dict[Label, Traffic] = field(default_factory=dict)  # of the finer cut, by what they may hold
    seen_s: float = 0.0


class Passes:
    """The passes of one place from one instant on.

    The first cut lets its interval end once it holds the passes that are `needed`, on a mark of the `Ladder`.
    Each further cut divides the rows of the cut before it into parts of as many or more (`blocks`), and lets its
    interval end with the first interval of that cut that ends on or after its own mark. So intervals nest, and no
    comparison of released rows tells of fewer passes than a row. `docs/release.md` shows why.
    """

    def __init__(self, rule: Rule, universe: Universe, start: datetime) -> None:
        self._rule = rule
        self._universe = universe
        self._grid = Grid(rule.grain, rule.zone)
        self._ladder = Ladder(rule.grain, rule.zone)
        self._start = start
        self._cells: dict[datetime, _Cell] = {}  # by the mark that ends them
        self._open = _Cell()  # past cells that no interval has taken yet
        self._open_to = start
        self._current = start, start, _Cell()  # the cell from its first pass on, its mark, itself
        self._late = timedelta()
        self._left_out = dict.fromkeys(WAYS, False)  # whether the last headway of this way was
        self._levels = [
            _Level(cut, finer, Grid(cut.every or rule.grain, rule.zone), start)
            for finer, cut in zip(universe.cuts, universe.cuts[1:], strict=False)
        ]

    @property
    def start(self) -> datetime:
        """Where the open interval of the finest cut begins; whatever is older is released or lost."""
        return self._start

    def take(self, at: datetime, observation: Pass) -> None:
        """Count a pass. One that comes after its interval was released is lost, and its time not observed."""
        if at < self._start:
            self._late = max(self._late, self._start - at)
            return
        since, mark, cell = self._current
        if not since <= at < mark:  # most passes fall into the cell of the one before
            mark = self._grid.after(at)
            cell = self._cell(mark)
            self._current = at, mark, cell
        traffic = cell.traffic
        movement = observation.movement if observation.movement in self._universe.movements else ""
        atom = (observation.class_, observation.way, movement)
        traffic.counts[atom] = traffic.counts.get(atom, 0) + 1
        for column, value in observation.values.items():
            if not 0 <= value < inf or self._adds_up(column, observation.way):
                continue
            traffic.values.setdefault(column, {}).setdefault(atom, []).append(value)

    def _adds_up(self, column: str, way: Way) -> bool:
        """Whether to leave a value out, so that no sum of them is the time between two single passes.

        Headways one after another are the time from the first pass to the last; every second one is not.
        """
        if column != HEADWAY:
            return False
        self._left_out[way] = not self._left_out[way]
        return self._left_out[way]

    def seen(self, start: datetime, end: datetime) -> None:
        """The place was watched in this span."""
        for mark, seconds in self._grid.shares(max(start, self._start), end):
            self._cell(mark).seen_s += seconds

    def advance(self, now: datetime) -> Iterator[Row]:
        """Rows of the intervals that end up to now, if all that was observed until now has been taken."""
        for mark in sorted(mark for mark in self._cells if mark <= now):
            yield from self._close(mark - self._rule.grain)
            cell = self._cells.pop(mark)
            self._current = mark, mark, cell
            self._open.traffic.add(cell.traffic)
            self._open.seen_s += cell.seen_s
            self._open_to = max(self._open_to, mark)
        yield from self._close(now)
        self._open_to = max(self._open_to, self._grid.before(now))

    def stop(self) -> Iterator[Row]:
        """Rows of what stands; the remainder is dropped, and its time counts as not observed."""
        self._cells.clear()
        self._open, self._open_to = _Cell(), self._start
        self._current = self._start, self._start, self._open
        for at in range(len(self._levels)):
            yield from self._pass_on(at, (), 0.0, self._start, ends=True)

    def _cell(self, mark: datetime) -> _Cell:
        cell = self._cells.get(mark)
        if cell is None:
            cell = self._cells[mark] = _Cell()
        return cell

    def _close(self, now: datetime) -> Iterator[Row]:
        """End the open interval of the finest cut if it may have ended by now."""
        if len(self._open.traffic) < self._rule.k:
            return
        end = self._ladder.end(self._start, self._open_to, now, len(self._open.traffic) / self._rule.k)
        if end is None:
            return
        traffic, start = self._open.traffic, self._start
        seen_s = max(0.0, self._open.seen_s - self._late.total_seconds())
        self._open, self._start, self._open_to, self._late = _Cell(), end, end, timedelta()
        yield Row(ALL.name, EVERYTHING, start, end, _share(seen_s, start, end), len(traffic), {})
        yield from self._pass_on(0, [(EVERYTHING, traffic)], seen_s, end)

    def _pass_on(
        self, at: int, rows: Iterable[tuple[Label, Traffic]], seen_s: float, end: datetime, *, ends: bool = False
    ) -> Iterator[Row]:
        """Hand the rows of a finished interval to the next cut, and end its interval where that is due."""
        if at == len(self._levels):
            return
        level = self._levels[at]
        level.seen_s += seen_s
        for label, traffic in rows:
            level.rows.setdefault(label, Traffic()).add(traffic)
        if not level.rows or not (ends or end >= level.grid.after(level.start)):
            return
        start, seen_s = level.start, level.seen_s
        parts = self._divide(level, needed(self._rule.k, visits(start, end)))
        level.start, level.seen_s, level.rows = end, 0.0, {}
        observed = _share(seen_s, start, end)
        for label, traffic in parts.items():
            statistics = columns.statistics(label, traffic, level.cut, self._rule.k)
            yield Row(level.cut.name, label, start, end, observed, len(traffic), statistics)
        yield from self._pass_on(at + 1, parts.items(), seen_s, end)

    def _divide(self, level: _Level, k: int) -> dict[Label, Traffic]:
        """The parts of a level's interval; parts of several blocks that have the same label are one row."""
        names = self._universe.names(level.cut)
        groups = [(self._universe.within(level.finer, label, level.cut), t) for label, t in level.rows.items()]
        counts = [traffic.by_series(names, candidates) for candidates, traffic in groups]
        result: dict[Label, Traffic] = {}
        if level.cut == MOVEMENT:
            alike = [len(self._universe.within(level.finer, label, MODE)) == 1 for label in level.rows]
            divided = apart(counts, alike, k)
        else:
            divided = blocks(counts, tuple(dict.fromkeys(names.values())), k)
        for block in divided:
            members = [groups[m] for m in block.members]
            whole = joined(traffic for _, traffic in members)
            parts = {part: whole.only(names, part) for part in block.parts}
            if level.cut == MODE:
                columns.drop_few(parts, self._rule.k)
            else:
                columns.drop_unsafe(members, parts, self._rule.k)
            for part, traffic in parts.items():
                result.setdefault(part, Traffic()).add(traffic)
        return result


def _share(seen_s: float, start: datetime, end: datetime) -> float:
    return round(min(1.0, seen_s / (end - start).total_seconds()), 4)
