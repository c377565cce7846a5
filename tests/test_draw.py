from __future__ import annotations

from pathlib import Path

import pytest
from films import write_film

from passerby import config, draw
from passerby.errors import ConfigError, SourceError
from passerby.geometry import Line, Zone


def test_what_is_drawn_is_written_and_found_again(tmp_path: Path) -> None:
    film = str(write_film(tmp_path / "street.mp4"))
    target = tmp_path / "street.toml"
    editor = draw.editor(film, target, "north", detector="motion")
    assert list(editor.places) == []
    gate = Line("gate", (0.1, 0.6), (0.9, 0.6))
    rows = ((0.12, 0.91, 0.0, 0.0), (0.88, 0.93, 6.0, 0.0), (0.71, 0.4, 6.0, 20.0), (0.3, 0.39, 0.0, 20.0))
    said = draw.saver(film, target, "north")(config.Drawing((gate,), rows))
    assert "--config" in said
    assert config.load(target).camera("north").places == (gate,)
    assert config.load(target).camera("north").ground is not None
    assert list(draw.editor(film, target, "north", detector="motion").places) == [gate]


def test_a_wrong_file_is_said_before_the_film_is_read(tmp_path: Path) -> None:
    target = tmp_path / "street.toml"
    target.write_text("[camera.north]\nsauce = 1\n")
    with pytest.raises(ConfigError, match="sauce"):
        draw.editor("missing.mp4", target, "north")


def test_a_missing_film_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"missing\.mp4"):
        draw.editor(str(tmp_path / "missing.mp4"), tmp_path / "street.toml", "north", detector="motion")


def test_other_cameras_are_left_alone(tmp_path: Path) -> None:
    film = str(write_film(tmp_path / "street.mp4"))
    target = tmp_path / "street.toml"
    target.write_text("# ours\n[camera.south]\nplace.door = { line = [[0, 0], [1, 1]] }\n")
    yard = Zone("yard", ((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)))
    draw.saver(film, target, "north")(config.Drawing((yard,)))
    read = config.load(target)
    assert set(read.cameras) == {"south", "north"}
    assert read.cameras["north"].places == (yard,)
    assert target.read_text().startswith("# ours")
