"""The gate of the red lines: rules over all of the house, each proved by violations planted for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from redteam.lines import code, data, doors, packages
from redteam.lines.finding import Finding
from redteam.lines.house import House, ours
from redteam.lines.plants import Plant, plants
from redteam.verdict import Size, Verdict

RULES: Final[Mapping[str, Callable[[House], Iterator[Finding]]]] = {
    "dependencies": packages.dependencies,
    "licences": packages.licences,
    "imports": code.imports,
    "runtimes": code.runtimes,
    "symbols": code.symbols,
    "comparisons": code.comparisons,
    "imaging": code.imaging,
    "writers": code.writers,
    "files": data.files,
    "models": data.models,
    "classes": data.classes,
    "plugins": data.plugins,
    "keys": data.keys,
    "records": data.records,
    "schema": data.schema,
    "routes": data.routes,
    "pages": data.pages,
}
LIMITS: Final = (
    "The gate reads what is written here. It does not see what a stranger's plugin does, nor a name that hides "
    "what it stands for; reviews are for that.",
    "A graph is judged by what its outputs look like. One that hides a feature in the numbers of a detector is "
    "let in; they are then read as boxes, scores and classes of the closed list, and nothing else goes on.",
    "PyAV's wheel carries libx264 and libx265, which are under the GPL. Only `passerby bench` asks for one, "
    "to encode its drawn street, and neither is in our wheel; whoever ships a whole image ships them too.",
)


def attack(size: Size) -> Verdict:
    """Read the house by every rule, plant every violation, knock at every door; both sizes are the same."""
    house = ours()
    found = [(rule, finding) for rule, check in RULES.items() for finding in check(house)]
    open_doors = list(doors.shut())
    planted = list(plants())
    missed = [plant for plant in planted if not caught(plant)]
    wrong = [*(f"{rule}: {finding}" for rule, finding in found), *map(str, open_doors)]
    wrong += [f"the rule of {plant.rule} misses {plant.what!r}" for plant in missed]
    knocks = len(doors.GRAPHS) + len(doors.ASKED)
    return Verdict(
        "lines",
        not wrong,
        _told(wrong, len(planted), knocks),
        {
            "rules": len(RULES),
            "source files read": len(house.sources),
            "packages read": len(house.packages),
            "findings in the house": len(found),
            "violations planted": len(planted),
            "planted and caught": len(planted) - len(missed),
            "graphs with features, letters or attributes refused": len(doors.GRAPHS)
            - _count(open_doors, "a graph"),
            "of": len(doors.GRAPHS),
            "configurations refused": len(doors.ASKED) - _count(open_doors, "a configuration"),
            "of these": len(doors.ASKED),
        },
        {"findings in the house": "0", "planted and caught": f"{len(planted)}, all"},
        LIMITS,
    )


def caught(plant: Plant) -> bool:
    """Whether the rule that a violation was planted for finds it."""
    return any(RULES[plant.rule](plant.house))


def _count(found: list[Finding], where: str) -> int:
    return sum(finding.where == where for finding in found)


def _told(wrong: list[str], planted: int, knocks: int) -> str:
    if wrong:
        more = f", and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return f"The gate found {len(wrong)}: {'; '.join(wrong[:3])}{more}."
    return (
        f"Nothing is behind a red line; all {planted} planted violations were caught, "
        f"and {knocks} graphs and configurations that ask for one were refused."
    )
