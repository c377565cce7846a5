"""Outcomes as a page of Markdown."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import mean

from clips import Clip
from contest import BOUND, OURS, SELDOM, SELDOM_EVERY, Outcome, Tuned
from drawn import DAY, DURATION_S, NIGHT, SUPPRESSED, VISIBLE
from material import LINES, OTHER_TRAVELS, RULE

from passerby.evaluate.counts import FEWEST_BLOCKS

HEAD = (
    "scene",
    "counted by",
    "true passes",
    f"with {' / '.join(f'{t:g}' for t in OTHER_TRAVELS)}",
    "WAPE",
    "95 %",
    "bias",
    "exact lines",
    "HOTA",
    "IDF1",
    "MOTA",
    "switches",
    "precision",
    "recall",
)
NOT_MEASURED = ("night, rain, snow or fog on film", "bicycles, motorcycles, buses, trucks and trains on film")


@dataclass(frozen=True, slots=True)
class Section:
    """A table of outcomes, and the peers as they were tuned for it."""

    title: str
    outcomes: Sequence[Outcome]
    tuned: Sequence[Tuned]


def summary(sections: Sequence[Section]) -> str:
    """A table for the README: passerby, the best of the tuned peers, and the best with supervision's default."""
    rows = []
    for section in sections:
        by_name = {n: [o for o in section.outcomes if o.name == n] for n in (o.name for o in section.outcomes)}
        ours, bound = by_name.pop(OURS), by_name.pop(BOUND)
        del by_name[SELDOM]
        best = min(by_name, key=lambda n: _wape(by_name[n]))
        usual = min((n for n in by_name if n.endswith("(corners)")), key=lambda n: _wape(by_name[n]))
        followed = max(by_name, key=lambda n: _idf1(by_name[n]))
        rows.append(
            (
                section.title,
                str(sum(o.true for o in ours)),
                f"**{_percent(_wape(ours))}**",
                _percent(_wape(bound)),
                f"{_percent(_wape(by_name[best]))}, {best}",
                f"{_percent(_wape(by_name[usual]))}, {usual}",
                f"**{_idf1(ours):.3f}**",
                f"{_idf1(bound):.3f}",
                f"{_idf1(by_name[followed]):.3f}, {followed.split(' + ')[0]}",
            )
        )
    head = (
        "measured on",
        "true passes",
        "WAPE",
        "bound",
        "best peer",
        "best default peer",
        "IDF1",
        "bound",
        "best peer's IDF1",
    )
    return _table(head, rows)


def _wape(outcomes: Sequence[Outcome]) -> float:
    return mean(o.wape for o in outcomes)


def _idf1(outcomes: Sequence[Outcome]) -> float:
    return mean(o.tracking.idf1 for o in outcomes)


def page(sections: Sequence[Section], clips: Sequence[Clip], command: Sequence[str]) -> str:
    """The whole page."""
    parts = [
        "# Accuracy",
        f"Made by `python {' '.join(command)}` with passerby {version('passerby')} on Python "
        f"{platform.python_version()}; the peers are those of `benchmarks/requirements.txt`.",
        summary(sections),
        _method(sections[0].tuned[0].tries),
        *(_section(section) for section in sections),
        "## Not measured\n\n" + "\n".join(f"* {what}: not measured, there is no truth." for what in NOT_MEASURED),
        "## Clips\n\n" + _table(("clip", "from", "used", "sha256"), map(_clip, clips)),
    ]
    return "\n\n".join(parts) + "\n"


def _method(tries: int) -> str:
    day, night = DAY, NIGHT
    return f"""## What was done

All ways of counting are given the same boxes, as JSON Lines, and the same {LINES} lines, drawn at random with a
seed whatever passes there. passerby runs with its defaults, which are one set for everything. The options of
each peer were searched for the least WAPE on pieces that are not reported: for the film on frames 1-200, for
the drawn streets on a street of another seed. For each tracker {tries} combinations were tried, its own defaults
among them, and then LineZone's threshold. WAPE is over lines and ways, all classes of the truth together.

* {RULE} The same rule holds for film and drawn streets; it is not passerby's own code.
  The truth hangs on it: the column after the true passes says how many there would be with other distances.
* Intervals are 95 %, from whole blocks of 30 s drawn with replacement, never from lines. Below {FEWEST_BLOCKS}
  blocks there is none.
* HOTA, IDF1 and the other tracking figures are over the boxes of the truth, online: a box counts if the tracker
  gave it in its own frame.
* The bound is what is left when every box is given to whom it is of: the same boxes, filter and line measure,
  with association taken from the truth, so nobody is lost or mistaken however long they are hidden. What is
  still wrong there is not for a tracker to mend: missing boxes, hidden feet, jitter. A few counts more or less
  are chance, so passerby may come below it.
* "{SELDOM}" is given the boxes of every {SELDOM_EVERY}rd frame only and nothing of the others; boxes that it
  carries over them count.
* Frames 201-400 of the film show the same scene as frames 1-200, a minute later, and passerby's defaults were
  chosen while looking at frames 1-400. So its row for the film is not held back.
* No detector saw the drawn streets: their boxes are the truth with stated faults. Scores wander, with a memory
  of {day.memory_s:g} s, around {day.score:g} (night {night.score:g}) with a standard deviation of
  {day.wander:g} (night {night.wander:g}), and fall with what is hidden. Edges jitter by {day.jitter:g} (night
  {night.jitter:g}) of the box. Where something is hidden, it is missing from the bottom of the box, foot and
  all, for {day.cut:.0%} of the time, with the same memory. {day.false:g} (night {night.false:g}) false boxes come
  a second. Of boxes that overlap by an IoU of {SUPPRESSED:g} the weaker is gone. Who is visible by less than
  {VISIBLE:g} is never seen, but still passes.
  Each street lasts {DURATION_S:g} s."""


def _section(section: Section) -> str:
    tuned = _table(
        ("peer", "options chosen", "frames on the other side", "WAPE where chosen"),
        ((t.name, _options(t), str(t.hold), _percent(t.wape)) for t in section.tuned),
    )
    means = ""
    if len({o.scene for o in section.outcomes}) > 1:
        names = list(dict.fromkeys(o.name for o in section.outcomes))
        rows = ((n, *_means([o for o in section.outcomes if o.name == n])) for n in names)
        means = "\n\nOver all scenes, each weighing the same:\n\n" + _table(
            ("counted by", "WAPE", "worst WAPE", "HOTA", "IDF1", "MOTA"), rows
        )
    return f"## {section.title}\n\n{_table(HEAD, map(_row, section.outcomes))}{means}\n\n{tuned}"


def _row(o: Outcome) -> tuple[str, ...]:
    interval = "too short" if o.intervals is None else " to ".join(_percent(v) for v in o.intervals.wape)
    t = o.tracking
    return (
        o.scene,
        f"**{o.name}**" if o.name == OURS else o.name,
        str(o.true),
        o.other_truths,
        _percent(o.wape),
        interval,
        f"{100 * o.bias:+.1f} %",
        f"{o.exact_lines} of {o.lines}",
        *(f"{v:.3f}" for v in (t.hota, t.idf1, t.mota)),
        str(t.id_switches),
        *(f"{v:.3f}" for v in (t.precision, t.recall)),
    )


def _means(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    tracking = [o.tracking for o in outcomes]
    return (
        _percent(mean(o.wape for o in outcomes)),
        _percent(max(o.wape for o in outcomes)),
        *(f"{mean(getattr(t, key) for t in tracking):.3f}" for key in ("hota", "idf1", "mota")),
    )


def _options(tuned: Tuned) -> str:
    return ", ".join(f"{k} {v}" for k, v in tuned.options.items()) or "its defaults"


def _clip(clip: Clip) -> tuple[str, ...]:
    return (clip.name, clip.source, clip.use, f"`{clip.sha256}`")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)
