"""The drawn street: a minute of it counted beside its truth, then a month of it through the release rule."""

from passerby.demo.minute import Minute, Row
from passerby.demo.month import Month, month

__all__ = ["Minute", "Month", "Row", "month"]
