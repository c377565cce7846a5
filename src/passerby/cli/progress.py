"""A progress bar with rate and time left: on stderr, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from passerby.cli.consoles import stderr
from passerby.count import Tally, Watch
from passerby.pipeline import Played, Series


@contextmanager
def bar(series: Series) -> Iterator[Watch]:
    """A function to be told of every frame; it draws nothing where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield _quiet
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=stderr(), transient=True) as progress:
        # By time of the film: containers know their length better than their number of frames.
        task = progress.add_task("counting", total=series.duration_expected_s, rate="")

        def tell(played: Played, _: Tally) -> None:
            elapsed = progress.tasks[task].elapsed or 0.0
            rate = f"{(played.index + 1) / elapsed:.0f} frames/s" if elapsed > 0.5 else ""
            progress.update(task, completed=played.time_s, rate=rate)

        yield tell


def _quiet(_played: Played, _tally: Tally) -> None:
    pass
