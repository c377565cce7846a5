"""Puts a table where the README has a place for it."""

from __future__ import annotations

import sys
from pathlib import Path


def place(path: Path, mark: str) -> tuple[str, str]:
    """What stands up to ``<!-- mark -->`` and from the next ``<!-- end -->`` on; ends the program without them."""
    before, begin, rest = path.read_text().partition(f"<!-- {mark} -->")
    _, end, after = rest.partition("<!-- end -->")
    if not end:
        sys.exit(f"{path}: has no <!-- {mark} --> ... <!-- end -->")
    return before + begin, end + after


def put(path: Path, mark: str, table: str) -> None:
    """Replace what stands between them."""
    before, after = place(path, mark)
    path.write_text(f"{before}\n{table}\n{after}")
