"""The checks: they pass what keeps its promises, and catch each broken one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from passerby.classes import Class
from passerby.detections import Detections, Tracks
from passerby.errors import SinkError, SourceError
from passerby.frame import Frame, Planes, Size
from passerby.outlets import Query
from passerby.records import Measurement, Observation, Pass, Record
from passerby.stages import Crop, Length, Scene, Sight
from passerby.testing import (
    Broken,
    ListSink,
    ScriptedSource,
    check_detector,
    check_measure,
    check_sink,
    check_source,
    check_store,
    check_tracker,
)

PICTURES = [np.random.default_rng(i).integers(0, 256, (36, 48, 3), np.uint8) for i in range(5)]


# -- sources ---------------------------------------------------------------------------------------------------


def lost() -> ScriptedSource:
    class Lost(ScriptedSource):
        def frames(self) -> Iterator[Frame]:
            raise SourceError("it is not there.")

    return Lost([])


class Film(ScriptedSource):
    """Finite, and as its attributes say."""

    finite = True
    step_s = 0.1
    noise = False
    recycled = False

    def __init__(self) -> None:
        super().__init__(PICTURES)

    def length(self) -> Length:
        return Length(5, 0.5)

    def frames(self) -> Iterator[Frame]:
        planes = Planes.from_bgr(PICTURES[0])
        for i, picture in enumerate(PICTURES):
            shown = np.random.default_rng().integers(0, 256, (36, 48, 3), np.uint8) if self.noise else picture
            new = Planes.from_bgr(shown)
            if self.recycled:
                planes.y[:] = new.y
                planes.owned = False
                new = planes
            yield Frame(new, camera="film", index=i, time_s=i * self.step_s)


def film(**wrong: object) -> Callable[[], Film]:
    return type("Wrong", (Film,), wrong)


def test_a_sound_source() -> None:
    check_source(lambda: ScriptedSource(PICTURES), unopenable=lost)
    check_source(Film)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: ScriptedSource([]), "there came none"),
        (film(step_s=-0.1), "never runs backwards"),
        (film(step_s=float("nan")), "has a time"),
        (film(noise=True), "same again"),
        (film(recycled=True), "changed under its reader"),
        (film(length=lambda _: Length(-1)), "not -1"),
        (film(length=lambda _: Length(duration_s=float("nan"))), "not nan"),
    ],
)
def test_a_broken_source_is_caught(make: Callable[[], Film], what: str) -> None:
    with pytest.raises(Broken, match=what):
        check_source(make)


def test_what_cannot_be_opened_must_say_so() -> None:
    with pytest.raises(Broken, match="as if it were empty"):
        check_source(Film, unopenable=lambda: ScriptedSource([]))


# -- detectors -------------------------------------------------------------------------------------------------


class Corner:
    """Finds one person in each crop, where the crop says."""

    input: Size | None = Size(64, 64)
    name = "corner"

    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        return [self.look(crop) for crop in crops]

    def look(self, crop: Crop) -> Detections:
        left, top, _, _ = crop.region
        box = np.array([[left + 5, top + 5, left + 15, top + 25]], np.float32)
        return Detections(box, np.array([0.5], np.float32), np.array([Class.PERSON], np.uint8))


class Forgetful(Corner):
    def __init__(self) -> None:
        self.calls = count()

    def look(self, crop: Crop) -> Detections:
        return super().look(crop) if next(self.calls) % 5 else Detections.empty()


class Shuffled(Corner):
    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        begins_whole = len(crops) > 0 and crops[0].region == crops[0].frame.whole
        return super().detect(crops if begins_whole else crops[::-1])


class Crowded(Corner):
    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        return super().detect(crops) if len(crops) > 1 else [Detections.empty() for _ in crops]


class Cut(Corner):
    def look(self, crop: Crop) -> Detections:
        return replace(super().look(crop), xyxy=np.array([crop.region], np.float32))


class Outside(Corner):
    def look(self, crop: Crop) -> Detections:
        return replace(super().look(crop), xyxy=np.array([[5000, 0, 5010, 10]], np.float32))


class Sure(Corner):
    def look(self, crop: Crop) -> Detections:
        return replace(super().look(crop), score=np.array([1.5], np.float32))


class Novel(Corner):
    def look(self, crop: Crop) -> Detections:
        return replace(super().look(crop), class_id=np.array([77], np.uint8))


class Short(Corner):
    def detect(self, crops: Sequence[Crop]) -> list[Detections]:
        return super().detect(crops[1:])


def test_a_sound_detector() -> None:
    check_detector(Corner)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (Forgetful, "keeps nothing"),
        (Shuffled, "order of the crops"),
        (Crowded, "does not depend on the others"),
        (Cut, "cut where the frame goes on"),
        (Outside, "in px of the frame"),
        (Sure, "between 0 and 1"),
        (Novel, "closed list"),
        (Short, "one result a crop"),
    ],
)
def test_a_broken_detector_is_caught(make: Callable[[], Corner], what: str) -> None:
    with pytest.raises(Broken, match=what):
        check_detector(make)


# -- trackers --------------------------------------------------------------------------------------------------


class Nearest:
    """Follows by the row of a box: enough for the two people of the check."""

    keeps_s = 3.0
    forgets_when_skipped = False
    first = 0

    def __init__(self) -> None:
        self.tracks = Tracks.empty()
        self.time_s = 0.0
        self.size = Size(1, 1)

    def new_ids(self, n: int) -> list[int]:
        return [secrets.randbits(63) for _ in range(n)]

    def predict(self, time_s: float) -> Tracks:
        ahead = time_s - self.time_s
        return replace(self.tracks, foot=self.tracks.foot + self.tracks.velocity * ahead)

    def update(self, sight: Sight) -> Tracks:
        ahead, self.time_s = sight.time_s - self.time_s, sight.time_s
        if len(sight.found):
            self.tracks = self.seen(sight, ahead)
        else:
            lost = self.tracks.lost_s + ahead
            forget = len(sight.looked) > 0 or self.forgets_when_skipped
            self.tracks = replace(self.tracks, lost_s=lost).keep((lost < self.keeps_s) | (not forget))
        return self.tracks

    def seen(self, sight: Sight, ahead: float) -> Tracks:
        n, box = len(sight.found), sight.found.xyxy.astype(np.float64)
        foot = np.column_stack([(box[:, 0] + box[:, 2]) / 2, box[:, 3]]) / sight.size
        known = len(self.tracks) == n
        velocity = (foot - self.tracks.foot) / ahead if known and ahead else np.zeros((n, 2))
        ids = self.tracks.ids if known else np.array(self.new_ids(n), np.uint64)
        every = np.ones(n, np.bool_)
        return Tracks(ids, sight.found.xyxy, foot, velocity, sight.found.class_id, every, np.zeros(n))


class Reusing(Nearest):
    def new_ids(self, n: int) -> list[int]:
        return list(range(n))


class Clinging(Nearest):
    keeps_s = 1e9


class Blinking(Nearest):
    keeps_s = 0.5
    forgets_when_skipped = True


class Stepping(Nearest):
    def predict(self, time_s: float) -> Tracks:
        self.tracks = super().predict(time_s)
        return self.tracks


class Standing(Nearest):
    def predict(self, time_s: float) -> Tracks:
        return self.tracks


class Headed(Nearest):
    def seen(self, sight: Sight, ahead: float) -> Tracks:
        tracks = super().seen(sight, ahead)
        return replace(tracks, foot=tracks.foot - (0, 0.2))


class Unordered(Nearest):
    def update(self, sight: Sight) -> Tracks:
        tracks = super().update(sight)
        return tracks.keep(np.arange(len(tracks))[:: -1 if int(sight.time_s * 10) % 2 else 1])


def test_a_sound_tracker() -> None:
    check_tracker(Nearest)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (Reusing, "never reused"),
        (Clinging, "is forgotten"),
        (Blinking, "does absence mean absence"),
        (Stepping, "predict changes nothing"),
        (Standing, "carries what moves"),
        (Headed, "bottom centre"),
        (Unordered, "order of birth"),
    ],
)
def test_a_broken_tracker_is_caught(make: Callable[[], Nearest], what: str) -> None:
    with pytest.raises(Broken, match=what):
        check_tracker(make)


# -- measures --------------------------------------------------------------------------------------------------


class Middle:
    """Passes of the picture's vertical middle."""

    forgets = True

    def __init__(self) -> None:
        self.side: dict[int, bool] = {}

    def update(self, scene: Scene) -> Iterable[Observation]:
        right = {int(i): bool(x > 0.5) for i, x in zip(scene.tracks.ids, scene.tracks.foot[:, 0], strict=True)}
        seen = [
            self.observed(scene, i, Class(kind))
            for i, kind in zip(scene.tracks.ids.tolist(), scene.tracks.class_id, strict=True)
            if self.side.get(i, right[i]) != right[i]
        ]
        self.side = right if self.forgets else self.side | right
        return seen

    def observed(self, scene: Scene, track: int, class_: Class) -> Pass:
        return Pass("middle", scene.time_s, class_, "in")


class Hoarding(Middle):
    forgets = False


class Named(Middle):
    def observed(self, scene: Scene, track: int, class_: Class) -> Pass:
        return replace(super().observed(scene, track, class_), movement=str(track))


class Lucky(Middle):
    def observed(self, scene: Scene, track: int, class_: Class) -> Pass:
        return replace(super().observed(scene, track, class_), way="in" if track % 2 else "out")


class Early(Middle):
    def observed(self, scene: Scene, track: int, class_: Class) -> Pass:
        return replace(super().observed(scene, track, class_), time_s=scene.time_s + 1)


class Idle(Middle):
    def update(self, scene: Scene) -> Iterable[Observation]:
        return ()


def test_a_sound_measure() -> None:
    check_measure(Middle)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (Hoarding, "are forgotten"),
        (Named, "carries no id"),
        (Lucky, "does not depend on the ids"),
        (Early, "not of the future"),
        (Idle, "nothing was observed"),
    ],
)
def test_a_broken_measure_is_caught(make: Callable[[], Middle], what: str) -> None:
    with pytest.raises(Broken, match=what):
        check_measure(make)


# -- sinks and stores ------------------------------------------------------------------------------------------


class Refusing(ListSink):
    def write(self, records: Sequence[Record]) -> None:
        raise SinkError("nobody is there.")


class Memory:
    """A store in a dictionary."""

    kept: dict[object, Measurement]
    idempotent = True
    ordered = True
    asks = True

    def __init__(self, kept: dict[object, Measurement] | None = None) -> None:
        self.kept = {} if kept is None else kept

    def write(self, records: Sequence[Record]) -> None:
        for row in records:
            if not isinstance(row, Measurement):
                continue
            key = (row.start, row.end, row.camera, row.place, row.cut, row.part)
            self.kept[key if self.idempotent else (key, len(self.kept))] = row

    def read(self, query: Query) -> Iterable[Measurement]:
        rows = [row for row in self.kept.values() if self.fits(row, query) or not self.asks]
        key = [(r.start, r.end, r.camera, r.place, r.cut, r.part) for r in rows]
        return [rows[i] for i in sorted(range(len(rows)), key=lambda i: key[i])] if self.ordered else rows

    def fits(self, row: Measurement, query: Query) -> bool:
        return (
            row.camera in (query.cameras or (row.camera,))
            and row.place in (query.places or (row.place,))
            and row.cut in (query.cuts or (row.cut,))
            and (query.start is None or row.end > query.start)
            and (query.end is None or row.start < query.end)
        )

    def close(self) -> None:
        pass


def shared(**wrong: object) -> Callable[[], Memory]:
    kept: dict[object, Measurement] = {}
    kind = type("Wrong", (Memory,), wrong)
    return lambda: kind(kept)


def test_sound_outlets() -> None:
    check_sink(ListSink, unreachable=Refusing)
    check_store(shared())


def test_a_broken_sink_is_caught() -> None:
    with pytest.raises(Broken, match="raises SinkError"):
        check_sink(ListSink, unreachable=ListSink)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (shared(idempotent=False), "changes nothing"),
        (shared(ordered=False), "rows come by start"),
        (shared(asks=False), "a query by cameras"),
        (Memory, "another reader sees"),
    ],
)
def test_a_broken_store_is_caught(make: Callable[[], Memory], what: str) -> None:
    with pytest.raises(Broken, match=what):
        check_store(make)
