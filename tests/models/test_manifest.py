"""The manifest: complete entries, names found and guessed."""

from __future__ import annotations

import re

import pytest

from passerby.models.manifest import MODELS, Model, find, nearest


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_entry_is_whole(model: Model) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
    assert model.url.startswith("https://")
    assert model.url.endswith(model.file)
    assert model.bytes > 100_000
    assert model.licence == "Apache-2.0"
    assert all(side % 32 == 0 for side in model.input)


def test_names_are_unique() -> None:
    assert len({m.name for m in MODELS}) == len({m.sha256 for m in MODELS}) == len(MODELS)


def test_find_takes_a_name_with_or_without_its_ending() -> None:
    assert find("yolox_nano") is find("yolox_nano.onnx") is MODELS[0]
    assert find("yolox") is None


def test_nearest_guesses_what_was_meant() -> None:
    assert nearest("yolox-nano") == "yolox_nano"
    assert nearest("bicycle") is None
