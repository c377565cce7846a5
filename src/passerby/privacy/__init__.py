"""What a configuration keeps, shows and sends, for how long, and the limits, in plain words."""

from passerby.privacy.statement import PROMISE, Statement, statement

__all__ = ["PROMISE", "Statement", "statement"]
