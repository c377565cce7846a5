"""Where numbers are kept, released, shown and sent; no frame can come here."""

from passerby.office.keeping import Keeping
from passerby.office.live import Board
from passerby.office.office import Desk, Kept, Office, Sight
from passerby.office.outbox import Outbox
from passerby.office.rules import Rules
from passerby.office.turned import Turned

__all__ = [
    "Board",
    "Desk",
    "Keeping",
    "Kept",
    "Office",
    "Outbox",
    "Rules",
    "Sight",
    "Turned",
]
