"""`backcheck train` as it is typed: options, variants, files written, Ctrl-C, and what is said of bad input."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from backcheck.commands import COMMANDS, TRAINING
from backcheck.problem.training import KEYS

PROBLEMS = Path(__file__).parent.parent / "problems"
EXAMPLE = str(PROBLEMS / "two-two-two.yaml")
CHANGES = str(PROBLEMS / "training" / "one-change-at-a-time.yaml")


def backcheck(*words: str, typed: str | None = None, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "backcheck", *words]
    return subprocess.run(
        command, input=typed, capture_output=True, text=True, check=False, env=environment, cwd=folder, encoding="utf-8"
    )


def trained(*words: str, typed: str | None = None) -> Any:
    done = backcheck("train", *words, "--format", "json", typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def complaint(*words: str, typed: str | None = None) -> str:
    done = backcheck(*words, typed=typed)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def test_the_json_of_a_run() -> None:
    found = trained(EXAMPLE, "--epochs", "1")
    assert (found["format"], found["version"], found["diverged"]) == ("backcheck.train", 1, False)
    assert [round(loss, 9) for loss in found["loss"]] == [0.298371109, 0.291027774]
    assert round(found["values"]["w5"], 8) == 0.35891648
    assert found["values"]["b1[1]"] == 0.35


def test_standard_input_and_every_option_of_the_plan() -> None:
    options = ["--epochs", "3", "--rate", "1/4", "--seed", "3", "--optimiser", "{adam: {beta1: 0.8}}", "--schedule", "cosine"]
    options += ["--l1", "0.01", "--l2", "{strength: 0.1, half: false, biases: true}", "--clip", "{value: 0.5}", "--batch-size", "1"]
    options += [
        "--early-stopping",
        "true",
        "--precision",
        "float32",
        "--level",
        "0.1",
        "--shuffle",
        "false",
        "--dropout",
        "{keep: 0.9}",
    ]
    found = trained("-", *options, typed=Path(EXAMPLE).read_text())
    plan = found["plan"]
    assert plan["optimiser"] == {"name": "adam", "settings": {"beta1": 0.8, "beta2": 0.999, "epsilon": 1e-8}}
    assert (plan["epochs"], plan["batch_size"], plan["seed"], plan["precision"]) == (3, 1, 3, "float32")
    assert found["rate"][0] == 0.25


def test_every_key_of_the_plan_has_an_option() -> None:
    assert set(KEYS) <= set(TRAINING)
    assert set(TRAINING) <= {parameter.name for parameter in COMMANDS["train"].parameters}


def test_example_h_one_change_at_a_time() -> None:
    found = trained(CHANGES)
    ends = {run["name"]: run["loss"][-1] for run in found["runs"]}
    assert ends["as it is"] == 1
    assert 0.1 < ends["a bias of 1"] < 0.14
    assert ends["the random weights move as well"] == pytest.approx(2e-4, rel=0.5)
    assert ends["rate 0.1"] < 1e-20
    assert found["runs"][0]["loss"] == [1] * 51


def test_values_side_by_side_in_every_combination() -> None:
    found = trained(EXAMPLE, "--epochs", "2", "--vary", "rate=0.01,0.1,1", "--vary", "activation=sigmoid,tanh")
    names = [run["name"] for run in found["runs"]]
    assert names == [f"rate={rate}, activation={a}" for rate in ("0.01", "0.1", "1") for a in ("sigmoid", "tanh")]
    assert found["runs"][0]["loss"] != found["runs"][1]["loss"]
    whole = trained(EXAMPLE, "--epochs", "2", "--rate", "0.1")
    assert found["runs"][2]["loss"] == whole["loss"]


def test_hidden_layers_are_taken_away_and_added() -> None:
    varied = ["--vary", "hidden=0,1,2,3", "--vary", "activation=relu,tanh"]
    found = trained(str(PROBLEMS / "training" / "spirals.yaml"), "--epochs", "1", *varied)
    names = [run["name"] for run in found["runs"]]
    assert names[0] == "hidden=0"  # without hidden layers there is nothing to activate
    assert len(names) == 7
    counts = [len([name for name in run["values"] if re.fullmatch(r"W\d\[1,1\]", name)]) for run in found["runs"]]
    assert counts == [1, 2, 2, 3, 3, 4, 4]


def test_files_are_written(tmp_path: Path) -> None:
    words = [
        "train",
        CHANGES,
        "--plot",
        str(tmp_path / "p"),
        "--picture",
        "svg",
        "--html",
        str(tmp_path / "r.html"),
        "--csv",
        str(tmp_path / "n.csv"),
    ]
    assert backcheck(*words).returncode == 0
    assert "compared.svg" in os.listdir(tmp_path / "p")
    assert (tmp_path / "p" / "compared.svg").read_text().lstrip().startswith("<?xml")
    assert (tmp_path / "n.csv").read_text().count("\n") > 200
    page = (tmp_path / "r.html").read_text()
    assert "the random weights move as well" in page
    assert "<script" not in page


def test_a_run_that_was_saved_is_a_start_and_can_go_on(tmp_path: Path) -> None:
    kept = str(tmp_path / "run.npz")
    half = trained(EXAMPLE, "--epochs", "5", "--save", kept)
    whole = trained(EXAMPLE, "--epochs", "10")
    assert half["loss"] == whole["loss"][:6]
    assert trained(EXAMPLE, "--epochs", "10", "--resume", kept)["loss"] == whole["loss"]
    assert trained(EXAMPLE, "--epochs", "5", "--start", kept)["loss"] == whole["loss"][5:]


def test_a_path_that_is_typed_begins_where_it_is_typed(tmp_path: Path) -> None:
    trained(EXAMPLE, "--epochs", "5", "--save", str(tmp_path / "run.npz"))
    done = backcheck("train", EXAMPLE, "--epochs", "1", "--start", "run.npz", "--format", "json", folder=tmp_path)
    assert json.loads(done.stdout)["loss"] == trained(EXAMPLE, "--epochs", "6")["loss"][5:]


def test_ctrl_c_keeps_the_run(tmp_path: Path) -> None:
    kept, plan = str(tmp_path / "run.npz"), ["--batch-size", "7", "--epochs", "30000"]
    command = [
        sys.executable,
        "-m",
        "backcheck",
        "train",
        str(PROBLEMS / "training" / "spirals.yaml"),
        *plan,
        "--save",
        kept,
        "--format",
        "json",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert re.fullmatch(rf"interrupted after \d+ of 30000 epochs; go on with --resume {re.escape(kept)}\n", err)
    stopped = json.loads(out)
    done = len(stopped["loss"]) - 1
    assert 0 < done < 30000
    shorter = ["--batch-size", "7", "--epochs", str(done + 2)]
    went_on = trained(str(PROBLEMS / "training" / "spirals.yaml"), *shorter, "--resume", kept)
    assert went_on["loss"] == trained(str(PROBLEMS / "training" / "spirals.yaml"), *shorter)["loss"]


def test_a_loss_that_becomes_infinite_is_a_result(tmp_path: Path) -> None:
    found = trained(str(PROBLEMS / "xor-all-zeros.yaml"), "--rate", "1000")
    assert found["diverged"]
    assert found["overflow"] == {"epoch": 47, "update": 1, "quantity": "L"}
    assert all(loss is not None for loss in found["loss"])


BAD = {
    "--epochs 0": "--epochs 0: epochs should be a whole number from 1 to 10,000,000, not '0'",
    "--optimiser adm": "--optimiser adm: unknown optimiser 'adm'; did you mean 'adam'?",
    "--l2 -1": "--l2 -1: l2 should be at least 0, not '-1'",
    "--dropout 1": "--dropout 1: dropout should be from 0 to below 1, not '1'; 0.2 drops one output in five: {keep: 0.8}",
    "--held-out 0.5": "--held-out 0.5: of one example no part can be held out",
    "--vary rates=1,2": "--vary 'rates' is nothing that can be varied; did you mean 'rate'?",
    "--vary rate": "--vary should be like rate=0.01,0.1,1, not 'rate'",
    "--vary hidden=x": "hidden=x: hidden should be a whole number from 0 to 50, not 'x'",
    "--init hee": "--init hee: unknown init 'hee'; did you mean 'he'?",
    "--optimiser {adam:": "optimiser={adam:: this bracket is not closed",
    "--rate -1": "--rate -1: learning_rate should not be below 0; a step goes down the slope: w' = w - rate*dL/dw",
    "--start /nowhere.npz": "--start \"/nowhere.npz\": there is no file '/nowhere.npz'",
}


@pytest.mark.parametrize("words", BAD)
def test_what_is_typed_wrongly_is_said_in_one_line(words: str) -> None:
    option, _, value = words.partition(" ")
    assert complaint("train", EXAMPLE, f"{option}={value}") == BAD[words] + "\n"


def test_what_stands_wrongly_in_the_file_is_pointed_at() -> None:
    text = Path(EXAMPLE).read_text() + "training: {epochs: ten, optimizer: adam, schedule: {step: {evry: 3}}}\n"
    says = complaint("train", "-", typed=text)
    lines = [line for line in says.splitlines() if line.startswith("standard input:")]
    assert [line.split(": ", 1)[1] for line in lines] == [
        "epochs should be a whole number from 1 to 10,000,000, not 'ten'",
        "unknown key 'optimizer' in training",
        "unknown key 'evry' in step",
    ]
    assert "did you mean 'optimiser'?" in says


def test_an_expression_is_not_trained() -> None:
    assert "backcheck step --steps N" in complaint("train", str(PROBLEMS / "computation-graph.yaml"))


def test_one_run_only_is_saved(tmp_path: Path) -> None:
    assert complaint("train", CHANGES, "--save", str(tmp_path / "x.npz")) == "--save is for one run, and these are 4\n"


def test_nothing_that_is_needed_is_written_over(tmp_path: Path) -> None:
    problem = tmp_path / "net.yaml"
    problem.write_text(Path(EXAMPLE).read_text())
    assert "would write over the problem file itself" in complaint("train", str(problem), "--csv", str(problem))
    assert "would write over what --html writes" in complaint(
        "train", str(problem), "--html", str(tmp_path / "x"), "--csv", str(tmp_path / "x")
    )
    assert problem.read_text() == Path(EXAMPLE).read_text()
    assert "the folder cannot be made" in complaint("train", EXAMPLE, "--plot", "/proc/pictures")


def test_a_variant_that_has_no_loss_does_not_lose_the_others() -> None:
    text = "inputs: [1]\ntargets: [0]\nlayers: [{weights: [[1]]}]\nloss: squared_error\nlearning_rate: 0.1\n"
    text += "variants: [{name: a}, {name: b, inputs: [1e200]}, {name: c, training: {epochs: 3}}]\n"
    done = backcheck("train", "-", "--format", "json", typed=text)
    assert done.returncode == 1
    assert done.stderr.startswith("b: L has no value")
    assert [(run["name"], len(run["loss"])) for run in json.loads(done.stdout)["runs"]] == [("a", 101), ("c", 4)]


def test_a_variant_may_draw_the_weights_anew() -> None:
    text = Path(EXAMPLE).read_text() + "variants: [{training: {init: he}}, {init: he}, {training: {init: {init: he, seed: 4}}}]\n"
    runs = trained("-", "--epochs", "1", typed=text)["runs"]
    assert runs[0]["loss"] == runs[1]["loss"] != runs[2]["loss"]
    assert runs[0]["loss"][0] != pytest.approx(0.298371109)


def test_what_would_be_left_out_without_a_word_is_refused(tmp_path: Path) -> None:
    assert "--vary rate is given twice" in complaint("train", EXAMPLE, "--vary", "rate=1,2", "--vary", "rate=3")
    words = ["explain", EXAMPLE, "--question", "importance"]
    assert "--question and --expect cannot stand together" in complaint(*words, "--expect", "frozen=W1")
    assert "--proofs and --plot cannot stand together" in complaint("explain", EXAMPLE, "--proofs", "--plot", str(tmp_path / "p"))


def test_explain_for_a_grading_script() -> None:
    zeros = str(PROBLEMS / "xor-all-zeros.yaml")
    assert backcheck("explain", zeros, "--proofs", "--expect", "frozen=W1,b1,W2").returncode == 0
    refuted = backcheck("explain", zeros, "--expect", "frozen=W1,b2", "--format", "json")
    assert refuted.returncode == 1
    claims = json.loads(refuted.stdout)["claims"]
    assert [(claim["verdict"], claim["epoch"], claim["value"]) for claim in claims] == [("proven", None, None), ("refuted", 1, 0.1)]
    assert backcheck("explain", zeros, "--expect", "frozen=b2", "--exit-zero").returncode == 0
    assert "there is no parameter 'W9'" in complaint("explain", zeros, "--expect", "frozen=W9")


def test_what_adam_moved_is_refuted_though_its_slope_is_zero_later() -> None:
    """One step of Adam kills the unit: from then on the slope is 0, and what it has moved stays moved."""
    text = "inputs: [[1]]\ntargets: [-1]\nlayers: [{weights: [[0.1]], activation: relu}]\nloss: squared_error\nlearning_rate: 0.5\n"
    text += "training: {epochs: 3, optimiser: adam}\nclaims: [W1 never changes]\n"
    done = backcheck("explain", "-", "--format", "json", typed=text)
    (claim,) = json.loads(done.stdout)["claims"]
    assert (done.returncode, claim["verdict"], claim["epoch"]) == (1, "refuted", 1)
    assert claim["value"] == pytest.approx(-0.4)


@pytest.mark.parametrize("path", sorted((PROBLEMS / "training").glob("*.yaml")), ids=lambda path: path.stem)
def test_problems_that_are_to_be_trained(path: Path) -> None:
    if "digits" in path.stem:
        pytest.importorskip("sklearn")
    found = trained(str(path), "--epochs", "2")
    assert all(len(run["loss"]) == 3 for run in found.get("runs", [found]))
