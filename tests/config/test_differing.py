"""Differences of configurations, in which no secret stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.config.differing import blanked, difference


def test_a_difference_is_lines_with_plus_and_minus() -> None:
    before = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\n"
    after = before.replace("b = 2", "b = 3")
    assert difference(before, after) == " a = 1\n-b = 2\n+b = 3\n c = 3\n d = 4\n"
    assert difference(before, before) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('url = "rtsp://ada:hush@10.0.0.1/2"', 'url = "rtsp://ada:•••@10.0.0.1/2"'),
        ('url = "rtsp://ada:hu/sh@10.0.0.1/2"', 'url = "rtsp://ada:•••@10.0.0.1/2"'),
        ('url = "rtsp://a@b:hu sh\'x@10.0.0.1/2"', 'url = "rtsp://a@b:•••@10.0.0.1/2"'),
        ("# was rtsp://ada:hush@10.0.0.1/2", "# was rtsp://ada:•••@10.0.0.1/2"),
        ('url = "rtsp://ada:${PIN}@10.0.0.1/2"', 'url = "rtsp://ada:${PIN}@10.0.0.1/2"'),
        ('url = "http://hush@10.0.0.1/2"', 'url = "http://•••@10.0.0.1/2"'),
        ('url = "rtsp://${USER}:${PIN}@10.0.0.1/2"', 'url = "rtsp://${USER}:${PIN}@10.0.0.1/2"'),
        ('url = "rtsp://10.0.0.1/2?channel=1&sub=0"', 'url = "rtsp://10.0.0.1/2?channel=1&sub=0"'),
        ('url = "http://h/v?token=hush&c=1"', 'url = "http://h/v?token=•••"'),
        ('url = "http://h/v?c=1&pwd=zq/h&u=sh#x"', 'url = "http://h/v?c=1&pwd=•••"'),
        ('url = "http://h/v?user=ada&pwd=hu@sh"', 'url = "http://•••"'),
        ('url = "rtsp://h/user=ada_password=hush_c=1"', 'url = "rtsp://h/user=•••"'),
        ('secret = "hush"', 'secret = "•••"'),
        ("mqtt_password='hush'", "mqtt_password='•••'"),
        ('secret = "${HOOK}"', 'secret = "${HOOK}"'),
        ('secret = { file = "/run/hook" }', 'secret = { file = "/run/hook" }'),
    ],
)
def test_secrets_are_blanked(text: str, shown: str) -> None:
    assert blanked(text) == shown


def test_what_is_known_to_be_secret_is_blanked_however_it_is_written() -> None:
    assert blanked('x = "p@ss/w" # p%40ss%2Fw', ["p@ss/w"]) == 'x = "•••" # •••'
    assert blanked("abc = 1", ["ab"]) == "abc = 1"  # too short to be told from words


def test_a_secret_that_changes_is_told_and_not_shown() -> None:
    assert difference('secret = "hush"\n', 'secret = "hash"\n') == "~ a secret changes\n"


@settings(max_examples=50)
@given(st.text(st.characters(exclude_characters='"\\\n\r', exclude_categories=["Cs", "Cc"]), min_size=6))
def test_no_password_in_a_url_is_shown(password: str) -> None:
    secret = f"zq{password}zq"
    assert "zq" not in blanked(f'source = {{ use = "stream", url = "rtsp://ada:{secret}@10.0.0.1/2" }}')
