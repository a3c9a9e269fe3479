"""Marks a class end to end, as YAML files, one CSV and JSON lines, against the time that merely loading the YAML files takes.

    python benchmarks/grading.py [SUBMISSIONS]

The yardstick is `yaml.CSafeLoader` on the same YAML files, which are in memory already. Every run reads files, judges every
number, and writes a CSV with score and first wrong step of each submission; `class` has a mistake in every third sheet,
`honest` has none.
"""

from __future__ import annotations

import csv
import gc
import json
import random
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import yaml

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from students import Student, handed_in, mistaken

from backcheck import api
from backcheck.answers.files import found
from backcheck.classroom.lazily import results_of
from backcheck.commands.outputs import Outputs
from backcheck.grading.marker import Marker
from backcheck.grading.points import default
from backcheck.writing.grades.about import About

PROBLEM = """
inputs: [0.05, 0.10]
targets: [0.01, 0.99, 0.50]
layers:
  - {weights: [[0.15, 0.25], [0.20, 0.30], [-0.35, 0.45]], biases: [0.35, 0.30, -0.20], activation: sigmoid}
  - {weights: [[0.40, 0.50, -0.60], [0.45, 0.55, 0.25], [-0.15, 0.35, 0.70]], biases: [0.60, 0.10, -0.30], activation: sigmoid}
loss: squared_error
learning_rate: 0.3
"""
NUMBERS, DIFFERENT = 60, 600


def sheets(honest: bool) -> list[dict[str, str]]:
    """Different students, one in three with a mistake."""
    r = random.Random(4)
    sheet = api.loads(PROBLEM)
    asked = [sheet.names.cell(*place) for place in default(sheet).asked][:NUMBERS]
    answers = []
    while len(answers) < DIFFERENT:
        wrong = None if honest or len(answers) % 3 else mistaken(sheet, asked, r)
        student = Student(sheet, r, 4, r.choice(("rounded", "exact", "mixed")))
        answers.append(wrong.answers if wrong else handed_in(student, asked, r, 0.0))
    return answers


def written(folder: Path, count: int, honest: bool) -> tuple[list[str], dict[str, Path]]:
    """The class as files."""
    every = sheets(honest)
    kinds = {"YAML files": folder / "yaml", "CSV": folder / "class.csv", "JSON lines": folder / "class.jsonl"}
    kinds["YAML files"].mkdir(exist_ok=True)
    texts = []
    names = list(every[0])
    with kinds["CSV"].open("w", newline="") as table, kinds["JSON lines"].open("w") as lines:
        rows = csv.writer(table)
        rows.writerow(["student", *names])
        for i in range(count):
            answers = every[i % len(every)]
            texts.append(f"student: s{i:06d}\nanswers:\n" + "".join(f"  {name}: {text}\n" for name, text in answers.items()))
            (kinds["YAML files"] / f"s{i:06d}.yaml").write_text(texts[-1])
            rows.writerow([f"s{i:06d}", *(answers[name] for name in names)])
            lines.write(json.dumps({"student": f"s{i:06d}", "answers": answers}) + "\n")
    return texts, kinds


def end_to_end(path: Path) -> str:
    """From the files to the text of the CSV."""
    sheet = api.loads(PROBLEM)
    outputs = Outputs([("csv", "")], About())
    marker = Marker(sheet, default(sheet))
    for some in results_of(marker, found([str(path)])):
        outputs.add(some)
    return "".join(outputs.end().text)


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main() -> None:
    gc.set_threshold(100_000)  # as the command does
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for honest in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            texts, kinds = written(Path(folder), count, honest)
            end_to_end(kinds["CSV"])  # everything is imported
            load = min(seconds(lambda texts=texts: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts]) for _ in range(2))
            print(f"{'honest' if honest else 'class'}: {count:,} sheets of {NUMBERS}; yaml.CSafeLoader alone {load:.2f} s")
            for kind, path in kinds.items():
                best = min(seconds(lambda path=path: end_to_end(path)) for _ in range(3))
                print(f"  {kind:10s} {best:7.3f} s  {count / best:9,.0f} sheets/s  {load / best:6.1f} x")
            tracemalloc.start()
            end_to_end(kinds["JSON lines"])
            print(f"  memory at most {tracemalloc.get_traced_memory()[1] / 2**20:.1f} MiB")
            tracemalloc.stop()


if __name__ == "__main__":
    main()
