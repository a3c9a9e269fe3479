"""The command as people and scripts use it: exit codes, streams, formats, widths, colours, and the two readers of its line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import backcheck
from backcheck import cli, outcome, typer_app
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
    assert "0.40 − (1/2)·" in run("step", "-", "--rate", "1/2", stdin=without).stdout


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


def test_decimals() -> None:
    """So many are shown, and nothing is rounded on the way."""
    values = json.loads(run("step", ONE_STEP, "--format", "json").stdout)
    wanted = [f"{step['value']:.6f}".replace("-", "−") for step in values["steps"] if step["phase"] != "given"]
    tables = run("step", ONE_STEP, "--decimals", "6", COLUMNS="1000").stdout.partition("\nForward")[2]
    lines = [line.split() for line in tables.splitlines() if line.startswith("  ") and not re.match(r"\s*(─|formula)", line)]
    assert [words[-1] for words in lines] == wanted
    assert "numbers put in" in tables
    assert re.search(r"w5′ +w5 − η·∂L/∂w5 +0\.40 − 0\.3·0\.163392 +0\.350982\n", tables)


def test_several_steps_on_paper() -> None:
    """Each step begins with the rounded numbers that the one before ended with."""
    document = json.loads(run("step", ONE_STEP, "--steps", "3", "--on-paper", "4", "--format", "json").stdout)
    text, losses = (ROOT / ONE_STEP).read_text(), []
    for _ in range(3):
        done = backcheck.step(backcheck.loads(text), on_paper=4)
        losses.append(done["L"])
        text = re.sub(r"(w\d): [0-9.]+", lambda found, done=done: f"{found[1]}: {done[found[1] + chr(39)]!r}", text)
    assert document["values"] == {name: done[name] for name in document["values"]}
    assert len(document["values"]) > 50
    assert document["losses"] == [*losses, backcheck.step(backcheck.loads(text), on_paper=4)["L"]]
    assert all(round(loss, 4) == loss for loss in document["losses"])


@pytest.mark.parametrize("name", ["df/dδ", "∂f/∂δ"])
def test_only_a_slope_by_a_greek_letter(name: str) -> None:
    done = run("step", "-", "--only", name, stdin="expression: δ*x + δ**2\nat: {δ: 3, x: 5}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"∂f/∂δ .* 11\n", done.stdout)


@pytest.mark.parametrize("name", ["z1[{}]", "W1[1,{}]", "x{}", "dL/dz1[{};1]", "y{}", "z{}[1]", "L[{}]"])
def test_only_a_number_far_out(name: str) -> None:
    done = run("step", ONE_STEP, "--only", name.format("9" * 5000))
    assert (done.returncode, done.stdout) == (2, "")
    assert "fault of backcheck" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("words", [["step", ONE_STEP], ["step", ONE_STEP, "--format", "json"], ["schema"]], ids=" ".join)
def test_no_room_for_the_result(words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        call = [sys.executable, "-m", "backcheck", *words]
        done = subprocess.run(call, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "No space left on device" in done.stderr


MANY_STEPS = """
inputs: {init: uniform, low: 0, high: 1, shape: [64, 200], seed: 1}
targets: {init: uniform, low: 0, high: 1, shape: [64, 200], seed: 2}
layers: [{weights: {init: xavier, seed: 3}, units: 200, activation: z/(1 + exp(-z))}]
loss: squared_error
learning_rate: 0.001
"""


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="nobody says how much memory a process had")
def test_many_steps_take_no_more_memory_than_few() -> None:
    few, many = (_memory("step", "-", "--steps", str(count), stdin=MANY_STEPS) for count in (20, 120))
    assert many - few < 8 * 1024, f"{few} KiB for 20 steps, {many} KiB for 120"


def _memory(*words: str, stdin: str) -> int:
    """The most memory that the command had at a time, in KiB."""
    call = [sys.executable, "-m", "backcheck", *words]
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(call, cwd=ROOT, env=alone, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stdin
    with process.stdin as sent:
        sent.write(stdin)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)


def test_an_expression_has_no_inputs_and_targets() -> None:
    """… even where its variables are called x and t."""
    for format in ("text", "markdown", "latex"):
        shown = run("step", "-", "--format", format, stdin="expression: x*t + W1*b1\nat: {x: 2, t: 3, W1: 4, b1: 5}\n").stdout
        assert "26" in shown
        assert not re.search("input|target|network", shown)


@pytest.mark.parametrize("targets", ["[0.50, 0.70]", "[[0.50, 0.70]]", "[[0.50], [0.70]]"])
def test_targets_keep_their_digits_in_every_shape(targets: str) -> None:
    problem = f"{{inputs: [1], targets: {targets}, layers: [{{weights: [[1], [2]]}}], loss: squared_error}}"
    shown = run("step", "-", stdin=problem).stdout
    assert "t1 = 0.50   t2 = 0.70\n" in shown
    assert "(0.50 − 1)² + (0.70 − 2)²" in shown


@pytest.mark.parametrize("targets", ["[t_a: 0.5, t_b: 0.70]", "[[t_a: 0.5, t_b: 0.70]]", "[[t_a: 0.5], [t_b: 0.70]]"])
def test_targets_keep_their_names_in_every_shape(targets: str) -> None:
    problem = f"{{inputs: [1], targets: {targets}, layers: [{{weights: [[1], [2]]}}], loss: squared_error}}"
    done = backcheck.step(backcheck.loads(problem))
    assert [done["t_a"], done["t_b"], done["t1"], done["t2"]] == [0.5, 0.7, 0.5, 0.7]
    assert "t_a = 0.5   t_b = 0.70\n" in run("step", "-", stdin=problem).stdout


@pytest.mark.parametrize("targets", ["[0.50, 0.70]", "[[0.50], [0.70]]", "[[0.50, 0.70]]"])
def test_targets_of_a_batch_keep_their_digits(targets: str) -> None:
    problem = f"{{inputs: [[1], [2]], targets: {targets}, layers: [{{weights: [[1]]}}], loss: squared_error}}"
    assert "t[1;1] = 0.50   t[2;1] = 0.70\n" in run("step", "-", stdin=problem).stdout


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


GOOD = {
    "step": [
        *(["--digits", "4"], ["--digits=17"], ["--decimals", "0"], ["--on-paper=4"], ["--on-paper", "15"], ["--steps", "10"]),
        *(["--only", "dL/dw5"], ["--only=w5'"], ["--rate=.5"], ["--rate", "1/4"], ["--format", "json"], ["--format=latex"]),
        *(["--rate", "-1"], ["--only", "f.yaml"], ["--only=W1[3,17]'"], ["--only", "a=b"], ["--rate=-0.5"], ["--steps=007"]),
    ],
    "new": [
        *(["--activation", "tanh"], ["--activation=relu"], ["--loss", "huber"], ["--loss=no_loss"], ["--examples", "3"]),
        *(["--examples=100"], ["--seed", "0"], ["--seed=2147483648"], ["--seed", "7"]),
    ],
    "schema": [],
}
WRONG = [["--digits", "0"], ["--digits=18"], ["--digits"], ["--digits", "x"], ["--digits="], ["--format", "yaml"], ["--format="]]
WRONG += [["--only"], ["--only", "--only"], ["--only="], ["--rate", ""], ["--steps", "-1"], ["--steps", "+1"], ["--steps", "1_0"]]
WRONG += [["--dig", "4"], ["-d", "4"], ["--"], ["--help"], ["-h"], ["--version"], ["extra"], [""], ["-1"], ["--seed", "٣"]]
WRONG += [["--seed", "1" * 30], ["--seed", " 1"], ["--on_paper", "4"], ["--format", "JSON"], ["--examples=1.0"], ["--steps", "1e3"]]
ARGUMENTS = {"step": ["problem.yaml", "-", "a b.yaml", "a=b.yaml", "step"], "new": ["2-3-2", "2-2", "new"], "schema": []}
BY_HAND = [
    (["step", "f.yaml"], {"file": "f.yaml"}),
    (["step", "-"], {"file": "-"}),
    (["step", "--digits", "4", "f.yaml"], {"file": "f.yaml", "digits": 4}),
    (["step", "f.yaml", "--digits=4", "--digits", "5"], {"file": "f.yaml", "digits": 5}),
    (["step", "f.yaml", "--only", "-"], {"file": "f.yaml", "only": "-"}),
    (["step", "f.yaml", "--rate", "-1", "--on-paper", "0"], {"file": "f.yaml", "rate": "-1", "on_paper": 0}),
    (["step", "f.yaml", "--format", "markdown", "--steps", "10"], {"file": "f.yaml", "format": "markdown", "steps": 10}),
    (["new", "2-2"], {"shape": "2-2"}),
    (["new", "--loss=huber", "2-2", "--seed", "7"], {"shape": "2-2", "loss": "huber", "seed": 7}),
    (["schema"], {}),
]


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """A command with what it needs, and options before and behind it; now and then something is wrong."""
    command = draw(st.sampled_from(["step", "step", "step", "new", "new", "schema"]))
    parts = draw(st.lists(st.sampled_from(GOOD[command]), max_size=4)) if GOOD[command] else []
    parts += [[argument] for argument in ARGUMENTS[command] and [draw(st.sampled_from(ARGUMENTS[command]))]]
    if draw(st.integers(0, 3)) == 0:
        parts.append(draw(st.sampled_from(WRONG + [option for options in GOOD.values() for option in options])))
    return [command, *(word for part in draw(st.permutations(parts)) for word in part)]


def test_both_readers_of_the_line_agree() -> None:
    """What the quick reader accepts, Typer reads alike."""
    accepted = []

    @settings(max_examples=400, deadline=None, derandomize=True, database=None)
    @given(command_lines())
    def compare(words: list[str]) -> None:
        found = cli.plain(words)
        if found is not None:
            command, values = found
            assert _by_typer(words) == (command.name, values)
        accepted.append(found is not None)

    compare()
    assert sum(accepted) >= 220
    assert accepted.count(False) >= 40


@pytest.mark.parametrize(("words", "told"), BY_HAND, ids=lambda part: " ".join(part) if isinstance(part, list) else "")
def test_the_quick_reader(words: list[str], told: dict[str, Any]) -> None:
    """… reads the lines that people write most."""
    found = cli.plain(words)
    assert found is not None
    defaults = {parameter.name: parameter.default for parameter in found[0].parameters if not parameter.argument}
    assert (found[0].name, found[1]) == (words[0], {**defaults, **told}) == _by_typer(words)


@pytest.mark.parametrize("wrong", WRONG, ids=" ".join)
def test_a_wrong_word_is_left_to_typer(wrong: list[str]) -> None:
    assert cli.plain(["step", "f.yaml", *wrong]) is None or _by_typer(["step", "f.yaml", *wrong]) is not None


def _by_typer(words: list[str]) -> tuple[str, dict[str, Any]] | None:
    seen: list[tuple[str, dict[str, Any]]] = []
    original = typer_app.execute
    typer_app.execute = lambda command, values: seen.append((command.name, values)) or 0  # type: ignore[func-returns-value]
    try:
        typer_app.app(words, prog_name="backcheck", standalone_mode=False)
    finally:
        typer_app.execute = original
    return seen[0] if seen else None


@pytest.mark.parametrize("shape", ["2-2", "1-1", "2-3-2", "3-4-4-2", "2-8-8-8-3"])
@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy", "binary_cross_entropy", "huber"])
@pytest.mark.parametrize("activation", ["sigmoid", "relu", "tanh", "softmax"])
def test_new_problems_work(shape: str, loss: str, activation: str) -> None:
    if (shape, loss) == ("1-1", "cross_entropy"):
        pytest.skip("softmax over one unit")
    texts = [COMMANDS["new"].run(shape, activation, loss, examples, seed) for examples in (1, 3) for seed in (0, 7)]
    assert texts == [COMMANDS["new"].run(shape, activation, loss, examples, seed) for examples in (1, 3) for seed in (0, 7)]
    assert len(set(texts)) == 4
    for text in texts:
        assert backcheck.step(backcheck.loads(text)).loss >= 0
        assert not re.search(r"\d\.\d{3}", text), "numbers of two decimals are pleasant to work with"


def test_every_command_writes_json() -> None:
    assert json.loads(run("schema", "--format", "json").stdout) == json.loads(run("schema").stdout)
    document = json.loads(run("new", "2-3-2", "--format", "json").stdout)
    assert (document["format"], document["version"]) == ("backcheck.new", 1)
    assert document["problem"] == run("new", "2-3-2").stdout


def test_answers_in_problems_fit_their_schema() -> None:
    from backcheck.answers.schema import schema

    for path in sorted(Path("problems/answers").glob("*.yaml")):
        jsonschema.validate(yaml.load(path.read_text(), Loader=yaml.BaseLoader), schema())  # noqa: S506, texts only


def test_grade_imports_neither_sympy_nor_matplotlib() -> None:
    words = ["grade", "problems/one-step-squared-error.yaml", "problems/answers/slips.yaml"]
    code = f"import sys; from backcheck.cli import plain; from backcheck.outcome import execute; execute(*plain({words})); "
    code += "sys.exit(str({'sympy', 'matplotlib', 'rich', 'typer', 'mpmath', 'asyncio'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert run.stderr.strip() == "set()"


@pytest.mark.parametrize(
    ("answers", "code"),
    [("z1[1]: 0.3825", 0), ("z1[1]: 0.4825", 1), ("z1[1]: [", 3), ("layers: []", 3), ("z1[1]: what", 1), ("{}", 1)],
)
def test_exit_codes_of_grade(answers: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"answers:\n  {answers}\n" if answers != "layers: []" else answers)
    words = ["grade", "problems/one-step-squared-error.yaml", str(tmp_path)]
    assert subprocess.run([sys.executable, "-m", "backcheck", *words], capture_output=True, check=False).returncode == code
    lenient = subprocess.run([sys.executable, "-m", "backcheck", *words, "--exit-zero"], capture_output=True, check=False)
    assert lenient.returncode == (code if code == 3 else 0)
    missing = subprocess.run([sys.executable, "-m", "backcheck", *words, "nowhere.yaml"], capture_output=True, check=False)
    assert missing.returncode == 2
