"""passerby turns the cameras a place already has into numbers, and keeps nothing that singles a person out.

::

    from passerby import count

    result = count("market.mp4", lines={"gate": (0.1, 0.6, 0.9, 0.6)})
    print(result.lines["gate"]["in"])        # {"bicycle": 12, "person": 57}
"""

import importlib
import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from passerby import version

# ONNX Runtime for Linux (1.31) calls mobile.events.data.microsoft.com when it is imported, unless told so before.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = version.VERSION

__all__ = ["__version__", "count"]

if TYPE_CHECKING:
    from passerby.count import count
else:

    class _Passerby(ModuleType):
        """Loads all that a count needs when `count` is asked for: who stores, shows or sends needs none of it."""

        @property
        def count(self) -> Any:
            """Counts films; see `passerby.count.count`."""
            return importlib.import_module("passerby.count").count

        @count.setter
        def count(self, _: ModuleType) -> None:
            """Python puts a package that was imported here; `passerby.count` is the function all the same."""

    sys.modules[__name__].__class__ = _Passerby
