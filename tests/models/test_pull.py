"""Fetching a model: whole and right, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from listed_models import body, listed, serving

from passerby.errors import ModelError, NotReachable
from passerby.models.pull import pull


def test_pull_fetches_checks_and_reports(tmp_path: Path) -> None:
    model = listed()
    where = tmp_path / "new" / "folder"
    seen: list[tuple[int, int]] = []
    with serving(body(model)) as url:
        there = (replace(model, url=url),)
        got = pull("tiny", where=where, models=there, progress=lambda d, a: seen.append((d, a)))
    assert got.read_bytes() == body(model)
    assert got == where / "tiny.onnx"
    assert got.stat().st_mode & 0o777 == 0o644
    assert seen[-1] == (model.bytes, model.bytes)
    assert [d for d, _ in seen] == sorted(d for d, _ in seen)


def test_pull_does_not_connect_for_what_is_there(tmp_path: Path) -> None:
    model = listed()
    (tmp_path / "by hand.onnx").write_bytes(body(model))
    assert pull("tiny", where=tmp_path, models=(model,)) == tmp_path / "by hand.onnx"


@pytest.mark.parametrize("tamper", [lambda b: b[:-1] + b"?", lambda b: b + b"more"], ids=["changed", "longer"])
def test_a_wrong_hash_is_refused_and_removed(tmp_path: Path, tamper: object) -> None:
    assert callable(tamper)
    model = listed()
    with serving(tamper(body(model))) as url, pytest.raises(ModelError, match="refused and removed"):
        pull("tiny", where=tmp_path, models=(replace(model, url=url),))
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    model = listed()
    with (
        serving(body(model)[:1000], announced=model.bytes) as url,
        pytest.raises(NotReachable, match="broke off"),
    ):
        pull("tiny", where=tmp_path, models=(replace(model, url=url),))
    assert list(tmp_path.iterdir()) == []


def test_no_network_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(NotReachable, match=r"could not be fetched from .*refused.* Fetch it on another machine"):
        pull("tiny", where=tmp_path, models=(listed("http://127.0.0.1:9/tiny.onnx"),))


def test_an_error_of_the_server_is_told(tmp_path: Path) -> None:
    with serving(b"gone", status=404) as url, pytest.raises(NotReachable, match="404"):
        pull("tiny", where=tmp_path, models=(listed(url),))


def test_offline_folder_is_searched_by_hash(tmp_path: Path) -> None:
    model = listed()
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "renamed.onnx").write_bytes(body(model))
    got = pull("tiny", where=tmp_path / "shelf", offline=stick, models=(model,))
    assert got == tmp_path / "shelf" / "tiny.onnx"
    assert got.read_bytes() == body(model)


def test_offline_folder_without_it_says_what_to_fetch(tmp_path: Path) -> None:
    (tmp_path / "tiny.onnx").write_bytes(b"wrong")
    with pytest.raises(ModelError, match=r"holds no file with the bytes of tiny .* fetch http://"):
        pull("tiny", where=tmp_path / "shelf", offline=tmp_path, models=(listed(),))


def test_an_unknown_name_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Did you mean tiny"):
        pull("tinny", where=tmp_path, models=(listed(),))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    model = listed()
    (tmp_path / "file").write_text("not a folder")
    with serving(body(model)) as url, pytest.raises(ModelError, match=r"cannot be written to .*PASSERBY_MODELS"):
        pull("tiny", where=tmp_path / "file" / "models", models=(replace(model, url=url),))
