"""Addresses of cameras as they are typed in a browser."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerby.web.addresses import check_host, parse

printable = st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("url", "user", "password", "scheme", "place", "told"),
    [
        ("rtsp://10.0.4.12/2", "", "", "rtsp", "10.0.4.12/2", ("", "")),
        ("  10.0.4.12  ", "ada", "hush", "rtsp", "10.0.4.12", ("ada", "hush")),
        ("RTSPS://Camera.example:322/a?c=1", "", "", "rtsps", "Camera.example:322/a?c=1", ("", "")),
        ("http://ada:hush@camera/video", "", "", "http", "camera/video", ("ada", "hush")),
        ("http://ada:hush@camera/video", "bob", "quiet", "http", "camera/video", ("bob", "quiet")),
        ("rtsp://ada:p@ss@10.0.0.1/2", "", "", "rtsp", "10.0.0.1/2", ("ada", "p@ss")),
        ("rtsp://ada:p/s?s#w@10.0.0.1:554/2", "", "", "rtsp", "10.0.0.1:554/2", ("ada", "p/s?s#w")),
        ("rtsp://ada:p@s:s/w?o#r@10.0.0.1/2", "", "", "rtsp", "10.0.0.1/2", ("ada", "p@s:s/w?o#r")),
        ("rtsp://ada:p@漢{s;/w?o#r@10.0.0.1/2", "", "", "rtsp", "10.0.0.1/2", ("ada", "p@漢{s;/w?o#r")),
        ("rtsp://[2001:db8::7]/2?who=a@b", "", "", "rtsp", "[2001:db8::7]/2?who=a@b", ("", "")),
        ("rtsp://ada:p%40ss@10.0.0.1/2", "", "", "rtsp", "10.0.0.1/2", ("ada", "p@ss")),
        ("rtsp://10.0.0.1/2?who=a@b", "", "", "rtsp", "10.0.0.1/2?who=a@b", ("", "")),
        ("rtsp://[2001:db8::7]:554/2", "", "", "rtsp", "[2001:db8::7]:554/2", ("", "")),
        ("rtsp://127.0.0.1:8554/cam", "", "", "rtsp", "127.0.0.1:8554/cam", ("", "")),
    ],
)
def test_addresses_are_read(
    url: str, user: str, password: str, scheme: str, place: str, told: tuple[str, str]
) -> None:
    typed = parse(url, user, password)
    assert (typed.scheme, typed.place, (typed.user, typed.password)) == (scheme, place, told)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "Type the camera's address"),
        ("file:///etc/passwd", "begins with rtsp"),
        ("v4l2:///dev/video0", "begins with rtsp"),
        ("concat://a|b", "begins with rtsp"),
        ("rtmp://10.0.0.1/live", "begins with rtsp"),
        ("/etc/passwd", "no host"),
        ("rtsp://", "no host"),
        ("rtsp://10.0.0.1:99999/2", "no port"),
        ("rtsp://10.0.0.1/a b", "no blanks"),
        ("rtsp://10.0.0.1/a\nb", "no blanks"),
        ("rtsp://${HOST}/2", "no host"),
        ("http://169.254.169.254/latest/meta-data", "no camera is"),
        ("http://[::ffff:169.254.169.254]/", "no camera is"),
        ("http://[64:ff9b::a9fe:a9fe]/", "no camera is"),
        ("http://[fe80::1]/", "no camera is"),
        ("http://[fd00:ec2::254]/", "no camera is"),
        ("http://100.100.100.200/", "no camera is"),
        ("http://0.0.0.0/", "no camera is"),
        ("rtsp://224.1.1.1/", "no camera is"),
        ("http://255.255.255.255/", "no camera is"),
        ("http://2852039166/", "is no address"),
        ("http://0xa9fea9fe/", "is no address"),
        ("http://0251.0376.0251.0376/", "is no address"),
        ("http://169.254.43518/", "is no address"),
    ],
)
def test_what_may_not_be_typed_is_said(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(url)


@pytest.mark.parametrize("secret", ["p@12345/w", "p@s:99999/w", "p@224.1.1.1?w", "p@0x7f/w"])
def test_no_part_of_a_password_is_said(secret: str) -> None:
    with pytest.raises(ValueError, match="…") as refused:
        parse(f"rtsp://ada:{secret}@10.0.0.1/2")
    assert not set(re.findall(r"\w+", secret)) & set(re.findall(r"\w+", str(refused.value)))


def test_a_name_for_such_an_address_is_refused_too() -> None:
    with pytest.raises(ValueError, match="no camera is"):
        check_host("metadata.example", lambda _: ["10.0.0.1", "169.254.169.254"])
    check_host("camera.example", lambda _: ["10.0.0.1", "fd00::7", "127.0.0.1"])


def test_a_name_that_nobody_knows_yet_is_taken() -> None:
    def fails(_: str) -> list[str]:
        raise OSError

    check_host("camera.example", fails)


@settings(max_examples=100)
@given(printable.filter(lambda user: ":" not in user), printable)
def test_any_user_and_password_come_back_from_the_url(user: str, password: str) -> None:
    whole = urlsplit(parse("rtsp://10.0.0.1:554/2", user, password).whole())
    assert (whole.hostname, whole.port, whole.path) == ("10.0.0.1", 554, "/2")
    assert (unquote(whole.username or ""), unquote(whole.password or "")) == (user, password)


def test_no_name_of_a_secret_can_be_typed() -> None:
    typed = parse("rtsp://10.0.0.1/2?x=${HOME}", "${USER}", "x")
    assert typed.url("${camera-a-password}") == ("rtsp://%24%7BUSER%7D:${camera-a-password}@10.0.0.1/2?x=$${HOME}")


def test_a_secret_in_the_path_is_told_as_one() -> None:
    assert parse("rtsp://10.0.0.1/user=ada_password=hush_channel=1").hides
    assert not parse("rtsp://10.0.0.1/2?channel=1").hides


def test_a_password_stands_in_no_repr() -> None:
    assert "hush" not in repr(parse("rtsp://ada:hush@10.0.0.1/2"))
