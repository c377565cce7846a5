"""Many cameras watched at once, in processes of their own: pixels go in, numbers come out here.

::

    decode worker ─┐  RTSP, files: libav and its cameras, no more
    decode worker ─┤  a ring of slots a camera (nameless memory); slot numbers over a socket
                   ▼
    engine worker       one a core or GPU: pipeline.Camera of each, one detector, crops of many cameras a round
                   │    JSON: observations, glyphs, health, states
                   ▼
    Engine              here, in the office: starts, listens, starts again; maps no frame

::

    with Engine(plan) as engine:
        for message in engine.messages():
            match message:
                case Observed(camera, time_s, observations): ...

Only what can be said in numbers has a message. Importing this room does not import `passerby.frame`; the workers'
modules (`decoding`, `looking` and what they use) are started by name.
"""

from passerby.engine.messages import (
    Anchored,
    Begun,
    Collected,
    Collecting,
    Died,
    Ended,
    Message,
    Missed,
    Observed,
    Shown,
    Spent,
    State,
    Tick,
    Watched,
)
from passerby.engine.plan import CameraPlan, Plan, PlateWish
from passerby.engine.supervisor import Engine

__all__ = [
    "Anchored",
    "Begun",
    "CameraPlan",
    "Collected",
    "Collecting",
    "Died",
    "Ended",
    "Engine",
    "Message",
    "Missed",
    "Observed",
    "Plan",
    "PlateWish",
    "Shown",
    "Spent",
    "State",
    "Tick",
    "Watched",
]
