"""The drawn street: a minute counted beside its truth, a month through the release rule, and a site with pages."""

from passerby.demo.minute import Minute, Row
from passerby.demo.month import Month, month
from passerby.demo.site import STREET, Site, gate

__all__ = ["STREET", "Minute", "Month", "Row", "Site", "gate", "month"]
