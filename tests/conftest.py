"""Fixtures that several test modules share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

# The same examples in each run, and none judged by how busy the machine is.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser come last: while Playwright lives, this thread can run no other event loop."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def assets() -> Path:
    """The folder of clips, truth and models; skips by name where it is absent."""
    folder = Path(os.environ.get("PASSERBY_ASSETS", ROOT / ".." / "shared")).resolve()
    if not (folder / "clips").is_dir():
        pytest.skip(f"no clips: PASSERBY_ASSETS ({folder}) has no folder clips/")
    return folder
