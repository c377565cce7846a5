"""How slow and how close road users are in a queue."""

from __future__ import annotations

from typing import Final

FOOT: Final = (0.6, 2.0)  # m/s below which people are queued, m to the next
WHEELS: Final = (2.2, 12.0)  # the same of all others: 5 mph; a gap of 20 ft and a car
