"""Doors to be tried, and hands on their clocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from web.entrance import Hands, open_doors

from passerby.web.doors.doors import Doors


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def doors(tmp_path: Path, hands: Hands) -> Iterator[Doors]:
    doors = open_doors(tmp_path / "state", hands)
    yield doors
    doors.close()
