"""Plates of cameras from the wish to the file: what waits is in memory only, and nothing changes by itself."""

from __future__ import annotations

import base64
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from passerby.engine import Collected, Collecting, Ended, PlateWish, Watched
from passerby.office.turned import LASTS
from passerby.run.plate_files import named
from passerby.run.plates import Plates

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def png(shade: int = 90, *, strict: bool = False) -> bytes:
    shape, how = ((18, 32), [cv2.IMWRITE_PNG_BILEVEL, 1]) if strict else ((18, 32, 3), [])
    return cv2.imencode(".png", np.full(shape, 255 if strict else shade, np.uint8), how)[1].tobytes()


class Bench:
    """Plates of one camera, with what an engine would be told."""

    def __init__(self, folder: Path, source: str = "s1") -> None:
        self.told: list[Mapping[str, PlateWish]] = []
        self._ids, self.now, self._analysed = iter("abcdefgh"), NOON, 0
        self.plates = Plates(folder, clock=lambda: self.now, tell=self.told.append, new_id=lambda: next(self._ids))
        self.plates.open("north", source)

    @property
    def state(self) -> str:
        return self.plates.now("north").state

    def send(self, wish: str, shade: int = 90, *, strict: bool = False, reason: str = "") -> None:
        data = "" if reason else base64.b64encode(png(shade, strict=strict)).decode()
        self.plates.hear(Collected("north", wish, strict, 0.9, 640, 360, png=data, reason=reason))

    def watch(self, state: str = "ok", width: int = 640, height: int = 360, *, begins_anew: bool = False) -> None:
        n = self._analysed = 1 if begins_anew else self._analysed + 5
        self.plates.hear(Watched("north", 1.0, n, n, 0, 5.0, 5.0, state, width=width, height=height))  # type: ignore[arg-type]

    def approved(self, *, strict: bool = False) -> Bench:
        self.plates.collect("north", strict=strict)
        wish = self.plates.wishes["north"].id
        self.send(wish, strict=strict)
        self.plates.approve("north", wish)
        return self


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "plates"


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_what_was_collected_waits_in_memory_and_is_kept_when_approved(bench: Bench, folder: Path) -> None:
    bench.plates.collect("north", strict=False)
    assert bench.told[-1] == {"north": PlateWish("a", strict=False)}
    bench.plates.hear(Collecting("north", "a", 0.4, "The light changed."))
    now = bench.plates.now("north")
    assert (now.state, now.coverage, now.note) == ("collecting", 0.4, "The light changed.")
    bench.send("a")
    assert bench.told[-1] == {}  # it is not collected any further
    assert (bench.state, files(folder)) == ("candidate", [])
    with pytest.raises(KeyError):
        bench.plates.approve("north", "b")
    bench.plates.approve("north", "a")
    assert files(folder) == ["north.json", "north.png"]
    assert all(stat.S_IMODE((folder / name).stat().st_mode) == 0o600 for name in files(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    now = bench.plates.now("north")
    assert now.approved is not None
    assert (now.state, now.approved.png, now.candidate) == ("approved", png(), None)


@pytest.mark.parametrize("strict", [False, True])
def test_what_was_approved_is_there_again_after_a_start(folder: Path, strict: bool) -> None:
    Bench(folder).approved(strict=strict)
    again = Bench(folder).plates.now("north")
    assert again.approved is not None
    assert (again.state, again.strict, again.approved.png) == ("approved", strict, png(strict=strict))


def test_what_nobody_has_asked_for_is_passed_over(bench: Bench) -> None:
    bench.send("a")
    assert bench.state == "none"
    bench.plates.collect("north", strict=False)
    bench.plates.collect("north", strict=False)
    bench.send("a")  # of the wish before
    assert bench.state == "collecting"
    bench.plates.discard("north")
    bench.send("b")
    assert (bench.state, bench.told[-1]) == ("none", {})


def test_why_there_is_none_is_told(bench: Bench) -> None:
    bench.plates.collect("north", strict=False)
    bench.send("a", reason="too much moves")
    assert (bench.state, bench.plates.now("north").note) == ("none", "too much moves")


def test_another_candidate_leaves_the_approved_one_until_it_is_approved(bench: Bench) -> None:
    bench.approved().plates.collect("north", strict=False)
    assert (bench.state, bench.plates.now("north").approved is not None) == ("collecting", True)
    bench.send("b", shade=40)
    now = bench.plates.now("north")
    assert now.approved is not None
    assert now.approved.png == png(90)
    bench.plates.discard("north")
    assert bench.state == "approved"


def test_a_moved_camera_makes_it_out_of_date_until_another_one_is_approved(bench: Bench, folder: Path) -> None:
    bench.approved().watch()
    assert bench.state == "approved"
    bench.watch("moved")
    assert bench.state == "stale"
    assert "moved" in bench.plates.now("north").note
    bench.now += LASTS
    bench.watch("moved")
    again = Bench(folder)
    again.watch()
    assert again.state == "stale"  # a restart does not turn it back
    bench.watch("moved", begins_anew=True)
    bench.watch()
    assert bench.state == "stale"  # whoever watches it now does not know where it looked
    bench.watch("moved")
    bench.approved()  # collected since
    bench.watch("moved")  # its worker begins anew at that, and still says how it was
    bench.plates.hear(Ended("north", 9.0))
    bench.watch(begins_anew=True)
    assert (bench.state, Bench(folder).state) == ("approved", "approved")
    bench.watch("moved")
    assert bench.state == "stale"


def test_a_camera_that_looks_where_it_did_fits_its_picture_again(bench: Bench, folder: Path) -> None:
    bench.approved()
    for _ in range(2):
        bench.watch("moved")
        bench.now += LASTS
    assert Bench(folder).state == "stale"
    bench.watch()
    assert (bench.state, Bench(folder).state) == ("approved", "approved")


def test_a_candidate_of_another_view_is_thrown_away(bench: Bench) -> None:
    bench.plates.collect("north", strict=False)
    bench.send("a")
    bench.watch("moved")
    assert bench.state == "none"
    with pytest.raises(KeyError):
        bench.plates.approve("north", "a")


def test_another_source_or_shape_makes_it_out_of_date_and_another_size_does_not(folder: Path) -> None:
    Bench(folder).approved()
    assert Bench(folder, source="s2").state == "stale"
    same, other = Bench(folder), Bench(folder)
    same.watch(width=1280, height=720)
    other.watch(width=640, height=480)
    assert (same.state, other.state) == ("approved", "stale")
    other.watch(width=1280, height=720)
    other.plates.open("north", "s2")
    assert other.state == "stale"
    other.plates.open("north", "s1")
    assert other.state == "approved"  # as it was


def test_a_source_that_changes_at_a_reload_ends_what_was_collected(bench: Bench) -> None:
    bench.plates.collect("north", strict=False)
    bench.plates.open("north", "s1")
    assert bench.state == "collecting"
    bench.plates.open("north", "s2")
    assert (bench.state, bench.plates.wishes) == ("none", {})


def test_discarding_leaves_no_byte_of_the_file(bench: Bench, folder: Path) -> None:
    held = bench.approved()
    with (folder / "north.png").open("rb") as still_open:
        held.plates.discard("north")
        assert not any(still_open.read())
    assert (bench.state, files(folder)) == ("none", [])


def test_a_file_that_is_no_plate_is_not_shown(folder: Path) -> None:
    Bench(folder).approved()
    (folder / "north.png").write_bytes(b"\x89PNG\r\n\x1a\n something else")
    assert Bench(folder).state == "none"
    Bench(folder).approved()
    (folder / "north.json").write_text('{"strict": true, "day": "2026-03-02", "source": "s1", "aspect": 1.78}')
    assert Bench(folder).state == "none"  # a photo is no drawing


def test_a_camera_that_is_gone_is_not_known(bench: Bench) -> None:
    bench.plates.collect("north", strict=False)
    bench.plates.close("north")
    assert bench.told[-1] == {}
    with pytest.raises(KeyError):
        bench.plates.now("north")


def test_a_source_is_named_without_its_secrets() -> None:
    one = {"use": "stream", "url": "rtsp://a:b@10.0.0.1/2"}
    assert named(one) == named({"url": "rtsp://${USER}:${PASSWORD}@10.0.0.1/2", "use": "stream"})
    assert named(one) != named({"use": "stream", "url": "rtsp://a:b@10.0.0.2/2"})
    assert "10.0" not in named(one)
