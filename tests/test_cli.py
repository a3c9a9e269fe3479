"""The command as people and scripts use it: exit codes, streams, formats, widths, colours, and the two readers of its line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backcheck import cli, outcome, typed
from backcheck.commands import COMMANDS

ROOT = Path(__file__).parent.parent
PROBLEMS = sorted((ROOT / "problems").glob("*.yaml"))
ONE_STEP = "problems/one-step-squared-error.yaml"
LARGE = "digits-784-100-100-10.yaml"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def run(*words: str, stdin: str | bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", "backcheck", *words],
        cwd=ROOT,
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        env={**inherited, "PYTHONUTF8": "1", **variables},
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.name)
def test_every_problem_works_in_every_format(problem: Path) -> None:
    for format in ("text", "json", "markdown", "latex"):
        done = run("step", str(problem), "--format", format)
        assert (done.returncode, done.stderr) == (0, "")
        assert "nan" not in done.stdout.lower().split()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("problem", [p for p in PROBLEMS if p.name != LARGE], ids=lambda p: p.name)
def test_tables_fit_the_terminal_and_lose_nothing(problem: Path, width: int) -> None:
    wide = run("step", str(problem), COLUMNS="1000").stdout
    for colour in ("0", "1"):
        text = ANSI.sub("", run("step", str(problem), COLUMNS=str(width), FORCE_COLOR=colour).stdout)
        assert max(map(len, text.splitlines())) <= width
        for number in re.findall(r"\d\.\d{3,}", wide):
            assert number in text


def test_json_of_a_step() -> None:
    document = json.loads(run("step", ONE_STEP, "--format", "json").stdout)
    assert (document["format"], document["version"]) == ("backcheck.step", 1)
    assert document["values"]["dL/dw5"] == pytest.approx(0.16339171972401767, rel=1e-12)
    assert document["values"]["w5'"] == pytest.approx(0.3509824840827947, rel=1e-12)
    step = next(step for step in document["steps"] if step["name"] == "w5'")
    assert step["phase"] == "update"
    assert step["formula"] == "w5 - eta*dL/dw5"
    assert step["numbers"].startswith("0.4 - 0.3*0.16339171972")
    phases = list(dict.fromkeys(step["phase"] for step in document["steps"]))
    assert phases == ["given", "forward", "loss", "backward", "update"]
    assert {step["name"] for step in document["steps"]} == set(document["values"])


def test_the_line_of_an_update_on_paper() -> None:
    line = next(line for line in run("step", ONE_STEP, "--on-paper", "4").stdout.splitlines() if line.lstrip().startswith("w5′"))
    assert re.sub(" {2,}", " = ", line.strip()) == "w5′ = w5 − η·∂L/∂w5 = 0.40 − 0.3·0.1634 = 0.3510"


def test_several_steps() -> None:
    document = json.loads(run("step", ONE_STEP, "--steps", "3", "--format", "json").stdout)
    assert len(document["losses"]) == 4
    assert document["losses"] == sorted(document["losses"], reverse=True)
    assert document["values"]["L"] == document["losses"][2]
    assert "after step" in run("step", ONE_STEP, "--steps", "3").stdout


def test_a_rate_of_ones_own() -> None:
    text = (ROOT / ONE_STEP).read_text()
    without = re.sub("learning_rate.*\n", "", text)
    assert "no learning rate" in run("step", "-", stdin=without).stdout
    given = run("step", "-", "--rate", "0.3", "--format", "json", stdin=without)
    assert json.loads(given.stdout)["values"] == json.loads(run("step", ONE_STEP, "--format", "json").stdout)["values"]
    assert "0.40 − 0.5·" in run("step", "-", "--rate", "1/2", stdin=without).stdout


def test_only_one_quantity() -> None:
    document = json.loads(run("step", ONE_STEP, "--only", "dC/dw7", "--format", "json").stdout)
    names = [step["name"] for step in document["steps"]]
    assert names[-1] == "dL/dw7"
    assert set(names) == set(document["values"])
    assert "dL/dz2[1]" in names
    assert "dL/dz2[2]" not in names
    assert names.index("a2[1]") < names.index("dL/da2[1]") < names.index("dL/dz2[1]")


def test_any_number_of_a_large_network() -> None:
    done = run("step", f"problems/{LARGE}", "--only", "dL/dW1[3,17]")
    assert done.stdout.count("·x[") == 64
    assert "more terms" not in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["step"], 2, "Missing argument 'FILE'"),
        (["stp", ONE_STEP], 2, "Did you mean 'step'"),
        (["step", "nowhere.yaml"], 2, "nowhere.yaml:1:1: there is no such file"),
        (["step", "problems/one-step-squared-eror.yaml"], 2, "did you mean 'problems/one-step-squared-error.yaml'?"),
        (["step", "problems"], 2, "problems:1:1: this is a folder"),
        (["step", ONE_STEP, "--digits", "x"], 2, "--digits"),
        (["step", ONE_STEP, "--digits", "0"], 2, "--digits"),
        (["step", ONE_STEP, "--digits", "3", "--decimals", "3"], 2, "choose one"),
        (["step", ONE_STEP, "--format", "yaml"], 2, "'json'"),
        (["step", ONE_STEP, "--only", "dL/dw55"], 2, "did you mean 'dL/dw5'?"),
        (["step", ONE_STEP, "--only", "z1[3]"], 2, "from z1[1] to z1[2]"),
        (["step", ONE_STEP, "--rate", "fast"], 2, "no learning rate"),
        (["step", ONE_STEP, ONE_STEP], 2, "unexpected extra argument"),
        (["new", "2"], 2, "is no shape"),
        (["new", "2-2", "--loss", "hubr"], 2, "did you mean 'huber'?"),
    ],
)
def test_errors(words: list[str], code: int, says: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_help_and_version() -> None:
    assert "Exit codes: 0 all is right" in run("--help").stdout
    assert "Usage" in run().stdout + run().stderr
    assert "--on-paper" in run("step", "--help").stdout
    assert re.fullmatch(r"backcheck \d+\.\d+\.\d+\n", run("--version").stdout)


def test_colours_can_be_turned_on_and_off() -> None:
    assert "\x1b[" in run("step", ONE_STEP, FORCE_COLOR="1").stdout
    for variables in ({}, {"FORCE_COLOR": "0"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "dumb"}):
        assert "\x1b" not in run("step", ONE_STEP, **variables).stdout


def test_a_screen_that_knows_only_ascii() -> None:
    done = run("step", ONE_STEP, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "w5 - eta*dL/dw5" in done.stdout
    assert done.stdout.isascii()


def test_a_reader_that_has_seen_enough() -> None:
    call = f"{sys.executable} -m backcheck step problems/{LARGE} --format json | head -c 10"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {call}"], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(**_: Any) -> str:
        raise ZeroDivisionError("planted")

    assert outcome.execute(COMMANDS["schema"]._replace(run=broken), {}) == 4
    assert "a fault of backcheck" in capsys.readouterr().err
    monkeypatch.setenv("BACKCHECK_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        outcome.execute(COMMANDS["schema"]._replace(run=broken), {})


def test_interrupted(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(**_: Any) -> str:
        raise KeyboardInterrupt

    assert outcome.execute(COMMANDS["schema"]._replace(run=interrupted), {}) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_shell_completion() -> None:
    done = run(_BACKCHECK_COMPLETE="complete_bash", COMP_WORDS="backcheck st", COMP_CWORD="1")
    assert "step" in done.stdout


WORDS = ["step", "new", "schema", "f.yaml", "-", "2-2", "--digits", "--digits=3", "3", "0", "--only", "w5'", "--format", "json"]
WORDS += ["--format=latex", "--steps", "--seed", "--loss", "huber", "--", "--help", "-h", "--on-paper=4", "--rate=.5", "-1", ""]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_both_readers_of_the_line_agree(words: list[str]) -> None:
    """What the quick reader accepts, Typer reads alike."""
    found = cli.plain(words)
    if found is not None:
        command, values = found
        assert _by_typer(words) == (command.name, values)


def _by_typer(words: list[str]) -> tuple[str, dict[str, Any]] | None:
    seen: list[tuple[str, dict[str, Any]]] = []
    original = typed.execute
    typed.execute = lambda command, values: seen.append((command.name, values)) or 0  # type: ignore[func-returns-value]
    try:
        typed.app(words, prog_name="backcheck", standalone_mode=False)
    finally:
        typed.execute = original
    return seen[0] if seen else None


@pytest.mark.parametrize("shape", ["2-2", "1-1", "2-3-2", "3-4-4-2", "2-8-8-8-3"])
@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy", "binary_cross_entropy", "huber"])
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "tanh", "softmax"])
def test_new_problems_work(shape: str, loss: str, activation: str) -> None:
    if (shape, loss) == ("1-1", "cross_entropy"):
        pytest.skip("softmax over one unit")
    import backcheck

    texts = [COMMANDS["new"].run(shape, activation, loss, examples, seed) for examples in (1, 3) for seed in (0, 7)]
    assert texts == [COMMANDS["new"].run(shape, activation, loss, examples, seed) for examples in (1, 3) for seed in (0, 7)]
    assert len(set(texts)) == 4
    for text in texts:
        assert backcheck.step(backcheck.loads(text)).loss >= 0
        assert not re.search(r"\d\.\d{3}", text), "numbers of two decimals are pleasant to work with"
