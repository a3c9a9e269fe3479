"""`backcheck check` on the command line: what it says, what it exits with, what its JSON holds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backcheck
from backcheck.marking.certificate import certificate
from backcheck.marking.check import check

ROOT = Path(__file__).parent.parent
ALL_AT_KINKS = (
    "{inputs: [1], targets: [1], layers: [{weights: [[w: 0]], activation: relu}], loss: squared_error, learning_rate: 0.1}"
)


def run(*words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "backcheck", "check", *words]
    return subprocess.run(call, cwd=ROOT, capture_output=True, encoding="utf-8", input=given, check=False)


def document(*words: str, given: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*words, "--format", "json", given=given).stdout)
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "problems").glob("*.yaml")), ids=lambda path: path.stem)
def test_no_false_alarm_on_what_is_shipped(path: Path) -> None:
    assert check(backcheck.load(path)).agrees


def test_json() -> None:
    found = document("problems/two-two-two.yaml")
    assert (found["format"], found["version"], found["agrees"], found["first_wrong"]) == ("backcheck.check", 1, True, None)
    (cell,) = [cell for cell in found["cells"] if cell["name"] == "dL/dw5"]
    assert cell["verdict"] == "right"
    assert [cell[f"by_{road}"] for road in ("hand", "symbols", "nudging")] == pytest.approx([0.08216704056423] * 3, rel=1e-12)
    assert {"z1[1]", "L", "dL/dw1", "w1'"} <= {cell["name"] for cell in found["cells"]}
    assert found["taylor"]["dL/dW1"] == pytest.approx(2, abs=0.05)
    assert found["twin"]["agrees"]


def test_text_says_only_what_there_is_to_say() -> None:
    short, everything = run("problems/two-two-two.yaml"), run("problems/two-two-two.yaml", "--all")
    assert short.returncode == everything.returncode == 0
    assert "The roads agree: 43 right." in short.stdout
    assert "∂L/∂w5" not in short.stdout
    assert "∂L/∂w5" in everything.stdout


def test_a_kink_is_not_judged() -> None:
    cells = {cell["name"]: cell for cell in document("problems/kink.yaml")["cells"]}
    cell = cells["dL/dz1[1]"]
    assert cell["verdict"] == "not_judged"
    assert cell["reason"] == "z1[1] at a kink: 0 from the left, -0.3 from the right; taken here: 0"
    assert cells["dL/dz1[2]"]["verdict"] == cells["dL/dW2[1,1]"]["verdict"] == "right"


def test_a_check_that_compared_nothing_fails() -> None:
    done = run("-", given=ALL_AT_KINKS)
    cells = json.loads(run("-", "--format", "json", given=ALL_AT_KINKS).stdout)["cells"]
    judged = [cell["name"] for cell in cells if cell["verdict"] == "right" and cell["name"].startswith("dL/d")]
    assert judged == ["dL/da1[1]", "dL/dx1"]  # ∂L/∂x = 0·δ whichever side is taken
    assert done.returncode == 0
    nothing = run("-", given="{expression: abs(x), at: {x: 0}}")
    assert nothing.returncode == 1
    assert "Nothing could be compared" in nothing.stdout
    assert run("-", "--exit-zero", given="{expression: abs(x), at: {x: 0}}").returncode == 0


def test_certified_digits() -> None:
    """Of ½(t1 − y1)² + ½(t2 − y2)², as mpmath has it."""
    found = document("problems/two-two-two.yaml", "--certify", "40")
    cell = next(cell for cell in found["cells"] if cell["name"] == "L")
    assert cell["proven"] == "0.2983711087600026886073819476660640209775"
    assert (cell["proven_digits"], cell["right_digits"]) == (40, 15)


def test_certified_digits_are_those_of_a_second_computation() -> None:
    from mpmath import mp

    done = backcheck.step(backcheck.loads("{expression: exp(sin(x))/x, at: {x: 0.7}}"))
    (slope,) = [one for one in certificate(done, 30) if one.name == "df/dx"]
    with mp.workdps(50):
        true = mp.diff(lambda x: mp.exp(mp.sin(x)) / x, mp.mpf("0.7"))
        assert abs(mp.mpf(slope.digits) - true) < mp.mpf("1e-29")


def test_at_a_kink_nothing_is_certified() -> None:
    done = backcheck.step(backcheck.load(ROOT / "problems/kink.yaml"))
    (slope,) = [one for one in certificate(done, 15) if one.name == "dL/dz1[1]"]
    assert slope.proven == 0


def test_gradients_of_ones_own(tmp_path: Path) -> None:
    done = backcheck.step(backcheck.load(ROOT / "problems/softmax-batch.yaml"))
    slopes = {name: done.array(f"dL/d{name}") for name in ("W1", "b1", "W2", "b2")}
    mine = tmp_path / "mine.npz"
    np.savez(mine, **slopes)
    right = run("problems/softmax-batch.yaml", "--gradients", str(mine))
    assert right.returncode == 0
    np.savez(mine, **{name: 4 * slope for name, slope in slopes.items()})
    wrong = document("problems/softmax-batch.yaml", "--gradients", str(mine))
    assert (wrong["agrees"], wrong["first_wrong"], wrong["mistake"]["id"]) == (False, "dL/dW2", "sum_for_mean")
    assert run("problems/softmax-batch.yaml", "--gradients", str(mine)).returncode == 1
    assert run("problems/softmax-batch.yaml", "--gradients", str(mine), "--exit-zero").returncode == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"not an archive", b"\x93NUMPY\x01\x00v\x00{"])
def test_broken_gradients(content: bytes, tmp_path: Path) -> None:
    broken = tmp_path / "mine.npz"
    broken.write_bytes(content)
    done = run("problems/two-two-two.yaml", "--gradients", str(broken))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "np.savez" in done.stderr


@pytest.mark.parametrize("width", [200, 100, 60, 24])
@pytest.mark.parametrize(
    "words", [["check", "problems/kink.yaml", "--all"], ["derive", "problems/kink.yaml"], ["derive", "x*y", "--at", "x=1,y=2"]]
)
def test_tables_fit_and_colours_can_be_had(words: list[str], width: int) -> None:
    call = [sys.executable, "-m", "backcheck", *words]
    for colour in ("0", "1"):
        environment = {**os.environ, "COLUMNS": str(width), "FORCE_COLOR": colour, "PYTHONUTF8": "1"}
        done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True)
        lines = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in done.stdout.splitlines()]
        assert max(map(len, lines)) <= max(width, 60), max(lines, key=len)


def test_lint() -> None:
    done = run("problems/xor-uniform.yaml", "--lint")
    assert done.returncode == 0
    assert "W1 is transposed on the way forward (W1 is symmetric)" in done.stdout
    assert json.loads(run("problems/xor-uniform.yaml", "--lint", "--format", "json").stdout)["version"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["problems/two-two-two.yaml", "--lint", "--certify", "3"], "choose one of --certify and --lint"),
        (["problems/two-two-two.yaml", "--gradients", "nothing.npz"], "there is no file"),
        (["nothing.yaml"], "no such file"),
    ],
)
def test_what_goes_wrong(words: list[str], says: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert says in done.stderr
