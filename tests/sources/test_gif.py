"""A GIF is whole from its header to its trailer, or it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from films import write_film
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from passerby.sources.gif import is_whole


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_film(
        tmp_path_factory.mktemp("gif") / "film.gif", codec="gif", pixels="rgb8", count=5
    ).read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_every_cut_is_noticed(film: bytes, tmp_path: Path, share: float) -> None:
    (tmp_path / "cut.gif").write_bytes(film[: int(len(film) * share)])
    assert not is_whole(tmp_path / "cut.gif")


def test_a_whole_one_is_whole_whatever_follows(film: bytes, tmp_path: Path) -> None:
    (tmp_path / "whole.gif").write_bytes(film)
    assert is_whole(tmp_path / "whole.gif")
    (tmp_path / "padded.gif").write_bytes(film + b"\0 and more")
    assert is_whole(tmp_path / "padded.gif")


@pytest.mark.clips
def test_real_ones(assets: Path) -> None:
    gifs = sorted((assets / "clips").glob("*.gif"))
    assert gifs
    assert all(map(is_whole, gifs))
