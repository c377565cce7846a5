"""The event report of a film as tables: alerts, areas, bands over time, conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table


def events(report: Mapping[str, Any]) -> Iterator[Table]:
    """What of an event report there is to show; that nothing fired is said too."""
    yield _alerts(report["alerts"])
    if report["areas"]:
        yield _areas(report["areas"])
    if report["bands"]:
        yield _bands(report["bands"])


def conflicts(places: Mapping[str, Mapping[str, Any]]) -> Table:
    """One row a place, pair of modes of which both came, and indicator."""
    table = _table("conflicts at", "between", "by")
    for column in ("severe", "critical", "against", "exposed"):
        table.add_column(column, justify="right")
    for place, pairs in places.items():
        for pair, stated in pairs.items():
            if not all(stated["exposed"].values()):
                continue
            exposed = ", ".join(f"{mode} {n}" for mode, n in stated["exposed"].items())
            for indicator in [name for name in stated if name != "exposed"]:
                counts = [str(stated[indicator].get(s, "")) for s in ("severe", "critical", "against")]
                table.add_row(place, pair, indicator, *counts, exposed)
                place = pair = exposed = ""
    return table


def _alerts(alerts: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("alert", "at", "state", "severity", "from", "to")
    for alert in alerts:
        table.add_row(
            alert["rule"],
            alert["place"] or "camera",
            alert["state"],
            alert["severity"],
            alert["start"],
            alert["end"] or "the end",
        )
    if not alerts:
        table.add_row("none", "", "", "", "", "")
    return table


def _areas(areas: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("area")
    for column in ("inside", "most", "capacity", "off by"):
        table.add_column(column, justify="right")
    for name, held in areas.items():
        numbers = [held[key] for key in ("inside", "most", "capacity", "off")]
        table.add_row(name, *("-" if number is None else f"{number:g}" for number in numbers))
    return table


def _bands(bands: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("zone", "what", "band", "from", "to")
    before = ("", "")
    for band in bands:
        named = band["place"], band["quantity"]
        table.add_row(*(named if named != before else ("", "")), band["band"], band["start"], band["end"])
        before = named
    return table


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False, header_style="bold")
