"""Files in a repository: as tests of pytest, as a hook before a commit, and as a step of a workflow."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

import backcheck
from backcheck.validate import validate

ROOT = Path(backcheck.__file__).parent.parent
PROBLEM = ROOT / "problems" / "one-step-squared-error.yaml"
ANSWERS = "problem: sheet.yaml\nstudent: ada\nanswers:\n  z1[1]: 0.3825\n  a1[1]: 0.5945\n  dL/dw5: -0.1634\n"
ASKED = 'marking: {ask: ["z1[1]", "a1[1]", loss, dL/dw5], weights: {dL/dw5: 3}}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sheet.yaml").write_text(PROBLEM.read_text() + ASKED)
    return tmp_path


def run(folder: Path, *words: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"} | environment,
    )
    return done.returncode, done.stdout + done.stderr


def in_pytest(folder: Path, *words: str) -> tuple[int, str]:
    return run(folder, "-m", "pytest", "-p", "backcheck.pytest_plugin", "-p", "no:cacheprovider", *words)


# pytest


def test_each_number_is_a_test(folder: Path) -> None:
    (folder / "ada.backcheck.yaml").write_text(ANSWERS)
    code, out = in_pytest(folder, "-rA", "--junit-xml=report.xml")
    assert code == 1
    assert re.findall(r"^(PASSED|FAILED) ada\.backcheck\.yaml::(\S+)", out, re.MULTILINE) == [
        ("PASSED", "z1[1]"),
        ("PASSED", "a1[1]"),
        ("FAILED", "L"),
        ("FAILED", "dL/dw5"),
    ]
    assert "dL/dw5 is wrong in line 6\nyou wrote: -0.1634\nbecause: " in out
    assert "L is missing\n" in out
    assert "0.607" not in out, "true values are not shown"
    assert "Traceback" not in out
    cases = {
        case.get("name"): {p.get("name"): p.get("value") for p in case.iter("property")}
        for case in ET.parse(folder / "report.xml").iter("testcase")  # noqa: S314, our own file
    }
    assert cases["z1[1]"] == {"score": "1", "max_score": "1"}
    assert cases["dL/dw5"] == {"score": "0", "max_score": "3"}


def test_one_number_by_its_name(folder: Path) -> None:
    (folder / "ada.backcheck.yml").write_text(ANSWERS)
    assert in_pytest(folder, "-q", "ada.backcheck.yml::a1[1]", "ada.backcheck.yml::z1[1]")[0] == 0
    assert in_pytest(folder, "-q", "ada.backcheck.yml::dL/dw5")[0] == 1


def test_a_problem_is_checked(folder: Path) -> None:
    shutil.copy(folder / "sheet.yaml", folder / "sheet.backcheck.yaml")
    code, out = in_pytest(folder, "-rA", "-q")
    assert (code, "PASSED sheet.backcheck.yaml::check" in out) == (0, True)


def test_a_problem_whose_roads_disagree(folder: Path) -> None:
    shutil.copy(folder / "sheet.yaml", folder / "sheet.backcheck.yaml")
    (folder / "conftest.py").write_text(
        "import backcheck.marking.check as check\nright = check.check\n"
        "check.check = lambda sheet: right(sheet)._replace(marks=[m._replace(verdict='wrong', reason='because') for m in "
        "right(sheet).marks])\n"
    )
    code, out = in_pytest(folder, "-q")
    assert code == 1
    assert "The roads disagree" in out
    assert "Traceback" not in out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("problem: sheet.yaml\nanswers: {z1[1]: 2\n", "bad.backcheck.yaml:2:13: a comma or } is missing before this"),
        (
            "problem: sheet.yaml\nanswers:\n  z1[1]: 2\n  z1[1]: 3\n",
            "bad.backcheck.yaml:4:3: 'z1[1]' stands here for the second time",
        ),
        ("answers:\n  z1[1]: 2\n", "bad.backcheck.yaml:1:1: these answers name no problem"),
        ("problem: sheet.yaml\n", "bad.backcheck.yaml:1:10: a problem is named, but there are no answers"),
        (
            "problem: [sheet.yaml]\nanswers: {}\n",
            "bad.backcheck.yaml:1:10: problem should be the path of a problem file, not a list",
        ),
        ("problem: shet.yaml\nanswers: {}\n", "there is no such file; did you mean "),
        ("", "bad.backcheck.yaml:1:1: the file is empty"),
        ("loss: squared_error\n", "inputs, targets and layers are missing"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_test_that_fails(folder: Path, text: str, says: str) -> None:
    (folder / "bad.backcheck.yaml").write_text(text)
    (folder / "test_other.py").write_text("def test_other(): pass\n")
    code, out = in_pytest(folder, "-q")
    assert code == 1
    assert says in out
    assert "1 failed, 1 passed" in out
    assert "Traceback" not in out


def test_what_a_student_writes_is_shown_and_not_obeyed(folder: Path) -> None:
    (folder / "eve.backcheck.yaml").write_text(
        'problem: sheet.yaml\nanswers:\n  z1[1]: "\\e[2J::error::0.3"\n  "q\\n::warning::x": 1\n'
    )
    code, out = in_pytest(folder, "-rA")
    assert code == 1
    assert "\x1b" not in out
    assert not re.search(r"^\s*::", out, re.MULTILINE)


def test_runs_without_such_files_import_nothing(folder: Path) -> None:
    (folder / "test_other.py").write_text(
        "import sys\ndef test_other():\n    assert not {'numpy', 'yaml', 'sympy', 'backcheck.api'} & set(sys.modules)\n"
    )
    assert in_pytest(folder, "-q")[0] == 0


# the hook before a commit


def test_good_files(folder: Path) -> None:
    (folder / "ada.backcheck.yaml").write_text(ANSWERS)
    assert run(folder, "-m", "backcheck.validate", "sheet.yaml", "ada.backcheck.yaml") == (
        0,
        "2 files read, nothing to complain of\n",
    )


def test_every_fault_of_every_file_once(folder: Path) -> None:
    (folder / "sheet.yaml").write_text(PROBLEM.read_text().replace("sigmoid", "sigmod", 1) + "marking: {ask: [deltas], pass: 60}\n")
    for name in ("ada", "eve"):
        (folder / f"{name}.backcheck.yaml").write_text(ANSWERS.replace("0.3825", '"0.3825'))
    code, out = run(folder, "-m", "backcheck.validate", "ada.backcheck.yaml", "sheet.yaml", "eve.backcheck.yaml")
    assert code == 1
    assert [line for line in out.splitlines() if re.match(r"\S+:\d", line)] == [
        "ada.backcheck.yaml:4:10: this quotation mark is not closed",
        "sheet.yaml:7:17: unknown activation 'sigmod'",
        "sheet.yaml:16:32: pass should be a part from 0 to 1, not 60",
        "eve.backcheck.yaml:4:10: this quotation mark is not closed",
    ]


def test_answers_are_read_and_so_is_their_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "ada.backcheck.yaml").write_text(ANSWERS + "  a1[1]: 2\n")
    (folder / "sheet.yaml").write_text(PROBLEM.read_text() + "marking: {ask: [delta]}\n")
    monkeypatch.chdir(folder)
    answer = validate(("ada.backcheck.yaml",))
    assert not answer.right
    assert [line for line in answer.text.splitlines() if re.match(r"\S+:\d", line)] == [
        "ada.backcheck.yaml:7:3: 'a1[1]' stands here for the second time",
        "sheet.yaml:16:17: there is no quantity 'delta' in this problem",
    ]


def test_no_files() -> None:
    assert run(ROOT, "-m", "backcheck.validate") == (
        2,
        "name the files to read: python -m backcheck.validate sheet.backcheck.yaml\n",
    )


def test_a_file_that_is_not_there(folder: Path) -> None:
    code, out = run(folder, "-m", "backcheck.validate", "shet.yaml")
    assert (code, out) == (1, "shet.yaml:1:1: there is no such file; did you mean 'sheet.yaml'?\n")


def test_the_hook_needs_no_more_than_numpy_and_pyyaml(folder: Path) -> None:
    blocked = "sympy matplotlib rich typer flint mpmath torch jax"
    (folder / "sitecustomize.py").write_text(f"import sys\nfor name in {blocked!r}.split(): sys.modules[name] = None\n")
    (folder / "ada.backcheck.yaml").write_text(ANSWERS)
    code, out = run(folder, "-m", "backcheck.validate", "sheet.yaml", "ada.backcheck.yaml", PYTHONPATH=str(folder))
    assert code == 0, out


def test_the_hook_file() -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["language"], hook["entry"]) == ("backcheck-validate", "python", "python -I -m backcheck.validate")
    names = ("a.backcheck.yaml", "deep/b.backcheck.yml", "backcheck.yaml", "a.backcheck.yaml.txt")
    assert [bool(re.search(hook["files"], name)) for name in names] == [True, True, False, False]


# the step of a workflow

ACTION = ROOT / ".github" / "actions" / "grade" / "action.yml"


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    return found


def test_the_action_has_the_shape_that_github_wants() -> None:
    action = yaml.safe_load(ACTION.read_text())
    assert set(action) == {"name", "description", "inputs", "outputs", "runs"}
    assert list(action["inputs"]) == ["problem", "answers", "format", "fail-under", "hints", "python-version", "version"]
    assert all(one["description"] and ("default" in one) != one.get("required", False) for one in action["inputs"].values())
    assert all(isinstance(one.get("default", ""), str) for one in action["inputs"].values())
    assert set(action["outputs"]) == {"score", "max-score", "result-file"}
    assert action["runs"]["using"] == "composite"
    assert all(("uses" in step) != ("run" in step and step["shell"] == "bash") for step in steps())
    ids = {step["id"] for step in steps() if "id" in step}
    used = [re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.[\w-]+ \}\}", one["value"]) for one in action["outputs"].values()]
    assert {match[1] for match in used if match} == ids == {"grade"}
    assert None not in used


def test_nothing_that_somebody_typed_becomes_a_part_of_a_script() -> None:
    for step in steps():
        assert "${{" not in step.get("run", "")
    given = {name for step in steps() for value in step.get("env", {}).values() for name in re.findall(r"inputs\.([\w-]+)", value)}
    assert given == {"problem", "answers", "format", "fail-under", "hints", "version"}


@pytest.mark.parametrize("step", [s for s in steps() if "run" in s] if ACTION.exists() else [], ids=lambda step: str(step["name"]))
def test_the_scripts_are_bash(step: dict[str, Any]) -> None:
    subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)


THERE = "/home/runner/_actions/us/backcheck/v1/.github/actions/grade"


@pytest.mark.parametrize(
    ("version", "here", "installed"),
    [
        ("", THERE, f"{THERE}/../../.."),
        ("0.1.0", THERE, "backcheck==0.1.0"),
        ("1.2rc1", THERE, "backcheck==1.2rc1"),
        ("v0.1", THERE, "backcheck @ git+https://example.org/us/backcheck@v0.1"),
        ("feature/x-2", THERE.replace("/", "\\"), "backcheck @ git+https://example.org/us/backcheck@feature/x-2"),
        ("main", "/home/runner/work/.github/actions/grade", "backcheck @ git+https://example.org/them/course@main"),
        ("--index-url=x", THERE, None),
        ("main; touch hacked", THERE, None),
    ],
)
def test_what_the_action_installs(tmp_path: Path, version: str, here: str, installed: str | None) -> None:
    (tmp_path / "python").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "python").chmod(0o755)
    given = {"VERSION": version, "HERE": here}
    assert set(steps()[1]["env"]) == set(given)
    github = {"GITHUB_SERVER_URL": "https://example.org", "GITHUB_REPOSITORY": "them/course"}
    path = os.pathsep.join((str(tmp_path), os.environ["PATH"]))
    run = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", steps()[1]["run"]]
    done = subprocess.run(run, cwd=tmp_path, env=given | github | {"PATH": path}, capture_output=True, text=True, check=False)
    wanted = f"-I -m pip install --quiet --disable-pip-version-check {installed}\n" if installed else ""
    assert (done.returncode, done.stdout) == (0 if installed else 2, wanted)


def workflow(folder: Path, **inputs: str) -> tuple[int, str, dict[str, str], str]:
    """The last step as a runner would run it: its exit code, what it prints, its outputs, and the summary."""
    step = steps()[-1]
    given = {"PROBLEM": "sheet.yaml", "ANSWERS": "ada.yaml", "FORMAT": "text", "FAIL_UNDER": "", "HINTS": "2"} | inputs
    assert set(step["env"]) == set(given)
    files = {name: folder / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.touch()
    places = {name: str(path) for name, path in files.items()} | {"RUNNER_TEMP": str(folder)}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=os.environ | given | places | {"PATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return done.returncode, done.stdout + done.stderr, outputs, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")


def test_the_action_grades(folder: Path) -> None:
    (folder / "ada.yaml").write_text(ANSWERS)
    code, out, outputs, summary = workflow(folder)
    assert code == 1, "something is wrong"
    assert (outputs["score"], outputs["max-score"]) == ("2", "6")
    assert '"format": "backcheck.grade"' in Path(outputs["result-file"]).read_text()
    assert "2 of 6 points" in out
    assert "2 of 6 points" in summary


@pytest.mark.parametrize(("least", "code"), [("33.3", 0), ("33.4", 1), ("0", 0), ("100", 1), ("33.333333333333333", 0)])
def test_the_action_fails_under_a_share(folder: Path, least: str, code: int) -> None:
    (folder / "ada.yaml").write_text(ANSWERS)
    assert workflow(folder, FAIL_UNDER=least)[0] == code


def test_the_action_adds_up_several_submissions(folder: Path) -> None:
    (folder / "all of them").mkdir()
    for name in ("ada", "eve"):
        (folder / "all of them" / f"{name}.yaml").write_text(ANSWERS)
    (folder / "bad.yaml").write_text("answers: [")
    code, _, outputs, summary = workflow(folder, ANSWERS="all of them\nbad.yaml\n", FAIL_UNDER="10")
    assert code == 3, "an unreadable one is never a pass"
    assert (outputs["score"], outputs["max-score"]) == ("4", "18")
    assert "bad&#46;yaml" in summary


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"PROBLEM": "nothing.yaml"}, 2),
        ({"ANSWERS": "--key"}, 2),
        ({"ANSWERS": "$(touch hacked)"}, 2),
        ({"FORMAT": "text; touch hacked"}, 2),
        ({"HINTS": "3"}, 2),
        ({"FAIL_UNDER": "most"}, 2),
        ({"ANSWERS": ""}, 2),
    ],
)
def test_the_action_with_inputs_that_mean_nothing(folder: Path, inputs: dict[str, str], code: int) -> None:
    (folder / "ada.yaml").write_text(ANSWERS)
    assert workflow(folder, **inputs)[0] == code
    assert not (folder / "hacked").exists()


def test_a_folder_of_answers_cannot_replace_the_program(folder: Path) -> None:
    for name in ("backcheck", "numpy", "json"):
        (folder / f"{name}.py").write_text("raise SystemExit('ours')")
    (folder / "ada.yaml").write_text(ANSWERS)
    assert workflow(folder)[2]["score"] == "2"


def test_the_log_of_the_action_takes_no_commands(folder: Path) -> None:
    (folder / "ada.yaml").write_text(ANSWERS)
    out = workflow(folder)[1]
    stop, *_ = out.splitlines()
    token = stop.removeprefix("::stop-commands::")
    assert len(token) >= 32
    assert f"\n::{token}::\n" in out
    assert workflow(folder)[1].splitlines()[0] != stop
    assert "stop-commands" not in workflow(folder, FORMAT="github")[1]
