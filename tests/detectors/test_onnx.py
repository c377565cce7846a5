"""ONNX detectors: made-up graphs for every rule, and the real models on a real film against its truth."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest
from graphs import Shape, generic, write_blue, write_graph
from numpy.typing import NDArray

from passerby.classes import Class
from passerby.detections import Detections
from passerby.detectors.contracts import YOLOX
from passerby.detectors.onnx import Onnx
from passerby.detectors.runtime import Runtime
from passerby.detectors.sheets import draw, lay_out, take_back
from passerby.detectors.suppress import suppress
from passerby.errors import ModelError
from passerby.frame import Bgr, Frame, Planes, Region
from passerby.rectangles import overlaps
from passerby.sources.stream import Stream
from passerby.stages import Crop
from passerby.testing import check_detector

PERSON, BICYCLE, CAR, TRUCK, TOILET = 0, 1, 2, 7, 61


def crop(size: tuple[int, int] = (192, 96), region: Region | None = None) -> Crop:
    frame = Frame(Planes.from_bgr(np.zeros((size[1], size[0], 3), np.uint8)), camera="", index=0, time_s=0)
    return Crop(frame, region or frame.whole, 10.0, 0.0)


def test_boxes_come_in_px_of_the_frame_and_classes_of_the_list(tmp_path: Path) -> None:
    rows = [(48, 48, 20, 10, PERSON, 0.9), (20, 40, 8, 8, TOILET, 0.9), (70, 60, 30, 20, TRUCK, 0.4)]
    model = Onnx(write_graph(tmp_path / "mine.onnx", {"output0": generic(rows)}))
    assert (model.name, model.input, model.provider) == ("mine", (96, 96), "CPUExecutionProvider")
    (found,) = model.detect([crop()])  # 192 x 96 lies in 96 x 96 from row 24 to 72, at half its size
    assert found.class_id.tolist() == [Class.PERSON, Class.TRUCK]
    assert found.xyxy == pytest.approx(np.array([[76, 38, 116, 58], [110, 52, 170, 92]]), abs=1e-3)
    assert found.score == pytest.approx([0.9, 0.4])


def test_boxes_of_a_piece_stay_inside_it(tmp_path: Path) -> None:
    rows = [(48, 48, 20, 10, PERSON, 0.9), (90, 0, 50, 50, CAR, 0.8)]
    model = Onnx(write_graph(tmp_path / "mine.onnx", {"output0": generic(rows)}))
    (found,) = model.detect([crop(region=Region(96, 0, 192, 96))])
    assert found.xyxy.tolist() == [[134, 43, 154, 53], [161, 0, 192, 25]]


def test_weak_boxes_are_kept_for_the_tracker_and_weaker_ones_are_not(tmp_path: Path) -> None:
    rows = [(20.0, 48.0, 8.0, 8.0, float(PERSON), 0.12), (60.0, 48.0, 8.0, 8.0, float(PERSON), 0.08)]
    file = write_graph(tmp_path / "mine.onnx", {"output0": generic(rows)})
    assert len(Onnx(file).detect([crop()])[0]) == 1
    assert len(Onnx(file, score=0.05).detect([crop()])[0]) == 2
    assert len(Onnx(file, score=0.5).detect([crop()])[0]) == 0


def test_one_object_under_two_names_is_merged_and_a_rider_is_not(tmp_path: Path) -> None:
    rows = [(48, 48, 20, 20, k, s) for k, s in ((CAR, 0.5), (TRUCK, 0.6), (PERSON, 0.4), (BICYCLE, 0.3))]
    (found,) = Onnx(write_graph(tmp_path / "mine.onnx", {"output0": generic(rows)})).detect([crop()])
    assert sorted(found.class_id.tolist()) == [Class.PERSON, Class.BICYCLE, Class.TRUCK]


def test_classes_from_the_file_from_a_list_and_chosen(tmp_path: Path) -> None:
    rows = [(20, 48, 8, 8, 0, 0.9), (60, 48, 8, 8, 1, 0.8), (40, 48, 8, 8, 2, 0.7)]
    outputs = {"output0": generic(rows, classes=3)}
    named = write_graph(
        tmp_path / "named.onnx", outputs, metadata={"names": "{0:'hgv', 1:'pedestrian', 2:'cart'}"}
    )
    nameless = write_graph(tmp_path / "nameless.onnx", outputs)
    assert Onnx(named).detect([crop()])[0].class_id.tolist() == [Class.PERSON]
    assert Onnx(named, classes={"hgv": "truck", "2": "vehicle"}).detect([crop()])[0].class_id.tolist() == [
        *(Class.TRUCK, Class.VEHICLE)
    ]
    assert Onnx(nameless, classes=["car", "tree", "dog"]).detect([crop()])[0].class_id.tolist() == [
        *(Class.CAR, Class.ANIMAL)
    ]
    with pytest.raises(ModelError, match="does not fit 80 classes"):
        Onnx(nameless)


@pytest.mark.parametrize(("first", "crops"), [("n", 11), (4, 6), (1, 3)])
def test_batches_of_any_number_of_a_few_and_of_one(tmp_path: Path, first: int | str, crops: int) -> None:
    rows = generic([(48, 48, 20, 10, PERSON, 0.9)])
    held = np.repeat(rows, 8 if first == "n" else int(first), axis=0)
    file = write_graph(
        tmp_path / "mine.onnx",
        {"output0": held},
        picture=(first, 3, 96, 96),
        declared={"output0": (first, 84, 189)},
    )
    found = Onnx(file).detect([crop((192, 96 + 2 * i)) for i in range(crops)])
    assert [len(f) for f in found] == [1] * crops
    heights = [float(f.xyxy[0, 1] + f.xyxy[0, 3]) / 2 for f in found]
    assert heights == pytest.approx([48 + i for i in range(crops)], abs=2)


def test_a_graph_of_open_shape_is_tried(tmp_path: Path) -> None:
    file = write_graph(
        tmp_path / "open.onnx",
        {"output0": generic([(320, 320, 64, 64, PERSON, 0.9)], side=640)},
        picture=("n", 3, "h", "w"),
        declared={"output0": ("n", 84, "a")},
    )
    model = Onnx(file)
    assert model.input == (640, 640)
    assert model.detect([crop((640, 640))])[0].xyxy.tolist() == [[288, 288, 352, 352]]


def test_it_keeps_the_promises_of_a_detector(tmp_path: Path) -> None:
    rows = [(48, 48, 20, 10, PERSON, 0.9), (70, 60, 30, 20, TRUCK, 0.4)]
    file = write_graph(tmp_path / "mine.onnx", {"output0": generic(rows)})
    check_detector(lambda: Onnx(file))


# --- crops packed together

BLUE = (255, 0, 0)


def painted(squares: Iterable[tuple[int, int]], size: tuple[int, int] = (320, 240)) -> Frame:
    """A black picture with blue squares of 32 px at (left, top)."""
    picture: Bgr = np.zeros((size[1], size[0], 3), np.uint8)
    for left, top in squares:
        picture[top : top + 32, left : left + 32] = BLUE
    return Frame(Planes.from_bgr(picture), camera="", index=0, time_s=0)


def around(frame: Frame, left: int, top: int, margin: int = 16) -> Crop:
    return Crop(frame, Region(left - margin, top - margin, left + 32 + margin, top + 32 + margin), 1.0, 0.0)


@pytest.mark.parametrize("is_bound", [False, True], ids=["any size", "one size"])
def test_each_crop_gets_what_is_in_it_however_many_share_an_input(tmp_path: Path, is_bound: bool) -> None:
    model = Onnx(write_blue(tmp_path / "blue.onnx", side=192, bound=is_bound), score=0.95)
    places = [(32, 32), (100, 40), (210, 150), (60, 180), (250, 30), (149, 101), (32, 100)]
    frames = [painted(places[:4]), painted(places[4:])]
    crops = [around(frames[i >= 4], *place) for i, place in enumerate(places)]
    crops.insert(3, around(frames[1], 210, 150))  # nothing is there
    found = model.detect(crops)
    assert len(found.pop(3)) == 0
    for (left, top), boxes in zip(places, found, strict=True):
        assert len(boxes) > 0
        x, y = (boxes.xyxy[:, :2] + boxes.xyxy[:, 2:]).T / 2
        assert ((left <= x) & (x <= left + 32) & (top <= y) & (y <= top + 32)).all()


def test_what_an_inner_edge_cuts_is_left_to_the_crop_that_holds_it(tmp_path: Path) -> None:
    model = Onnx(write_blue(tmp_path / "blue.onnx", side=192), score=0.95)
    frame = painted([(64, 64)])
    half, whole = Region(0, 0, 79, 192), Region(0, 0, 160, 192)
    cut, kept = model.detect([Crop(frame, region, 1.0, 0.0) for region in (half, whole)])
    assert len(cut) == 0
    assert len(kept) == 4


@pytest.mark.parametrize(("is_bound", "pixels"), [(False, 2 * 64 * 96), (True, 192 * 192)])
def test_no_more_pixels_are_run_than_must_be(
    tmp_path: Path, is_bound: bool, pixels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[int, ...]] = []
    run = Runtime.run

    def noted(self: Runtime, pictures: NDArray[np.float32]) -> Mapping[str, NDArray[np.float32]]:
        shown.append(pictures.shape)
        return run(self, pictures)

    model = Onnx(write_blue(tmp_path / "blue.onnx", side=192, bound=is_bound))
    monkeypatch.setattr(Runtime, "run", noted)
    model.detect([Crop(painted([]), Region(100, 100, 140, 180), 1.0, 0.0)] * 2)
    assert len(shown) == 1
    assert shown[0][2] * shown[0][3] <= pixels
    model.detect([])
    assert len(shown) == 1


def test_a_packing_detector_keeps_the_promises(tmp_path: Path) -> None:
    file = write_blue(tmp_path / "blue.onnx", side=416)
    check_detector(lambda: Onnx(file))


def zeros(*shape: int) -> NDArray[np.float32]:
    return np.zeros(shape, np.float32)


@pytest.mark.parametrize(
    ("outputs", "picture", "said"),
    [
        (
            {"embedding": zeros(1, 512)},
            (1, 3, 96, 96),
            r"one row a picture, as embeddings have.*embedding 1 x 512",
        ),
        ({"output0": zeros(1, 84, 189), "id": zeros(1, 128)}, (1, 3, 96, 96), "recognises nobody"),
        (
            {"output0": zeros(1, 116, 189), "protos": zeros(1, 32, 24, 24)},
            (1, 3, 96, 96),
            "more inputs or outputs",
        ),
        ({"output0": zeros(1, 56, 189)}, (1, 3, 96, 96), "does not fit 80 classes"),
        ({"output0": zeros(1, 300, 6)}, (1, 3, 96, 96), r"not 1 x 189 x \(5 \+ classes\).*output0 1 x 300 x 6"),
        (
            {"labels": zeros(1, 5), "boxes": zeros(1, 5, 4), "scores": zeros(1, 5)},
            (1, 3, 96, 96),
            "orig_target_sizes",
        ),
        ({"output0": zeros(1, 84, 189)}, (1, 1, 96, 96), "not 1 x 3 x H x W"),
        ({"output0": zeros(1, 84, 189)}, (1, 3, 90, 96), "multiples of 32"),
        ({"output0": zeros(1, 84, 189)}, (1, 27), "not 1 x 3 x H x W"),
    ],
)
def test_what_is_no_such_detector_is_refused_by_what_it_has(
    tmp_path: Path, outputs: Mapping[str, NDArray[np.float32]], picture: Shape, said: str
) -> None:
    file = write_graph(tmp_path / "wrong.onnx", outputs, picture=picture)
    with pytest.raises(ModelError, match=f"(?s)^{file}.*{said}"):
        Onnx(file)


def test_a_detector_of_faces_is_refused(tmp_path: Path) -> None:
    outputs = {"output0": generic([], classes=1)}
    file = write_graph(tmp_path / "faces.onnx", outputs, metadata={"names": "{0: 'face'}"})
    with pytest.raises(ModelError, match=r"nothing that it finds \(face\) is counted by passerby"):
        Onnx(file)


def test_files_that_are_no_models(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such model file"):
        Onnx(tmp_path / "missing.onnx")
    (tmp_path / "text.onnx").write_text("hello")
    with pytest.raises(ModelError, match="cannot be read as an ONNX model"):
        Onnx(tmp_path / "text.onnx")
    whole = write_graph(tmp_path / "cut.onnx", {"output0": generic([])})
    whole.write_bytes(whole.read_bytes()[:-2000])
    with pytest.raises(ModelError, match="cannot be read as an ONNX model"):
        Onnx(whole)


def test_another_contract_than_asked_for_is_refused(tmp_path: Path) -> None:
    file = write_graph(tmp_path / "mine.onnx", {"output0": generic([])})
    assert Onnx(file, contract="yolo-generic").name == "mine"
    with pytest.raises(ModelError, match="keeps the contract yolo-generic, not yolox"):
        Onnx(file, contract="yolox")


@pytest.mark.parametrize("options", [{"score": 1.5}, {"nms": -0.1}, {"threads": 0}])
def test_options_out_of_range(tmp_path: Path, options: dict[str, float]) -> None:
    file = write_graph(tmp_path / "mine.onnx", {"output0": generic([])})
    with pytest.raises(ValueError, match="must"):
        Onnx(file, **options)  # type: ignore[arg-type]


# --- real models


def truth(path: Path) -> dict[int, NDArray[np.float32]]:
    """Boxes (n, 4) by frame index, from MOT text."""
    rows = np.loadtxt(path, delimiter=",", usecols=range(6), dtype=np.float32)
    boxes = np.concatenate([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]], axis=1)
    return {int(frame) - 1: boxes[rows[:, 0] == frame] for frame in np.unique(rows[:, 0])}


def recall_and_precision(found: Iterable[tuple[Detections, NDArray[np.float32]]]) -> tuple[float, float]:
    """Of persons, at IoU 0.5; a box matches one person at most, the surest first."""
    hits, persons, boxes = 0, 0, 0
    for detections, true in found:
        free = np.ones(len(true), np.bool_)
        shown = detections.keep(detections.class_id == Class.PERSON)
        for row in overlaps(shown.xyxy, true):
            best = int(np.where(free, row, 0).argmax())
            if free[best] and row[best] >= 0.5:
                free[best] = False
                hits += 1
        persons, boxes = persons + len(true), boxes + len(shown)
    return hits / persons, hits / max(boxes, 1)


@pytest.mark.clips
@pytest.mark.parametrize(
    ("name", "score", "recall", "precision"),
    [
        ("yolox_nano", 0.5, 0.85, 0.80),
        ("deimv2_hgnetv2_femto_coco", 0.3, 0.85, 0.85),
        ("deimv2_hgnetv2_atto_coco", 0.3, 0.68, 0.80),
    ],
)
def test_real_models_find_the_people_of_a_real_film(
    assets: Path, name: str, score: float, recall: float, precision: float
) -> None:
    people = truth(assets / "truth" / "vtest-1-400.mot.txt")
    model = Onnx(assets / "models" / f"{name}.onnx", score=score)
    found = []
    for frame in Stream(str(assets / "clips" / "vtest.avi")).frames():
        with frame:
            if frame.index >= 400:
                break
            if frame.index % 16 == 0:
                found.append((model.detect([Crop(frame, frame.whole, 10.0, 0)])[0], people[frame.index]))
    got = recall_and_precision(found)
    assert got[0] >= recall
    assert got[1] >= precision


@pytest.mark.clips
def test_a_real_model_finds_the_same_alone_and_among_others(assets: Path) -> None:
    frames = Stream(str(assets / "clips" / "vtest.avi")).frames()
    crops = [Crop(f, f.whole, 10.0, 0) for f in (next(frames) for _ in range(3))]
    crops.append(Crop(crops[0].frame, Region(200, 150, 568, 450), 10.0, 0))
    model = Onnx(assets / "models" / "deimv2_hgnetv2_femto_coco.onnx", score=0.3)
    for together, one in zip(model.detect(crops), crops, strict=True):
        (alone,) = model.detect([one])
        assert len(alone) == len(together) > 0
        assert together.xyxy == pytest.approx(alone.xyxy, abs=0.5)


@pytest.mark.clips
@pytest.mark.parametrize(
    ("clip", "step"),
    [("vtest.avi", 80), ("opendatacam-junction.mp4", 60), ("one-by-one-person-detection.mp4", 200)],
)
def test_an_input_cut_to_the_picture_finds_what_the_letterbox_found(assets: Path, clip: str, step: int) -> None:
    file = assets / "models" / "yolox_nano.onnx"
    model, letterbox = Onnx(file, score=0.3), Runtime(file, 1)
    hits = boxes = 0
    for frame in Stream(str(assets / "clips" / clip)).frames():
        with frame:
            if frame.index % step:
                continue
            crops = [Crop(frame, frame.whole, 10.0, 0)]
            (sheet,) = lay_out(crops, model.input, YOLOX, resizable=False)
            assert sheet.size == (416, 416)
            picture = np.empty((1, 3, 416, 416), np.float32)
            draw(sheet, crops, YOLOX, picture[0])
            raw, _ = take_back(YOLOX.read(letterbox.run(picture), sheet.size, 0.5)[0], sheet, crops)
            old = raw.xyxy[np.isin(raw.label, (PERSON, BICYCLE, CAR))]
            (found,) = model.detect(crops)
            hits += int((overlaps(old, found.xyxy).max(axis=1, initial=0) > 0.5).sum())
            boxes += len(old)
    assert boxes > 5
    assert hits >= 0.99 * boxes


@pytest.mark.clips
def test_people_are_found_in_packed_crops_as_in_the_whole_picture_at_a_third_of_its_pixels(assets: Path) -> None:
    people = truth(assets / "truth" / "vtest-1-400.mot.txt")
    model = Onnx(assets / "models" / "yolox_nano.onnx")
    whole, packed, pixels = [], [], 0
    for frame in Stream(str(assets / "clips" / "vtest.avi")).frames():
        with frame:
            if frame.index >= 400:
                break
            if frame.index % 16:
                continue
            true = people[frame.index]
            margin = 0.3 * (true[:, 3:] - true[:, 1:2])
            grown = np.hstack([np.maximum(true[:, :2] - margin, 0), np.minimum(true[:, 2:] + margin, frame.size)])
            crops = [
                Crop(frame, Region(*map(int, box)), 52 / (b - t), 0)
                for box, (_, t, _, b) in zip(grown, true, strict=True)
            ]
            sheets = lay_out(crops, model.input, YOLOX, resizable=True)
            pixels += sum(sheet.size.width * sheet.size.height for sheet in sheets)
            looks = Detections.concatenate(model.detect(crops))
            packed.append((looks.keep(suppress(looks.xyxy, looks.score, looks.class_id, 0.5)), true))
            whole.append((model.detect([Crop(frame, frame.whole, 10.0, 0)])[0], true))
    assert recall_and_precision(packed)[0] >= 0.97 * recall_and_precision(whole)[0]
    assert recall_and_precision(packed)[1] >= recall_and_precision(whole)[1]
    assert pixels <= len(whole) * 416 * 320 / 3


@pytest.mark.clips
def test_inputs_of_many_sizes_do_not_pile_up_in_memory(assets: Path) -> None:
    model = Onnx(assets / "models" / "yolox_nano.onnx")
    random = np.random.default_rng(0)
    frame = painted([], (768, 576))

    def resident_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6

    def look(times: int) -> None:
        for width, height in random.integers(8, 300, (times, 2)).tolist():
            model.detect([Crop(frame, Region(100, 100, 100 + width, 100 + height), 1.0, 0.0)])

    model.detect([Crop(frame, frame.whole, 10.0, 0)])
    look(50)
    before = resident_mb()
    look(200)
    assert resident_mb() - before < 20


@pytest.mark.clips
def test_a_real_face_detector_is_refused(assets: Path) -> None:
    with pytest.raises(ModelError, match=r"more inputs or outputs|no detector that passerby reads"):
        Onnx(assets / "models" / "yunet_n_dynamic.onnx")


def test_blank_pictures_hold_nobody(tmp_path: Path) -> None:
    blank: Bgr = np.zeros((96, 96, 3), np.uint8)
    frame = Frame(Planes.from_bgr(blank), camera="", index=0, time_s=0)
    model = Onnx(write_graph(tmp_path / "mine.onnx", {"output0": generic([])}))
    (found,) = model.detect([Crop(frame, frame.whole, 1.0, 0)])
    assert len(found) == 0
    assert model.detect([]) == []
