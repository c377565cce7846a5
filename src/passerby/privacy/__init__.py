"""What a configuration keeps, shows and sends, for how long, and the limits, in plain words."""

from passerby.privacy.assessment import NOTE, TITLE, Assessment, assessment, markdown
from passerby.privacy.sentence import Sentence, say, translated
from passerby.privacy.sign import Sign, sign
from passerby.privacy.statement import PROMISE, Statement, statement

__all__ = [
    "NOTE",
    "PROMISE",
    "TITLE",
    "Assessment",
    "Sentence",
    "Sign",
    "Statement",
    "assessment",
    "markdown",
    "say",
    "sign",
    "statement",
    "translated",
]
