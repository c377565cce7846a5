"""A site watched day and night: its configuration, its engine and its office, held together.

::

    street.toml ──► Site ──► Engine ──messages──► Office ──► Outbox each: store, sinks
                      ▲         └ states ──► Journal
                   SIGHUP        Service ◄──── ServiceHouse ◄── pages, served by Front
"""

from passerby.run.attended import attended
from passerby.run.front import Front
from passerby.run.journal import Journal
from passerby.run.service import Service
from passerby.run.states import Status

__all__ = ["Front", "Journal", "Service", "Status", "attended"]
