"""Secrets that are known are blanked out of words, however they are written."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from passerby.config.blanking import Blanks, holds_secret, secrets_in
from passerby.errors import ConfigError
from passerby.run import site

URL = "rtsp://ada:zq%40hush@10.0.0.1/2"


@pytest.mark.parametrize(
    "said",
    [
        URL,
        "zq@hush",
        "zq%40hush",
        "ada:zq@hush",
        base64.b64encode(b"ada:zq@hush").decode(),
        quote(URL, safe=""),
    ],
)
def test_every_form_of_a_url_s_password_is_blanked(said: str) -> None:
    assert Blanks([URL])(f"cannot open {said}.") == "cannot open ***."


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("http://10.0.0.1/cgi?user=ada&password=zqhush", "zqhush"),
        ("rtsp://10.0.0.1/user=ada_password=zqhush", "zqhush"),
        ("rtsp://10.0.0.1/user=ada_password=zq_hush_channel=1.sdp", "zq_hush"),
        ("rtsp://10.0.0.1/user=ada_password=zqhush_user_name=ada", "zqhush"),
        ("rtsp://10.0.0.1/user=ada_password=zq=hush_channel=1.sdp", "zq=hush"),
        ("https://zqhush@10.0.0.1/", "zqhush"),
        ("rtsp://ada:zq/hush@10.0.0.1/", "zq/hush"),
        ("rtsp://ada:zq%2540hush@10.0.0.1/", "zq@hush"),
        ("http://10.0.0.1/cgi?pwd=zq/hu#sh;x&res=640", "zq/hu#sh;x"),
        ("http://10.0.0.1/cgi?pwd=zq&hu/sh", "zq&hu/sh"),
        ("http://10.0.0.1/cgi?user=ada&pwd=zq@hush", "zq@hush"),
        ("http://10.0.0.1/cgi?pwd=zq$hush", "zq$$hush"),
        ("http://10.0.0.1/cgi?auth=YWRhOnpxaHVzaA==", "zqhush"),
        ("http://10.0.0.1/cgi?pwd=zq\"'hush", r"zq\"'hush"),
        ("http://10.0.0.1/cgi?pwd=zq字hush", r"zq\u5b57hush"),
    ],
)
def test_settings_and_odd_passwords_are_part_of_it(url: str, value: str) -> None:
    assert holds_secret(url)
    assert Blanks([url])(f"its {value}") == "its ***"


@pytest.mark.parametrize("url", ["rtsp://10.0.0.1/2", "street.mp4", "rtsp://host/2@x", "http://h/?res=640"])
def test_an_address_without_any_holds_none(url: str) -> None:
    assert not holds_secret(url)
    assert list(secrets_in({"url": [url]})) == []


@pytest.mark.parametrize(
    "text",
    [
        f'[camera.a]\nsource = {{ use = "{URL}" }}\n',
        f'[camera."{URL}"]\nlive = "off"\n',
        f'[camera.a]\nsource = {{ use = "stream", "{URL}" = 1 }}\n',
        f'site = {{ timezone = "{URL}" }}\n',
        f'[web]\nlisten = "{URL}"\n',
    ],
)
def test_a_url_in_the_wrong_place_is_not_repeated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        site.load(path)
    assert "hush" not in str(caught.value)
