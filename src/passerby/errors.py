"""Every error passerby raises, as one tree; the class says what a caller may do about it.

::

    PasserbyError           exit 1   it failed; the message names the thing, the place and the next step
    ├── UsageError          exit 2   the command line is wrong
    ├── PartialError        exit 3   some of it was done; what was done stands
    ├── SourceError         exit 4   a film or camera cannot be opened or read (a live one is retried)
    │   └── BrokenSource    exit 3   it broke off: what came before it stands
    ├── NotReachable        exit 4   an address does not answer
    ├── Refused             exit 5   asked for something that passerby does not do
    ├── ThresholdMissed     exit 6   a figure is past the threshold that was given
    ├── ConfigError         exit 78  the configuration is wrong
    │   └── PluginError     exit 78  no such plugin, or not such an option
    ├── ModelError          exit 1   a model file is not what it should be
    └── OutletError         exit 1
        ├── StoreError      exit 1   the store cannot be read or written
        └── SinkError       exit 1   a receiver does not take it (retried)
"""

from __future__ import annotations

from typing import ClassVar


class PasserbyError(Exception):
    """What went wrong in one sentence, and in `hint` what to do next (may be empty)."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class UsageError(PasserbyError):
    """The command line, or the arguments of a Python call, are wrong."""

    exit_code = 2


class PartialError(PasserbyError):
    """Some of the work was done and stands; the message says what was not."""

    exit_code = 3


class SourceError(PasserbyError):
    """A film or camera cannot be opened or read."""

    exit_code = 4


class BrokenSource(SourceError):
    """A source broke off in the middle; every frame before it was good."""

    exit_code = 3


class NotReachable(PasserbyError):
    """A network address does not answer."""

    exit_code = 4


class Refused(PasserbyError):
    """Something was asked for that passerby does not do."""

    exit_code = 5


class ThresholdMissed(PasserbyError):
    """A measured figure is past the threshold that the caller gave."""

    exit_code = 6


class ConfigError(PasserbyError):
    """The configuration is wrong; the message names file, line and key where they are known."""

    exit_code = 78


class PluginError(ConfigError):
    """No plugin has this name, or the plugin has no such option."""


class ModelError(PasserbyError):
    """A model file is missing, damaged, or does not keep its contract."""


class OutletError(PasserbyError):
    """Something that takes records did not take them."""


class StoreError(OutletError):
    """The store cannot be opened, read or written; what it already holds is untouched."""


class SinkError(OutletError):
    """A receiver did not take the records; they are offered again."""
