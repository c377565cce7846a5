"""Rules that fire when something must be known at once: pure state machines on any clock."""

from passerby.alerts.alerts import Alerts, alert
from passerby.alerts.care import SOMEBODY, Acknowledged, Care, Standing
from passerby.alerts.condition import Condition, condition
from passerby.alerts.log import KEEP, Log
from passerby.alerts.readings import Readings
from passerby.alerts.rule import SAFETY, Quiet, Rule, Safety, quiet

__all__ = [
    "KEEP",
    "SAFETY",
    "SOMEBODY",
    "Acknowledged",
    "Alerts",
    "Care",
    "Condition",
    "Log",
    "Quiet",
    "Readings",
    "Rule",
    "Safety",
    "Standing",
    "alert",
    "condition",
    "quiet",
]
