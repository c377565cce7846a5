"""Writes places into configuration files."""

from __future__ import annotations

import stat
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.config import Drawing, load, write_drawing
from passerby.errors import ConfigError
from passerby.geometry import Line, Place, Zone

GATE = Line("gate", (0.1, 0.5), (0.9, 0.62))
DOOR = Line("door", (0.123456, 0.2), (0.3, 0.4))
SQUARE = Zone("square", ((0.1, 0.4), (0.9, 0.4), (0.9, 0.95)))

STREET = """\
# the market
site = { name = "Market", timezone = "Europe/Lisbon" }  # Lisbon

[camera.north]  # by the fountain
live = "bands"

[camera.north.place]
# where people enter
gate   = { line = [[0.10, 0.50], [0.90, 0.62]] }   # the gate
old    = { zone = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5]] }

[camera.north.measure]
crossings = { use = "line", at = "gate" }

[camera.south]
"""


def write_places(path: Path, camera: str, places: Sequence[Place]) -> None:
    write_drawing(path, camera, Drawing(tuple(places)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "street.toml"
    path.write_text(STREET)
    return path


def test_an_absent_file_becomes_the_shortest_valid_one(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    write_places(path, "film", [GATE, SQUARE])
    assert path.read_text() == (
        "[camera.film.place]\n"
        "gate = { line = [[0.1, 0.5], [0.9, 0.62]] }\n"
        "square = { zone = [[0.1, 0.4], [0.9, 0.4], [0.9, 0.95]] }\n"
    )
    assert load(path).camera("film").places == (GATE, SQUARE)
    assert list(tmp_path.iterdir()) == [path]


def test_everything_else_stays_as_it_was(file: Path) -> None:
    write_places(file, "north", [GATE, DOOR])
    expected = STREET.replace(
        "old    = { zone = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5]] }",
        "door = { line = [[0.1235, 0.2], [0.3, 0.4]] }",
    )
    assert file.read_text() == expected


def test_a_moved_place_keeps_its_line(file: Path) -> None:
    write_places(file, "north", [Line("gate", (0.2, 0.5), (0.9, 0.62)), load(file).camera("north").places[1]])
    assert "gate   = { line = [[0.2, 0.5], [0.9, 0.62]] }   # the gate\n" in file.read_text()


def test_writing_what_is_there_changes_nothing(file: Path) -> None:
    write_places(file, "north", load(file).camera("north").places)
    assert file.read_text() == STREET


def test_a_new_camera_joins_the_others(file: Path) -> None:
    write_places(file, "east", [DOOR])
    write_places(file, "south", [SQUARE])
    assert file.read_text().startswith(STREET)
    assert [len(camera.places) for camera in load(file).cameras.values()] == [2, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# only a comment\n",
        "[camera.film]\n",
        "[camera.other]\n",
        "camera = {}\n",
        "camera = { film = { place = { a = { line = [[0, 0], [1, 1]] } } } }\n",
        "camera.film.place.a.line = [[0, 0], [1, 1]]\n",
        "[camera]\nfilm.place.a = { line = [[0, 0], [1, 1]] }\n# end\n",
        "[camera.film.place.a]\nline = [[0, 0], [1, 1]]\n",
        "[site]\nname = 'x'\n[camera.film.place]\n",
        "[camera.'film'.place]\n'gate' = { line = [[0, 0], [1, 1]] }",
    ],
)
def test_every_way_of_writing_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "street.toml"
    path.write_text(text)
    write_places(path, "film", [GATE, SQUARE])
    assert load(path).camera("film").places == (GATE, SQUARE)
    assert all(line in path.read_text().splitlines() for line in text.splitlines() if line.startswith("#"))


def unchanged(path: Path, text: str, camera: str, places: list[Place]) -> ConfigError:
    path.write_text(text)
    with pytest.raises(ConfigError) as error:
        write_places(path, camera, places)
    assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]
    return error.value


def test_a_file_that_would_not_be_valid_is_left_alone(file: Path) -> None:
    assert "still named: measure crossings" in str(unchanged(file, STREET, "north", [DOOR]))
    assert "not valid TOML" in str(unchanged(file, "a = \n", "north", [GATE]))
    assert "is not a key here" in str(unchanged(file, "a = 1\n", "north", [GATE]))
    assert "is no name" in str(unchanged(file, STREET, "n/a", [GATE]))
    assert "from 0 to 1" in str(unchanged(file, STREET, "south", [Line("a", (0, 0), (2, 2))]))


def test_scattered_tables_are_answered_with_what_to_write(file: Path) -> None:
    text = "[camera.film.place.a]\nline = [[0,0],[1,1]]\n[site]\n[camera.film.place.b]\nline = [[0,0],[1,1]]\n"
    error = unchanged(file, text, "film", [GATE, SQUARE])
    assert "gate = { line = [[0.1, 0.5], [0.9, 0.62]] }" in error.hint


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "none" / "street.toml"
    with pytest.raises(ConfigError, match=r"cannot write .*No such file") as error:
        write_places(path, "film", [GATE])
    assert tomllib.loads(error.value.hint.partition("\n")[2])["camera"]["film"]["place"].keys() == {"gate"}


def test_rights_and_links_are_kept(file: Path, tmp_path: Path) -> None:
    file.chmod(0o600)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    write_places(link, "south", [DOOR])
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load(file).camera("south").places
    assert {path.name for path in tmp_path.iterdir()} == {"street.toml", "link.toml"}


shares = st.integers(0, 10_000).map(lambda n: n / 10_000)
drawn = st.dictionaries(
    st.sampled_from(["gate", "a", "b-1", "Ü", "10"]),
    st.tuples(shares, shares, shares, shares).filter(lambda p: p[:2] != p[2:]),
    max_size=5,
)


@settings(max_examples=40)
@given(drawn, drawn)
def test_what_is_written_is_what_is_read(
    first: dict[str, tuple[float, ...]], second: dict[str, tuple[float, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "street.toml"
        path.write_text("# top\n[camera.c]  # here\nlive = 'off'\n")
        for places in (first, second):
            lines = [Line(name, (p[0], p[1]), (p[2], p[3])) for name, p in places.items()]
            write_places(path, "c", lines)
            assert set(load(path).camera("c").places) == set(lines)
        assert path.read_text().startswith("# top\n[camera.c]  # here\nlive = 'off'\n")
