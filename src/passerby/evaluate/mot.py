"""Reads trajectories from MOTChallenge text."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

from passerby.errors import UsageError
from passerby.evaluate.trajectories import Trajectories

COLUMNS = "frame,id,left,top,width,height,conf"
_HINT = f"Each line must be MOTChallenge text: {COLUMNS}[,...], with the first frame of the film as 1."

_Row = tuple[int, int, float, float, float, float]


def read(path: Path) -> Trajectories:
    """The true trajectories in a MOTChallenge file: ``frame,id,left,top,width,height,conf,...``, boxes in px.

    Rows whose conf is 0 are left out: MOTChallenge marks with it what is not to be judged (Dendorfer et al.,
    "MOTChallenge: A Benchmark for Single-Camera Multiple Target Tracking", IJCV 2021, table 5). Columns after
    the seventh are not read. Raises `UsageError`, naming file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not text.", _HINT) from error
    rows = parse(text.splitlines(), str(path))
    if not rows:
        raise UsageError(f"{path}: holds no box that is to be judged.", _HINT)
    frame, identity, *box = zip(*rows, strict=True)
    left, top, width, height = box
    right = [x + w for x, w in zip(left, width, strict=True)]
    bottom = [y + h for y, h in zip(top, height, strict=True)]
    return Trajectories.of(frame, identity, list(zip(left, top, right, bottom, strict=True)))


def parse(lines: Iterable[str], name: str) -> list[_Row]:
    """Rows of frame, id, left, top, width and height whose conf is not 0; raises `UsageError`."""
    rows: list[_Row] = []
    first_seen: dict[tuple[int, int], int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        *row, conf = _numbers(line, where)
        frame, identity = _whole(row[0], "frame", where), _whole(row[1], "id", where)
        _check(frame, identity, row[4], row[5], where)
        if conf == 0:
            continue
        earlier = first_seen.setdefault((frame, identity), number)
        if earlier != number:
            raise UsageError(
                f"{where}: id {identity} already has a box in frame {frame} (line {earlier}).",
                "Remove one of them.",
            )
        rows.append((frame, identity, row[2], row[3], row[4], row[5]))
    return rows


def _numbers(line: str, where: str) -> list[float]:
    cells = line.split(",")
    wanted = COLUMNS.count(",") + 1
    if len(cells) < wanted:
        raise UsageError(f"{where}: {len(cells)} columns where at least {wanted} are needed.", _HINT)
    try:
        numbers = [float(cell) for cell in cells[:wanted]]
    except ValueError as error:
        raise UsageError(f"{where}: {error}.", _HINT) from error
    if not all(map(math.isfinite, numbers)):
        raise UsageError(f"{where}: a number is not finite.", _HINT)
    return numbers


def _whole(value: float, column: str, where: str) -> int:
    if value != int(value):
        raise UsageError(f"{where}: {column} is {value:g}, not a whole number.", _HINT)
    return int(value)


def _check(frame: int, identity: int, width: float, height: float, where: str) -> None:
    if frame < 1:
        raise UsageError(f"{where}: frame is {frame}, and frames count from 1.", _HINT)
    if identity < 0:
        raise UsageError(
            f"{where}: id is {identity}: this is a file of detections without identities.", "Give a truth file."
        )
    if width <= 0 or height <= 0:
        raise UsageError(f"{where}: the box is {width:g} x {height:g} px.", "Width and height must be above 0.")
