"""Nobody is in a plate that could be approved, however long they stay.

The gate of live cameras (`passerby.plate.PlateGate`, as `run` drives it) is shown drawn scenes in which people
stand, sit and crowd; each with detectors that see well, half, and nobody who stands still. Of each candidate that
an admin would be offered it is measured how much of anybody's texture is in it. Two ways by which plates are
usually learned are measured on the same pictures: they must be caught.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from passerby.frame import Bgr
from passerby.frame import Size as Pixels
from passerby.plate import PlateGate
from passerby.stages import Crop
from redteam.plates.scenes import SIZE, Film, Scene
from redteam.plates.stays import statue, stays
from redteam.plates.traces import likeness, share
from redteam.processors import all_processors
from redteam.verdict import Figure, Size, Verdict

MOST_SHARE: Final = 0.01
MOST_LIKE: Final = 0.6
LEAST_S: Final = {Size.SMALL: 60.0, Size.FULL: 600.0}  # of stream time, for a candidate
FPS: Final = 1.0
DAY: Final = {Size.SMALL: 1, Size.FULL: 8}  # hours in which it is asked for again and again
SHOWN: Final = {
    Size.SMALL: 40,
    Size.FULL: 120,
}  # moments of each scene at which people are looked for in the plate
LOOKS_WITH: Final = Pixels(416, 416)
# Chance of a look to find somebody who walks, and who stands. Motion alone gives drawings only; what would
# be photos, which hold more, is measured here.
EYES: Final = {
    "sees well": (0.95, 0.95),
    "sees half": (0.5, 0.5),
    "sees nobody who is still": (0.8, 0.0),
    "motion alone": (0.0, 0.0),
}
OFTEN: Final = {Size.SMALL: ("sees half", "motion alone"), Size.FULL: tuple(EYES)}
ONCE: Final = {"nobody": "sees well", "a statue": "sees nobody who is still"}  # scenes for these eyes only
AVERAGE: Final = 0.05  # of a picture that a running average takes in
MEDIAN_OF: Final = 24  # pictures at most
LIMITS: Final = (
    "Somebody who is there all the time, is never found and never stirs by a hair, hour after hour, cannot be "
    "told from a statue: that is measured as a limit and does not count, for nobody alive stands so. A poster, or "
    "a picture on a screen that stands still, is no different. An admin looks at each candidate for that.",
    "People are drawn: they sway by a centimetre and shift their weight by some every few minutes. The detector "
    "is simulated: it finds or misses each of them by chance, anew at each look.",
    "On a small scale time is lapsed: a candidate takes a minute in place of ten, and stays are shorter likewise.",
)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a scene that was shown to the gate, as often as a day allows."""

    offered: int  # candidates
    share: float  # of anybody's texture in any of them, at most
    likeness: float  # of anything in them to anybody, at most
    coverage: float  # of the last one that was offered
    learned: float = 0.0  # share in plates that an average and a median learned of the same pictures, the less

    @property
    def held(self) -> bool:
        """Whether nobody is in what could be approved."""
        return self.share < MOST_SHARE and self.likeness < MOST_LIKE


def attack(size: Size) -> Verdict:
    """Show every scene to every kind of eyes."""
    shown = {
        name if name in ONCE else f"{name}, {eyes}": (name, eyes, size)
        for name in _scenes(size)
        for eyes in ([ONCE[name]] if name in ONCE else OFTEN[size])
    }
    with all_processors() as pool:  # each scene is on its own
        played = dict(zip(shown, pool.map(_played, shown.values()), strict=True))
    still = played.pop("a statue")
    wrong = [f"{name}: share {p.share:.3f}, likeness {p.likeness:.2f}" for name, p in played.items() if not p.held]
    wrong += [] if played["nobody"].offered else ["no plate is offered of a place where nobody is"]
    kept = [p for name, p in played.items() if name.startswith(("is there from", "sits all day", "a crowd"))]
    blunt = sum(p.learned < MOST_SHARE for p in kept)
    wrong += [f"{blunt} plates that learned somebody are not caught"] if blunt else []
    people = {name: p for name, p in played.items() if name != "nobody"}
    offered = sum(p.offered for p in people.values())
    worst = max(p.share for p in people.values())
    figures = _figures(people, played["nobody"], still, kept)
    return Verdict(
        "plates",
        not wrong,
        f"{len(wrong)} found: {'; '.join(wrong[:4])}."
        if wrong
        else f"{offered} plates were offered in {len(people)} scenes with people in them; at most {worst:.4f} of "
        f"anybody's texture is in one, and all {2 * len(kept)} plates that learn by themselves were caught.",
        figures,
        {name: _goal(name) for name in figures if _goal(name)},
        LIMITS,
    )


def _scenes(size: Size) -> Mapping[str, Scene]:
    lasts_s = 6.2 * LEAST_S[size]
    return {**stays(LEAST_S[size] / 10, DAY[size] * lasts_s), "a statue": statue(lasts_s)}


def _played(shown: tuple[str, str, Size]) -> Played:
    name, eyes, size = shown
    made = play(_scenes(size)[name], eyes, size, DAY[size] if name == "sits all day" else 1)
    told = f"{made.offered} offered, share {made.share:.4f}, likeness {made.likeness:.2f}"
    print(f"{name}, {eyes}: {told}", file=sys.stderr)
    return made


def play(scene: Scene, eyes: str, size: Size, days: int = 1) -> Played:
    """Collect plates of a scene, one after the other, each until it is offered or given up."""
    film, rng = Film(scene), np.random.default_rng(scene.seed + 1)
    offered, worst, like, coverage = 0, 0.0, 0.0, 0.0
    learner = Learner()
    index = 0
    for _ in range(days):
        gate = PlateGate(looks_with=LOOKS_WITH, least_s=LEAST_S[size])
        began = index
        while not gate.is_over:
            time_s = index / FPS
            with film.frame(time_s, index) as frame:
                crops = gate.ask(frame)
                gate.add(frame, found(film, time_s, crops, eyes, rng), [crop.region for crop in crops])
                if index % 5 == 0:
                    learner.see(frame.bgr(frame.whole, frame.size))
            index += 1
        made = gate.candidate()
        if made is not None:
            offered, coverage = offered + 1, made.coverage
            seen = _moments(began / FPS, index / FPS, SHOWN[size])
            of_one, like_one = traces(decoded(made.picture.png), film, seen)
            worst, like = max(worst, of_one), max(like, like_one)
    stayed = _moments(0, index / FPS, SHOWN[size])
    caught = min(traces(plate, film, stayed)[0] for plate in learner.plates())
    return Played(offered, worst, like, coverage, caught)


def found(
    film: Film, time_s: float, crops: list[Crop], eyes: str, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Boxes (n, 4) px of those whom a detector finds in crops."""
    boxes = []
    for _ in crops:
        for person, box in film.boxes(time_s):
            chance = EYES[eyes][person.is_still(time_s)] * (0.5 if person.mirrored else 1.0)
            if rng.random() < chance:
                tall = box[3] - box[1]
                boxes.append(np.array(box) + rng.normal(0, 0.03 * tall, 4))
    return np.array(boxes, np.float64).reshape(-1, 4)


def traces(plate: Bgr, film: Film, moments: NDArray[np.float64]) -> tuple[float, float]:
    """The largest share of anybody in a plate, and the best likeness, of where people stood at these moments."""
    there, scale = {}, plate.shape[1] / SIZE[0]
    for time_s in moments:
        for person, box in film.boxes(float(time_s)):
            if person.is_still(float(time_s)):
                left, top, right, bottom = (side * scale for side in box)
                there[person, round(left), round(top)] = (person, (left, top, right, bottom))
    empty = film.shown_place(float(moments[-1]), (plate.shape[1], plate.shape[0]))
    worst = max((share(plate, empty, person, box) for person, box in there.values()), default=0.0)
    return worst, likeness(plate, there.values())


def decoded(png: bytes) -> Bgr:
    """A candidate's picture (h, w, 3)."""
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


class Learner:
    """Plates that learn by themselves: a running average, and the median of what was seen."""

    def __init__(self) -> None:
        self._average: NDArray[np.float32] | None = None
        self._kept: list[Bgr] = []

    def see(self, picture: Bgr) -> None:
        """Take in one picture (h, w, 3)."""
        if self._average is None:
            self._average = picture.astype(np.float32)
        self._average += AVERAGE * (picture - self._average)
        self._kept.append(picture)
        if len(self._kept) > MEDIAN_OF:
            del self._kept[::2]

    def plates(self) -> Iterator[Bgr]:
        """Both."""
        assert self._average is not None
        yield np.asarray(self._average, np.uint8)
        yield np.asarray(np.median(np.stack(self._kept), axis=0), np.uint8)


def _moments(since_s: float, until_s: float, most: int) -> NDArray[np.float64]:
    return np.linspace(since_s, max(until_s - 1, since_s), most)


def _figures(people: dict[str, Played], nobody: Played, still: Played, kept: list[Played]) -> dict[str, Figure]:
    found: dict[str, Figure] = {"n (scenes with people)": len(people)}
    for eyes in EYES:
        seen = [p for name, p in people.items() if name.endswith(eyes)]
        if not seen:
            continue
        found |= {
            f"plates offered, {eyes}": sum(p.offered for p in seen),
            f"largest share of anybody, {eyes}": round(max(p.share for p in seen), 4),
            f"best likeness to anybody, {eyes}": round(max(p.likeness for p in seen), 2),
        }
    found |= {
        "shown of an empty place": f"{100 * nobody.coverage:.0f} %",
        "plates that learn by themselves": 2 * len(kept),
        "least share of somebody in one of these": round(min(p.learned for p in kept), 2),
        "limit: share of a statue that nobody finds": round(still.share, 2),
    }
    return found


def _goal(name: str) -> str:
    """What a figure must be; nothing where it is only told."""
    if name.startswith("largest share"):
        return f"< {MOST_SHARE}"
    if name.startswith("best likeness"):
        return f"< {MOST_LIKE}"
    return f"≥ {MOST_SHARE}: they must be caught" if name.startswith("least share") else ""
