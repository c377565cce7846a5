"""A drawn street as a source of frames."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from passerby.frame import Bgr, Frame, Planes, Size
from passerby.scene import Gathering, Habits, Pinhole, Street, Traffic, crowds, street
from passerby.scene.crowds import DENSEST
from passerby.sources.synthetic.exposure import Exposure
from passerby.sources.synthetic.painter import Painter
from passerby.stages import Length

_SIDES = (64, 4096)  # px
_EMPTY_S = 2.0  # of a square before its crowd is there


class Drawn:
    """A street that is already there, random or scripted, as a film of so many frames a second.

    Its camera's aspect must fit `size` (width, height); `night`, `noise`, `light` and `shake` are those of
    `Synthetic`, `contrast` below 1 is haze, `sun` below 1 makes shadows of people weaker. Raises `ValueError` for
    what cannot be drawn.
    """

    finite = True

    def __init__(
        self,
        street: Street,
        *,
        fps: float = 10.0,
        size: tuple[int, int] = (768, 576),
        night: bool = False,
        noise: float = 0.008,
        light: float = 0.05,
        shake: float = 0.0,
        contrast: float = 1.0,
        sun: float = 1.0,
        camera: str = "street",
    ) -> None:
        _check({"fps": fps}, least=0.01, most=240)
        shares = {"noise": noise, "light": light, "shake": shake, "contrast": contrast, "sun": sun}
        _check(shares, least=0, most=1)
        if abs(street.camera.aspect * size[1] - size[0]) > 1:
            raise ValueError(f"the street's camera has an aspect of {street.camera.aspect:.3f}, {size} has not")
        self.street, self.size = street, Size(*size)
        self._fps, self._night, self._sun, self._camera = fps, night, sun, camera
        self._exposure = partial(
            Exposure, self.size, street.seed, noise=noise, drift=light, shake=shake, contrast=contrast
        )

    @property
    def label(self) -> str:
        """What it is called in a message."""
        return f"drawn street {self.street.seed}"

    def length(self) -> Length:
        """Exactly as many frames as will come."""
        count = round(self.street.duration_s * self._fps)
        return Length(frames=count, duration_s=count / self._fps)

    def frames(self) -> Iterator[Frame]:
        """Yield the frames from time 0; the same each time, whatever was read before."""
        exposure, painter = self._exposure(), self.painter()
        for index in range(self.length().frames or 0):
            time_s = index / self._fps
            picture = exposure.expose(painter.picture(time_s), time_s, index)
            yield Frame(Planes.from_bgr(picture), camera=self._camera, index=index, time_s=time_s)

    def painter(self) -> Painter:
        """What draws the street: clean pictures and exact silhouettes at any time."""
        return Painter(self.street, self.size, night=self._night, sun=self._sun)

    def still(self, time_s: float) -> Bgr:
        """One picture (h, w, 3) as the camera sees it, for docs and pages; the street holds nobody real."""
        index = round(time_s * self._fps)
        return self._exposure().expose(self.painter().picture(time_s), time_s, index)


class Synthetic(Drawn):
    """A street drawn in perspective, with exact truth in `street`: the demo, the test bench and the benchmark.

    `seed`: picks the street and all that happens in it.
    `duration`: seconds until it ends.
    `fps`: pictures a second; the street itself does not depend on it.
    `width`: of the picture, in pixels.
    `height`: of the picture, in pixels.
    `people`: parties of people on foot a minute.
    `groups`: share of the parties that are two or more.
    `cyclists`: bicycles a minute.
    `cars`: cars a minute.
    `buses`: buses a minute.
    `trucks`: trucks a minute.
    `motorcycles`: motorcycles a minute.
    `poles`: lamp posts that stand in the way of the view, at most 8.
    `signs`: boards that look like people and are none.
    `parked`: cars that stand at the kerb.
    `night`: whether it is night, with lamps, lit windows and headlights.
    `noise`: of the sensor, as standard deviation in parts of full white.
    `light`: by which part the light slowly rises and falls.
    `shake`: how far the mast moves the picture, in parts of its height; the truth is that of a still camera.
    `crowd`: people per m2 on a square of 20 by 14 m, in place of the street; it is empty for two seconds.

    ``Synthetic.of(street, ...)`` films a street that is already there, e.g. a scripted one.
    """

    of: ClassVar[type[Drawn]] = Drawn

    def __init__(
        self,
        *,
        seed: int = 1,
        duration: float = 60.0,
        fps: float = 10.0,
        width: int = 768,
        height: int = 576,
        people: float = 22.0,
        groups: float = 0.35,
        cyclists: float = 5.0,
        cars: float = 12.0,
        buses: float = 1.0,
        trucks: float = 1.0,
        motorcycles: float = 0.5,
        poles: int = 2,
        signs: int = 0,
        parked: int = 0,
        night: bool = False,
        noise: float = 0.008,
        light: float = 0.05,
        shake: float = 0.0,
        crowd: float = 0.0,
        camera: str = "street",
    ) -> None:
        rates = {"people": people, "cyclists": cyclists, "cars": cars, "buses": buses}
        rates |= {"trucks": trucks, "motorcycles": motorcycles}
        _check(rates, least=0, most=600)
        _check({"groups": groups}, least=0, most=1)
        _check({"poles": poles, "signs": signs, "parked": parked}, least=0, most=8)
        _check({"width": width, "height": height}, least=_SIDES[0], most=_SIDES[1])
        _check({"seed": seed, "duration": duration}, least=0, most=math.inf)
        _check({"crowd": crowd}, least=0, most=DENSEST)
        if crowd:
            drawn = _square(seed, crowd, duration, width / height)
        else:
            traffic = Traffic(**rates, habits=Habits(together=groups), poles=poles, signs=signs, parked=parked)
            drawn = street(seed, duration_s=duration, traffic=traffic, camera=Pinhole(aspect=width / height))
        super().__init__(
            drawn,
            fps=fps,
            size=(width, height),
            night=night,
            noise=noise,
            light=light,
            shake=shake,
            camera=camera,
        )


def _square(seed: int, density: float, duration_s: float, aspect: float) -> Street:
    """A square half full of people who stand, and half of a stream with some who go against it."""
    camera = Pinhole(height_m=10.0, tilt_deg=22.0, pan_deg=0.0, focal=1.15, aspect=aspect)
    gathering = Gathering((-10.0, 15.0), (10.0, 29.0), density, stand=0.5, against=0.25)
    return crowds.crowd(seed, [gathering], duration_s=duration_s, empty_s=_EMPTY_S, camera=camera)


def _check(values: dict[str, float], *, least: float, most: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and least <= value <= most):
            bounds = f"{least:g} or more" if most == math.inf else f"between {least:g} and {most:g}"
            raise ValueError(f"{name} must be {bounds}, not {value}")
