"""Reads whole configurations."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from passerby.config import Config, load
from passerby.config.reading import parse
from passerby.errors import ConfigError
from passerby.geometry import Line, Zone

STREET = """\
site = { name = "Market", timezone = "Europe/Lisbon" }
store = "market.db"

[detector]                      # shared by all cameras
use = "onnx"
model = "yolox_nano"

[privacy]
grain = "30min"
k = 25

[camera.market-north]
source = { use = "stream", url = "rtsp://${CAM_USER}:${CAM_PASSWORD}@10.0.4.12/2" }
live   = "ghost"
ground = [[0.12, 0.91, 0, 0], [0.88, 0.93, 6, 0], [0.71, 0.40, 6, 20], [0.30, 0.39, 0, 20]]

[camera.market-north.place]
gate   = { line = [[0.10, 0.60], [0.90, 0.62]] }
square = { zone = [[0, 0], [1, 0], [1, 1], [0, 1]] }
door   = { line = [[0.1, 0.1], [0.1, 0.2]] }

[camera.market-north.measure]
crossings = { use = "line", at = "gate", classes = ["person", "bicycle"] }
crowd     = { use = "density", at = "square" }

[camera.market-north.alert]
crush = { when = "square.density > 3.5", for = "30s" }
"""


def read(text: str) -> Config:
    return parse(text, Path("street.toml"))


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as error:
        read(text)
    assert error.value.exit_code == 78
    return str(error.value)


def test_the_whole_of_a_street(tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    path.write_text(STREET, encoding="utf-8")
    config = load(path)
    assert config.path == path
    assert config.site.name == "Market"
    assert config.rule.zone == config.site.timezone == ZoneInfo("Europe/Lisbon")
    assert (config.rule.grain, config.rule.k) == (timedelta(minutes=30), 25)
    assert config.detector.table() == {"use": "onnx", "model": "yolox_nano"}
    assert config.store is not None
    assert config.store.table() == {"use": "sqlite", "path": str(tmp_path / "market.db")}

    camera = config.camera()
    gate, square, door = camera.places
    assert camera is config.camera("market-north")
    assert gate == Line("gate", (0.1, 0.6), (0.9, 0.62))
    assert square == Zone("square", ((0, 0), (1, 0), (1, 1), (0, 1)))
    assert camera.live == "ghost"
    assert camera.ground is not None
    assert camera.ground.rms_m < 0.01
    assert camera.tracker.name == "passer"
    crush = camera.alerts["crush"]
    assert (crush.place, crush.condition.limit, crush.lasting) == ("square", 3.5, timedelta(seconds=30))
    assert {name: use.table() for name, use in camera.measures.items()} == {
        "crossings": {"use": "line", "at": gate, "classes": ["person", "bicycle"]},
        "crowd": {"use": "density", "at": square},
        "square": {"use": "zone", "at": square},
        "door": {"use": "line", "at": door},
    }


def test_an_empty_file_is_a_configuration() -> None:
    config = read("")
    assert config.cameras == {}
    assert config.store is None
    assert config.detector.name == "auto"
    assert config.rule.grain == timedelta(minutes=15)


def test_a_password_is_in_no_text_that_a_configuration_makes() -> None:
    config = read(STREET.replace("${CAM_USER}:${CAM_PASSWORD}", "ada:hush"))
    source = config.camera().source
    assert source is not None
    assert source.table()["url"] == SecretStr("rtsp://ada:hush@10.0.4.12/2")
    assert "hush" not in f"{config!r} {source} {source.table()}"
    with pytest.raises(ConfigError) as error:
        source.check(port=1)
    assert "hush" not in str(error.value)


def test_secrets_are_wanted_when_a_source_is_built_and_not_before() -> None:
    source = read(STREET).camera().source
    assert source is not None
    table = source.table({"CAM_USER": "ada", "CAM_PASSWORD": "hush"})
    assert table["url"] == SecretStr("rtsp://ada:hush@10.0.4.12/2")
    with pytest.raises(ConfigError, match=r"^street.toml:13: camera.market-north.source: .* no variable CAM_USER"):
        source.table({})


def test_defaults_fill_what_cameras_leave_out() -> None:
    config = read(
        '[defaults.camera]\nlive = "off"\ntracker = { use = "passer", gap_s = 1.0 }\n'
        '[camera.a]\n[camera.b]\nlive = "numbers"\n'
    )
    assert [camera.live for camera in config.cameras.values()] == ["off", "numbers"]
    assert config.camera("a").tracker.table() == {"use": "passer", "gap_s": 1.0}


def test_which_camera() -> None:
    config = read("[camera.north]\n[camera.south]\n")
    with pytest.raises(ConfigError, match=r"has 2 cameras \(north, south\)\. Name one with --camera\."):
        config.camera()
    with pytest.raises(ConfigError, match=r"no camera 'nort' .*did you mean 'north'"):
        config.camera("nort")
    with pytest.raises(ConfigError, match=r"has 0 cameras \(there is none\)"):
        read("").camera()


def test_a_measure_may_have_several_places() -> None:
    measures = (
        read(
            "[camera.c.place]\na = { zone = [[0,0],[1,0],[1,1]] }\nb = { zone = [[0,0],[1,1],[0,1]] }\n"
            '[camera.c.measure]\nturns = { use = "movements", at = ["a", "b"] }\na = { use = "idle" }\n'
        )
        .camera()
        .measures
    )
    assert [place.name for place in measures["turns"].options["at"]] == ["a", "b"]  # type: ignore[attr-defined]
    assert measures["a"].options == {"use": "idle"}
    assert list(measures) == ["turns", "a", "a:zone", "b"]


def test_what_is_inside_a_zone_is_counted_whatever_else_is_measured_there() -> None:
    table = "[camera.c.place]\na = { zone = [[0,0],[1,0],[1,1]] }\n[camera.c.measure]\n"
    for measures, natural in (
        ('busy = { use = "occupancy", at = "a" }', {}),
        ('busy = { use = "occupancy", at = "a", classes = ["car", "bus"] }', {"classes": ["bus", "car"]}),
        ('in = { use = "zone", at = "a", classes = ["car"] }\nbusy = { use = "occupancy", at = "a" }', None),
    ):
        found = read(table + measures).camera().measures
        if natural is None:
            assert "a" not in found
        else:
            assert {k: v for k, v in found["a"].options.items() if k != "at"} == {"use": "zone", **natural}


def test_a_line_is_counted_by_any_measure_that_names_it() -> None:
    assert list(read(PLACE + '[camera.c.measure]\nfast = { use = "headway", at = "gate" }').camera().measures) == [
        "fast"
    ]


def test_measures_of_one_place_count_with_one_rule() -> None:
    table = PLACE + (
        '[camera.c.measure]\nall = { use = "line", at = "gate", band = 0.2 }\n'
        'gaps = { use = "headway", at = "gate" }\n'
    )
    with pytest.raises(
        ConfigError, match=r":4: .*'gate' is measured by 'gaps' too, .* the usual band\. Leave it out"
    ):
        read(table)


def test_a_place_in_the_sky() -> None:
    ground = "ground = [[0.1, 0.9, -3, 5], [0.9, 0.9, 3, 5], [0.6, 0.5, 3, 40], [0.4, 0.5, -3, 40]]\n"
    sky = "place = { moon = { zone = [[0.1, 0.1], [0.3, 0.1], [0.2, 0.2]] } }"
    with pytest.raises(ConfigError, match=r"'moon' lies above the horizon of this camera's ground"):
        read(f"[camera.c]\n{ground}{sky}")


PLACE = "[camera.c.place]\ngate = { line = [[0.1, 0.5], [0.9, 0.5]] }\n"


WRONG = [
    ("a = \n", ":1: not valid TOML: invalid value."),
    ("a = 1\nb = [1,\n", ":3: not valid TOML: "),
    ("[camera.c]\n[camera.c]\n", ":2: not valid TOML: cannot declare ('camera', 'c') twice."),
    (PLACE + "gate = { line = [[0, 0], [1, 1]] }\n", ":3: not valid TOML: "),
    ("\ndetektor = 1\n", ":2: 'detektor' is not a key here (site, "),
    ("\ndetektor = 1\n", "; did you mean 'detector'?"),
    ("[camera.c]\nlive = 'off'\nplaces = {}\n", ":3: camera.c: 'places' is not a key here (source, "),
    ("[camera.c]\nlive = 'off'\nplaces = {}\n", "; did you mean 'place'?"),
    (
        "[camera.c.place]\ngate = { lin = [[0,0],[1,1]] }\n",
        ":2: camera.c.place.gate: 'lin' is not a key here (line, zone); did you mean 'line'?",
    ),
    ("[camera.c.place]\ngate = {}\n", ":2: camera.c.place.gate: a place is either a line or a zone"),
    ("[camera.c.place]\ng = { line = [[0, 0], [1, 1]], zone = [] }\n", "a place is either a line or a zone"),
    (
        "[camera.c.place]\n\ngate = { line = [[0.5, 0.5], [0.5, 0.5]] }\n",
        ":3: camera.c.place.gate: this line has no length",
    ),
    ("[camera.c.place]\ngate = { line = [[0.5, 0.5], [640, 0.5]] }\n", "from 0 to 1; 640 is not."),
    (
        '[camera.c.place]\ngate = { line = [[0.5, 0.5],\n ["a", 0.5]] }\n',
        ":3: camera.c.place.gate.line[1][0]: this should be a valid number.",
    ),
    ('[camera.c.place]\n"a b" = { line = [[0, 0], [1, 1]] }\n', ":2: camera.c.place.a b: 'a b' is no name"),
    ("[camera.c]\nlive = 'on'\n", ":2: camera.c.live: this should be 'off', 'bands', "),
    ("[camera.c]\nground = [[0, 0, 0, 0]]\n", ":2: camera.c.ground: a ground needs four or more"),
    ("[camera.c]\nsource = { url = 'x' }\n", ":2: camera.c.source: 'use' is missing"),
    ("camera = 3\n", ":1: camera: this should be a table."),
    ("defaults = 3\n", ":1: defaults: this should be a table."),
    ("site = { timezone = 'Europe/Lisbn' }\n", ":1: site.timezone: there is no time zone 'Europe/Lisbn'; did you"),
    ("site = { timezone = '../../etc/passwd' }\n", "there is no time zone"),
    ("[privacy]\nk = 9\n", ":2: privacy.k: "),
    ("[privacy]\ngrain = '1min'\n", ":2: privacy.grain: "),
    ("[privacy]\ngrain = '7min'\n", ":2: privacy.grain: "),
    ("[privacy]\ngrain = 'long'\n", ":2: privacy.grain: 'long' is not a length of time"),
    ("[privacy]\nk = 20.5\n", ":2: privacy.k: this should be a valid integer"),
    ("[privacy]\nk = '20'\n", ":2: privacy.k: this should be a valid integer."),
    (
        PLACE + "[camera.c.measure.m]\nuse = 'line'\nat = 'gaet'\n",
        ":5: camera.c.measure.m.at: this camera has no place 'gaet' (gate); did you mean 'gate'?",
    ),
    (PLACE + "[camera.c.measure]\nm = { use = 'line', at = 3 }\n", "this camera has no place '3' (gate)."),
    ("[camera.c.measure]\nm = { use = 'line', at = 'gate' }\n", "no place 'gate' (there is none)."),
    (
        PLACE + "[camera.c.measure]\nm = { use = 'line', at = 'gate' }\nn = { use = 'line', at = 'gate' }\n",
        ":5: camera.c.measure.n.at: 'gate' is already measured with line by 'm'.",
    ),
    ("[defaults.camera]\nlive = 'on'\n[camera.a]\n[camera.b]\n", ":2: defaults.camera.live: this should"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_said_in_one_sentence_with_its_line(text: str, said: str) -> None:
    message = complaint(text)
    assert said in message
    assert message.startswith("street.toml:")
    assert "\n" not in message
    assert message.endswith((".", "?", "] }"))


def test_all_complaints_come_at_once_in_the_order_of_the_file() -> None:
    lines = complaint("[privacy]\nk = 1\n[camera.c]\nliv = 1\nground = 2\n").splitlines()
    assert [re.match(r"street.toml:(\d+): ", line)[1] for line in lines] == ["2", "4", "5"]  # type: ignore[index]


def test_relative_paths_start_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "password").write_text("hush")
    path = tmp_path / "etc" / "street.toml"
    path.write_text(
        'store = "market.db"\nstate = "state"\n[camera.a]\nsource = { use = "stream", url = "films/a.mp4" }\n'
        '[sink.b]\nuse = "webhook"\nurl = "https://control.example"\ntoken = { file = "password" }'
    )
    monkeypatch.chdir(tmp_path)
    for written in (path, Path("etc/street.toml")):
        config = load(written)
        store, source = config.store, config.cameras["a"].source
        assert store is not None
        assert source is not None
        told = (store.table()["path"], source.table()["url"], config.state)
        assert [Path(str(each)).resolve() for each in told] == [
            tmp_path / "etc" / name for name in ("market.db", "films/a.mp4", "state")
        ]
        assert config.sinks["b"].table()["token"] == SecretStr("hush")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read the configuration .*: No such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="Is a directory"):
        load(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8 text"):
        load(tmp_path / "binary.toml")
