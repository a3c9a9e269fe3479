"""A class marked end to end: the same marks whatever file they come from and however many workers, in bounded memory."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from students import Student, asked_of, handed_in, mistaken

import backcheck
from backcheck import api
from backcheck.answers.files import KINDS, found
from backcheck.classroom.lazily import results_of
from backcheck.cli import plain
from backcheck.commands import COMMANDS, spool
from backcheck.grading.marker import Marker
from backcheck.grading.result import Result
from backcheck.outcome import execute

ROOT = Path(__file__).parent.parent
PROBLEM = "problems/one-step-squared-error.yaml"


@pytest.fixture(scope="module")
def sheets() -> dict[str, dict[str, str]]:
    """Thirty students, every third with a mistake."""
    sheet, r = api.load(PROBLEM), random.Random(7)
    asked = [name for name in asked_of(sheet, r) if "/da" not in name]
    every: dict[str, dict[str, str]] = {}
    while len(every) < 30:
        wrong = mistaken(sheet, asked, r) if len(every) % 3 == 0 else None
        honest = handed_in(Student(sheet, r, 4, "mixed"), asked, r, 0.1)
        every[f"s{len(every):02d}"] = wrong.answers if wrong else honest
    return every


def as_files(sheets: dict[str, dict[str, str]], folder: Path) -> dict[str, Path]:
    """The same class in every format."""
    paths = {"yaml": folder / "yaml", "json": folder / "json", "jsonl": folder / "class.jsonl", "csv": folder / "class.csv"}
    paths["yaml"].mkdir()
    paths["json"].mkdir()
    names = sorted({name for answers in sheets.values() for name in answers})
    with paths["csv"].open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["student", *names])
        for student, answers in sheets.items():
            lines = "".join(f"  {name}: {text}\n" for name, text in answers.items())
            (paths["yaml"] / f"{student}.yaml").write_text(f'student: "{student}"\nanswers:\n{lines}')
            (paths["json"] / f"{student}.json").write_text(json.dumps({"student": student, "answers": answers}))
            table.writerow([student, *(answers.get(name, "") for name in names)])
    lines = [json.dumps({"student": student, "answers": answers}) + "\n" for student, answers in sheets.items()]
    paths["jsonl"].write_text("".join(lines))
    return paths


def said(result: Result) -> object:
    """Everything but where it stands."""
    return result.student, result.score, result.out_of, [cell._replace(line=None) for cell in result.cells]


def test_every_format_gives_the_same_marks(sheets: dict[str, dict[str, str]], tmp_path: Path) -> None:
    marks = {kind: [said(one) for one in backcheck.grade(PROBLEM, path)] for kind, path in as_files(sheets, tmp_path).items()}
    assert len(marks["yaml"]) == 30
    assert marks["yaml"] == marks["json"] == marks["jsonl"] == marks["csv"]
    assert len({str(mark) for mark in marks["yaml"]}) == 30


def test_quick_marks_are_the_same(sheets: dict[str, dict[str, str]], tmp_path: Path) -> None:
    marker = Marker(*api.load_with_marking(PROBLEM))
    for path in as_files(sheets, tmp_path).values():
        quick = [result for some in results_of(marker, found([str(path)])) for result in some]
        slow = list(backcheck.grade(PROBLEM, path))
        assert [(one.student, one.score, one.first_wrong, one.count(), one.right) for one in quick] == [
            (one.student, one.score, one.first_wrong, one.count(), one.right) for one in slow
        ]
        assert [said(one) for one in quick] == [said(one) for one in slow]


def test_workers_and_order_change_no_byte(sheets: dict[str, dict[str, str]], tmp_path: Path) -> None:
    folder = as_files(sheets, tmp_path)["yaml"]
    (folder / "broken.yaml").write_text("answers: {z1[1]: [")

    def run(*words: str) -> bytes:
        call = [sys.executable, "-m", "backcheck", "grade", PROBLEM, *words, "--format", "jsonl"]
        done = subprocess.run(call, capture_output=True, check=False)
        assert done.returncode == 3, done.stderr
        return done.stdout

    alone = run(str(folder))
    assert alone == run(str(folder), "-j", "2")
    files = sorted(folder.iterdir())
    assert sorted(alone.splitlines()) == sorted(run(*map(str, reversed(files))).splitlines())


def test_memory_does_not_grow_with_the_class(sheets: dict[str, dict[str, str]], tmp_path: Path) -> None:
    lines = as_files(sheets, tmp_path)["jsonl"].read_text()

    def peak(times: int) -> int:
        (tmp_path / "large.jsonl").write_text(lines * times)
        marker = Marker(*api.load_with_marking(PROBLEM))
        tracemalloc.start()
        assert sum(len(some) for some in results_of(marker, found([str(tmp_path / "large.jsonl")]))) == 30 * times
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(600) < 1.3 * peak(200)


def test_long_output_waits_on_the_disk(sheets: dict[str, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = as_files(sheets, tmp_path)["jsonl"]
    call = ["grade", PROBLEM, str(lines), "--format", "jsonl", "--write", f"csv={tmp_path / 'marks.table'}"]
    texts = []
    for most in (2**22, 1000):
        monkeypatch.setattr(spool, "IN_MEMORY", most)
        answer = COMMANDS["grade"].run(**plain(call)[1])
        pieces = list(answer.text)
        assert pieces == list(answer.text)
        assert len(answer.text.pieces) > 1 if most > 1000 else not answer.text.pieces
        texts.append(("".join(pieces), (tmp_path / "marks.table").read_text()))
    assert texts[0] == texts[1]
    assert texts[0][0].count("\n") == texts[0][1].count("\n") - 1 == 30


@pytest.mark.parametrize("option", ["--write=csv={}", "--resume={}"])
def test_nothing_is_written_over_answers_or_among_them(
    option: str, sheets: dict[str, dict[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = as_files(sheets, tmp_path)
    before = found["csv"].read_bytes()
    for answers, out, says in (
        (found["csv"], found["csv"], "holds answers"),
        (found["yaml"], found["yaml"] / "marks.csv", "take it for answers"),
    ):
        assert execute(*plain(["grade", PROBLEM, str(answers), option.format(out), "--format", "csv"])) == 2
        assert says in capsys.readouterr().err
    assert found["csv"].read_bytes() == before
    assert execute(*plain(["grade", PROBLEM, str(found["yaml"]), f"--write=junit={found['yaml']}/marks.xml"])) == 1


def test_what_is_not_read_is_said(sheets: dict[str, dict[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = as_files(sheets, tmp_path)["yaml"]
    (folder / "ben.pdf").write_bytes(b"%PDF")
    (folder / ".hidden").write_bytes(b"")
    execute(*plain(["grade", PROBLEM, str(folder), "--format", "csv"]))
    assert capsys.readouterr().err == f"not read, as answers end with {', '.join(KINDS)}: {folder}/ben.pdf\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_pipes_that_nobody_writes_to_hold_up_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    assert execute(*plain(["grade", PROBLEM, str(tmp_path / "a.yaml"), "--format", "csv"])) == 3
    assert "this is no plain file" in capsys.readouterr().out
    good = "problems/answers/one-step-squared-error.yaml"
    assert execute(*plain(["grade", PROBLEM, good, "--resume", str(tmp_path / "a.yaml"), "--format", "csv"])) == 2
    assert "this is no plain file" in capsys.readouterr().err


def test_standard_input_has_an_end(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("backcheck.commands.grade.MOST_TYPED", 1000)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"w5: 0.35\n" * 200)))
    assert execute(*plain(["grade", PROBLEM, "-", "--format", "csv"])) == 2
    assert "put them into a file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--write", "csv={}/a.x", "--write", "json={}/a.x"], "would be written twice"),
        (["--write", "csv={}/none/a.x"], "there is no folder"),
        (["--plot", "{}/none/a.png"], "there is no folder"),
    ],
)
def test_places_that_cannot_be_written_are_found_before_anything_is_marked(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = "problems/answers/one-step-squared-error.yaml"
    assert execute(*plain(["grade", PROBLEM, good, *(word.format(tmp_path) for word in words)])) == 2
    shown = capsys.readouterr()
    assert (shown.out, says in shown.err, list(tmp_path.iterdir())) == ("", True, [])


def test_nothing_is_imported_from_the_folder_that_answers_lie_in(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('somebody else')")
    call = [sys.executable, "-m", "backcheck", "grade", str(ROOT / PROBLEM), "a.yaml", "--format", "csv"]
    (tmp_path / "a.yaml").write_text("z1[1]: 0.3825\n")
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
