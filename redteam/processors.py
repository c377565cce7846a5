"""Spreads what an attack does over all processors."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def all_processors() -> ProcessPoolExecutor:
    """A process for each, which begins with what this one holds: what was patched here is patched there."""
    return ProcessPoolExecutor(os.cpu_count(), get_context("fork"))
