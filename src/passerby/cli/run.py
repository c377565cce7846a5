"""``passerby run``: watches the cameras of a configuration until it is stopped."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from passerby.run import Journal, Service


def run(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The configuration file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write each line of the log as a JSON object.")] = False,
) -> None:
    """Watch the cameras of a configuration day and night: released rows go to the store and the sinks.

    SIGHUP reads the configuration again, SIGTERM and Ctrl-C end. The log goes to stderr.
    """
    service = Service(config, journal=Journal(sys.stderr, lambda: datetime.now(UTC), as_json=as_json))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    signal.signal(signal.SIGHUP, lambda *_: service.reload())
    service.run()
