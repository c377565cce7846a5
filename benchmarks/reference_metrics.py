"""Has TrackEval and motmetrics judge disturbed truth, and writes their figures for the tests to agree with.

    python3 -m venv .bench
    .bench/bin/pip install -r benchmarks/requirements.txt
    PYTHONPATH=src .bench/bin/python benchmarks/reference_metrics.py ../shared/truth \
        > tests/data/reference_metrics.json

It never runs in the tests' environment: both peers bring packages that do not belong there.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import motmetrics
import numpy as np
from trackeval.datasets import MotChallenge2DBox
from trackeval.metrics import CLEAR, HOTA, Identity

from passerby.evaluate import mot
from passerby.evaluate.disturb import Faults, disturb
from passerby.evaluate.trajectories import Trajectories

COMMAND = "PYTHONPATH=src .bench/bin/python benchmarks/reference_metrics.py ../shared/truth"
TRUTHS = ("TUD-Stadtmitte.mot.txt", "vtest-1-400.mot.txt")
CASES = {
    "usual": Faults(),
    "loose": Faults(jitter=0.12, missed=0.05, false=0.02, swaps=0.0, breaks=0.0),
    "broken": Faults(jitter=0.03, missed=0.3, false=0.3, swaps=0.05, breaks=0.05),
}
SEEDS = (1, 2)

np.asfarray = lambda a: np.asarray(a, float)  # noqa: NPY201 (motmetrics 1.4.0 still asks for it)


def lines(found: Trajectories) -> str:
    """MOTChallenge text."""
    left_top, size = found.xyxy[:, :2], found.xyxy[:, 2:] - found.xyxy[:, :2]
    rows = zip(found.frame, found.identity, left_top, size, strict=True)
    return "".join(f"{f},{i + 1},{x:.2f},{y:.2f},{w:.2f},{h:.2f},1,-1,-1,-1\n" for f, i, (x, y), (w, h) in rows)


def trackeval(truth: Path, found: str, frames: int) -> dict[str, float]:
    """TrackEval through its own reader of MOT15 files."""
    quiet = {"PRINT_CONFIG": False}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in {
            root / "gt/sequence/gt/gt.txt": truth.read_text(),
            root / "found/it/data/sequence.txt": found,
        }.items():
            path.parent.mkdir(parents=True)
            path.write_text(text)
        data_set = MotChallenge2DBox(
            quiet
            | {
                "GT_FOLDER": str(root / "gt"),
                "TRACKERS_FOLDER": str(root / "found"),
                "OUTPUT_FOLDER": folder,
                "BENCHMARK": "MOT15",
                "SKIP_SPLIT_FOL": True,
                "SEQ_INFO": {"sequence": frames},
            }
        )
        raw = data_set.get_raw_seq_data("it", "sequence")
        data = data_set.get_preprocessed_seq_data(raw, "pedestrian")
    hota = HOTA().eval_sequence(data)
    clear = CLEAR(quiet).eval_sequence(data)
    identity = Identity(quiet).eval_sequence(data)
    return {
        "hota": float(np.mean(hota["HOTA"])),
        "deta": float(np.mean(hota["DetA"])),
        "assa": float(np.mean(hota["AssA"])),
        "idf1": float(identity["IDF1"]),
        "mota": float(clear["MOTA"]),
        "id_switches": int(clear["IDSW"]),
        "precision": float(clear["CLR_Pr"]),
        "recall": float(clear["CLR_Re"]),
        "frames": int(clear["CLR_Frames"]),
    }


def with_motmetrics(truth: Path, found: str) -> dict[str, float]:
    """motmetrics (CLEAR and identity only) through its own reader."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(found)
        file.flush()
        judged = ((truth, 1), (file.name, 0))  # with the lowest confidence that counts
        tables = [motmetrics.io.loadtxt(str(p), fmt="mot15-2D", min_confidence=c) for p, c in judged]
    accumulator = motmetrics.utils.compare_to_groundtruth(*tables, "iou", distth=0.5)
    names = ["idf1", "mota", "num_switches", "precision", "recall"]
    summary = motmetrics.metrics.create().compute(accumulator, metrics=names, name="it").loc["it"]
    return {"id_switches" if n == "num_switches" else n: summary[n].item() for n in names}


def main(folder: Path) -> None:
    cases = []
    for name in TRUTHS:
        truth = mot.read(folder / name)
        for case, faults in CASES.items():
            for seed in SEEDS:
                found = lines(disturb(truth, faults, np.random.default_rng(seed)))
                cases.append(
                    {
                        "truth": name,
                        "case": case,
                        "faults": asdict(faults),
                        "seed": seed,
                        "trackeval": trackeval(folder / name, found, int(truth.frame[-1])),
                        "motmetrics": with_motmetrics(folder / name, found),
                    }
                )
    versions = {package: version(package) for package in ("trackeval", "motmetrics", "numpy", "scipy")}
    json.dump({"command": COMMAND, "versions": versions, "cases": cases}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
