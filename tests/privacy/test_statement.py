from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
from promises import TOO_MUCH

from passerby.config import load
from passerby.privacy import PROMISE, Statement, statement

STREET = """
site = { name = "Market", timezone = "Europe/Lisbon" }
store = "street.db"

[privacy]
grain = "30min"
k = 25

[camera.north]
source = { use = "stream", url = "rtsp://user:geheim@10.0.4.12/2" }
live = "ghost"

[camera.north.place]
gate = { line = [[0.1, 0.6], [0.9, 0.6]] }
door = { line = [[0.1, 0.62], [0.9, 0.62]] }
"""


@pytest.fixture
def said(tmp_path: Path) -> Statement:
    path = tmp_path / "street.toml"
    path.write_text(STREET)
    return statement(load(path))


def words(said: Statement) -> str:
    return " ".join(str(value) for value in asdict(said).values())


def test_it_says_what_rows_rest_on(said: Statement) -> None:
    assert "30 minutes or longer" in said.keeps[0]
    assert "at least 25 passes" in said.keeps[0]


def test_it_warns_of_two_places_over_one_stream(said: Statement) -> None:
    assert any("gate and door" in limit for limit in said.limits)


def test_it_promises_no_more_than_can_be_kept_and_tells_no_secret(said: Statement) -> None:
    assert not TOO_MUCH.search(words(said) + PROMISE)
    assert "geheim" not in words(said)


def test_without_a_store_no_counts_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    path.write_text("[camera.north]\n")
    rows, plates, accounts = statement(load(path)).keeps
    assert rows == "No counts: no store is configured."
    assert ("approved" in plates, "Accounts" in accounts) == (True, True)
    path.write_text('web = { listen = "off" }\n[camera.north]\n')
    assert statement(load(path)).keeps == (rows,)


def test_it_says_how_long_rows_stay_and_who_gets_them(said: Statement, tmp_path: Path) -> None:
    assert "until they are deleted" in words(said)
    assert said.sends[0].startswith("Nothing")
    path = tmp_path / "street.toml"
    path.write_text(
        'store = { use = "sqlite", path = "street.db", keep = "400d" }\n'
        '[sink.control]\nuse = "webhook"\nurl = "https://control/geheim"\n'
    )
    other = statement(load(path))
    assert "Rows stay for 400d, then are deleted within a day" in words(other)
    assert other.sends == ("control (webhook): the same rows, and alerts with their rule, place, state and hour.",)
    assert "geheim" not in words(other)


def test_it_says_what_is_shown_and_what_is_sent_of_this_moment(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    sinks = '[sink.control]\nuse = "webhook"\nurl = "https://control.example/in"\n'
    camera = '[camera.north]\nsource = { use = "synthetic" }\nlive = "numbers"\n'

    def said(privacy: str) -> Statement:
        path.write_text(f"{privacy}\n{sinks}{camera}")
        return statement(load(path))

    assert "signed in" in " ".join(said("").shows)
    assert said('[web]\nlisten = "off"').shows == ("Nothing: no pages are served.",)
    assert "once a minute" not in " ".join(said("").sends)
    assert "once a minute" in " ".join(said("[privacy]\nlive_outputs = true").sends)


def test_the_docs_promise_no_more_either() -> None:
    root = Path(__file__).parent.parent.parent
    for page in (root / "README.md", *sorted((root / "docs").rglob("*.md"))):
        said = page.read_text().partition("**Words to leave out**")[0]
        assert not TOO_MUCH.search(said), page


def test_it_says_which_alerts_one_person_may_cause(tmp_path: Path) -> None:
    path = tmp_path / "street.toml"
    camera = (
        "[camera.a.place]\nrails = { zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]] }\n[camera.a.alert]\n"
        'full = { when = "rails.inside > 30" }\n'
    )
    path.write_text(camera)
    assert "a: no alert can be caused by fewer than 10 people." in statement(load(path)).keeps
    path.write_text(camera + 'fall = { safety = "track", at = "rails" }\n')
    assert "a: one person may cause fall (track); any other alert takes 10 or more." in statement(load(path)).keeps
