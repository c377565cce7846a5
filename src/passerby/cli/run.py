"""``passerby run``: watches the cameras of a configuration until it is stopped, and serves its pages."""

from __future__ import annotations

import sys
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from passerby.engine.process import dump_nothing
from passerby.run import Journal, Service, attended


def run(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="The configuration file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write each line of the log as a JSON object.")] = False,
    opens: Annotated[
        bool, typer.Option("--open", help="Open the pages in a browser, where somebody sits at this machine.")
    ] = False,
    resets_admin: Annotated[
        bool,
        typer.Option("--reset-admin", help="Print a link that gives an admin another password, once."),
    ] = False,
) -> None:
    """Watch the cameras of a configuration day and night: released rows go to the store and the sinks.

    The pages are where the configuration says, else at http://127.0.0.1:8440/. SIGHUP reads the configuration
    again, SIGTERM and Ctrl-C end. The log goes to stderr.
    """
    dump_nothing()
    journal = Journal(sys.stderr, lambda: datetime.now(UTC), as_json=as_json)
    service = Service(config, journal=journal, has_pages=True)
    terminal = sys.stderr if sys.stderr.isatty() else None
    with attended(service, terminal, resets_admin=resets_admin) as front:
        if opens and terminal is not None and front.is_local:
            webbrowser.open(front.url)  # not the link of the first account: others see what programs are given
        service.run()
