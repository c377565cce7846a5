"""Where words go: data to stdout, all else to stderr; NO_COLOR, FORCE_COLOR and TERM=dumb are honoured."""

from __future__ import annotations

import os
import sys
from typing import Final

from rich.console import Console

_WIDE: Final = 160  # columns where there is no terminal to fit into


def stdout() -> Console:
    """For data. Tables are not squeezed where they go into a file or another program."""
    fits = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(highlight=False, soft_wrap=True, width=None if fits else _WIDE)


def stderr() -> Console:
    """For everything else."""
    return Console(stderr=True, highlight=False, soft_wrap=True)
