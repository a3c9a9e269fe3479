"""Every command and every file in the README is what it says; `python tests/test_readme.py` writes the outputs anew."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

import backcheck
from backcheck.api import loads_with_marking
from backcheck.cli import plain

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)```\n")
COPIED = re.compile(r"<!-- file: (?P<file>\S+) -->\n```(?P<kind>yaml|text)\n(?P<text>(?:.*\n)*?)```\n")
YAML = re.compile(r"```yaml\n((?:.*\n)*?)```\n")
PYTHON = re.compile(r"```python\n((?:.*\n)*?)```\n")


def output(command: str) -> str:
    """What a command prints, both streams."""
    program, *words = shlex.split(command)
    assert program == "backcheck"
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")} | {"PYTHONUTF8": "1"}
    call = [sys.executable, "-m", "backcheck", *words]
    run = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
    return run.stdout + run.stderr


def refreshed(text: str) -> str:
    """The README with every output and every copied file as they are now."""
    text = CONSOLE.sub(lambda m: f"```console\n$ {m['command']}\n{output(m['command'])}```\n", text)
    return COPIED.sub(lambda m: f"<!-- file: {m['file']} -->\n```{m['kind']}\n{(ROOT / m['file']).read_text()}```\n", text)


@pytest.mark.parametrize("found", list(CONSOLE.finditer(README.read_text())), ids=lambda m: m["command"])
def test_outputs(found: re.Match[str]) -> None:
    assert output(found["command"]) == found["output"]


@pytest.mark.parametrize("found", list(COPIED.finditer(README.read_text())), ids=lambda m: m["file"])
def test_copied_files(found: re.Match[str]) -> None:
    assert (ROOT / found["file"]).read_text() == found["text"]


def blocks_with(key: str) -> list[str]:
    return [text for text in YAML.findall(README.read_text()) if re.search(rf"^{key}:", text, re.MULTILINE)]


@pytest.mark.parametrize("text", [*blocks_with("layers"), *blocks_with("let")])
def test_problem_files(text: str) -> None:
    assert backcheck.step(backcheck.loads(text)).loss > 0


def test_marking_section() -> None:
    (section,) = blocks_with("marking")
    problem = (ROOT / "problems/one-step-squared-error.yaml").read_text()
    _, marking = loads_with_marking(problem + section)
    assert marking.out_of == 8 + Fraction(1, 2) + 2 * 4 + (7 + 3) + 8
    assert (marking.carried_at_most, marking.pass_mark) == (Fraction(3, 4), Fraction(3, 5))


def test_workflow() -> None:
    (workflow,) = blocks_with("jobs")
    steps = yaml.safe_load(workflow)["jobs"]["grade"]["steps"]
    words = shlex.split(steps[-1]["run"])
    assert plain(words[1:]) is not None, "a command line that is read as it stands"


def test_every_block_is_tried() -> None:
    tried = {text for key in ("layers", "let", "marking", "jobs", "answers") for text in blocks_with(key)}
    assert tried == set(YAML.findall(README.read_text()))


def test_python() -> None:
    (code,) = PYTHON.findall(README.read_text())
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    first, *_, last = run.stdout.splitlines()
    assert [float(number) for number in first.split()] == pytest.approx([0.16339171972401767, 0.3509824840827947], rel=1e-14)
    assert float(last) < 0.6


def test_two_set_up_commands_at_the_top() -> None:
    blocks = re.findall(r"```sh\n((?:.*\n)*?)```\n", README.read_text())
    assert [block.count("\n") for block in blocks] == [1, 1]
    assert all(block.startswith("python -m pip install") for block in blocks)
    first, second = blocks
    assert re.search(r"backcheck step problems/\S+\.yaml$", first.strip())
    assert (ROOT / first.split()[-1]).exists()
    assert second.strip().endswith("python -m pytest")


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text()))
