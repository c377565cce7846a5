"""passerby turns the cameras a place already has into numbers, and keeps nothing that singles a person out.

::

    from passerby import count

    result = count("market.mp4", lines={"gate": (0.1, 0.6, 0.9, 0.6)})
    print(result.lines["gate"]["in"])        # {"bicycle": 12, "person": 57}
"""

from passerby import version
from passerby.count import count

__version__ = version.VERSION

__all__ = ["__version__", "count"]
