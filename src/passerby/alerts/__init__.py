"""Rules that fire when something must be known at once: pure state machines on any clock."""

from passerby.alerts.alerts import Alerts
from passerby.alerts.condition import Condition, condition
from passerby.alerts.log import Log
from passerby.alerts.readings import Readings
from passerby.alerts.rule import SAFETY, Quiet, Rule, Safety, quiet

__all__ = ["SAFETY", "Alerts", "Condition", "Log", "Quiet", "Readings", "Rule", "Safety", "condition", "quiet"]
