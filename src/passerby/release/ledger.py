"""What a site has observed and not yet released, for all its cameras and places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from passerby.classes import Class
from passerby.errors import ConfigError
from passerby.geometry import Line, Place
from passerby.records import Conflict, Cut, Kind, Measurement, Observation, Pass, Quantity
from passerby.release.cuts import Universe
from passerby.release.grids import HOUR, Grid
from passerby.release.passes import Passes, Row
from passerby.release.rare import Danger, Rare
from passerby.release.rule import Rule
from passerby.release.samples import Samples, Spread

# A pass is certain only when its track has cleared the line; intervals wait so long for the last of them.
SETTLE: Final = timedelta(seconds=30)


@dataclass(slots=True)
class _Book:
    """One place of one camera, as it is drawn now."""

    camera: str
    place: Place
    universe: Universe
    since: datetime | None  # end of what was released before
    passes: Passes | None = None  # from the first thing seen
    samples: Samples | None = None
    kinds: tuple[Kind, ...] = ()  # of conflicts
    rare: Rare | None = None


class Ledger:
    """The only maker of measurements; all of it is memory.

    An engine may end and begin again without it: what is pending belongs to the site, not to a camera's
    process. Instants are aware datetimes. Raises `ConfigError` for cameras and places that are not open.

    `detector`: what rows say they were counted with.
    `settle`: how long an interval waits for what is observed late, `SETTLE` where tracks are followed.
    """

    def __init__(self, rule: Rule, *, detector: str, version: str, settle: timedelta = timedelta()) -> None:
        self.detector = detector
        self._rule = rule
        self._version = version
        self._settle = settle
        self._settled: dict[str, datetime] = {}  # by camera: up to where intervals may have ended
        self._books: dict[tuple[str, str], _Book] = {}
        self._seen_to: dict[str, datetime] = {}
        self._ready: dict[str, list[Measurement]] = {}  # of places that were drawn anew

    def open(
        self,
        camera: str,
        place: Place,
        *,
        classes: Sequence[Class] = tuple(Class),
        movements: Sequence[str] = (),
        conflicts: Sequence[Kind] = (),
        since: datetime | None = None,
    ) -> None:
        """Begin to keep a place; opening it again as it was changes nothing.

        A place that was moved, or whose classes or movements changed, begins anew: what stood of the old one
        is released with the next `advance`, the remainder is dropped, and nothing is computed again.

        classes, movements, conflicts: all that may be counted there, whether it ever is or not.
        since: where the store's rows of this place end; the time from there on counts as not observed.
        """
        universe = Universe(classes, movements)
        book = self._books.get((camera, place.name))
        kinds = tuple(conflicts)
        if book is not None and (book.place, book.universe, book.kinds) == (place, universe, kinds):
            return
        if book is not None:
            self._ready.setdefault(camera, []).extend(self._end(book))
            since = max(book.passes.start, book.samples.start) if book.passes and book.samples else book.since
        self._books[camera, place.name] = _Book(camera, place, universe, since, kinds=kinds)

    def take(self, camera: str, at: datetime, observation: Observation) -> None:
        """Take in what was observed at an instant; what comes too late for it counts from when it still can."""
        book = self._books.get((camera, observation.place))
        if book is None:
            raise ConfigError(f"camera {camera} observed something at '{observation.place}', which is not open.")
        passes, samples = self._begun(book, at)
        settled = self._settled.get(camera, at)
        if isinstance(observation, Conflict):
            if book.rare is not None:
                book.rare.take(max(at, settled), observation)
        elif isinstance(observation, Pass):
            if observation.class_ not in book.universe.classes:
                raise ConfigError(
                    f"camera {camera} counted '{observation.class_.label}' at '{observation.place}', "
                    "which is not one of the classes of that place."
                )
            passes.take(at if at >= passes.start else max(at, settled), observation)
            if book.rare is not None and (observation.way == "in" or isinstance(book.place, Line)):
                book.rare.expose(max(at, settled), observation)
        else:
            samples.take(max(at, settled), observation)

    def seen(self, camera: str, start: datetime, end: datetime) -> None:
        """The camera watched its places in this span; what overlaps an earlier span counts once."""
        start = max(start, self._seen_to.get(camera, start))
        if start >= end:
            return
        self._seen_to[camera] = end
        for book in self._of(camera):
            passes, _ = self._begun(book, start)
            passes.seen(start, end)
            if book.rare is not None:
                book.rare.seen(start, end)

    def advance(self, camera: str, now: datetime, *, is_settled: bool = False) -> list[Measurement]:
        """Rows that may be released, given that all frames up to `now` have been looked at.

        Write them in one go: an interval is whole or not there. A `now` that runs back releases nothing.

        is_settled: nothing that was observed before `now` can still come.
        """
        now = now if is_settled else now - self._settle
        now = self._settled[camera] = max(now, self._settled.get(camera, now))
        rows = self._ready.pop(camera, [])
        for book in self._of(camera):
            if book.passes is not None and book.samples is not None:
                rows += [self._row(book, row) for row in book.passes.advance(now)]
                rows += [self._spread(book, spread) for spread in book.samples.advance(now)]
            if book.rare is not None:
                rows += [self._danger(book, row) for row in book.rare.advance(now)]
        return rows

    def stop(self) -> list[Measurement]:
        """Rows of what stands, for all cameras; the remainder is dropped, its time counts as not observed."""
        rows = [row for ready in self._ready.values() for row in ready]
        self._ready.clear()
        for book in self._books.values():
            rows += self._end(book)
        return rows

    def close(self, camera: str, place: str | None = None) -> list[Measurement]:
        """Rows of what stands of a place, or a whole camera, that is watched no more; the remainder is dropped."""
        rows = self._ready.pop(camera, [])
        for book in list(self._of(camera)):
            if place in (None, book.place.name):
                rows += self._end(book)
                del self._books[camera, book.place.name]
        return rows

    def _of(self, camera: str) -> Iterator[_Book]:
        return (book for (name, _), book in self._books.items() if name == camera)

    def _begun(self, book: _Book, at: datetime) -> tuple[Passes, Samples]:
        """The book's pages, begun on the grid at the first thing that is seen."""
        if book.passes is None or book.samples is None:
            start = Grid(self._rule.grain, self._rule.zone).before(at)
            if book.since is not None:
                hour = Grid(HOUR, self._rule.zone).before(at)
                start = max(book.since.astimezone(UTC), hour)
            book.passes = Passes(self._rule, book.universe, start)
            book.samples = Samples(self._rule, start)
            book.rare = Rare(self._rule, book.kinds, start) if book.kinds else None
        return book.passes, book.samples

    def _end(self, book: _Book) -> list[Measurement]:
        if book.passes is None or book.samples is None:
            return []
        book.samples.stop()
        return [self._row(book, row) for row in book.passes.stop()]

    def _row(self, book: _Book, row: Row) -> Measurement:
        part = () if row.cut == "all" else row.part
        said = self._said(book, row, "passes", row.cut, part, rest=len(row.part) > 1)
        return replace(said, count=row.count, values=row.values)

    def _spread(self, book: _Book, spread: Spread) -> Measurement:
        said = self._said(book, spread, spread.quantity, "all")
        return replace(said, mean=spread.mean, p95=spread.p95, bands=spread.bands)

    def _danger(self, book: _Book, row: Danger) -> Measurement:
        said = self._said(book, row, row.quantity, "mode", row.part, rest=len(row.part) > 1)
        return replace(said, count=row.count)

    def _said(
        self,
        book: _Book,
        of: Row | Spread | Danger,
        quantity: Quantity,
        cut: Cut,
        part: tuple[str, ...] = (),
        *,
        rest: bool = False,
    ) -> Measurement:
        """What every row says, whatever it tells of: where, when, and by whom."""
        return Measurement(
            camera=book.camera,
            place=book.place.name,
            revision=book.place.revision,
            quantity=quantity,
            cut=cut,
            part=part,
            rest=rest,
            start=of.start,
            end=of.end,
            observed=of.observed,
            detector=self.detector,
            version=self._version,
        )
