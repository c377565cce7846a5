"""Drawn streets as pure truth: who is where and what passes, from a seed or from a script, without a pixel."""

from passerby.scene.actors import Actor, Path, Pole, Sign, Thing
from passerby.scene.crowds import SQUARE, Gathering, crowd
from passerby.scene.layout import Layout
from passerby.scene.optics import Pinhole
from passerby.scene.rhythm import days
from passerby.scene.script import Mover, scripted
from passerby.scene.traffic import DENSE, GROUPS, POLES, SPARSE, Traffic, street
from passerby.scene.truth import Poses, Truth
from passerby.scene.walkers import Habits
from passerby.scene.world import Street

__all__ = [
    "DENSE",
    "GROUPS",
    "POLES",
    "SPARSE",
    "SQUARE",
    "Actor",
    "Gathering",
    "Habits",
    "Layout",
    "Mover",
    "Path",
    "Pinhole",
    "Pole",
    "Poses",
    "Sign",
    "Street",
    "Thing",
    "Traffic",
    "Truth",
    "crowd",
    "days",
    "scripted",
    "street",
]
