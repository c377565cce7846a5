"""The gate of live cameras: nobody is in a picture that could be approved, however long they stay.

Time is lapsed: a candidate takes a minute at least in place of ten, at one picture a second.
"""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from plate.lapse import LOOKS_WITH, SIZE, Boxes, Lapse, always, at_times, decoded, never, place, share

from passerby.frame import Bgr, Size
from passerby.ground import Ground
from passerby.plate import Candidate, PlateGate
from passerby.plate.pictures import FINEST, MOST_BYTES, NEUTRAL, photo, plate_size
from passerby.records import Picture

LEAST_S = 60.0
MOST_S = 6.2 * LEAST_S
SEAT = (90, 56, 105, 101)


def gate(**how: object) -> PlateGate:
    return PlateGate(looks_with=LOOKS_WITH, least_s=LEAST_S, **how)  # type: ignore[arg-type]


def walkers(time_s: float) -> Boxes:
    """Somebody walks through every forty seconds."""
    left = round((time_s % 40) * 18) - 15
    return [(left, 56, left + 15, 101)] if left < SIZE[0] else []


def fidgets(time_s: float) -> Boxes:
    """Somebody sits there from the first picture to the last, and shifts by a pixel now and then."""
    right, down = [(0, 0), (1, 0), (0, 1), (-1, 0), (1, 1)][int(time_s // 25) % 5]
    return [(SEAT[0] + right, SEAT[1] + down, SEAT[2] + right, SEAT[3] + down)]


def test_an_empty_place_is_shown_as_it_is() -> None:
    made = Lapse(lambda _: []).play(gate(), MOST_S, 1)
    assert made is not None
    assert (made.coverage, made.strict) == (1.0, False)
    assert np.abs(decoded(made).astype(int) - place()).mean() < 6  # the way to YUV and back costs 5


CASES = {
    "stands for 5 s": Lapse(lambda t: [SEAT] if 20 <= t < 25 else []),
    "stands for 5 s, never found": Lapse(lambda t: [SEAT] if 20 <= t < 25 else [], never),
    "stands for a minute": Lapse(lambda t: [SEAT] if 20 <= t < 80 else []),
    "sits all the time": Lapse(lambda _: [SEAT]),
    "sits all the time, found in one look of thirty": Lapse(lambda _: [SEAT], at_times(1 / 30)),
    "comes, stays, never found": Lapse(lambda t: [SEAT] if t >= 30 else [], never),
    "sits all the time, never found, fidgets": Lapse(fidgets, never),
    "walks by": Lapse(walkers, at_times(0.7)),
    "sits there as the light is switched": Lapse(
        lambda t: [SEAT] if t >= 20 else [], never, light=lambda t: 0.55 if t >= 40 else 1.0
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_nobody_is_in_a_picture_that_could_be_approved(name: str) -> None:
    watched = gate()
    made = CASES[name].play(watched, MOST_S, 1)
    if made is None:
        assert "surely empty" in watched.reason
    else:
        assert share(made, [SEAT]) < 0.01


def test_a_crowd_from_the_first_picture_is_not_shown() -> None:
    crowd = [(x, y, x + 15, y + 45) for x in range(5, 180, 25) for y in (5, 55, 104)]

    def sways(time_s: float) -> Boxes:
        return [(x + d, y, r + d, b) for x, y, r, b in crowd for d in (round(np.sin(time_s / 7 + x)),)]

    made = Lapse(sways, at_times(0.7)).play(gate(), 4 * LEAST_S, 0.5)
    assert made is None or share(made, crowd) < 0.01


def test_a_crowd_hides_what_stands_in_it() -> None:
    everywhere = [(x, 0, x + 40, SIZE[1]) for x in range(0, 120, 40)]
    watched = gate()
    Lapse(lambda _: [], extra=lambda _: [*everywhere]).play(watched, 2 * LEAST_S, 1)
    assert watched.coverage == 0.0


def test_what_is_found_and_does_not_move_stays_grey() -> None:
    """Parked cars, posters and mirrors, if they are found once in a while."""
    made = Lapse(lambda _: [], extra=lambda t: [SEAT] if int(t) % 17 == 0 else []).play(gate(), MOST_S, 1)
    assert made is not None
    left, top, right, bottom = SEAT
    assert (decoded(made)[top:bottom, left:right] == NEUTRAL).all()
    assert made.coverage > 0.8


def test_nothing_is_shown_at_the_rim_that_is_not_known() -> None:
    corner = (0, 90, 30, SIZE[1])
    made = Lapse(lambda _: [], extra=lambda _: [corner]).play(gate(), MOST_S, 1)
    assert made is not None
    assert (decoded(made)[90:, :30] == NEUTRAL).all()


def test_a_moved_camera_begins_anew() -> None:
    turned = np.ascontiguousarray(place()[:, ::-1])
    watched = gate()
    views = Lapse(lambda _: [], view=lambda t: turned if t >= 45 else place())
    made = views.play(watched, MOST_S, 1)
    assert made is not None
    assert "moved" in watched.note
    assert np.abs(decoded(made).astype(int) - turned).mean() < 6


def test_it_takes_time_and_ends_once() -> None:
    film = Lapse(lambda _: [])
    watched = gate()
    assert film.play(watched, LEAST_S - 5, 1) is None
    assert not watched.is_over
    made = film.play(gate(), MOST_S, 1)
    assert made is not None
    whole = gate()
    assert film.play(whole, MOST_S, 1) is whole.candidate()
    with film.frame(1000.0, 1000) as frame:
        assert whole.ask(frame) == []
        whole.add(frame, film.found(1000.0))  # is not taken
    assert whole.is_over


def test_without_a_detector_that_knows_people_it_is_a_drawing() -> None:
    watched, film = PlateGate(looks_with=None, least_s=LEAST_S), Lapse(lambda _: [], never)
    made = film.play(watched, MOST_S, 1)
    assert made is not None
    assert made.strict
    assert set(np.unique(decoded_raw(made))) <= {0, 255}
    assert made.coverage > 0.97
    with film.frame(1000.0, 1000) as frame:
        assert PlateGate(looks_with=None).ask(frame) == []


def test_frames_that_nobody_looked_at_give_nothing() -> None:
    watched, film = gate(), Lapse(lambda _: [], always)
    for second in range(round(2 * LEAST_S)):
        with film.frame(float(second), second) as frame:
            watched.add(frame, None)
    assert watched.coverage == 0.0


def test_it_looks_at_the_whole_and_at_each_part_in_turn() -> None:
    watched = PlateGate(looks_with=Size(100, 100))
    film = Lapse(lambda _: [])
    covered = np.zeros((SIZE[1], SIZE[0]), np.bool_)
    for second in range(0, 12, 2):
        with film.frame(float(second), second) as frame:
            whole, part = watched.ask(frame)
            assert whole.region == frame.whole
            left, top, right, bottom = part.region
            covered[top:bottom, left:right] = True
            assert part.scale > whole.scale
            assert watched.ask(frame) == []  # not so soon again
    assert covered.all()


def test_a_drawing_holds_two_values_and_no_pixel_of_the_photo() -> None:
    street = place()
    cv2.rectangle(street, (30, 30), (150, 110), (250, 250, 250), -1)
    made = Lapse(lambda _: [], view=lambda _: street).play(gate(strict=True), MOST_S, 1)
    assert made is not None
    assert made.strict
    picture = decoded_raw(made)
    assert set(np.unique(picture)) == {0, 255}
    assert 0.001 < (picture == 0).mean() < 0.2
    assert made.picture.png[24:26] == b"\x01\x00"  # one bit a pixel, grey


def decoded_raw(made: Candidate) -> Bgr:
    found = cv2.imdecode(np.frombuffer(made.picture.png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return np.asarray(found, np.uint8)


@pytest.mark.parametrize("metres", [2.0, 6.0, 40.0])
def test_it_is_no_finer_than_forty_px_a_metre_at_the_nearest_ground(metres: float) -> None:
    corners = [(0.0, 1.0, 0.0, 0.0), (1.0, 1.0, metres, 0.0), (0.7, 0.5, metres, 20.0), (0.3, 0.5, 0.0, 20.0)]
    ground = Ground.fit(corners)
    width, height = plate_size(Size(1920, 1080), ground)
    nearest = ground.px_per_m([(x, 1.0) for x in (0.0, 0.5, 1.0)], (width, height)).max()
    assert nearest <= FINEST + 1
    assert width <= 480
    with pytest.raises(ValueError, match="80"):
        plate_size(Size(1920, 1080), ground, 90)


def test_without_a_ground_it_is_at_most_320_px_wide() -> None:
    assert plate_size(Size(3840, 2160), None) == (320, 180)
    assert plate_size(Size(100, 50), None) == (100, 50)


def test_a_picture_fits_into_a_message() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (400, 480, 3), np.uint8)
    made = photo(noise, np.ones((400, 480), np.bool_))
    assert isinstance(made, Picture)
    assert len(made.png) <= MOST_BYTES
