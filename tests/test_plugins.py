"""Plugins, found through entry points of a distribution that is made up for the test."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from passerby import plugins
from passerby.errors import ConfigError, ModelError, PluginError
from passerby.geometry import Line, Zone

STRANGER = '''
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from pydantic import Field, SecretStr
from passerby.errors import ConfigError, ModelError
from passerby.geometry import Line, Zone

class Post:
    """Sends, and shouts where `loud`. Sent is sent.

    `url`: where to send.
    `retries`, `rate`: how often, and
    how fast.
    """

    def __init__(self, url: str, *, retries: int = 3, rate: float = 0.5, path: Path | None = None,
                 every: timedelta = timedelta(minutes=15), classes: Sequence[str] = (),
                 style: Literal["short", "long"] = "short", size: tuple[int, int] = (1, 2),
                 loud: bool = False, share: Annotated[float, Field(ge=0, le=1)] = 0.5,
                 at: Line | None = None, zones: Sequence[Zone] = (), secret: SecretStr | None = None,
                 camera: str = "", ids: Callable[[], int] = int) -> None:
        self.given = dict(locals())
        if url == "wrong": raise ValueError("no such place")
        if url == "refused": raise ConfigError("not this one.")
        if url == "model": raise ModelError("the file is damaged.")

    def send(self) -> str:
        return self.given["url"]

def quiet(url: str) -> Post:
    return Post(url)

class Mute:
    pass
'''


class Sends(Protocol):
    given: dict[str, object]

    def send(self) -> str: ...


@pytest.fixture(scope="module", autouse=True)
def _stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Installs a package of somebody else's with sinks of its own."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "stranger_plugins.py").write_text(STRANGER)
    (folder / "stranger_lacking.py").write_text("import paho_of_mqtt\n")
    info = folder / "stranger-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: stranger\nVersion: 1.0\nRequires-Dist: paho-of-mqtt>=2; extra == 'mqtt'\n"
    )
    (info / "entry_points.txt").write_text(
        "[passerby.sink]\nmqtt = stranger_lacking:Mqtt\npost = stranger_plugins:Post\n"
        "quiet = stranger_plugins:quiet\nmute = stranger_plugins:Mute\ngone = stranger_plugins:Gone\n"
    )
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))
    sys.modules.pop("stranger_plugins", None)


def build(**table: object) -> dict[str, object]:
    return plugins.build("sink", {"use": "post", "url": "u", **table}, Sends, where="a.toml:3: sink.p").given


def refused(**table: object) -> str:
    with pytest.raises(PluginError) as error:
        build(**table)
    return str(error.value)


def test_every_kind_finds_its_built_ins() -> None:
    assert {"stream", "synthetic"} <= set(plugins.names("source"))
    assert {"auto", "motion", "onnx", "replay"} <= set(plugins.names("detector"))
    assert "passer" in plugins.names("tracker")
    assert {"line", "zone"} <= set(plugins.names("measure"))
    assert "sqlite" in plugins.names("store")


def test_strangers_come_through_the_same_door_and_nothing_is_imported_for_a_list() -> None:
    sys.modules.pop("stranger_plugins", None)
    assert plugins.names("sink") == ("gone", "mqtt", "mute", "post", "quiet", "webhook")
    assert "stranger_plugins" not in sys.modules


def test_values_arrive_as_the_constructor_wants_them() -> None:
    line = Line("gate", (0, 0), (1, 1))
    zones = (Zone("z", ((0, 0), (1, 0), (1, 1))),)
    given = build(
        retries=5, rate=2, path="a/b", every="1h", classes=["person"], style="long", size=[3, 4], loud=True,
        at=line, zones=zones,
    )  # fmt: skip
    assert given["path"] == Path("a/b")
    assert given["every"] == timedelta(hours=1)
    assert given["size"] == (3, 4)
    assert isinstance(given["rate"], float)
    assert given["at"] is line
    assert given["zones"] == list(zones)
    assert given["classes"] == ["person"]


def test_a_function_may_be_a_plugin() -> None:
    assert plugins.build("sink", {"use": "quiet", "url": "u"}, Sends).send() == "u"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("retries", "3"), ("retries", 3.5), ("retries", True), ("rate", "fast"), ("loud", 1), ("loud", "yes"),
        ("style", "middle"), ("size", [1]), ("size", [1, 2, 3]), ("classes", "person"), ("classes", [1]),
        ("every", "soon"), ("share", 1.5), ("at", "gate"), ("at", Zone("z", ())), ("path", 3), ("url", {"a": 1}),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_and_named(key: str, value: object) -> None:
    said = refused(**{key: value})
    assert said.startswith("a.toml:3: sink.p: '" + key)
    assert said.endswith(".")


def test_secrets_reach_the_plugin_and_nobody_else() -> None:
    assert build(url=SecretStr("rtsp://u:hush@h"))["url"] == "rtsp://u:hush@h"
    assert build(secret="hush")["secret"] == SecretStr("hush")
    assert build(secret=SecretStr("hush"))["secret"] == SecretStr("hush")
    assert "hush" not in refused(retries=SecretStr("hush"))
    assert "hush" not in refused(style="hush")
    assert "hush" not in refused(classes=[SecretStr("hush"), 3])


def test_unknown_names_are_answered_with_what_was_meant() -> None:
    assert refused(urk=1).startswith("a.toml:3: sink.p: 'urk' is not an option of post (url, retries, ")
    assert refused(retires=1).endswith("; did you mean 'retries'?")
    with pytest.raises(PluginError, match=r"no sink is called 'pst' .*did you mean 'post'"):
        plugins.load("sink", "pst")
    with pytest.raises(
        PluginError, match=re.escape("no sink is called 'xyz' (gone, mqtt, mute, post, quiet, webhook).")
    ):
        plugins.load("sink", "xyz")
    with pytest.raises(PluginError, match="'use' is missing"):
        plugins.bind("sink", {"url": "u"})


def test_what_is_missing_is_named() -> None:
    with pytest.raises(PluginError, match="'url' is missing: post needs it"):
        plugins.bind("sink", {"use": "post"})
    with pytest.raises(PluginError, match=re.escape("pip install 'stranger[mqtt]'")):
        plugins.load("sink", "mqtt")
    with pytest.raises(PluginError, match="The installation of stranger is not whole"):
        plugins.load("sink", "gone")
    with pytest.raises(PluginError, match="'mute' is no sink: it has no given, send"):
        plugins.build("sink", {"use": "mute"}, Sends)


def test_the_house_fills_its_own_parameters_and_no_table_may() -> None:
    table = {"use": "post", "url": "u"}
    given = plugins.build("sink", table, Sends, camera="north", ground=None, ids=lambda: 7).given
    assert given["camera"] == "north"
    assert "Leave it out" in refused(camera="south")
    with pytest.raises(PluginError, match="takes no 'place'"):
        plugins.bind("sink", table, place="x")


def test_what_a_constructor_refuses_says_where() -> None:
    with pytest.raises(ConfigError, match=re.escape("a.toml:3: sink.p: no such place.")):
        build(url="wrong")
    with pytest.raises(ConfigError, match=re.escape("a.toml:3: sink.p: not this one.")):
        build(url="refused")
    with pytest.raises(ModelError, match=re.escape("the file is damaged.")):
        build(url="model")


def test_where_may_depend_on_the_key() -> None:
    with pytest.raises(PluginError, match=r"^line of rate: 'rate'"):
        plugins.bind("sink", {"use": "post", "url": "u", "rate": "x"}, where=lambda key: f"line of {key}")


def test_options_tell_type_default_and_help() -> None:
    found = {option.name: option for option in plugins.options("sink", "post")}
    assert not {"camera", "ids"} & set(found)
    assert found["url"] == plugins.Option("url", "text", None, True, "where to send.")
    assert found["retries"].doc == found["rate"].doc == "how often, and how fast."
    assert found["loud"].doc == "Sends, and shouts where `loud`."
    assert found["style"].doc == ""
    assert {name: (option.type, option.default) for name, option in found.items() if name != "url"} == {
        "retries": ("whole number", "3"),
        "rate": ("number", "0.5"),
        "path": ("path", None),
        "every": ("length of time", '"900s"'),
        "classes": ("list of text", "[]"),
        "style": ('"short" or "long"', '"short"'),
        "size": ("[whole number, whole number]", "[1, 2]"),
        "loud": ("true or false", "false"),
        "share": ("number", "0.5"),
        "at": ("name of a line", None),
        "zones": ("list of name of a zone", "[]"),
        "secret": ("secret text", None),
    }


@given(st.integers(0, 10**6), st.sampled_from(["ms", "s", "min", "h", "d"]))
def test_lengths_of_time(number: int, unit: str) -> None:
    seconds = {"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400}[unit]
    assert plugins.duration(f"{number}{unit}") == timedelta(seconds=number * seconds)


@pytest.mark.parametrize("text", ["", "15", "15 minutes", "-5s", "1h30", "min", "infs"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="not a length of time"):
        plugins.duration(text)


def test_paths_are_those_of_the_file_they_stand_in(tmp_path: Path) -> None:
    def rooted(kind: plugins.Kind, **table: object) -> object:
        return dict(plugins.rooted(kind, table, tmp_path))

    def url(text: str) -> object:
        return rooted("source", use="stream", url=text) != {"use": "stream", "url": text}

    store = rooted("store", use="sqlite", path="rows", keep="400d")
    assert store == {"use": "sqlite", "path": str(tmp_path / "rows"), "keep": "400d"}
    assert rooted("store", use="sqlite", path="/var/rows.db") == {"use": "sqlite", "path": "/var/rows.db"}
    secret = plugins.rooted("source", {"use": "stream", "url": SecretStr("films/a.mp4")}, tmp_path)["url"]
    assert isinstance(secret, SecretStr)
    assert secret.get_secret_value() == str(tmp_path / "films" / "a.mp4")
    assert not any(map(url, ("rtsp://10.0.4.12/2", "v4l2:/dev/video0", "/films/a.mp4", "a.mp4")))
    (tmp_path / "a.mp4").touch()
    assert url("a.mp4")
    assert rooted("detector", use="onnx", model="yolox_nano") == {"use": "onnx", "model": "yolox_nano"}
    assert rooted("tracker", use="passer", ids=7) == {"use": "passer", "ids": 7}  # a function's place
    assert rooted("store", path="rows") == {"path": "rows"}  # whoever builds it says what is missing
    with pytest.raises(PluginError, match=r"street\.toml: no store is called"):
        plugins.rooted("store", {"use": "nothing"}, tmp_path, where="street.toml")
