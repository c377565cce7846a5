"""Where numbers are kept, released, shown and sent; no frame can come here."""

from passerby.office.keeping import Keeping
from passerby.office.live import Board, Moment, Value
from passerby.office.office import Desk, Kept, Office, Sight
from passerby.office.outbox import Outbox
from passerby.office.rules import Rules

__all__ = ["Board", "Desk", "Keeping", "Kept", "Moment", "Office", "Outbox", "Rules", "Sight", "Value"]
