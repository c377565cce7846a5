"""The configuration: one TOML file, read into one checked and frozen `Config`."""

from passerby.config.changing import Change, change
from passerby.config.config import Camera, Config, Engine, Site, Use
from passerby.config.drawing import Drawing
from passerby.config.editing import Edit, edited
from passerby.config.overlapping import Overlap, overlaps
from passerby.config.places import line, zone
from passerby.config.reading import load
from passerby.config.serving import Web
from passerby.config.writing import write_drawing

__all__ = [
    "Camera",
    "Change",
    "Config",
    "Drawing",
    "Edit",
    "Engine",
    "Overlap",
    "Site",
    "Use",
    "Web",
    "change",
    "edited",
    "line",
    "load",
    "overlaps",
    "write_drawing",
    "zone",
]
