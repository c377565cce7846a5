"""Addresses: what kind of place, and no password in what is shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerby.sources.address import Address


@pytest.mark.parametrize(
    ("url", "kind", "target"),
    [
        ("film.mp4", "local", "film.mp4"),
        ("odd: name@home?.mp4", "local", "odd: name@home?.mp4"),
        ("file:///srv/a%20b.mp4", "local", "/srv/a b.mp4"),
        ("v4l2:///dev/video0", "device", "/dev/video0"),
        ("/dev/video3", "device", "/dev/video3"),
        ("RTSP://10.0.0.1/2", "network", "RTSP://10.0.0.1/2"),
        ("http://cam/video.mjpg?fps=5", "network", "http://cam/video.mjpg?fps=5"),
    ],
)
def test_kinds(url: str, kind: str, target: str) -> None:
    address = Address.parse(url)
    assert (address.kind, address.target) == (kind, target)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://admin:secret@10.0.0.1:554/2", "rtsp://10.0.0.1:554/2"),
        ("rtsp://admin:s@cr/et#?@10.0.0.1/2", "rtsp://10.0.0.1/2"),
        ("http://10.0.0.1/video?user=admin&pwd=secret#secret", "http://10.0.0.1/video"),
        ("rtsp://10.0.0.1/user=admin_password=secret_channel=1", "rtsp://10.0.0.1/…"),
        ("rtsp://10.0.0.1/2?user=admin&pwd=my@secret", "rtsp://…"),
        ("rtsp://ada:x@10.0.0.1/2?pwd=my@secret", "rtsp://…"),
        ("rtsp://10.0.0.1/user=admin_password=my@secret", "rtsp://…"),
        ("rtsp://ada:a/b=c@10.0.0.1/2", "rtsp://10.0.0.1/2"),
        ("/films/a@b.mp4", "/films/a@b.mp4"),
    ],
)
def test_what_is_shown_holds_no_secret(url: str, shown: str) -> None:
    assert Address.parse(url).shown == shown
    assert "secret" not in repr(Address.parse(url))


@given(st.text(min_size=4).filter(lambda password: password not in "rtsp://10.0.0.1/2 Address('')"))
def test_no_password_is_ever_shown(password: str) -> None:
    address = Address.parse(f"rtsp://admin:{password}@10.0.0.1/2")
    assert address.shown in ("rtsp://10.0.0.1/2", "rtsp://…")
    assert password not in repr(address)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("rtsp://u:a/b?c#d@h/2", "rtsp://u:a%2Fb%3Fc%23d@h/2"),
        ("rtsp://u:p%2F@h/2", "rtsp://u:p%2F@h/2"),
        ("rtsp://u:p@q@h/2", "rtsp://u:p@q@h/2"),
        ("http://h:80/mail@home", "http://h:80/mail@home"),
        ("http://h/mail@home", "http://h/mail@home"),
    ],
)
def test_a_password_that_would_end_the_host_is_encoded(typed: str, told: str) -> None:
    assert Address.parse(typed).target == told


def test_only_films_and_folders_here_are_finite(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0" * 100)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link.mp4"
    link.symlink_to("/dev/zero")
    assert Address.parse(str(film)).is_finite
    assert Address.parse(f"file://{film}").is_finite
    assert Address.parse(str(tmp_path)).is_finite
    assert Address.parse(str(tmp_path / "missing.mp4")).is_finite
    for live in (str(pipe), str(link), "/dev/video0", "v4l2:///dev/video0", "rtsp://h/1", "http://h/film.mp4"):
        assert not Address.parse(live).is_finite, live


@pytest.mark.parametrize(
    "head",
    [
        "#EXTM3U\n",
        "\ufeff\n#EXTM3U",
        "ffconcat version 1.0\n",
        "v=0\r\no=- 0",
        '<?xml version="1.0"?><MPD type="dynamic">',
    ],
)
def test_a_playlist_is_not_finite_whatever_it_is_called(tmp_path: Path, head: str) -> None:
    disguised = tmp_path / "film.mp4"
    disguised.write_text(head)
    assert not Address.parse(str(disguised)).is_finite
