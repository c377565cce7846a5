"""The version of passerby, which every released row carries."""

from typing import Final

VERSION: Final = "0.1.0"
