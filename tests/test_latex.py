"""The LaTeX of a sheet is a document that compiles; without a LaTeX, what can be seen of that."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

import backcheck
from backcheck.spelling import Figures
from backcheck.writing.latex import latex
from backcheck.writing.report import report

LARGE = "digits-784-100-100-10"
PROBLEMS = {path.stem: path for path in sorted((Path(__file__).parent.parent / "problems").glob("*.yaml")) if path.stem != LARGE}

LETTERS = """
title: 'Straße & ж_1: 100 % of {x} \\ ~ ^ # $ <|> "∂L" – ½'
let:
  ж: w_1*é + δ**2
  sum_: é**2/ж - via*2e-18**2
  Θ: (-ж)**2*(-sum_ + δ)
  K: max(Θ, -w_1) - (-é)**-2 + x1*by**2e-1
at: {é: 2e-18, δ: -3e-9, w_1: 0.5, via: 1/3, by: 1e+20, x1: -7}
learning_rate: 1e-7
"""
NETWORK = """
inputs: [[2e-18, -3e-9], [1e20, 0.5]]
targets: [[ж: 0.5, -2e-18], [1, 0]]
layers:
  - {weights: [[é: 1e-20, w_1: -0.5], [δ: 2, é: 1e-20]], biases: [β: 1e-3, 2], activation: [softplus, "(-z)**2/(1 + z**2)"]}
  - {weights: [[1, 2e-18], [K: 3, -4]], activation: leaky_relu, trainable: {weights: [[true, false], [true, true]]}}
loss: sum((t - y)**2)*2e-18
learning_rate: 1e-300
names: {z_new: "z1[1;1]", ü: "a2[1;2]", w__2: "dL/dδ"}
"""


TEXTS = {"letters": LETTERS, "network with letters": NETWORK}
NAMES = [*PROBLEMS, *TEXTS]


@cache
def sheet(name: str) -> backcheck.Worksheet:
    return backcheck.loads(TEXTS[name]) if name in TEXTS else backcheck.load(PROBLEMS[name])


def documents(sheet: backcheck.Worksheet) -> list[str]:
    """The sheet with six digits, and with all; and one quantity of it."""
    done = backcheck.step(sheet)
    last = done.sheet.names.cell(*next((row.name, (0,) * done.array(row.name).ndim) for row in reversed(done.sheet.rows)))
    return [
        latex(report(done), Figures(digits=6)),
        latex(report(done, losses=[1e-20, 0.5, 2]), Figures()),
        latex(report(done, last), Figures(decimals=3)),
    ]


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="pdflatex is not installed")
@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name: str, tmp_path: Path) -> None:
    (preamble, *others), bodies = zip(*(text.split(r"\begin{document}") for text in documents(sheet(name))), strict=True)
    assert set(others) == {preamble}
    body = "\n".join(text.removesuffix(r"\end{document}") for text in bodies)
    (tmp_path / "sheet.tex").write_text(f"{preamble}\\begin{{document}}{body}\\end{{document}}\n", encoding="utf-8")
    call = ["pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "sheet.tex"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, said[said.find("\n!") :][:600]
    assert "invalid in math mode" not in said
    assert "Missing character" not in (tmp_path / "sheet.log").read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_closed(name: str) -> None:
    for text in documents(sheet(name)):
        braces = re.sub(r"\\[{}\\]", "", text)
        depth = 0
        for brace in re.findall(r"[{}]", braces):
            depth += 1 if brace == "{" else -1
            assert depth >= 0
        assert depth == 0
        assert text.count(r"\left(") == text.count(r"\right)")
        opened: list[str] = []
        for word, environment in re.findall(r"\\(begin|end)\{(.+?)\}", text):
            if word == "begin":
                opened.append(environment)
            else:
                assert opened.pop() == environment
            assert opened.count("align*") <= 1
        assert not opened
        assert text.startswith(r"\documentclass")
        assert text.endswith(r"\end{document}")


@pytest.mark.parametrize("name", NAMES)
def test_an_alignment_has_neither_gaps_nor_blank_lines(name: str) -> None:
    for text in documents(sheet(name)):
        for block in re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, re.DOTALL):
            for row in block.split("\\\\\n"):
                assert row.strip()
                assert "\n" not in row
                assert row.replace(r"\&", "").count("&") == 1, row


def test_a_power_of_a_number_with_an_exponent() -> None:
    """(2e-18)² is neither 2·10⁻¹⁸ ² nor 2·(10⁻¹⁸)²."""
    text = documents(backcheck.loads("{expression: δ**2/é, at: {δ: 2e-18, é: -3e-9}}"))[0]
    assert re.search(r"\\left\(2 \\cdot 10\^\{-18\}\\right\)\}?\^\{2\}", text)
    assert not re.search(r"10\^\{-18\}\}?\^", text)
