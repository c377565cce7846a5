"""What the release rule leaves of drawn streets: how fine their rows are in time and kind, as Markdown.

`python benchmarks/rows.py`
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from passerby.geometry import Line
from passerby.records import Cut, Measurement
from passerby.release import Ledger, Rule
from passerby.scene.rhythm import days

ZONE: Final = ZoneInfo("Europe/Lisbon")
FIRST: Final = date(2026, 5, 4)  # a Monday
DAYS: Final = 14
SCALES: Final = (0.02, 0.06, 0.13, 0.3, 0.8, 1.7, 6.3)
TIMES: Final = {"15 min": 0.25, "1 h": 1, "4 h": 4, "16 h": 16}  # h


def released(scale: float) -> tuple[int, Sequence[Measurement]]:
    """How many passed, and the rows that are written of them, all ten classes open."""
    begin = datetime.combine(FIRST, datetime.min.time(), ZONE).astimezone(UTC)
    end = begin + timedelta(days=DAYS)
    ledger = Ledger(Rule(zone=ZONE), detector="drawn", version="0")
    ledger.open("north", Line("gate", (0.0, 0.5), (1.0, 0.5)))
    ledger.seen("north", begin, end)
    passes = list(days(3, FIRST, DAYS, ZONE, scale=scale))
    for at, one in passes:
        ledger.take("north", at, one)
    return len(passes), ledger.advance("north", end) + ledger.stop()


def share(rows: Iterable[Measurement], of: int) -> str:
    """The passes of these rows in percent of all."""
    return f"{100 * sum(row.count or 0 for row in rows) / of:.0f} %"


def line(scale: float) -> str:
    """A street as a row of the table."""
    passes, rows = released(scale)
    tables: dict[Cut, list[Measurement]] = {
        cut: [row for row in rows if row.cut == cut] for cut in ("all", "mode", "class")
    }
    cells = [f"{passes / DAYS:,.0f}".replace(",", " ")]
    cells += [
        share((r for r in tables["all"] if r.end - r.start <= timedelta(hours=hours)), passes)
        for hours in TIMES.values()
    ]
    hourly = [r for r in tables["mode"] if r.end - r.start <= timedelta(hours=1)]
    cells.append(share((r for r in hourly if len(r.part) == 1), passes))
    daily = [r for r in tables["class"] if r.end - r.start <= timedelta(hours=25)]
    cells.append(share((r for r in daily if len(r.part) == 1), passes))
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    heads = ["passes a day", *(f"in rows of {name} or less" for name in TIMES)]
    heads += ["by mode and way, hourly", "by class and way, daily"]
    print(f"| {' | '.join(heads)} |\n|{'---:|' * len(heads)}")
    for scale in SCALES:
        print(line(scale))


if __name__ == "__main__":
    main()
