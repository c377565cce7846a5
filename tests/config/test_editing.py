"""Changes single keys of a configuration's text."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from passerby.config import Edit, edited
from passerby.errors import ConfigError

STREET = """\
# the market
site = { name = "Market", timezone = "Europe/Lisbon" }  # Lisbon

# All cameras hang at 4 m.

# by the fountain
[camera.north]
live = "bands"   # for all
fps = 5

# what it counts
[camera.north.place]
gate   = { line = [[0.10, 0.50], [0.90, 0.62]] }   # the gate

# by the church
[camera.south]
live = "off"
# the end
"""


def test_a_new_key_joins_its_table_and_not_the_comments_of_the_next() -> None:
    text = edited(STREET, [Edit(("camera", "north", "enabled"), False)])
    assert text == STREET.replace("fps = 5\n", "fps = 5\nenabled = false\n")


def test_a_changed_key_keeps_its_place_and_its_comment() -> None:
    text = edited(STREET, [Edit(("camera", "north", "live"), "ghost"), Edit(("site", "name"), "Fish market")])
    assert text == STREET.replace('"bands"', '"ghost"').replace('"Market"', '"Fish market"')


def test_what_is_said_already_stays_as_it_is_written() -> None:
    same = {"line": [[0.1, 0.5], [0.9, 0.62]]}
    edits = [Edit(("camera", "north", "place", "gate"), same), Edit(("camera", "north", "fps"), 5.0)]
    assert edited(STREET, edits) == STREET


def test_a_table_goes_with_the_comments_right_above_it() -> None:
    text = edited(STREET, [Edit(("camera", "north"), None)])
    top, _, rest = STREET.partition("# by the fountain\n")
    assert text == top + rest[rest.index("\n# by the church") :].removeprefix("\n")


def test_a_new_table_stands_behind_its_like() -> None:
    source = {"use": "stream", "url": "rtsp://10.0.0.1/2"}
    text = edited(STREET, [Edit(("camera", "east", "source"), source), Edit(("camera", "east", "fps"), 2.5)])
    added = '[camera.east]\nsource = { use = "stream", url = "rtsp://10.0.0.1/2" }\nfps = 2.5\n'
    assert text.replace("\n" + added, "").replace(added, "") == STREET
    assert added in text


def test_a_table_of_tables_gets_a_header_and_one_in_braces_none() -> None:
    door = {"door": {"line": [[0.1, 0.2], [0.3, 0.4]]}}
    text = edited("[camera.a]\n", [Edit(("camera", "a", "place"), door)])
    assert "[camera.a.place]\ndoor = { line = [[0.1, 0.2], [0.3, 0.4]] }\n" in text
    text = edited("camera = { a = {} }\n", [Edit(("camera", "a", "place"), door)])
    assert tomllib.loads(text) == {"camera": {"a": {"place": door}}}


def test_a_table_in_braces_keeps_what_does_not_change() -> None:
    assert edited("a = {b = 0.10}\n", [Edit(("a", "c"), 2)]) == "a = { b = 0.10, c = 2 }\n"
    assert edited("a = {b = 0.10, c = {d = 1e0}}\n", [Edit(("a", "b"), None)]) == "a = { c = {d = 1e0} }\n"


def test_windows_ends_of_lines_stay() -> None:
    text = edited(STREET.replace("\n", "\r\n"), [Edit(("camera", "south", "fps"), 2)])
    assert text.count("\r\n") == text.count("\n") == STREET.count("\n") + 1


def test_true_is_not_one() -> None:
    assert edited("a = 1\n", [Edit(("a",), True)]) == "a = true\n"


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a = 1\n", Edit(("a", "b"), 1)),
        ("[a.b]\n[c]\n[a.d]\n[c.e]\n[a]\n[b]\n[b]\n", Edit(("a",), 1)),
        ("[[a]]\nb = 1\n", Edit(("a", "b"), 1)),
    ],
)
def test_what_cannot_be_done_says_what_to_write(text: str, edit: Edit) -> None:
    with pytest.raises(ConfigError) as error:
        edited(text, [edit])
    _, _, by_hand = error.value.hint.partition("\n")
    value: Any = tomllib.loads(by_hand)
    for key in edit.path:
        value = value[key]
    assert value == edit.value


# -- properties ------------------------------------------------------------------------------------------------

keys = st.sampled_from(["a", "b-1", "Ü", "10", "x y"])
scalars = st.one_of(
    st.booleans(), st.integers(-99, 99), st.floats(-9, 9), st.text(max_size=6), st.sampled_from(["'", "#", "\n"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=5
)
tables = st.dictionaries(keys, values, max_size=4)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Files as people write them: comments everywhere, tables with headers, inline tables and dotted keys."""
    number = iter(range(1000))
    lines = [f"# {next(number)}" for _ in range(draw(st.integers(0, 2)))]

    def entries(table: dict[str, Any]) -> None:
        for key, value in table.items():
            written = edited("k = 0\n", [Edit(("k",), value)]).removeprefix("k = ").rstrip("\n")
            lines.append(f'"{key}" = {written}' + (f"  # {next(number)}" if draw(st.booleans()) else ""))
            lines.extend(["", f"# {next(number)}"] if draw(st.booleans()) else [])

    entries(draw(tables))
    for name in draw(st.lists(st.sampled_from(["t", "u", "v"]), unique=True)):
        lines.append(f"[{name}]" if draw(st.booleans()) else f"[{name}.in]  # {next(number)}")
        entries(draw(tables))
    return "\n".join(lines) + "\n" * draw(st.integers(0, 2))


paths = st.lists(keys | st.sampled_from(["t", "u", "v", "in"]), min_size=1, max_size=3).map(tuple)


def comments(text: str) -> list[str]:
    return re.findall(r"# \d+", text)


@settings(max_examples=60)
@given(texts(), paths, values)
def test_one_key_changes_and_nothing_else(text: str, path: tuple[str, ...], value: object) -> None:
    before = tomllib.loads(text)
    try:
        after = edited(text, [Edit(path, value)])
    except ConfigError:  # a table scattered over the file, or a path through something that is no table
        return
    data: Any = tomllib.loads(after)
    *above, last = path
    for key in above:
        data, before = data[key], before.get(key, {})
    is_new = last not in before
    assert data.pop(last) == value
    before.pop(last, None)
    assert data == before
    if is_new:
        assert sorted(comments(after)) == sorted(comments(text))


@settings(max_examples=60)
@example(text='"a" = []\n[t.in]  # 0\n', path=("t", "q"), value=1)
@given(texts(), paths, values)
def test_setting_and_removing_is_the_identity(text: str, path: tuple[str, ...], value: object) -> None:
    table: Any = tomllib.loads(text)
    for key in path[:-1]:
        table = table.get(key) if isinstance(table, dict) else None
    if not isinstance(table, dict) or path[-1] in table:
        return
    try:
        there = edited(text, [Edit(path, value)])
    except ConfigError:
        return
    again = edited(there, [Edit(path, None)])
    if f"[{path[0]}.in]" in text and len(path) == 2:  # the table has got a header of its own
        again = again.replace(f"[{path[0]}]\n", "")
    assert again.rstrip("\n") == text.rstrip("\n")
