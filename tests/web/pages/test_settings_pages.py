"""Settings, adding a camera and changing one, without a browser's script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import Response
from rtsp import RtspCamera
from starlette.routing import BaseRoute
from starlette.testclient import TestClient
from web.forms import filled
from web.houses import STREET
from web.visits import ADMIN, CSRF, OPERATOR, Notes, visit
from web.written import WrittenHouse

from passerby.config.keyring import Keyring
from passerby.stages import Source
from passerby.web.pages import camera_settings, cameras_new, settings
from passerby.web.pages.rendering import Pages

PASSWORD = "p@s:s/w?o#r%d&"
TEXT = "# the market\n" + STREET.replace('fountain"', 'fountain"  # ours')


def everything(pages: Pages) -> Sequence[BaseRoute]:
    return [*settings.routes(pages), *cameras_new.routes(pages), *camera_settings.routes(pages)]


class Desk:
    """An admin at the pages of a service with a real file."""

    def __init__(self, path: Path, text: str = TEXT) -> None:
        self.house = WrittenHouse(path, text)
        self.notes = Notes()
        self.client: TestClient = visit(self.house, everything, ADMIN, audit=self.notes)

    def send(self, path: str, at: str = "", **typed: str) -> Response:
        """What a browser sends that fills in the form on a page: its other fields stay as they are."""
        page = self.client.get(at or path).text
        form = page[page.index(f'action="{path}"') :].partition("</form>")[0]
        return _sent(self.client.post(path, data={**filled(form), **typed}))

    def write(self, path: str, shown: Response) -> Response:
        """Press "Write it" on the page that shows what changes."""
        return _sent(self.client.post(path, data={**filled(shown.text), "step": "write"}))


def _sent(answer: Response) -> Response:
    return answer


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "site.toml")


# -- settings of the site --------------------------------------------------------------------------------------


def test_a_change_is_shown_and_then_written(desk: Desk) -> None:
    shown = desk.send("/settings", k="30", grain="30min")
    assert shown.status_code == 200
    assert "+k = 30" in shown.text
    assert "all places begin anew" in shown.text
    assert desk.house.path.read_text() == TEXT
    assert desk.notes.entries == []
    written = desk.write("/settings", shown)
    assert (written.status_code, written.headers["location"]) == (303, "/settings?done=change")
    assert desk.house.config.rule.k == 30
    assert desk.house.path.read_text().startswith("# the market\n")
    assert desk.notes.entries == [("ada", "change settings", "")]


def test_nothing_changed_is_said(desk: Desk) -> None:
    assert "Nothing would change" in desk.send("/settings").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"k": "many"}, "Write a whole number"),
        ({"k": "5"}, "privacy.k"),
        ({"timezone": "Mars/Olympus"}, "no time zone"),
        ({"share": "2"}, "engine.share"),
        ({"grain": "7min"}, "Choose one of these"),
    ],
)
def test_what_cannot_be_is_said_and_not_written(desk: Desk, typed: dict[str, str], says: str) -> None:
    answer = desk.send("/settings", **typed)
    assert answer.status_code in (409, 422)
    assert says in answer.text
    assert desk.house.path.read_text() == TEXT


def test_options_of_the_detector_are_its_constructor_s(desk: Desk) -> None:
    desk.write("/settings", desk.send("/settings", **{"option-score": "0.2"}))
    assert desk.house.config.detector.options == {"use": "auto", "score": 0.2}
    desk.write("/settings", desk.send("/settings", detector="motion"))
    assert desk.house.config.detector.options == {"use": "motion"}
    assert "option-score" not in desk.client.get("/settings").text


def test_a_store_that_is_only_a_path_gets_a_time_to_keep(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "site.toml", 'store = "rows.db"\n' + STREET)
    desk.write("/settings", desk.send("/settings", keep="400d"))
    assert desk.house.config.store is not None
    assert desk.house.config.store.options == {"use": "sqlite", "path": "rows.db", "keep": "400d"}


def test_a_file_that_may_only_be_read_is_changed_by_hand(desk: Desk) -> None:
    desk.house.read_only = True
    answer = desk.write("/settings", desk.send("/settings", k="30"))
    assert "Write this into the file yourself" in answer.text
    assert "[privacy]\nk = 30" in answer.text
    assert desk.notes.entries == []


def test_a_form_that_is_older_than_the_file_is_not_written(desk: Desk) -> None:
    shown = desk.send("/settings", k="30")
    desk.write("/settings", desk.send("/settings", name="Fish market"))
    answer = desk.write("/settings", shown)
    assert answer.status_code == 409
    assert "changed by somebody else" in answer.text
    assert desk.house.config.rule.k == 20


# -- a new camera ----------------------------------------------------------------------------------------------


def test_a_camera_is_added_with_any_password_and_can_be_opened(desk: Desk) -> None:
    with RtspCamera(credentials=f"ada:{PASSWORD}", digest=True) as camera:
        typed = {"name": "east", "address": camera.url, "user": "ada", "password": PASSWORD}
        answer = desk.send("/cameras/new", **typed)
        assert (answer.status_code, answer.headers["location"]) == (303, "/cameras/east?done=add")
        added = desk.house.config.camera("east")
        assert added.source is not None
        frames = added.source.build(Source, camera="east").frames()
        with next(frames) as frame:
            assert frame.size == camera.size
        frames.close()  # type: ignore[attr-defined]
    text = desk.house.path.read_text()
    assert f'"rtsp://ada:${{camera-east-password}}@{camera.place}"' in text
    assert "p@s" not in text
    assert desk.notes.entries == [("ada", "add a camera", "east")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "north"}, "There is a camera &#39;north&#39; already"),
        ({"name": "new"}, "Take another name"),
        ({"name": "a/b"}, "is no name"),
        ({"name": ""}, "Give it a name"),
        ({"address": "file:///etc/passwd"}, "configuration file only"),
        ({"address": "http://169.254.169.254/"}, "no camera is"),
        ({"fps": "fast"}, "Write a number"),
        ({"fps": "-1"}, "fps"),
    ],
)
def test_what_is_wrong_with_a_camera_is_said(desk: Desk, typed: dict[str, str], says: str) -> None:
    given = {"name": "east", "address": "rtsp://10.0.0.1/2", **typed}
    answer = desk.send("/cameras/new", **given)
    assert answer.status_code in (409, 422)
    assert says in answer.text
    assert desk.house.path.read_text() == TEXT


def test_a_password_is_never_sent_back(desk: Desk) -> None:
    typed = {"address": f"rtsp://ada:{PASSWORD}@10.0.0.1/2", "password": "typed-too"}
    answer = desk.send("/cameras/new", name="north", **typed)
    assert answer.status_code == 422
    assert "p@s" not in answer.text
    assert "typed-too" not in answer.text
    assert 'value="rtsp://10.0.0.1/2"' in answer.text


@pytest.mark.parametrize(
    "address", ["srt://10.0.0.1?passphrase=zqhush", "http://10.0.0.1/cgi?user=ada&pwd=hu@zq sh", "ftp://ada:zq@h"]
)
def test_an_address_that_is_refused_is_sent_back_without_what_may_be_secret(desk: Desk, address: str) -> None:
    answer = desk.send("/cameras/new", name="east", address=address)
    assert answer.status_code == 422
    assert "zq" not in answer.text


def test_an_address_with_a_secret_in_its_path_is_sealed_as_a_whole(desk: Desk) -> None:
    desk.send("/cameras/new", name="east", address="rtsp://10.0.0.1/user=ada_password=hush_channel=1")
    assert 'url = "${camera-east-url}"' in desk.house.path.read_text()
    assert "hush" not in desk.client.get("/cameras/east/settings").text


# -- a camera that is there ------------------------------------------------------------------------------------


def test_a_camera_s_settings_are_shown_and_written(desk: Desk) -> None:
    page = "/cameras/north/settings"
    shown = desk.send(page, live="numbers", **{"option-transport": "udp", "fps": "2.5"})
    assert "+live   = &#34;numbers&#34;" in shown.text
    written = desk.write(page, shown)
    assert written.headers["location"] == f"{page}?done=change"
    camera = desk.house.config.camera("north")
    assert (camera.live, camera.fps) == ("numbers", 2.5)
    assert camera.source is not None
    assert camera.source.options["transport"] == "udp"


def test_a_checkbox_that_is_not_sent_is_off(desk: Desk) -> None:
    page = "/cameras/north/settings"
    form = filled(desk.client.get(page).text.partition("/address")[0])
    form.pop("enabled")
    shown = desk.client.post(page, data=form)
    assert "switched off" in shown.text
    desk.write(page, shown)
    assert not desk.house.config.camera("north").enabled


def test_a_new_password_leaves_the_file_as_it_is_but_for_its_name(desk: Desk) -> None:
    page = "/cameras/north/settings"
    answer = desk.send(f"{page}/address", page, user="ada", password="hushhush")
    assert answer.headers["location"] == f"{page}?done=address"
    assert "rtsp://ada:${camera-north-password}@10.0.4.12/2" in desk.house.path.read_text()
    before = desk.house.path.read_text()
    desk.send(f"{page}/address", page, password="another")
    assert desk.house.path.read_text() == before
    assert desk.house.secrets == {"camera-north-password": "another"}
    assert [what for _, what, _ in desk.notes.entries] == ["change a camera's address", "type a camera's password"]
    assert "another" not in desk.client.get(page).text


def test_a_password_that_comes_too_late_replaces_none(desk: Desk) -> None:
    page = "/cameras/north/settings"
    old = desk.client.get(page).text
    form = filled(old[old.index(f'action="{page}/address"') :].partition("</form>")[0])
    desk.send(f"{page}/address", page, user="ada", password="hushhush")
    answer = desk.client.post(f"{page}/address", data={**form, "user": "bob", "password": "late"})
    assert answer.status_code == 409
    assert desk.house.secrets == {"camera-north-password": "hushhush"}


def test_a_kept_password_is_told_to_no_other_host(desk: Desk) -> None:
    page = "/cameras/north/settings"
    desk.send(f"{page}/address", page, user="ada", password="hushhush")
    answer = desk.send(f"{page}/address", page, address="rtsp://10.6.6.6/2")
    assert answer.status_code == 422
    assert "Type the password again" in answer.text
    assert "10.6.6.6" not in desk.house.path.read_text()
    answer = desk.send(f"{page}/address", page, address="rtsp://10.0.4.12/1")
    assert answer.status_code == 303
    assert "rtsp://ada:${camera-north-password}@10.0.4.12/1" in desk.house.path.read_text()


@pytest.mark.parametrize("url", ["street.mp4", "v4l2:///dev/video0", "rtsp://${WHO}:${PIN}@10.0.0.1/2"])
def test_what_was_written_by_hand_is_not_shown(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHO", "ada")
    desk = Desk(tmp_path / "site.toml", STREET.replace("rtsp://10.0.4.12/2", url))
    page = desk.client.get("/cameras/north/settings").text
    assert "in a way that is not shown here" in page
    assert url not in page


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/cgi?user=ada&pwd=zq@hu/sh", "rtsp://ada:zq/w@hu@10.0.0.1/sh"]
)
def test_what_follows_an_at_that_may_be_of_a_password_is_not_shown(tmp_path: Path, address: str) -> None:
    desk = Desk(tmp_path / "site.toml", STREET.replace("rtsp://10.0.4.12/2", address))
    page = desk.client.get("/cameras/north/settings").text
    assert "in a way that is not shown here" in page
    assert "hu/sh" not in page
    assert "10.0.0.1/sh" not in page


def test_options_of_all_cameras_become_a_camera_s_own(tmp_path: Path) -> None:
    common = '[defaults.camera]\nsource = { use = "stream", url = "rtsp://10.0.0.1/2" }\n[camera.north]\n'
    desk = Desk(tmp_path / "site.toml", common)
    page = "/cameras/north/settings"
    desk.write(page, desk.send(page, **{"option-transport": "udp"}))
    source = desk.house.config.camera("north").source
    assert source is not None
    assert source.options == {"use": "stream", "url": "rtsp://10.0.0.1/2", "transport": "udp"}


def test_a_camera_is_removed_after_it_was_shown_what_goes(desk: Desk) -> None:
    page = "/cameras/north/settings"
    desk.send(f"{page}/address", page, user="ada", password="hushhush")
    assert Keyring(desk.house.config.state).names() == ("camera-north-password",)
    shown = desk.send(f"{page}/remove", page)
    assert "-[camera.north]" in shown.text
    written = desk.write(f"{page}/remove", shown)
    assert written.headers["location"] == "/?done=remove"
    assert set(desk.house.config.cameras) == {"south"}
    assert desk.house.config.areas["fairground"].zones == (("south", "pitch"),)
    assert ("ada", "remove a camera", "north") in desk.notes.entries
    assert Keyring(desk.house.config.state).names() == ()


def test_why_a_camera_shows_nothing_is_said_in_plain_words(desk: Desk) -> None:
    said = "rtsp://10.0.4.12/2 refuses the user or the password. Check both. In a url the characters …"
    desk.house.known["north"] = replace(desk.house.known["north"], state="offline", reason=said)
    page = desk.client.get("/cameras/north/settings").text
    assert "It refuses the user or the password." in page
    assert "In a url" not in page


@pytest.mark.parametrize("path", ["/settings", "/cameras/new", "/cameras/north/settings"])
def test_they_are_for_admins(desk: Desk, path: str) -> None:
    assert visit(desk.house, everything, OPERATOR).get(path).status_code == 403
    assert visit(desk.house, everything, None).get(path).status_code == 401
    assert f'value="{CSRF}"' in desk.client.get(path).text


def test_a_camera_that_is_not_there(desk: Desk) -> None:
    assert desk.client.get("/cameras/none/settings").status_code == 404
