"""The whole of it in a real browser: from the link on the terminal to somebody who is kept out.

A real service in a process of its own, a camera on loopback with a password, a receiver of webhooks. The camera
films a drawn square: nobody at first, then sixteen people who walk to and fro over the line, then nobody again.
The detector is a plugin of the tests, which knows the empty square, so that no model is needed. A plate is
collected for 20 s, where it takes ten minutes else. Released rows take five minutes at least, so those that are
charted were written before the service was started.
"""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import cv2
import known_place
import numpy as np
import pytest
from numpy.typing import NDArray
from rtsp import RtspCamera, Size

from passerby.classes import Class
from passerby.demo import month
from passerby.geometry import Line
from passerby.outlets import Query
from passerby.scene import Mover, Pinhole, scripted
from passerby.sources.synthetic import Synthetic
from passerby.stores.sqlite import Sqlite
from web.browsing import overflow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator
    from playwright.sync_api import Page as Tab

playwright = pytest.importorskip("playwright.sync_api", reason="no browser: playwright is not installed")
expect = playwright.expect

PATIENCE_S = 90.0  # on a machine that does much besides
PASSWORD = "correct horse battery"
SEALED = "tr1cky:p@ss/word?#"
SIGNED = "webhook-canary"
SIZE = (384, 288)
RATE = 5  # pictures a second
LEG_S = 8  # to walk from one side to the other
ROWS = (6.0, 8.5, 12.0, 17.0)  # m from the mast
COLUMNS = (-3.8, -2.6, -1.4, -0.2)  # m from the middle, where the line is
GATE = ((0.5, 0.95), (0.5, 0.05))
SQUARE = ((0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98))
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
ZONE = ZoneInfo("UTC")

CONFIG = """
site = {{ name = "Square", timezone = "UTC" }}   # a comment that stays
store = "rows.db"
state = "state"
detector = {{ use = "known-place", path = "{empty}" }}
[web]
listen = "127.0.0.1:0"
[sink.control]
use = "webhook"
url = "{url}"
secret = "${{SIGNED}}"
"""
RULES = """
[camera.square.alert]
full = { when = "market.inside > 10", for = "1s", severity = "critical" }
"""
PROGRAM = """
import sys
from pathlib import Path
from passerby.run import Service, attended
service = Service(Path(sys.argv[1]), has_pages=True, plate_s=20.0)
with attended(service):
    service.run()
"""


class Square:
    """What the camera films."""

    def __init__(self) -> None:
        self.is_busy = False

    def __call__(self, number: int, size: Size) -> NDArray[np.uint8]:
        assert size == SIZE
        return self.walk[number % len(self.walk)] if self.is_busy else self.empty

    @cached_property
    def empty(self) -> NDArray[np.uint8]:
        return self._film(())[0]

    @cached_property
    def walk(self) -> list[NDArray[np.uint8]]:
        """There and back again, without a break."""
        people = [
            Mover(Class.PERSON, ((0, x, y), (LEG_S, x + 4, y), (2 * LEG_S, x, y)), variant=7 * i)
            for i, (x, y) in enumerate((x, y) for y in ROWS for x in COLUMNS)
        ]
        return self._film(people)

    @staticmethod
    def _film(people: Any) -> list[NDArray[np.uint8]]:
        camera = Pinhole(height_m=9.0, tilt_deg=35.0, pan_deg=0.0, focal=1.0)
        street = scripted(people, duration_s=2 * LEG_S if people else 1 / RATE, camera=camera)
        film = Synthetic.of(street, fps=RATE, size=SIZE, noise=0, light=0, sun=0)
        pictures = []
        for frame in film.frames():
            with frame:
                pictures.append(np.array(frame.bgr(frame.whole, frame.size)))
        return pictures


@dataclass
class Program:
    """The service, and all that it says."""

    process: subprocess.Popen[str]
    lines: list[str]
    changed: threading.Condition

    def wait(self, *words: str) -> str:
        """The first line that has these words."""
        found: list[str] = []

        def is_said() -> bool:
            found[:] = [line for line in self.lines if all(word in line for word in words)]
            return bool(found) or self.process.poll() is not None

        with self.changed:
            assert self.changed.wait_for(is_said, PATIENCE_S), self.lines
        assert found, self.lines
        return found[0]


@contextmanager
def running(path: Path, environ: Mapping[str, str]) -> Iterator[Program]:
    command = [sys.executable, "-c", PROGRAM, str(path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ, cwd=path.parent) as process:
        program = Program(process, [], threading.Condition())
        assert process.stderr is not None

        def hear() -> None:
            for line in process.stderr or ():
                with program.changed:
                    program.lines.append(line)
                    program.changed.notify_all()
            with program.changed:
                program.changed.notify_all()

        thread = threading.Thread(target=hear)
        thread.start()
        try:
            yield program
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
            thread.join()


@dataclass
class Control:
    """A control room that receives webhooks."""

    url: str
    told: queue.Queue[tuple[bytes, str]]

    def next_alert(self) -> dict[str, Any]:
        """The next one, if it is signed."""
        body, signature = self.told.get(timeout=PATIENCE_S)
        assert signature == "sha256=" + hmac.new(SIGNED.encode(), body, hashlib.sha256).hexdigest()
        event: dict[str, Any] = json.loads(body)
        assert event["specversion"] == "1.0"
        return event


@contextmanager
def control() -> Iterator[Control]:
    told: queue.Queue[tuple[bytes, str]] = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.put((body, self.headers["X-Passerby-Signature"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Control(f"http://127.0.0.1:{server.server_address[1]}/alarms", told)
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Site:
    """All of it."""

    folder: Path
    program: Program
    camera: RtspCamera
    square: Square
    control: Control
    url: str

    def go(self, tab: Tab, path: str) -> None:
        answer = tab.goto(self.url.rstrip("/") + path)
        assert answer is not None
        assert answer.status == 200, path
        assert overflow(tab) <= 0

    @property
    def config(self) -> Path:
        return self.folder / "square.toml"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    square = Square()
    np.save(tmp_path / "empty.npy", cv2.cvtColor(square.empty, cv2.COLOR_BGR2GRAY))
    month(tmp_path / "rows.db", 7, zone=ZONE, start=YESTERDAY, length=1, camera="square", gate=Line("gate", *GATE))
    tests = str(Path(known_place.__file__).parent)
    environ = os.environ | {"PYTHONPATH": f"{known_place.installed(tmp_path)}:{tests}", "SIGNED": SIGNED}
    with ExitStack() as stack:
        room = stack.enter_context(control())
        how = {"credentials": f"ada:{SEALED}", "digest": True, "rate": RATE, "size": SIZE, "picture": square}
        camera = stack.enter_context(RtspCamera(**how))  # type: ignore[arg-type]
        path = tmp_path / "square.toml"
        path.write_text(CONFIG.format(empty=tmp_path / "empty.npy", url=room.url))
        program = stack.enter_context(running(path, environ))
        url = program.wait("address=").split("address=")[1].strip()
        yield Site(tmp_path, program, camera, square, room, url)


@contextmanager
def window(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, in which everything may take its time."""
    with browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE_S * 1000)
        yield context


@pytest.fixture
def ada(browser: Browser) -> Iterator[Tab]:
    expect.set_options(timeout=PATIENCE_S * 1000)
    wrong: list[str] = []
    with window(browser) as context:
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda m: wrong.append(m.text) if "Content Security Policy" in m.text else None)
        yield tab
    expect.set_options(timeout=5000)
    assert wrong == []


def test_from_the_first_link_to_somebody_who_is_kept_out(site: Site, ada: Tab, browser: Browser) -> None:
    make_the_first_account(site, ada)
    add_the_camera(site, ada)
    site.go(ada, "/cameras/square/plate")
    ada.get_by_role("button", name="Begin to collect").click()
    expect(ada.locator("#plate")).to_contain_text("Known so far")
    draw(site, ada)
    approve_the_plate(site, ada)
    set_rules(site)
    fire_and_resolve(site, ada)
    read_a_chart(site, ada)
    keep_out(site, ada, browser)
    sign_out(site, ada)


def make_the_first_account(site: Site, tab: Tab) -> None:
    site.program.wait("first-account")
    tab.goto((site.folder / "state" / "first-admin-link").read_text().strip())
    tab.get_by_label("Name").fill("ada")
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_label("The same password again").fill(PASSWORD)
    tab.get_by_role("button", name="Make account").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Overview")
    sign_out(site, tab)
    sign_in(tab, "ada")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Overview")


def sign_in(tab: Tab, name: str) -> None:
    tab.get_by_label("Name").fill(name)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()


def add_the_camera(site: Site, tab: Tab) -> None:
    tab.get_by_role("link", name="Add a camera").first.click()
    tab.get_by_label("Name").fill("square")
    tab.get_by_label("Address").fill(site.camera.url)
    tab.get_by_label("User").fill("ada")
    tab.get_by_label("Password").fill(SEALED)
    tab.get_by_label("Shown live").select_option("ghost")
    tab.get_by_role("button", name="Add the camera").click()
    expect(tab.locator("#state")).to_contain_text("Online")
    written = site.config.read_text()
    assert "# a comment that stays" in written
    assert SEALED not in written + "".join(site.program.lines)


def draw(site: Site, tab: Tab) -> None:
    site.go(tab, "/cameras/square/edit")
    tab.wait_for_selector("[data-ready]")
    stage = tab.locator("#stage")
    tab.get_by_role("button", name="Add line").click()
    click(stage, *GATE)
    tab.keyboard.type("gate")
    tab.get_by_role("button", name="Add zone").click()
    click(stage, *SQUARE)
    tab.keyboard.press("Enter")
    tab.get_by_label("Name of the zone").fill("market")
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.locator("#result")).to_contain_text("Written to square.toml.")


def click(stage: Locator, *points: tuple[float, float]) -> None:
    box = stage.bounding_box()
    assert box is not None
    for x, y in points:
        stage.click(position={"x": x * box["width"], "y": y * box["height"]})


def approve_the_plate(site: Site, tab: Tab) -> None:
    site.go(tab, "/cameras/square/plate")
    expect(tab.locator("#plate")).to_contain_text("Waits for your yes")
    tab.get_by_role("button", name="Approve and show it").click()
    expect(tab.locator("#plate")).to_contain_text("Waits for your yes")  # not before all three points are ticked
    for box in tab.get_by_role("group", name="Look closely").get_by_role("checkbox").all():
        box.check()
    tab.get_by_role("button", name="Approve and show it").click()
    expect(tab.locator("#plate")).to_contain_text("Approved")
    shown = cv2.imdecode(
        np.frombuffer(tab.request.get(f"{site.url}cameras/square/plate.png").body(), np.uint8), cv2.IMREAD_COLOR
    )
    assert shown is not None
    size = shown.shape[1::-1]
    assert size == (320, 240)
    assert np.abs(shown.astype(int) - cv2.resize(site.square.empty, size, interpolation=cv2.INTER_AREA)).mean() < 8


def set_rules(site: Site) -> None:
    with site.config.open("a") as file:
        file.write(RULES)
    before = len(site.program.lines)
    site.program.process.send_signal(signal.SIGHUP)
    with site.program.changed:
        assert site.program.changed.wait_for(
            lambda: any("reload" in line for line in site.program.lines[before:]), PATIENCE_S
        )
    assert not [line for line in site.program.lines if "refused" in line]


def fire_and_resolve(site: Site, tab: Tab) -> None:
    site.go(tab, "/cameras/square")
    expect(tab.locator("#values")).to_contain_text(re.compile(r"market inside\s*0"))
    site.square.is_busy = True
    expect(tab.locator("#values")).to_contain_text(re.compile(r"market inside\s*1[2-6]"))
    expect(tab.locator("#marks-rows")).to_contain_text(re.compile(r"person\s*1\d"))
    expect(tab.locator("#stage image")).to_be_visible()
    fired = site.control.next_alert()
    assert fired["type"] == "org.passerby.alert.firing.v1"
    assert (fired["source"], fired["subject"]) == ("/passerby/Square/square", "market")
    assert {fired["data"][key] for key in ("rule", "state", "severity")} == {"full", "firing", "critical"}
    expect(tab.locator("#alarms")).to_contain_text("full")
    site.go(tab, "/alerts")
    tab.get_by_role("button", name="I take care of full").click()
    expect(tab.locator("[data-key='square.full'] [data-part=taken]")).to_contain_text("ada")
    site.square.is_busy = False
    resolved = site.control.next_alert()
    assert resolved["type"] == "org.passerby.alert.resolved.v1"
    site.go(tab, "/cameras/square")
    expect(tab.locator("#values")).to_contain_text(re.compile(r"market inside\s*0"))
    expect(tab.locator("#alarms")).to_be_hidden()


def read_a_chart(site: Site, tab: Tab) -> None:
    site.go(tab, f"/cameras/square/charts?place=gate&from={YESTERDAY}&to={YESTERDAY}")
    expect(tab.locator("canvas").first).to_be_visible()
    store = Sqlite(site.folder / "rows.db")
    rows = [row for row in store.read(Query(cuts=("all",))) if row.place == "gate" and of(row.start) == YESTERDAY]
    store.close()
    counted = tab.locator("table.rows").first.locator("tbody tr")
    assert len(rows) > 20
    expect(counted).to_have_count(len(rows))
    passes = [row.locator("td.n").nth(1).text_content() or "" for row in counted.all()]
    shown = [int(re.sub(r"\D", "", text)) for text in passes]
    assert shown == [row.count for row in rows]


def of(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def keep_out(site: Site, tab: Tab, browser: Browser) -> None:
    site.go(tab, "/people")
    tab.get_by_label("Name", exact=False).last.fill("vera")
    tab.locator("form[action$='/people']").get_by_label("only these").check()
    tab.get_by_role("button", name="Make a link").click()
    link = tab.locator("#once-text").input_value()
    with window(browser) as other:
        vera = other.new_page()
        vera.goto(link)
        vera.get_by_label("Password", exact=True).fill(PASSWORD)
        vera.get_by_label("The same password again").fill(PASSWORD)
        vera.get_by_role("button", name="Set password").click()
        expect(vera.get_by_role("heading", level=1)).to_have_text("Overview")
        expect(vera.locator("main")).not_to_contain_text("square")
        for path in (
            "cameras/square", "cameras/square/charts", "cameras/square/plate.png", "api/v1/cameras/square",
        ):  # fmt: skip
            assert vera.request.get(site.url + path).status == 404, path
            assert tab.request.get(site.url + path).status == 200, path
        assert vera.request.get(f"{site.url}people").status == 403
        assert socket_ends(vera, "/cameras/square/live") == "closed"
        assert socket_ends(tab, "/cameras/square/live") == "told"


def socket_ends(tab: Tab, path: str) -> str:
    """Whether a socket tells anything, or is closed before."""
    said: str = tab.evaluate(
        """path => new Promise((resolve) => {
            const socket = new WebSocket(path);
            socket.onmessage = () => { resolve("told"); socket.close(); };
            socket.onclose = () => resolve("closed");
        })""",
        path,
    )
    return said


def sign_out(site: Site, tab: Tab) -> None:
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in")
    tab.goto(site.url)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert tab.request.get(f"{site.url}api/v1/cameras").status == 401
