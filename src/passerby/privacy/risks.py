"""Who might learn something about a person, what stands in the way, and what remains (docs/privacy/README.md)."""

from __future__ import annotations

from typing import Final

HEADS: Final = ("Who", "sees", "wants to know", "what stands in the way", "what remains")

RISKS: Final = (
    (
        "A neighbour, a journalist",
        "what is published",
        "Was she there?",
        "rows of many passes over many minutes; nothing of this moment",
        "that many people come at eight",
    ),
    (
        "Somebody who is signed in",
        "live views and charts",
        "Where does this person go, now?",
        "marks that are all alike, on a coarse grid, without identity; cameras by role; live views can be "
        "switched off",
        "whom they see from the window, they find as a dot",
    ),
    (
        "A curious administrator",
        "configuration, store, logs, exports",
        "Where was he, last Tuesday?",
        "nothing about one person is stored; the audit log says who approved pictures and changed settings",
        "they can open the camera in another program",
    ),
    (
        "A thief of the disk or of a backup",
        "all files, deleted blocks, swap",
        "pictures, passwords",
        "no picture is written, and frame memory stays out of dumps",
        "the counts; passwords that stand in the configuration",
    ),
    (
        "Somebody on the network",
        "sizes and times of messages",
        "Is somebody there?",
        "live messages of one size at fixed times",
        "that the service runs; that an alert was sent, when one is",
    ),
    (
        "The owner of a recogniser",
        "every picture that is shown",
        "Whose face or body is this?",
        "live views hold no picture of anybody",
        "films that the operator hands on by other means",
    ),
    (
        "Who joins tables, or takes differences",
        "all rows, before and after a change",
        "Who left here and came there? Who is the one between?",
        "no time of a single pass, one grid, the least size; each stretch of time is written once",
        "flows of many; two places over one stream, of which 'passerby check' warns",
    ),
    (
        "Who receives alerts",
        "rule, place and state, at once",
        "Who was on the track?",
        "no count, position or picture; only four kinds of rule may be caused by one person; kept as an hour, "
        "for 72 h",
        "that somebody was there at that moment",
    ),
    (
        "A hostile camera, model or plugin",
        "what its place in the chain sees",
        "to carry pictures out",
        "decoding in a process of its own; models with other outputs than boxes are refused; no telemetry",
        "a hole in a decoder; a plugin that was installed is code that is trusted",
    ),
    (
        "The operator, later",
        "the cameras",
        "to use them for more",
        "what recognises, follows or records is not built and cannot be switched on",
        "another program on the same cameras",
    ),
    (
        "Whoever is root on the machine, or has the camera",
        "memory, the stream",
        "everything",
        "nothing in passerby",
        "everything; who this is must be few and known",
    ),
)
