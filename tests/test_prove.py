"""`backcheck prove` as people and scripts use it: formats, widths, exit codes, files of every kind, and strangers' text."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import backcheck
from backcheck import cli, outcome, typer_app
from backcheck.commands import COMMANDS
from backcheck.errors import BadProblem
from backcheck.proving.judging.judge import judge
from backcheck.proving.reading import read
from backcheck.proving.reading.kinds import kind
from backcheck.proving.verdict import (
    DOES_NOT_FOLLOW,
    FALSE,
    NOT_PROVEN,
    NOT_UNDERSTOOD,
    PROVEN,
    Counterexample,
    Derivation,
    Judged,
    Number,
    Suggestion,
)
from backcheck.writing.proofs import FORMATS, Look, written

ROOT = Path(__file__).parent.parent
SLIP = "problems/derivations/softmax-jacobian.slip.txt"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


# what is written of a derivation that was judged, whoever judged it

EXAMPLE = Counterexample(
    (("K", 2),),
    (("i", 1),),
    (("z[1]", Number("0", "0")), ("z[2]", Number("ln 2", "0.693147")), ("y", Number("1/4", "0.25"))),
    "=",
    Number("2/9", "0.222222"),
    Number("8/27", "0.296296"),
)
LINES = (
    Judged(7, "claim d(s[i], z[j]) = s[i]*(delta(i,j) - s[j])", "claim d(s[i], z[j]) = s[i] (delta(i,j) - s[j])", PROVEN),
    Judged(9, "= (exp(z[i]) S - exp(z[i])^2) / S^2", "= (exp(z[i]) S - exp(z[i])^2)/S^2", PROVEN, reason="quotient rule"),
    Judged(
        10,
        "= s[i] - s[i]^3",
        "= s[i] - s[i]^3",
        FALSE,
        "the line before is something else",
        slip="exponent",
        counterexample=EXAMPLE,
        suggestions=(Suggestion("= s[i] - s[i]^2", "the exponent 2 for 3"),),
    ),
    Judged(11, r"= \frac{1}{a(1-a)}", "= 1/(a (1 - a))", PROVEN, needs=("0 < a < 1",), values=(("left", "4"), ("right", "4"))),
    Judged(12, "= s[i] (1 - s[i]", "", NOT_UNDERSTOOD, "this bracket is not closed", column=8, way_out="close it with )"),
    Judged(13, "therefore convex(C, a) because d2(C, a) > 0 at a = y", "", DOES_NOT_FOLLOW, "not everywhere", rule="convex"),
    Judged(14, "= 3", "= 3", NOT_PROVEN, "both sides agree at 12 points", remarks=("a remark",)),
)
JUDGED = Derivation("Softmax's Jacobian", LINES, ("the case i != j is missing",))
TEXT = """\
Softmax's Jacobian

  7 ✓ proven           claim d(s[i], z[j]) = s[i]*(delta(i,j) - s[j])
  9 ✓ proven           = (exp(z[i]) S - exp(z[i])^2) / S^2   # quotient rule

 10 ✗ false            = s[i] - s[i]^3
      for example      K = 2, i = 1
                       z[1]  = 0
                       z[2]  = ln 2 ≈ 0.693147
                       y     = 1/4 = 0.25
                       left  = 2/9 ≈ 0.222222
                       right = 8/27 ≈ 0.296296
      because          the line before is something else; an exponent is wrong
      did you mean     = s[i] - s[i]^2   (the exponent 2 for 3)

 11 ✓ proven           = \\frac{1}{a(1-a)}
      values           left  = 4
                       right = 4
      understood       = 1/(a (1 - a))
      needs            0 < a < 1

 12 ? not understood   = s[i] (1 - s[i]
                              ^
      because          this bracket is not closed
      way out          close it with )

 13 ✗ does not follow  therefore convex(C, a) because d2(C, a) > 0 at a = y
      because          not everywhere
      by               convex

 14 ? not proven       = 3
      because          both sides agree at 12 points
      note             a remark

Note: the case i != j is missing

First wrong: line 10. 7 lines judged: 3 proven, 1 false, 1 does not follow, 1
not proven, 1 not understood."""


def test_the_text_in_full() -> None:
    assert written("text", JUDGED, None, Look(80)) == TEXT


@pytest.mark.parametrize("width", [24, 30, 40, 60, 80, 200])
def test_the_text_fits_the_screen_and_loses_nothing(width: int) -> None:
    words = set(" ".join(written("text", JUDGED, None, Look(1000)).split()).split(" "))
    for on_screen in (True, False):
        text = written("text", JUDGED, None, Look(width, on_screen))
        assert max(map(len, text.splitlines())) <= max(width, 28)
        assert on_screen or text.isascii()
        if on_screen and width >= 40:
            assert words <= set(text.split())


def test_colours_change_nothing_else() -> None:
    coloured = written("text", JUDGED, None, Look(80, colour=True))
    assert ANSI.sub("", coloured) == TEXT
    assert "\x1b[32m7 ✓ proven\x1b[0m" in coloured
    assert "\x1b[1;31m10 ✗ false\x1b[0m" in coloured
    assert "\x1b[1;31m13 ✗ does not follow\x1b[0m" in coloured
    assert "\x1b[33m12 ? not understood\x1b[0m" in coloured


def test_the_signs_of_a_screen_that_knows_only_ascii() -> None:
    text = written("text", JUDGED, None, Look(80, on_screen=False))
    assert "  7 ok proven" in text
    assert " 10 x  false" in text
    assert "ln 2 ~ 0.693147" in text


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        ([PROVEN], "The one line that says something is proven."),
        ([PROVEN, PROVEN], "2 lines judged: all proven."),
        ([PROVEN, FALSE, FALSE], "First wrong: line 2. 3 lines judged: 1 proven, 2 false."),
        ([NOT_PROVEN, DOES_NOT_FOLLOW], "First wrong: line 2. 2 lines judged: 1 does not follow, 1 not proven."),
        ([NOT_UNDERSTOOD], "Nothing is found wrong, and nothing is proven. 1 line judged: 1 not understood."),
    ],
)
def test_the_last_sentence(verdicts: list[str], says: str) -> None:
    lines = tuple(Judged(number, "= 1", "= 1", verdict) for number, verdict in enumerate(verdicts, 1))
    assert written("text", Derivation("", lines), None, Look(200)).splitlines()[-1] == says
    assert says.partition(".")[0] in written("markdown", Derivation("", lines))


def test_the_json_in_full() -> None:
    document = json.loads(written("json", JUDGED))
    assert (document["format"], document["version"], document["title"]) == ("backcheck.prove", 1, "Softmax's Jacobian")
    assert document["first_wrong"] == 10
    assert document["remarks"] == ["the case i != j is missing"]
    assert [line["verdict"] for line in document["lines"]] == [line.verdict for line in LINES]
    assert document["lines"][2] == {
        "line": 10,
        "text": "= s[i] - s[i]^3",
        "verdict": "false",
        "counterexample": {
            "sizes": {"K": 2},
            "indices": {"i": 1},
            "values": {
                "z[1]": {"exact": "0", "decimal": "0"},
                "z[2]": {"exact": "ln 2", "decimal": "0.693147"},
                "y": {"exact": "1/4", "decimal": "0.25"},
            },
            "sign": "=",
            "left": {"exact": "2/9", "decimal": "0.222222"},
            "right": {"exact": "8/27", "decimal": "0.296296"},
        },
        "suggestions": [{"text": "= s[i] - s[i]^2", "says": "the exponent 2 for 3"}],
        "understood": "= s[i] - s[i]^3",
        "says": "the line before is something else",
        "slip": "exponent",
        "needs": [],
        "remarks": [],
        "rule": None,
        "reason": None,
        "column": None,
        "way_out": None,
        "values": [],
    }
    assert json.loads(written("json", Derivation("", LINES[:1])))["first_wrong"] is None


def test_markdown_is_a_table() -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(written("markdown", JUDGED))
    assert sum(token.type == "tr_open" for token in tokens) == 1 + len(LINES)
    assert "**false**" in written("markdown", JUDGED)


# strangers' text

NASTY = "\x1b[2J\r::error::`|<script>@all ##[error] \\end{document} $x$ #{}~^_&% [a](http://x.y) \u202e\x00 é ж 漢 – −"

ALLOWED = {"h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "ul", "li"}


def nasty() -> Derivation:
    number = Number(NASTY, NASTY)
    found = Counterexample(((NASTY, 2),), ((NASTY, 1),), ((NASTY, number),), "<=", number, number)
    every: dict[str, Any] = dict.fromkeys(("echo", "says", "slip", "way_out", "reason", "rule"), NASTY)
    line = Judged(1, NASTY, verdict=NOT_UNDERSTOOD, column=7, needs=(NASTY,), remarks=(NASTY,), **every)
    wrong = line._replace(
        line=2, verdict=FALSE, counterexample=found, suggestions=(Suggestion(NASTY, NASTY),), values=((NASTY, NASTY),)
    )
    return Derivation(NASTY, (line, wrong), (NASTY,))


@pytest.mark.parametrize("width", [24, 80, 300])
@pytest.mark.parametrize("on_screen", [True, False])
def test_nothing_commands_a_terminal_or_a_runner(width: int, on_screen: bool) -> None:
    text = written("text", nasty(), None, Look(width, on_screen))
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)


def test_nothing_becomes_markup() -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark").enable("table").render(written("markdown", nasty()))
    assert "<script" not in html
    assert "<a " not in html
    assert "@all" not in re.sub("<code>.*?</code>", "", html)
    assert set(re.findall(r"<(\w+)", html)) <= ALLOWED


def compiles(document: str, folder: Path) -> None:
    (folder / "a.tex").write_text(document, encoding="utf-8")
    call = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "-no-shell-escape", "a.tex"]
    done = subprocess.run(call, cwd=folder, capture_output=True, encoding="latin-1", check=False)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize("derivation", [JUDGED, nasty()], ids=["usual", "nasty"])
def test_latex_compiles(derivation: Derivation, tmp_path: Path) -> None:
    document = written("latex", derivation)
    assert document.isprintable() or set(filter(lambda sign: not sign.isprintable(), document)) == {"\n"}
    assert document.count(r"\end{document}") == 1
    if shutil.which("pdflatex"):
        compiles(document, tmp_path)


# the command, from a file to an exit code

RIGHT = """\
# The derivative of a square
number y, a
claim d((y - a)^2, a) = 2(a - y)
  d((y - a)^2, a)
  = -2(y - a)      # chain rule
  = 2(a - y)
"""
WRONG = RIGHT.replace("= -2(y - a)", "= 2(y - a)")
STRANGE = RIGHT.replace("= 2(a - y)\n", "= 2(a - y\n").replace(
    "claim d((y - a)^2, a) = 2(a - y", "claim d((y - a)^2, a) = 2(a - y)"
)
MARKDOWN = f"# A square\n\nWords = words.\n\n```derivation\n{RIGHT}```\n\nMore $words = words$.\n"
YAML = "title: A square\nsteps: |\n" + "".join(f"  {line}\n" for line in RIGHT.splitlines())


def run(*words: str, stdin: str | bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "FORCE_COLOR", "NO_COLOR")}
    done = subprocess.run(
        [sys.executable, "-m", "backcheck", "prove", *words],
        cwd=ROOT,
        input=stdin if isinstance(stdin, bytes) else stdin.encode(),
        env={**inherited, "PYTHONUTF8": "1", **variables},
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize(
    ("text", "code", "lenient"), [(RIGHT, 0, 0), (WRONG, 1, 0), (STRANGE, 3, 3)], ids=["right", "wrong", "not understood"]
)
@pytest.mark.parametrize("format", FORMATS)
def test_exit_codes(text: str, code: int, lenient: int, format: str) -> None:
    for options, wanted in (([], code), (["--exit-zero"], lenient)):
        done = run("-", "--format", format, *options, stdin=text)
        assert (done.returncode, done.stderr) == (wanted, "")


def test_what_is_said_of_a_slip() -> None:
    document = json.loads(run("-", "--format", "json", stdin=WRONG).stdout)
    assert (document["title"], document["first_wrong"]) == ("The derivative of a square", 5)
    verdicts = {line["line"]: line["verdict"] for line in document["lines"]}
    assert verdicts == {3: PROVEN, 5: FALSE, 6: PROVEN}
    wrong = document["lines"][1]
    assert wrong["text"] == "= 2(y - a)"
    assert wrong["reason"] == "chain rule"
    values = {name: Fraction(number["exact"]) for name, number in wrong["counterexample"]["values"].items()}
    left, right = (Fraction(wrong["counterexample"][side]["exact"]) for side in ("left", "right"))
    assert (left, right) == (-2 * (values["y"] - values["a"]), 2 * (values["y"] - values["a"]))
    assert left != right
    shown = run("-", stdin=WRONG).stdout
    assert "First wrong: line 5." in shown
    assert f"left  = {wrong['counterexample']['left']['exact']}" in shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", RIGHT),
        ("a", RIGHT),
        ("a.tex", RIGHT),
        ("a.md", MARKDOWN),
        ("a.MARKDOWN", MARKDOWN),
        ("a.yaml", YAML),
        ("a.yml", YAML),
    ],
)
def test_files_of_every_kind(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8-sig" if name == "a.txt" else "utf-8")
    from_file, typed = run(str(tmp_path / name), "--format", "json"), run("-", "--format", "json", stdin=text)
    assert (from_file.returncode, from_file.stderr) == (0, "")
    assert typed.stdout == from_file.stdout
    document = json.loads(from_file.stdout)
    (first,) = (number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith("claim"))
    assert [line["line"] for line in document["lines"]] == [first, first + 2, first + 3]
    assert document["title"] == ("The derivative of a square" if name in ("a.txt", "a", "a.tex") else "A square")


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("", "# a comment\n\ntitle: x", "yaml"),
        ("", "---\nsteps: |\n", "yaml"),
        ("", "claim 1 = 1\ntitle: x", "text"),
        ("", "words\n\n  ~~~ derivation\n", "markdown"),
        ("", "```python\n", "text"),
        ("", "", "text"),
        ("-.md", "", "markdown"),
        ("a.yaml.txt", "title: x", "text"),
        ("folder.md/a", "title: x", "text"),
    ],
)
def test_kinds(name: str, text: str, wanted: str) -> None:
    assert kind(name, text) == wanted


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"claim a = a\n" * 30_000, "this is too large: a derivation has at most 262,144 bytes"),
        (b"claim a = a\nclaim \xff = 1", "2:7: this is no text: byte 0xff is not UTF-8"),
        ("claim a = a".encode("utf-16"), "this is UTF-16, not UTF-8"),
        (b"%PDF-1.4 ...", "this is a PDF, not text"),
        (b"\x89PNG\r\n", "this is a picture, not text"),
        (b"PK\x03\x04", "an archive or an office document"),
        (b"claim a = a\0b + b", "it holds a NUL byte"),
        (b"", "nothing in it can be right or wrong"),
        (b"number y, a\nlet s = y + a\n", "nothing in it can be right or wrong"),
    ],
    ids=["large", "latin", "utf-16", "pdf", "png", "docx", "nul", "empty", "nothing said"],
)
def test_what_is_no_derivation(raw: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(raw)
    for words, stdin in (([str(tmp_path / "a.txt")], b""), (["-"], raw)):
        done = run(*words, stdin=stdin)
        assert (done.returncode, done.stdout) == (2, "")
        assert says in done.stderr
        assert done.stderr.startswith("standard input:" if words == ["-"] else words[0])
        assert len(done.stderr.splitlines()) <= 4
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name a file with a derivation, or - for standard input"),
        (["nowhere.txt"], "nowhere.txt:1:1: there is no such file"),
        (["problems/derivations/softmax-jacobin.txt"], "did you mean 'problems/derivations/softmax-jacobian.txt'?"),
        (["problems"], "problems:1:1: this is a folder; name the derivation in it"),
        (["a\udcffb"], "there is no such file"),
        (["-", "--format", "yaml"], "'latex'"),
        (["-", "--numbers", "z"], "--numbers should be like z=1,2,3, not 'z'"),
        (["-", "--numbers", "=1"], "--numbers should be like z=1,2,3"),
        (["-", "--numbers", "y=1", "--numbers", "y=2"], "--numbers gives 'y' twice"),
        (["-", "-"], "unexpected extra argument"),
    ],
)
def test_errors(words: list[str], says: str) -> None:
    done = run(*words, stdin=RIGHT)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_numbers() -> None:
    """Each side of each line, as one would work it out."""
    done = run("-", "--numbers", "y=1", "--numbers", "a=1/4", "--format", "json", stdin=RIGHT)
    assert done.returncode == 0
    lines = {line["line"]: [value["value"] for value in line["values"]] for line in json.loads(done.stdout)["lines"]}
    assert lines[5]
    assert all("-1.5" in value for values in lines.values() for value in values)
    assert "-1.5" in run("-", "--numbers=y=1", "--numbers=a=0.25", stdin=RIGHT).stdout


def test_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Where the roads disagree nothing is said to be proven, and the exit code says whose fault it is."""
    import backcheck.proving.judging.judge

    line = Judged(1, "claim a = b", "claim a = b", NOT_PROVEN, "the roads disagree")
    found = Derivation("", (line,), faults=("line 1: proven, but 1 is not 2 for a = 1, b = 2",))
    monkeypatch.setattr(backcheck.proving.judging.judge, "judge", lambda *_: found)
    (tmp_path / "a.txt").write_text("claim a = b")
    values = {"file": str(tmp_path / "a.txt"), "numbers": (), "rules": False, "seconds": 1, "exit_zero": True, "format": "text"}
    assert outcome.execute(COMMANDS["prove"], values) == 4
    shown = capsys.readouterr()
    assert "proven\n" not in shown.out.replace("not proven", "")
    assert "a fault of backcheck" in shown.err
    assert "line 1: proven, but 1 is not 2 for a = 1, b = 2" in shown.err


def test_functions_and_words_are_listed_where_people_look() -> None:
    from backcheck.proving.reading.sentences import READERS
    from backcheck.proving.spelling.spellings import FUNCTIONS

    rules, readme = run("--rules").stdout, (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Derivations by hand")[2].partition("\n## ")[0]
    assert not [one for one in FUNCTIONS if not re.search(rf"\b{one}\b", rules) or f"`{one}(" not in section]
    singular = {word for word in READERS if f"{word}s" in READERS} | {
        "index",
        "matrix",
        "given",
        "claim",
        "case",
        "at",
        "let",
        "therefore",
    }
    assert not [word for word in singular if not re.search(rf"\b{word}\b", rules) or f"`{word} " not in section]
    assert all(word in run("--help").stdout for word in ("index", "let", "given", "claim", "softmax", "relu", "ln"))


@pytest.mark.parametrize("format", FORMATS)
def test_rules_are_printed_without_a_file(format: str, tmp_path: Path) -> None:
    done = run("--rules", "--format", format)
    assert (done.returncode, done.stderr) == (0, "")
    assert "convex" in done.stdout
    if format == "text":
        assert max(map(len, run("--rules", COLUMNS="80").stdout.splitlines())) <= 80
    if format == "json":
        assert json.loads(done.stdout)["format"] == "backcheck.rules"
    if format == "latex" and shutil.which("pdflatex"):
        compiles(done.stdout, tmp_path)


def test_screens() -> None:
    assert "\x1b[1;31m" in run("-", stdin=WRONG, FORCE_COLOR="1").stdout
    for variables in ({}, {"FORCE_COLOR": "0"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "dumb"}):
        assert "\x1b" not in run("-", stdin=WRONG, **variables).stdout
    plain = run("-", stdin=WRONG.replace("# The", "# ∑ δ The"), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert plain.returncode == 1
    assert plain.stdout.isascii()
    assert "x  false" in plain.stdout


def test_both_readers_of_the_line_agree() -> None:
    defaults = {"file": "", "numbers": (), "rules": False, "seconds": 1, "exit_zero": False, "format": "text"}
    for words, told in (
        (["a.txt"], {"file": "a.txt"}),
        (["-", "--exit-zero"], {"file": "-", "exit_zero": True}),
        (["--rules"], {"rules": True}),
        ([], {}),
        (
            ["--numbers", "z=1,2", "a.md", "--numbers=y=3", "--format", "latex"],
            {"numbers": ("z=1,2", "y=3"), "file": "a.md", "format": "latex"},
        ),
    ):
        found = cli.plain(["prove", *words])
        assert found is not None
        assert found[1] == {**defaults, **told} == _by_typer(["prove", *words])


def _by_typer(words: list[str]) -> dict[str, Any]:
    seen: list[dict[str, Any]] = []
    original = typer_app.execute
    typer_app.execute = lambda command, values: seen.append(values) or 0  # type: ignore[func-returns-value]
    try:
        typer_app.app(words, prog_name="backcheck", standalone_mode=False)
    finally:
        typer_app.execute = original
    return seen[0]


def test_help() -> None:
    shown = run("--help").stdout
    assert all(option in shown for option in ("--numbers", "--rules", "--exit-zero", "<text|json|markdown|latex>", "[FILE]"))
    assert "a line of a derivation is not understood" in re.sub(r"\s+", " ", _help())


def _help() -> str:
    call = [sys.executable, "-m", "backcheck", "--help"]
    return subprocess.run(call, capture_output=True, encoding="utf-8", check=True).stdout


def test_what_prove_loads() -> None:
    """No NumPy, no SymPy, no rich, no Typer: a derivation is read and judged with what Python has."""
    words = ["prove", SLIP]
    code = f"import sys; from backcheck.cli import plain; from backcheck.outcome import execute; execute(*plain({words})); "
    code += "sys.exit(str({'numpy', 'sympy', 'matplotlib', 'rich', 'typer', 'mpmath', 'yaml', 'dataclasses'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr.strip() == "set()"


def test_from_python() -> None:
    found = backcheck.prove(ROOT / SLIP)
    assert found.title == "Softmax: every output by every input"
    assert found.first_wrong is not None
    assert found.first_wrong.line == 10
    with pytest.raises(BadProblem, match="there is no such file"):
        backcheck.prove("nowhere.txt")


def test_what_is_written_of_real_derivations(tmp_path: Path) -> None:
    """Text fits, and all documents together compile."""
    bodies = []
    for path in sorted((ROOT / "problems/derivations").glob("softmax*")):
        source = read(path.read_text(), kind(path.name, path.read_text()), path.name)
        found = judge(source)
        for width in (40, 80):
            assert max(map(len, written("text", found, source, Look(width)).splitlines())) <= width
        preamble, _, body = written("latex", found, source).partition(r"\begin{document}")
        bodies.append(body.replace(r"\end{document}", ""))
    assert len(bodies) >= 20
    if shutil.which("pdflatex"):
        compiles("".join([preamble, r"\begin{document}", *bodies, r"\end{document}"]), tmp_path)


def test_where_a_line_is_not_understood() -> None:
    """The mark stands below the place, however far the line is indented and wherever it is wrapped."""
    for lead, width in (("", 80), ("      ", 80), ("            ", 80), ("  ", 40)):
        text = f"number a\nclaim a = a + 0\n{lead}a\n{lead}= a + 0 + 0 + 0 + 0 + softmux(a) + 0"
        source = read(text)
        shown = written("text", judge(source), source, Look(width)).splitlines()
        at = next(number for number, line in enumerate(shown) if line.strip() == "^")
        assert shown[at - 1][shown[at].index("^") :].startswith("softmux")
