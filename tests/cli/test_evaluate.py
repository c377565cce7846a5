"""``passerby evaluate`` on films and stores: its documents, its thresholds and its refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.verbs import Verb
from films import write_film

from passerby.outlets import Query
from passerby.stores.sqlite import Sqlite
from passerby.testing import rows

TRACK_KEYS = {"hota", "deta", "assa", "idf1", "mota", "id_switches", "precision", "recall", "frames"}


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.mp4", count=12)


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    path = tmp_path / "truth.mot.txt"
    path.write_text("".join(f"{frame},1,10,10,8,20,1,-1,-1,-1\n" for frame in range(1, 11)))
    return path


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    path = tmp_path / "truth.csv"
    path.write_text("line,x1,y1,x2,y2,class,direction,count\ngate,0,0.5,1,0.5,person,in,4\n")
    return path


def test_tracks_of_a_film_as_flat_figures(passerby: Verb, film: Path, boxes: Path) -> None:
    ran = passerby("evaluate", film, "--truth", boxes, "--detector", "motion", "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert set(document) == TRACK_KEYS | {"detector"}
    assert document["frames"] == 10
    assert document["recall"] == 0


def test_counts_of_a_film(passerby: Verb, film: Path, counts: Path) -> None:
    ran = passerby("evaluate", film, "--counts", counts, "--detector", "motion", "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert (document["wape"], document["bias"]) == (1, -1)
    assert (document["exact_lines"], document["lines"]) == (0, 1)
    assert document["geh"] is None
    assert document["wape_interval"] is None
    assert "totals only" in document["notes"][0]


def test_tables_for_people(passerby: Verb, film: Path, counts: Path) -> None:
    ran = passerby("evaluate", film, "--counts", counts, "--detector", "motion")
    assert ran.code == 0
    assert "gate" in ran.out
    assert "-1.0000" in ran.out
    assert "totals only" in ran.err


@pytest.mark.parametrize(
    ("option", "code"),
    [
        (("--fail-below", "recall=0.5"), 6),
        (("--fail-below", "recall=0"), 0),
        (("--fail-above", "id_switches=0"), 0),
        (("--fail-above", "recall=0", "--fail-below", "hota=0.1"), 6),
    ],
)
def test_thresholds(passerby: Verb, film: Path, boxes: Path, option: tuple[str, ...], code: int) -> None:
    ran = passerby("evaluate", film, "--truth", boxes, "--detector", "motion", "--json", *option)
    assert ran.code == code
    assert json.loads(ran.out)["recall"] == 0


def test_a_figure_that_cannot_be_had_keeps_no_threshold(passerby: Verb, film: Path, counts: Path) -> None:
    ran = passerby("evaluate", film, "--counts", counts, "--detector", "motion", "--fail-above", "geh=5")
    assert ran.code == 6
    assert "geh cannot be had" in ran.err


def test_what_is_asked_for_must_be_one_thing(passerby: Verb, film: Path, boxes: Path, counts: Path) -> None:
    assert passerby("evaluate", film).code == 2
    assert passerby("evaluate", film, "--truth", boxes, "--counts", counts).code == 2


def test_an_unknown_figure_is_refused_before_the_film_is_opened(passerby: Verb, boxes: Path) -> None:
    ran = passerby("evaluate", "absent.mp4", "--truth", boxes, "--fail-below", "idfl=0.9")
    assert ran.code == 2
    assert "'idf1'" in ran.err


def test_bad_files_get_a_sentence(passerby: Verb, film: Path, boxes: Path, tmp_path: Path) -> None:
    ran = passerby("evaluate", film, "--truth", tmp_path / "absent.txt")
    assert ran.code == 2
    assert "absent.txt" in ran.err
    ran = passerby("evaluate", tmp_path / "absent.mp4", "--truth", boxes, "--detector", "motion")
    assert ran.code == 4
    ran = passerby("evaluate", film, "--truth", boxes, "--class", "persn", "--detector", "motion")
    assert ran.code == 2
    assert "person" in ran.err


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "counts.db"
    store = Sqlite(path)
    store.write(rows(6, camera="north"))
    store.close()
    return path


def test_a_store_against_the_truth_of_its_intervals(passerby: Verb, store: Path, tmp_path: Path) -> None:
    table = tmp_path / "truth.csv"
    kept = [row for row in Sqlite(store, read_only=True).read(Query()) if row.count is not None]
    lines = [
        f"north,{row.place},person,in,{row.start.isoformat()},{row.end.isoformat()},{row.count}" for row in kept
    ]
    table.write_text("\n".join(["camera,place,class,direction,start,end,count", *lines]))
    ran = passerby("evaluate", store, "--counts", table, "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert document["rows"] == len(kept) == 5
    assert (document["wape"], document["segment_wape"], document["bias"]) == (0, 0, 0)
    assert document["unmatched"] == [
        "1 north/square: rows of inside in cut all, of which the truth does not speak"
    ]
    assert passerby("evaluate", store, "--counts", table, "--fail-above", "segment_wape=0.1").code == 0


def test_a_store_is_not_a_film(passerby: Verb, store: Path, boxes: Path, counts: Path) -> None:
    assert passerby("evaluate", store, "--truth", boxes).code == 2
    ran = passerby("evaluate", store, "--counts", counts)
    assert ran.code == 2
    assert "no column 'camera'" in ran.err


@pytest.mark.clips
def test_a_piece_of_a_real_film_against_its_truth(passerby: Verb, assets: Path, tmp_path: Path) -> None:
    lines = (assets / "truth/vtest-1-400.mot.txt").read_text().splitlines(keepends=True)
    part = tmp_path / "part.mot.txt"
    part.write_text("".join(line for line in lines if int(line.split(",")[0]) <= 60))
    model = assets / "models/yolox_nano.onnx"
    ran = passerby("evaluate", assets / "clips/vtest.avi", "--truth", part, "--model", model, "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert document["frames"] == 60
    assert document["precision"] > 0.7
    assert document["recall"] > 0.6
    assert document["idf1"] > 0.5
