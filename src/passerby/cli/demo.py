"""``passerby demo``: a drawn street with known truth, and its pages; no camera, model, file or network."""

from __future__ import annotations

import io
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.live import Live
from rich.table import Table

from passerby.cli import consoles
from passerby.count import Tally, Watch
from passerby.demo import STREET, Minute, Row, Site, gate, month
from passerby.pipeline import Played
from passerby.records import Measurement
from passerby.run import Journal, Service, attended

ZONE = ZoneInfo("Europe/Lisbon")
START = date(2026, 5, 4)  # a Monday


def demo(
    seed: Annotated[int, typer.Option("--seed", help="Another number, another street.")] = 7,
    duration: Annotated[
        float, typer.Option("--duration", metavar="SECONDS", help="How much of it to play.")
    ] = 60.0,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="FILE", help="Where the thirty days go; a new file by default."),
    ] = None,
    pages: Annotated[
        bool | None,
        typer.Option("--pages/--no-pages", help="Then open its pages until Ctrl-C; by default on a terminal."),
    ] = None,
) -> None:
    """Count a drawn street beside its truth, then send thirty simulated days of it through the release rule.

    On a terminal its pages are opened then, until Ctrl-C.
    """
    console = consoles.stdout()
    opens = sys.stdout.isatty() and sys.stderr.isatty() if pages is None else pages
    console.print(f"A drawn street, {duration:g} s of it, counted without a model (moving blobs only).\n")
    drawn = Minute(seed, duration)
    with _growing(drawn) as watch:
        last: list[Tally] = []

        def both(played: Played, tally: Tally) -> None:
            last[:] = [tally]
            watch(played, tally)

        result = drawn.count(both)
    console.print(_table(drawn.rows(last[0], duration)))
    classes = ", ".join(f"{label} {counted} of {true}" for label, counted, true in drawn.by_class(result))
    console.print(f"By class, over all lines: {classes}.")
    minutes = drawn.job.rule.grain.total_seconds() / 60
    console.print(
        f"\nReleased of it: {len(result.intervals)} rows. {duration:g} s are below the grain of {minutes:g} "
        "minutes, so of a camera nothing of this would be stored, sent or shown as history.\n"
    )
    path = store or Path(tempfile.mkdtemp(prefix="passerby-demo-")) / "street.db"
    today = datetime.now(ZONE).date()
    kept = (
        month(path, seed, zone=ZONE, start=today - timedelta(days=30), camera=STREET, gate=gate())
        if opens
        else month(path, seed, zone=ZONE, start=START)
    )
    console.print(
        f"Thirty days of the same street (simulated, as passes without pictures): {kept.passes:,} passes, "
        f"{kept.rows:,} released rows in {kept.store}\n"
    )
    console.print(_stored("A busy hour", kept.busy_from, kept.busy))
    console.print(_stored("A quiet night", kept.quiet_from, kept.quiet))
    console.print(f"\nRead it with: passerby export {kept.store} --format csv")
    if opens:
        _serve(kept.store, seed, today)


def _serve(store: Path, seed: int, today: date) -> None:
    """The pages on the street, until a signal; nothing of it stays."""
    console = consoles.stderr()
    with tempfile.TemporaryDirectory(prefix="passerby-demo-") as folder:
        console.print("\nNow its pages: the street and a square as two cameras, and the thirty days as charts.")
        config = Site(Path(folder), seed, ZONE.key).lay_out(store, today)
        service = Service(config, journal=Journal(io.StringIO(), lambda: datetime.now(UTC)), has_pages=True)
        with attended(service, sys.stderr):
            signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGTERM))  # its terminal was closed
            console.print("Ctrl-C ends it. What it wrote is deleted then.")
            service.run()


@contextmanager
def _growing(drawn: Minute) -> Iterator[Watch]:
    """The table as it grows: on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _played, _tally: None
        return
    with Live(console=consoles.stderr(), transient=True, auto_refresh=False) as live:
        shown_s = -1.0

        def watch(played: Played, tally: Tally) -> None:
            nonlocal shown_s
            if played.time_s - shown_s >= 0.5:
                shown_s = played.time_s
                live.update(_table(drawn.rows(tally, played.time_s), f"{played.time_s:.0f} s"), refresh=True)

        yield watch


def _table(rows: Sequence[Row], title: str | None = None) -> Table:
    table = Table("place", "way", box=None, pad_edge=False, header_style="bold", title=title)
    for column in ("counted", "true", "difference"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(row.place, row.way, str(row.counted), str(row.true), f"{row.counted - row.true:+d}")
    counted, true = sum(row.counted for row in rows), sum(row.true for row in rows)
    table.add_row("all", "", str(counted), str(true), f"{counted - true:+d}", style="bold")
    return table


def _stored(title: str, start: datetime, rows: Sequence[Measurement]) -> Table:
    table = Table("from", "to", "what", box=None, pad_edge=False, header_style="bold", title_justify="left")
    table.title = f"{title}, from {start:%A %d %B, %H:%M}"
    table.add_column("passes", justify="right")
    for row in rows:
        begin, end = row.start.astimezone(ZONE), row.end.astimezone(ZONE)
        what = ", ".join(row.part) or "all"
        table.add_row(
            f"{begin:%a %H:%M}", f"{end:%a %H:%M}", ("rest: " if row.rest else "") + what, str(row.count)
        )
    return table
