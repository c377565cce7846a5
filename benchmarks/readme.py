"""Puts a table where the README has a place for it."""

from __future__ import annotations

import sys
from pathlib import Path


def put(path: Path, mark: str, table: str) -> None:
    """Replace what stands between ``<!-- mark -->`` and the next ``<!-- end -->``."""
    before, begin, rest = path.read_text().partition(f"<!-- {mark} -->")
    _, end, after = rest.partition("<!-- end -->")
    if not end:
        sys.exit(f"{path}: has no <!-- {mark} --> ... <!-- end -->")
    path.write_text(f"{before}{begin}\n{table}\n{end}{after}")
