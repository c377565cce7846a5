"""Writes a film in which people and vehicles are obscured, for an owner who must hand it on."""

from passerby.redact.fill import Style
from passerby.redact.planning import Watch
from passerby.redact.redacting import Redacted, redact

__all__ = ["Redacted", "Style", "Watch", "redact"]
