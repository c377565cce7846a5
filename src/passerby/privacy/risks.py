"""Who might learn something about a person, what stands in the way, and what remains (docs/privacy/README.md)."""

from __future__ import annotations

from typing import Final

from passerby.privacy.sentence import say

HEADS: Final = (
    say("Who"),
    say("sees"),
    say("wants to know"),
    say("what stands in the way"),
    say("what remains"),
)

RISKS: Final = (
    (
        say("A neighbour, a journalist"),
        say("what is published"),
        say("Was she there?"),
        say("rows of many passes over many minutes; nothing of this moment"),
        say("that many people come at eight"),
    ),
    (
        say("Somebody who is signed in"),
        say("live views and charts"),
        say("Where does this person go, now?"),
        say(
            "marks that are all alike, on a coarse grid, without identity; cameras by role; live views "
            "can be switched off"
        ),
        say("whom they see from the window, they find as a dot"),
    ),
    (
        say("A curious administrator"),
        say("configuration, store, logs, exports"),
        say("Where was he, last Tuesday?"),
        say("nothing about one person is stored; the audit log says who approved pictures and changed settings"),
        say("they can open the camera in another program"),
    ),
    (
        say("A thief of the disk or of a backup"),
        say("all files, deleted blocks, swap"),
        say("pictures, passwords"),
        say("no picture of anybody is written, and frame memory stays out of dumps"),
        say("the counts; passwords that stand in the configuration"),
    ),
    (
        say("Somebody on the network"),
        say("sizes and times of messages"),
        say("Is somebody there?"),
        say("live messages of one size at fixed times"),
        say("that the service runs; that an alert was sent, when one is"),
    ),
    (
        say("The owner of a recogniser"),
        say("every picture that is shown"),
        say("Whose face or body is this?"),
        say("live views hold no picture of anybody"),
        say("films that the operator hands on by other means"),
    ),
    (
        say("Who joins tables, or takes differences"),
        say("all rows, before and after a change"),
        say("Who left here and came there? Who is the one between?"),
        say("no time of a single pass, one grid, the least size; each stretch of time is written once"),
        say("flows of many; two places over one stream, of which 'passerby check' warns"),
    ),
    (
        say("Who receives alerts"),
        say("rule, place and state, at once"),
        say("Who was on the track?"),
        say(
            "no count, position or picture; only four kinds of rule may be caused by one person; kept as "
            "an hour, for 72 h"
        ),
        say("that somebody was there at that moment"),
    ),
    (
        say("A hostile camera, model or plugin"),
        say("what its place in the chain sees"),
        say("to carry pictures out"),
        say("decoding in a process of its own; models with other outputs than boxes are refused; no telemetry"),
        say("a hole in a decoder; a plugin that was installed is code that is trusted"),
    ),
    (
        say("The operator, later"),
        say("the cameras"),
        say("to use them for more"),
        say("what recognises, follows or records is not built and cannot be switched on"),
        say("another program on the same cameras"),
    ),
    (
        say("Whoever is root on the machine, or has the camera"),
        say("memory, the stream"),
        say("everything"),
        say("nothing in passerby"),
        say("everything; who this is must be few and known"),
    ),
)
